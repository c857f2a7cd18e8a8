//! A Next.js site and the runtime that Netlify builds it with (`@netlify/plugin-nextjs`, `opennextjs-netlify/src/build`).

use crate::platform::netlify::site::NetlifySite;
use crate::project::locked::Installed;
use crate::project::manifest::{DependencyKind, Field};
use crate::project::path::{child, name};
use crate::text::tree::Node;

/// The package of the runtime.
pub const RUNTIME: &str = "@netlify/plugin-nextjs";

/// The runtime refuses Next.js below this (version 5; `verification.ts`).
pub const OLDEST_NEXT_OF_RUNTIME_5: &str = "13.5.0";
/// Version 4 of the runtime does not build Next.js from here on.
pub const FIRST_NEXT_BEYOND_RUNTIME_4: &str = "14.0.0";

/// A package that the site asks for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Where `package.json` asks for it.
    pub field: Field<'a>,
    /// What gets installed.
    pub installed: Installed,
}

/// A Next.js site.
#[derive(Debug)]
pub struct NextSite<'a> {
    /// The folder of the site's package.
    pub dir: &'a str,
    /// Next.js itself.
    pub next: Wanted<'a>,
    /// The runtime, if the site pins it.
    pub runtime: Option<Wanted<'a>>,
}

impl<'a> NextSite<'a> {
    /// The Next.js site in the build folder, if it is one that the runtime builds.
    ///
    /// None for a site below a package path, for one that is exported as static files, and where the runtime is
    /// switched off.
    #[must_use]
    pub fn of(site: &'a NetlifySite<'_>) -> Option<NextSite<'a>> {
        let manifest = site.manifest().filter(|_| site.package_path.is_empty())?;
        let dir = site.build_dir();
        let wanted = |package: &'a str| -> Option<Wanted<'a>> {
            let kinds = [DependencyKind::Production, DependencyKind::Development];
            let (_, field) = manifest.dependency(package).find(|(kind, _)| kinds.contains(kind))?;
            let installed = Installed::of(site.snapshot, dir, package, field.text?);
            Some(Wanted { field, installed })
        };
        let next = wanted("next")?;
        let is_skipped =
            variable(site, "NETLIFY_NEXT_PLUGIN_SKIP").is_some_and(|value| value == "true" || value == "1");
        if is_skipped || is_exported(site, dir) {
            return None;
        }
        Some(NextSite { dir, next, runtime: wanted(RUNTIME) })
    }

    /// Whether version 5 of the runtime certainly builds the site.
    #[must_use]
    pub fn has_runtime_5(&self) -> bool {
        let is_pinned_to_5 =
            |runtime: &Wanted<'_>| runtime.installed.is_at_least("5.0.0") && !runtime.installed.is_at_least("6.0.0");
        let is_fitting = self.next.installed.is_at_least(OLDEST_NEXT_OF_RUNTIME_5);
        is_fitting && self.runtime.as_ref().is_none_or(is_pinned_to_5)
    }
}

/// A variable of the build, as text.
fn variable<'a>(site: &'a NetlifySite<'_>, name: &str) -> Option<&'a str> {
    site.config(&["build", "environment", name]).and_then(Node::as_str)
}

/// Whether the runtime looks for forms in prerendered pages.
#[must_use]
pub fn verifies_forms(site: &NetlifySite<'_>) -> bool {
    let value = variable(site, "NETLIFY_NEXT_VERIFY_FORMS").unwrap_or_default();
    value != "0" && !value.eq_ignore_ascii_case("false")
}

/// Whether the configuration of Next.js asks for static files, or may do so.
fn is_exported(site: &NetlifySite<'_>, dir: &str) -> bool {
    let names =
        site.snapshot.children(dir).into_iter().filter(|(file, is_dir)| !is_dir && file.starts_with("next.config."));
    let mut texts = names.filter_map(|(file, _)| site.snapshot.text(&child(dir, file)).ok());
    texts.any(|text| {
        let words = text.replace([' ', '\t', '\n', '\r'], "");
        words.match_indices("output:").any(|(at, key)| {
            let value = &words[at + key.len()..];
            !value.starts_with("\"standalone\"")
                && !value.starts_with("'standalone'")
                && !value.starts_with("undefined")
        })
    })
}

/// The folder of the pages router that Next.js uses; `src/pages` only without `pages` and `app` in the root.
#[must_use]
pub fn pages_dir(site: &NetlifySite<'_>, dir: &str) -> Option<String> {
    router_dir(site, dir, "pages")
}

/// The folder of the app router that Next.js uses.
#[must_use]
pub fn app_dir(site: &NetlifySite<'_>, dir: &str) -> Option<String> {
    router_dir(site, dir, "app")
}

fn router_dir(site: &NetlifySite<'_>, dir: &str, folder: &str) -> Option<String> {
    let has = |path: &str| site.snapshot.is_dir(&child(dir, path));
    if has("pages") || has("app") {
        return has(folder).then(|| child(dir, folder));
    }
    let below = format!("src/{folder}");
    has(&below).then(|| child(dir, &below))
}

/// Whether a file's name ends as pages and components of Next.js do.
#[must_use]
pub fn is_script(path: &str) -> bool {
    [".js", ".jsx", ".ts", ".tsx"].iter().any(|extension| name(path).ends_with(extension)) && !path.ends_with(".d.ts")
}
