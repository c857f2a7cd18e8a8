//! Nuxt: pages and layouts.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, files};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::child;

/// Pages, layouts, plug-ins and middleware (Nuxt's documentation, "Directory structure").
pub(in crate::project::import) fn nuxt(call: &Call<'_, '_>) -> Vec<Bundle> {
    if !matches!(call.operand(0), Some("build" | "generate")) {
        return Vec::new();
    }
    let (snapshot, dir) = (call.snapshot, call.dir.clone());
    let config = Config::first(snapshot, &dir, ["nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs"]);
    if config
        .as_ref()
        .is_some_and(|config| config.says(&["srcDir", "rootDir", "extends", "pages", "ignore", "dir:", "plugins:"]))
    {
        return Vec::new();
    }
    let sources = if snapshot.is_dir(&child(&dir, "app")) { child(&dir, "app") } else { dir.clone() };
    let is_component = |below: &str| below.ends_with(".vue");
    let mut entries = files(snapshot, &child(&sources, "pages"), is_component);
    entries.extend(files(snapshot, &child(&sources, "layouts"), is_component));
    entries.extend(
        [child(&sources, "app.vue"), child(&sources, "error.vue")].into_iter().filter(|path| snapshot.is_file(path)),
    );
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    for name in ["~", "@"] {
        resolver.aliases.add_folder(name, &sources, false);
    }
    for name in ["~~", "@@"] {
        resolver.aliases.add_folder(name, &dir, false);
    }
    resolver.aliases.is_open = true;
    vec![Bundle::new("Nuxt", Loader::Rollup, dir, entries, resolver)]
}
