//! `Gemfile.lock`: sections of lines, each with an indentation of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a `Gemfile.lock` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The gems that are locked.
    pub gems: BTreeSet<String>,
    /// The versions that they are locked at, as written.
    pub versions: BTreeMap<String, String>,
    /// `PLATFORMS`.
    pub platforms: Vec<String>,
    /// `BUNDLED WITH`.
    pub bundler: Option<String>,
}

impl Lock {
    /// Reads a text; what it does not understand it passes over.
    #[must_use]
    pub fn read(text: &str) -> Lock {
        let mut lock = Lock::default();
        let mut section = "";
        for line in text.lines() {
            if !line.starts_with([' ', '\t']) {
                section = line.trim();
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            let word = line.trim();
            match section {
                // Four spaces: a gem; six: what it needs.
                "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE" if indent == 4 => {
                    let (name, version) = word.split_once(' ').unwrap_or((word, ""));
                    lock.gems.insert(name.to_owned());
                    let version = version.trim_matches(['(', ')']).split('-').next().unwrap_or_default();
                    lock.versions.insert(name.to_owned(), version.to_owned());
                }
                "PLATFORMS" if !word.is_empty() => lock.platforms.push(word.to_owned()),
                "BUNDLED WITH" if !word.is_empty() => lock.bundler = Some(word.to_owned()),
                _ => {}
            }
        }
        lock
    }

    /// Whether `bundle install` on Linux may refuse the file: it names platforms, and none that Linux on x86-64 can use
    /// (Bundler's `Gem::Platform.match_spec?`).
    #[must_use]
    pub fn lacks_linux(&self) -> bool {
        let is_usable = |platform: &String| {
            platform == "ruby" || platform == "java" || platform.contains("linux") || platform == "x86_64"
        };
        !self.platforms.is_empty() && !self.platforms.iter().any(is_usable)
    }
}

/// The version below `RUBY VERSION` with its place: `ruby 3.3.0p0` is `3.3.0`.
#[must_use]
pub fn locked_version(text: &str) -> Option<(&str, Range<usize>)> {
    let mut is_next = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim();
        if is_next && let Some(version) = word.strip_prefix("ruby ") {
            let version = version.trim();
            let end = version.find('p').unwrap_or(version.len());
            let at = start + line.find(version)?;
            return Some((&version[..end], at..at + end));
        }
        is_next = word == "RUBY VERSION";
        start += line.len();
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "GEM\n  remote: https://x/\n  specs:\n    puma (6.4.0)\n      nio4r (~> 2.0)\n    nio4r (2.7.0)\n\n\
        PLATFORMS\n  arm64-darwin-22\n\nRUBY VERSION\n   ruby 3.3.0p0\n\nBUNDLED WITH\n   2.5.3\n";

    #[test]
    fn sections_of_a_lock_file_are_read() {
        let lock = Lock::read(TEXT);
        assert_eq!(lock.gems.iter().map(String::as_str).collect::<Vec<_>>(), ["nio4r", "puma"]);
        assert_eq!(lock.versions["puma"], "6.4.0");
        assert_eq!(
            (lock.platforms.as_slice(), lock.bundler.as_deref()),
            (&["arm64-darwin-22".to_owned()][..], Some("2.5.3"))
        );
        assert!(lock.lacks_linux());
        assert!(!Lock::read("PLATFORMS\n  ruby\n").lacks_linux() && !Lock::read("").lacks_linux());
    }

    #[test]
    fn the_version_of_ruby_has_its_place() {
        let (version, range) = locked_version(TEXT).unwrap();
        assert_eq!((version, &TEXT[range]), ("3.3.0", "3.3.0"));
        assert_eq!(locked_version("GEM\n  ruby 3\n"), None);
        let windows = TEXT.replace('\n', "\r\n");
        assert_eq!(locked_version(&windows).unwrap().0, "3.3.0");
    }
}
