//! What the tracked tree itself has to publish.

use crate::platform::netlify::site::NetlifySite;
use crate::project::output::Effect;
use crate::project::path::{name, parent, strip};

use super::Delivery;

/// The folder that was meant: by the slip, because the command makes no other, or because it alone holds an
/// `index.html`.
#[must_use]
pub fn meant(site: &NetlifySite<'_>, delivery: &Delivery) -> Option<String> {
    if let Some(slip) = &delivery.slip {
        return Some(slip.meant().to_owned());
    }
    let made = made(delivery);
    if !made.is_empty() {
        let [only] = made.as_slice() else { return None };
        return Some((*only).to_owned());
    }
    let is_page = |path: &&str| name(path) == "index.html";
    let below = site.snapshot.below(site.build_dir()).iter().map(|entry| &*entry.path);
    let mut folders: Vec<&str> = below.filter(is_page).filter_map(parent).collect();
    folders.sort_by_key(|folder| folder.len());
    let first = *folders.first()?;
    let is_inside = |folder: &&str| strip(folder, first).is_some();
    folders.iter().all(is_inside).then(|| first.to_owned())
}

/// The outermost folders that the command certainly makes or fills.
fn made(delivery: &Delivery) -> Vec<&str> {
    let certain = delivery.build.events.iter().filter(|event| event.is_certain);
    let mut folders: Vec<&str> = certain
        .filter_map(|event| match &event.effect {
            Effect::MakesEmpty(path) => Some(path.as_str()),
            Effect::Fills(path) if name(path).contains('.') => parent(path),
            Effect::Fills(path) => Some(path.as_str()),
            _ => None,
        })
        .collect();
    folders.sort_unstable();
    folders.dedup_by(|inner, outer| strip(inner, outer).is_some());
    folders
}

/// Whether the tracked tree is a whole site that needs no build: pages, and nothing that would make any.
#[must_use]
pub fn is_whole(site: &NetlifySite<'_>, delivery: &Delivery) -> bool {
    const BUILT_FROM: [&str; 32] = [
        "json", "lock", "yml", "yaml", "rb", "py", "go", "rs", "dart", "cs", "csproj", "sln", "php", "ex", "exs", "hs",
        "elm", "clj", "java", "gradle", "sh", "mk", "njk", "liquid", "hbs", "ejs", "pug", "haml", "erb", "md", "rst",
        "adoc",
    ];
    const BUILD_FILES: [&str; 12] = [
        "Makefile",
        "makefile",
        "Gemfile",
        "Rakefile",
        "justfile",
        "Justfile",
        "Dockerfile",
        "Procfile",
        "hugo.toml",
        "config.toml",
        "book.toml",
        "Pipfile",
    ];
    let is_built_from = |path: &str| {
        let file = name(path);
        let is_prose = matches!(file, "README.md" | "LICENSE.md" | "CHANGELOG.md" | "CONTRIBUTING.md");
        let end = file.rsplit_once('.').map_or("", |(_, end)| end);
        let is_tool = BUILD_FILES.contains(&file) || file.contains(".config.") || path.starts_with("package.json");
        is_tool || (BUILT_FROM.contains(&end) && !is_prose && !is_data(path))
    };
    let entries = site.snapshot.entries();
    let has_page = site.snapshot.named("index.html").next().is_some();
    let is_plain = site.detection.frameworks.is_empty() && site.detection.package_manager.is_none();
    has_page && is_plain && delivery.sign.is_none() && !entries.iter().any(|entry| is_built_from(&entry.path))
}

/// Whether a file is data of pages or of the repository's own service, and no source of a build.
fn is_data(path: &str) -> bool {
    path.starts_with('.') || (path.contains('/') && path.ends_with(".json"))
}
