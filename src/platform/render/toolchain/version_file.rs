//! Files that name a version.

use crate::project::path::{ancestors, child};
use crate::text::span::Span;
use crate::text::toml;

use super::{Request, Version, pinned};

/// Whether the service's root directory holds this file.
pub(super) fn has(request: &Request<'_>, name: &str) -> bool {
    request.files.snapshot.is_file(&child(&request.dir(), name))
}

/// Where a file that Render looks for "in the root of your repo" lies: with `rootDir` that folder is the root of all
/// that the service sees (<https://render.com/docs/monorepo-support>). `Err` for one that lies only above it.
pub(super) fn locate(request: &Request<'_>, name: &str) -> Option<Result<String, Version>> {
    let path = child(&request.dir(), name);
    if request.files.snapshot.is_file(&path) {
        return Some(Ok(path));
    }
    let is_above = path != name && request.files.snapshot.is_file(name);
    is_above
        .then(|| Err(Version::Unknown(format!("whether \"{name}\" above the root directory is read is not on record"))))
}

/// The version that the only line of a file names.
pub(super) fn line(request: &Request<'_>, name: &str) -> Option<Version> {
    match locate(request, name)? {
        Err(version) => Some(version),
        Ok(path) => Some(first_word(request, &path).unwrap_or_else(|| unreadable(&path))),
    }
}

/// A file whose content decides, and cannot be had or says nothing that could be understood.
pub(super) fn unreadable(path: &str) -> Version {
    Version::Unknown(format!("\"{path}\" could not be understood"))
}

fn first_word(request: &Request<'_>, path: &str) -> Option<Version> {
    let (file, source) = request.files.open(path)?;
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let word = line.trim();
        if !word.is_empty() && !word.starts_with('#') {
            let start = start + line.find(word)?;
            return Some(pinned(word, Span::new(file, start, start + word.len())));
        }
        start += line.len();
    }
    None
}

/// `rust-toolchain` or `rust-toolchain.toml`, in the root directory or above it, as rustup looks for them
/// (<https://rust-lang.github.io/rustup/overrides.html>).
pub(super) fn rust_toolchain(request: &Request<'_>) -> Option<Version> {
    let dir = request.dir();
    for folder in ancestors(&dir) {
        for name in ["rust-toolchain", "rust-toolchain.toml"] {
            let path = child(folder, name);
            if request.files.snapshot.is_file(&path) {
                return Some(channel(request, &path).unwrap_or_else(|| unreadable(&path)));
            }
        }
    }
    None
}

fn channel(request: &Request<'_>, path: &str) -> Option<Version> {
    let (file, source) = request.files.open(path)?;
    if !source.text.contains('[') {
        return first_word(request, path);
    }
    let root = toml::parse(&source.text, file).ok()?;
    let node = root.at(&["toolchain", "channel"])?;
    node.as_str().map(|channel| pinned(channel, node.span))
}
