//! Single-page applications: one document, and a router in the browser that reads the path.

use crate::platform::netlify::site::NetlifySite;
use crate::project::command::Invocation;
use crate::project::router;

pub use crate::project::router::Router;

/// Frameworks whose build makes one document out of an application.
const BUNDLERS: [&str; 9] =
    ["vite", "create-react-app", "vue", "angular", "parcel", "solid-js", "tanstack-router", "ember", "wmr"];

/// Whether the build makes a single-page application: a bundler, and nothing that renders pages ahead or on a server.
#[must_use]
pub fn is_application(site: &NetlifySite<'_>) -> bool {
    let is_bundler = |id: &str| BUNDLERS.contains(&id);
    let frameworks = &site.detection.frameworks;
    let is_bundled = !frameworks.is_empty() && frameworks.iter().all(|framework| is_bundler(&framework.id));
    site.is_built() && is_bundled && !router::renders_pages(&packages(site))
}

/// The router of the application that reads the path; none when it may also read the part after `#`.
#[must_use]
pub fn history_router(site: &NetlifySite<'_>) -> Option<Router> {
    router::history(site.snapshot, site.build_dir(), &packages(site))
}

/// Whether the build is one run of a bundler that makes one document out of an application.
#[must_use]
pub fn makes_one_document(site: &NetlifySite<'_>) -> bool {
    let is_simple = |id: &str| matches!(id, "vite" | "create-react-app");
    let is_step = |run: &Invocation| match run.name() {
        "vite" | "react-scripts" => run.subcommand() == Some("build"),
        "tsc" | "vue-tsc" | "eslint" => true,
        _ => false,
    };
    let is_plain = site.detection.frameworks.iter().all(|framework| is_simple(&framework.id));
    is_plain && is_application(site) && site.runs_only(is_step)
}

/// The packages that `package.json` lists.
fn packages(site: &NetlifySite<'_>) -> Vec<String> {
    site.manifest().map(router::packages).unwrap_or_default()
}
