//! Docusaurus: pages, documents and posts, most of them texts that are compiled as MDX.

use crate::project::import::bundle::{Bundle, Call, Config, Loader, files, of_config};
use crate::project::import::resolve::{Completion, Resolver};
use crate::project::path::{self, child};

/// Pages below `src/pages`, documents below `docs`, posts below `blog` (Docusaurus' documentation, "Creating pages", "Docs
/// introduction", "Blog"); `@site` is the folder of the site.
pub(in crate::project::import) fn docusaurus(call: &Call<'_, '_>) -> Vec<Bundle> {
    if call.operand(0) != Some("build") {
        return Vec::new();
    }
    let Some(dir) = path::join(&call.dir, call.operand(1).unwrap_or(".")) else { return Vec::new() };
    let snapshot = call.snapshot;
    let config =
        Config::first(snapshot, &dir, ["docusaurus.config.ts", "docusaurus.config.js", "docusaurus.config.mjs"]);
    let mut found: Vec<Bundle> = config.iter().map(|config| of_config(snapshot, config, "Docusaurus", true)).collect();
    if config.as_ref().is_some_and(|config| config.says(&["pages:"])) {
        return found;
    }
    let texts = texts(config.as_ref());
    let is_page = |below: &str| {
        !is_aside(below) && below.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "js" | "jsx" | "ts" | "tsx"))
    };
    let is_text = |below: &str| !is_aside(below) && texts.iter().any(|ending| below.ends_with(ending));
    let pages = child(&dir, "src/pages");
    let mut entries = files(snapshot, &pages, is_page);
    entries.extend(files(snapshot, &pages, is_text));
    for folder in config.iter().flat_map(folders) {
        entries.extend(files(snapshot, &child(&dir, folder), is_text));
    }
    found.push(site(dir, entries, texts));
    found
}

fn site(dir: String, entries: Vec<String>, texts: &'static [&'static str]) -> Bundle {
    let mut resolver = Resolver::new(&dir, Completion::Lenient);
    resolver.aliases.is_open = true;
    resolver.aliases.add_folder("@site", &dir, true);
    Bundle { texts, ..Bundle::new("Docusaurus", Loader::Webpack, dir, entries, resolver) }
}

/// Whether a file is passed over (`@docusaurus/utils/src/globUtils.ts`).
fn is_aside(below: &str) -> bool {
    below.split('/').any(|part| part.starts_with('_')) || below.contains(".test.")
}

/// The endings of texts that are MDX: all, unless the configuration tells them apart by their ending, or rewrites them.
fn texts(config: Option<&Config>) -> &'static [&'static str] {
    match config {
        Some(config) if config.says(&["preprocessor"]) => &[],
        Some(config) if !config.says(&["format:"]) => &[".mdx", ".md"],
        _ => &[".mdx"],
    }
}

/// The folders of the classic preset, unless the configuration moves them, or leaves out what they hold.
fn folders(config: &Config) -> Vec<&'static str> {
    const MOVES: [&str; 8] = [
        "path:",
        "include:",
        "exclude:",
        "includeCurrentVersion",
        "onlyIncludeVersions",
        "numberPrefix",
        "...",
        "preprocessor",
    ];
    if !config.surely_says("classic") || config.says(&MOVES) {
        return Vec::new();
    }
    let is_off = |name: &str| config.says(&[&format!("{name}: false"), &format!("{name}:false")]);
    ["docs", "blog"].into_iter().filter(|name| !is_off(name)).collect()
}
