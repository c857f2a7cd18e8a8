//! Whether a folder is there after a build.

use super::tool::Kind;
use super::{Build, Effect, Product};
use crate::project::command::mentions;
use crate::project::path;
use crate::project::snapshot::{Snapshot, Target};
use crate::text::source::Sources;

/// What becomes of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// A file of that name is there.
    File,
    /// Only a run would tell.
    Unknown,
}

/// Longest configuration file that is searched.
const LONGEST: usize = 1 << 18;

/// Parts of outputs that tools make on their own account.
const USUAL_PARTS: [&str; 40] = [
    "assets",
    "static",
    "css",
    "js",
    "img",
    "images",
    "fonts",
    "media",
    "tags",
    "categories",
    "category",
    "tag",
    "author",
    "authors",
    "archives",
    "page",
    "blog",
    "docs",
    "posts",
    "client",
    "server",
    "browser",
    "prerendered",
    "en",
    "en-US",
    "en-us",
    "de",
    "fr",
    "es",
    "_app",
    "_astro",
    "_nuxt",
    "_next",
    "api",
    "index",
    "404",
    "search",
    "feed",
    "rss",
    "pages",
];

impl Build {
    /// What becomes of a folder when the command runs through.
    #[must_use]
    pub fn fate(&self, snapshot: &Snapshot, sources: &Sources, wanted: &str) -> Fate {
        let place = Place { snapshot, sources, wanted };
        let mut fate = match snapshot.target(wanted) {
            Target::Directory(_) | Target::Submodule(_) => Fate::Present,
            Target::File(_) => Fate::File,
            Target::Missing => Fate::Absent,
            Target::Loop | Target::Outside => Fate::Unknown,
        };
        for event in &self.events {
            let next = place.after(&event.effect);
            fate = match (next, event.is_certain) {
                (None, _) => fate,
                (Some(Fate::Unknown), _) if fate == Fate::Present => fate,
                (Some(next), true) => next,
                (Some(next), false) if next == fate => fate,
                (Some(_), false) => Fate::Unknown,
            };
        }
        // In which order unknown things happen is not known either.
        let is_open = self.doubts().next().is_some();
        if fate == Fate::Absent && is_open { Fate::Unknown } else { fate }
    }
}

/// A folder whose fate is asked for.
struct Place<'a> {
    snapshot: &'a Snapshot,
    sources: &'a Sources,
    wanted: &'a str,
}

impl Place<'_> {
    /// What one effect makes of the folder; none when it does not concern it.
    fn after(&self, effect: &Effect) -> Option<Fate> {
        let wanted = self.wanted;
        let is_in = |inner: &str, outer: &str| path::strip(inner, outer).is_some();
        match effect {
            Effect::Builds(product) => {
                let folder = &product.folder;
                if is_in(&folder.path, wanted) {
                    Some(Fate::Present)
                } else if is_in(wanted, &folder.path) {
                    self.could_hold(product).then_some(Fate::Unknown)
                } else {
                    let beside = |path: &String| is_in(path, wanted) || is_in(wanted, path);
                    folder.beside.iter().any(beside).then_some(Fate::Unknown)
                }
            }
            Effect::MakesEmpty(path) => is_in(path, wanted).then_some(Fate::Present),
            Effect::Fills(path) if is_in(path, wanted) => Some(Fate::Present),
            Effect::Fills(path) => is_in(wanted, path).then_some(Fate::Unknown),
            Effect::Removes(path) => is_in(wanted, path).then_some(Fate::Absent),
            Effect::Touches(text) => mentions(text, path::name(wanted)).then_some(Fate::Unknown),
            Effect::Unknown { .. } => Some(Fate::Unknown),
        }
    }

    /// Whether the output of a tool may have a folder of that name: something in the repository or its configuration is
    /// called like it.
    fn could_hold(&self, product: &Product) -> bool {
        let below = path::strip(self.wanted, &product.folder.path).unwrap_or_default();
        let Some(first) = below.split('/').next() else { return true };
        if USUAL_PARTS.contains(&first) || product.tool.kind == Kind::Files {
            return true;
        }
        let is_called = |part: &str| part.split('.').next() == Some(first) || part == first;
        let in_tree = |path: &str| path::strip(path, &product.dir).unwrap_or_default().split('/').any(is_called);
        let is_configuration =
            |name: &str| path::name(name) != "netlify.toml" && path::strip(name, &product.dir).is_some();
        let mut texts = self
            .sources
            .iter()
            .filter(|(_, source)| source.is_file && source.text.len() <= LONGEST && is_configuration(&source.name));
        let is_ending = matches!(first, "html" | "htm" | "xml" | "json" | "txt" | "md");
        (!is_ending && texts.any(|(_, source)| mentions(&source.text, first)))
            || self.snapshot.below(&product.dir).iter().any(|entry| in_tree(&entry.path))
    }
}
