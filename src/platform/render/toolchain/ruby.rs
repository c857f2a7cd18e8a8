//! The version of Ruby: `Gemfile.lock`, `.ruby-version`, `.tool-versions`, `Gemfile`, in this order
//! (<https://www.render.com/docs/ruby-version>).

use crate::project::ruby::{Gemfile, RubyVersion, locked_version};
use crate::text::span::Span;

use super::version_file::{line, locate, unreadable};
use super::{Request, Version, pinned};

pub(super) fn ruby(request: &Request<'_>) -> Version {
    in_lock(request, "Gemfile.lock")
        .or_else(|| in_lock(request, "gems.locked"))
        .or_else(|| line(request, ".ruby-version").map(without_prefix))
        .or_else(|| in_tool_versions(request))
        .or_else(|| in_gemfile(request))
        .unwrap_or(Version::NotPinned)
}

fn without_prefix(version: Version) -> Version {
    match version {
        Version::Pinned(mut known) => {
            if let Some(rest) = known.value.strip_prefix("ruby-") {
                known.value = rest.to_owned();
            }
            Version::Pinned(known)
        }
        other => other,
    }
}

fn in_lock(request: &Request<'_>, name: &str) -> Option<Version> {
    let path = match locate(request, name)? {
        Ok(path) => path,
        // A lock file above the root directory locks another bundle.
        Err(_) => return None,
    };
    let Some((file, source)) = request.files.open(&path) else { return Some(unreadable(&path)) };
    if source.text.trim().is_empty() {
        return Some(unreadable(&path));
    }
    let (version, range) = locked_version(&source.text)?;
    Some(pinned(version, Span::new(file, range.start, range.end)))
}

fn in_tool_versions(request: &Request<'_>) -> Option<Version> {
    let path = match locate(request, ".tool-versions")? {
        Ok(path) => path,
        Err(version) => return Some(version),
    };
    let Some((file, source)) = request.files.open(&path) else { return Some(unreadable(&path)) };
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let mut words = line.split_whitespace();
        if words.next() == Some("ruby")
            && let Some(version) = words.next()
        {
            let at = start + line.find("ruby").unwrap_or_default() + 4;
            let at = at + source.text[at..].find(version).unwrap_or_default();
            return Some(pinned(version, Span::new(file, at, at + version.len())));
        }
        start += line.len();
    }
    None
}

fn in_gemfile(request: &Request<'_>) -> Option<Version> {
    let path = match locate(request, "Gemfile")? {
        Ok(path) => path,
        Err(_) => return None,
    };
    let Some((file, source)) = request.files.open(&path) else { return Some(unreadable(&path)) };
    match Gemfile::read(&source.text).ruby? {
        RubyVersion::Written { version, range } => Some(pinned(&version, Span::new(file, range.start, range.end))),
        // Only a file that was not there before this can be meant: the others have been looked at.
        RubyVersion::Computed => Some(Version::Unknown(format!("\"{path}\" computes it"))),
    }
}
