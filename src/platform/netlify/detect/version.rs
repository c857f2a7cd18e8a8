//! Versions as the npm package `semver` reads, loosens and compares them.

use std::cmp::Ordering;

const MAX_LENGTH: usize = 256;
const MAX_NUMBER: u64 = 9_007_199_254_740_991;
const MAX_COERCED_DIGITS: usize = 16;

/// A version, with the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// The text as given.
    pub(super) raw: String,
    /// The first number.
    pub(super) major: u64,
    minor: u64,
    patch: u64,
    prerelease: Vec<Identifier>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Text(String),
}

impl Version {
    /// Reads an exact version (`semver/functions/parse.js`).
    pub(super) fn parse(raw: &str) -> Option<Version> {
        if raw.encode_utf16().count() > MAX_LENGTH {
            return None;
        }
        let text = trim(raw);
        let text = text.strip_prefix('v').unwrap_or(text);
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (numbers, prerelease) = match rest.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (rest, None),
        };
        if build.is_some_and(|build| !build.split('.').all(is_word)) {
            return None;
        }
        let mut parts = numbers.split('.');
        let (major, minor, patch) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
        if parts.next().is_some() {
            return None;
        }
        let prerelease = match prerelease {
            Some(text) => text.split('.').map(identifier).collect::<Option<Vec<_>>>()?,
            None => Vec::new(),
        };
        Some(Version { raw: raw.to_owned(), major, minor, patch, prerelease })
    }

    /// Takes the first thing that looks like a version out of a range (`semver/functions/coerce.js`).
    pub(super) fn coerce(text: &str) -> Option<Version> {
        let mut at = 0;
        loop {
            at += text[at..].find(|found: char| found.is_ascii_digit())?;
            let major = digits(&text[at..]);
            if major.len() > MAX_COERCED_DIGITS {
                at += major.len();
                continue;
            }
            let after = &text[at + major.len()..];
            let minor = dotted(after);
            let patch = minor.and_then(|minor| dotted(&after[minor.len() + 1..]));
            return Version::parse(&format!("{major}.{}.{}", minor.unwrap_or("0"), patch.unwrap_or("0")));
        }
    }

    /// Whether this version comes before another one.
    pub(super) fn is_below(&self, other: &Version) -> bool {
        self.compare(other) == Ordering::Less
    }

    fn compare(&self, other: &Version) -> Ordering {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.prerelease.cmp(&other.prerelease),
            }
        })
    }
}

/// What JavaScript's `trim` takes away.
fn trim(text: &str) -> &str {
    text.trim_matches(|found: char| (found.is_whitespace() && found != '\u{85}') || found == '\u{feff}')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn number(text: &str) -> Option<u64> {
    let canonical = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = canonical && (text.len() == 1 || !text.starts_with('0'));
    if canonical { text.parse().ok().filter(|value| *value <= MAX_NUMBER) } else { None }
}

fn identifier(text: &str) -> Option<Identifier> {
    if !is_word(text) {
        return None;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Identifier::Text(text.to_owned()));
    }
    let has_leading_zero = text.len() > 1 && text.starts_with('0');
    if has_leading_zero { None } else { Some(Identifier::Number(text.parse().unwrap_or(u64::MAX))) }
}

/// The digits that a text starts with.
fn digits(text: &str) -> &str {
    let end = text.find(|found: char| !found.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

/// The number after a dot, if it is short enough.
fn dotted(text: &str) -> Option<&str> {
    let found = digits(text.strip_prefix('.')?);
    (1..=MAX_COERCED_DIGITS).contains(&found.len()).then_some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn exact_versions_are_read_and_keep_their_text() {
        for text in ["1.2.3", "v1.2.3", " 1.2.3 ", "1.2.3-rc.1+build.01", "0.0.0-0a", "1.0.0-01a", "1.2.3-a-b"] {
            assert_eq!(Version::parse(text).unwrap().raw, text);
        }
        for text in
            ["1.2", "=1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "^1.2.3", "1.2.3.4", "9007199254740992.0.0", ""]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_are_loosened_to_their_first_number() {
        for (text, raw) in [
            ("^14", "14.0.0"),
            ("~1.2", "1.2.0"),
            (">=1.2.3-rc.1 <2", "1.2.3"),
            ("npm:next@13.4", "13.4.0"),
            ("12345678901234567 1.2", "1.2.0"),
            ("1.12345678901234567", "1.0.0"),
            ("é3.x", "3.0.0"),
        ] {
            assert_eq!(Version::coerce(text).unwrap().raw, raw, "{text}");
        }
        for text in ["latest", "workspace:*", "", "01.2.3"] {
            assert_eq!(Version::coerce(text), None, "{text}");
        }
    }

    #[test]
    fn versions_compare_with_their_prereleases() {
        let below = |a: &str, b: &str| Version::parse(a).unwrap().is_below(&Version::parse(b).unwrap());
        assert!(below("1.2.3", "1.10.0") && below("17.0.0-next.1", "17.0.0-rc") && below("17.0.0-rc", "17.0.0"));
        assert!(below("1.0.0-1", "1.0.0-a") && below("1.0.0-a", "1.0.0-a.1"));
        assert!(!below("1.0.0+b", "1.0.0+a") && !below("1.0.0", "1.0.0-rc"));
    }
}
