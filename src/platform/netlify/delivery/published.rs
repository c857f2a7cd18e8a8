//! Tracked files that get published under their own names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::platform::netlify::delivery::Doubt;
use crate::platform::netlify::routing::redirect::Destination;
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::fate::Fate;
use crate::project::path::{child, join, strip};
use crate::project::snapshot::{Mode, Target};

/// A folder of the repository whose files are published as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Repository path.
    pub path: String,
    /// Whether it is the publish directory itself, and not a folder that a tool copies into it.
    pub is_publish: bool,
}

/// A file that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Path below the site's address.
    pub address: &'a str,
    /// Repository path.
    pub path: &'a str,
}

/// The folders whose files are published as they are; [`NetlifySite::published_roots`] keeps them.
pub(crate) fn roots(site: &NetlifySite<'_>) -> Vec<Root> {
    let Some(plan) = &site.plan else { return Vec::new() };
    let Some(delivery) = &plan.delivery else { return Vec::new() };
    // What the dashboard says is published may be another folder.
    if delivery.doubts.contains(&Doubt::Publish) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Target::Directory(path) = site.snapshot.target(&plan.publish.value)
        && delivery.fate == Fate::Present
    {
        found.push(Root { path, is_publish: true });
    }
    let Some(product) = delivery.product().filter(|product| product.folder.path == plan.publish.value) else {
        return found;
    };
    if is_moved(site, &product.dir) {
        return found;
    }
    let assets = product.tool.assets.iter().map(|name| child(&product.dir, name));
    let assets = assets.filter(|path| *path != plan.publish.value && site.snapshot.is_dir(path));
    found.extend(assets.map(|path| Root { path, is_publish: false }));
    found
}

/// Settings that name other folders; searched for in every configuration file.
static MOVERS: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["publicDir", "staticDirectories", "staticDir", "staticdir", "ignoreFiles"].map(Finder::new));

/// Longest configuration file that is searched.
const LONGEST: usize = 1 << 18;

/// Whether a configuration file of the tool may name other folders with static files.
fn is_moved(site: &NetlifySite<'_>, dir: &str) -> bool {
    let is_own = |name: &str| strip(name, dir).is_some() && name != "package.json";
    let mut own =
        site.resolution.sources.iter().filter(|(_, source)| is_own(&source.name) && source.text.len() <= LONGEST);
    own.any(|(_, source)| MOVERS.iter().any(|word| word.find(source.text.as_bytes()).is_some()))
}

/// The files of a root, without those that Netlify leaves out of an upload: dot files and, next to the sources,
/// installed packages (`go-client`, `porcelain/deploy.go`).
pub fn files<'a>(site: &'a NetlifySite<'_>, root: &'a Root) -> impl Iterator<Item = File<'a>> {
    let is_base = root.is_publish && root.path == site.build_dir();
    let entries = site
        .snapshot
        .below(&root.path)
        .iter()
        .filter(|entry| matches!(entry.mode, Mode::File | Mode::Executable | Mode::Symlink));
    let named = entries.filter_map(move |entry| {
        let address = strip(&entry.path, &root.path)?;
        Some(File { address, path: &entry.path })
    });
    named.filter(move |file| !(is_hidden(file.address) || is_base && is_installed(file.address)))
}

/// Whether Netlify leaves the file out because of a dot in front of a part.
#[must_use]
pub fn is_hidden(address: &str) -> bool {
    let is_dotted = address.starts_with('.') || address.contains("/.") || address.starts_with("__MACOSX");
    is_dotted && !address.starts_with(".well-known/")
}

fn is_installed(address: &str) -> bool {
    ["node_modules/", "bower_components/"].iter().any(|folder| address.starts_with(folder))
}

/// Whether a redirect leads into a folder below the publish directory.
#[must_use]
pub fn leads_into(site: &NetlifySite<'_>, folder: &str) -> bool {
    let Some(plan) = &site.plan else { return false };
    let Some(below) = strip(folder, &plan.publish.value).filter(|below| !below.is_empty()) else { return false };
    let Some(resolved) = site.resolved() else { return false };
    resolved.redirects.rules.iter().any(|rule| {
        let Destination::Text(to) = &rule.to else { return false };
        let path = join("", to.text.split(['?', '#']).next().unwrap_or_default());
        path.is_some_and(|path| strip(&path, below).is_some())
    })
}
