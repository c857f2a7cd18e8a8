//! Routers of single-page applications, which read the path of a page in the browser.

use super::manifest::{DependencyKind, Manifest};
use super::path::{child, name};
use super::snapshot::{Mode, Snapshot};

/// Packages that make more documents, or answer requests on a server; any name that starts so counts.
const RENDERERS: [&str; 33] = [
    "next",
    "nuxt",
    "gatsby",
    "astro",
    "@remix-run/",
    "@react-router/",
    "@sveltejs/kit",
    "@tanstack/react-start",
    "@tanstack/start",
    "@tanstack/solid-start",
    "@solidjs/start",
    "solid-start",
    "vike",
    "vite-plugin-ssr",
    "vite-ssg",
    "vite-react-ssg",
    "vite-plugin-prerender",
    "vite-prerender-plugin",
    "@prerenderer/",
    "prerender-spa-plugin",
    "prerender-loader",
    "react-snap",
    "react-snapshot",
    "react-static",
    "@angular/ssr",
    "@nguniversal/",
    "@scullyio/",
    "@analogjs/",
    "vitepress",
    "vuepress",
    "@docusaurus/",
    "ember-cli-fastboot",
    "waku",
];

/// Routers in the browser, the words that make them read the path, and the words that make them read the part after `#`.
const ROUTERS: [(&str, &[&str], &[&str]); 12] = [
    (
        "react-router-dom",
        &["BrowserRouter", "createBrowserRouter"],
        &["HashRouter", "createHashRouter", "MemoryRouter"],
    ),
    ("react-router", &["BrowserRouter", "createBrowserRouter"], &["HashRouter", "createHashRouter", "MemoryRouter"]),
    ("vue-router", &["createWebHistory", "mode: 'history'", "mode: \"history\""], &["createWebHashHistory"]),
    ("@angular/router", &["provideRouter(", "RouterModule.forRoot("], &["withHashLocation", "useHash"]),
    ("wouter", &["wouter"], &["use-hash-location", "useHashLocation"]),
    ("wouter-preact", &["wouter-preact"], &["use-hash-location", "useHashLocation"]),
    ("@solidjs/router", &["@solidjs/router"], &["HashRouter", "hashIntegration", "MemoryRouter"]),
    ("@tanstack/react-router", &["createRouter("], &["createHashHistory", "createMemoryHistory"]),
    ("@reach/router", &["@reach/router"], &["createMemorySource"]),
    ("preact-router", &["preact-router"], &["createHashHistory"]),
    ("preact-iso", &["LocationProvider"], &[]),
    ("svelte-routing", &["svelte-routing"], &[]),
];

/// Endings of source files.
const ENDINGS: [&str; 8] = ["js", "jsx", "ts", "tsx", "mjs", "mts", "vue", "svelte"];

/// Source files that are looked at, and the longest of them.
const MAX_FILES: usize = 2_000;
const MAX_LENGTH: usize = 256 * 1024;

/// A router that reads the path of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Router {
    /// The package.
    pub package: &'static str,
    /// The word that gives it away.
    pub word: &'static str,
    /// The source file that holds the word.
    pub path: String,
}

/// The packages that a manifest lists for production and development.
#[must_use]
pub fn packages(manifest: &Manifest) -> Vec<String> {
    let kinds = [DependencyKind::Production, DependencyKind::Development];
    kinds.into_iter().flat_map(|kind| manifest.dependencies(kind)).map(|field| field.key.to_owned()).collect()
}

/// Whether a package makes more documents than one, or answers requests on a server.
#[must_use]
pub fn renders_pages(packages: &[String]) -> bool {
    let renders = |package: &String| {
        RENDERERS.iter().any(|known| package == known || known.ends_with('/') && package.starts_with(known))
    };
    packages.iter().any(renders)
}

/// The router of the application that reads the path; none when it may also read the part after `#`.
#[must_use]
pub fn history(snapshot: &Snapshot, dir: &str, packages: &[String]) -> Option<Router> {
    let used = || ROUTERS.iter().filter(|(package, ..)| packages.iter().any(|known| known == package));
    used().next()?;
    let mut found = None;
    let sources = sources(snapshot, dir);
    if sources.len() > MAX_FILES {
        return None;
    }
    for path in sources {
        let Ok(bytes) = snapshot.read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_LENGTH)]);
        for (package, history, hash) in used() {
            if hash.iter().any(|word| text.contains(word)) {
                return None;
            }
            if let Some(word) = history.iter().find(|word| text.contains(**word)).filter(|_| found.is_none()) {
                found = Some(Router { package, word: word.trim_end_matches('('), path: path.clone() });
            }
        }
    }
    found
}

/// The sources of the application, tests and stories left out.
fn sources(snapshot: &Snapshot, dir: &str) -> Vec<String> {
    let is_source = |path: &str| {
        let name = name(path);
        let parts = || name.split('.');
        let is_code = parts().next_back().is_some_and(|ending| ENDINGS.contains(&ending));
        let is_aside = parts().any(|part| matches!(part, "test" | "spec" | "stories" | "cy"));
        is_code
            && !is_aside
            && !path.split('/').any(|part| matches!(part, "__tests__" | "node_modules" | "test" | "tests"))
    };
    let folders = ["src", "app", "client", "source"].map(|folder| child(dir, folder));
    let below = folders.iter().flat_map(|folder| snapshot.below(folder));
    let below = below.filter(|entry| matches!(entry.mode, Mode::File | Mode::Executable)).map(|entry| &*entry.path);
    let top = snapshot.children(dir).into_iter().filter(|(_, is_dir)| !is_dir).map(|(name, _)| child(dir, name));
    let all = below.map(str::to_owned).chain(top);
    all.filter(|path| is_source(path)).take(MAX_FILES + 1).collect()
}
