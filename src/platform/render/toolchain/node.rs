//! Node.js, Bun and the package manager.

use crate::project::lockfile;
use crate::project::manifest::{self, Manifest};
use crate::project::path::{child, name};
use crate::sim::known::{Because, Known};
use crate::text::source::Source;
use crate::text::span::FileId;

use super::version_file::{has, line};
use super::{Request, Version, pinned};

/// `NODE_VERSION`, `.node-version`, `.nvmrc`, `engines.node` (<https://render.com/docs/node-version>).
pub(super) fn node(request: &Request<'_>) -> Version {
    request
        .variable("node")
        .or_else(|| line(request, ".node-version"))
        .or_else(|| line(request, ".nvmrc"))
        .or_else(|| engines(request))
        .unwrap_or(Version::NotPinned)
}

/// `BUN_VERSION`, `.bun-version` (<https://www.render.com/docs/bun-version>).
pub(super) fn bun(request: &Request<'_>) -> Version {
    request.variable("bun").or_else(|| line(request, ".bun-version")).unwrap_or(Version::NotPinned)
}

pub(super) fn uses_bun(request: &Request<'_>) -> bool {
    let is_locked = ["bun.lock", "bun.lockb", ".bun-version"].iter().any(|name| has(request, name));
    is_locked || request.mentions("bun ") || request.mentions("bunx ") || request.variable("bun").is_some()
}

pub(super) fn has_manifest(request: &Request<'_>) -> bool {
    has(request, manifest::NAME) || request.variable("node").is_some()
}

/// `engines.node` of the root's manifest, or of the first one in a folder below it; which is first is not on record.
fn engines(request: &Request<'_>) -> Option<Version> {
    let dir = request.dir();
    let path = child(&dir, manifest::NAME);
    if request.files.snapshot.is_file(&path) {
        return engine_of(request, path);
    }
    let entries = request.files.snapshot.below(&dir).iter().map(|entry| &*entry.path);
    let mut below = entries.filter(|path| name(path) == manifest::NAME && !path.contains("node_modules/"));
    let first = below.next()?;
    if below.next().is_some() {
        return Some(Version::Unknown("which of several \"package.json\" is looked at is not on record".to_owned()));
    }
    engine_of(request, first.to_owned())
}

fn engine_of(request: &Request<'_>, path: String) -> Option<Version> {
    let Some((file, source)) = request.files.open(&path) else {
        return Some(Version::Unknown(format!("\"{path}\" cannot be read")));
    };
    let manifest = parsed(path, source, file)?;
    let node = manifest.root.at(&["engines", "node"])?;
    node.as_str().filter(|range| !range.trim().is_empty()).map(|range| pinned(range, node.span))
}

fn parsed(path: String, source: &Source, file: FileId) -> Option<Manifest> {
    Manifest::parse(path, &source.text, file).ok()
}

pub(super) fn package_manager(request: &Request<'_>) -> Option<Known<String>> {
    let dir = request.dir();
    let mut found = lockfile::NAMES.iter().filter_map(|(tool, names)| {
        let path = names.iter().map(|name| child(&dir, name)).find(|path| request.files.snapshot.is_file(path))?;
        Some(Known::new((*tool).to_owned(), Because::Present(path)))
    });
    let first = found.next()?;
    if found.next().is_none() { Some(first) } else { None }
}
