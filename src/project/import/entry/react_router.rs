//! React Router and Remix: the root and its entries.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, scripts};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::child;
use crate::project::snapshot::Snapshot;

use super::vite;

/// The root and its entries below `app` (React Router's documentation, "Framework conventions"); routes are named by a file.
pub(in crate::project::import) fn react_router(call: &Call<'_, '_>, tool: &'static str) -> Vec<Bundle> {
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let configs = ["react-router.config.ts", "react-router.config.js", "remix.config.js", "remix.config.mjs"];
    let config = Config::first(snapshot, &dir, configs);
    if config.as_ref().is_some_and(|config| config.says(&["appDirectory"])) || is_moved(snapshot, &dir) {
        return Vec::new();
    }
    let entries = scripts(snapshot, &child(&dir, "app"), &["root", "entry.client", "entry.server", "routes"]);
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    resolver.aliases.is_open = true;
    resolver.aliases.add_typescript(snapshot, &dir, false);
    vec![Bundle::new(tool, Loader::Rollup, dir, entries, resolver)]
}

/// Whether Vite's configuration moves the sources of the application.
fn is_moved(snapshot: &Snapshot, dir: &str) -> bool {
    Config::first(snapshot, dir, vite::CONFIGS).is_some_and(|config| config.says(&["appDirectory", "root:"]))
}
