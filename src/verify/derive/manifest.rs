//! The files of a publish directory: what lies there, what answers a path, and what the platform says that it has.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::platform::netlify::edge::{Found, Listing};

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Bytes.
    pub size: u64,
    /// SHA3-256 of the bytes.
    pub sha3: Digest,
    /// SHA-1 in hexadecimal digits, by which Netlify names them.
    pub sha1: String,
}

/// The files of a publish directory by their paths, without a slash at the beginning.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    files: BTreeMap<String, Fact>,
    /// By path in small letters; more than one when names differ in case only.
    by_small_letters: BTreeMap<String, Vec<String>>,
}

/// Files that the platform reads and does not serve.
const READ_ONLY: [&str; 2] = ["_redirects", "_headers"];

impl Manifest {
    /// Takes files.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (String, Fact)>) -> Manifest {
        let files: BTreeMap<String, Fact> = files.into_iter().collect();
        let mut by_small_letters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in files.keys() {
            by_small_letters.entry(path.to_lowercase()).or_default().push(path.clone());
        }
        Manifest { files, by_small_letters }
    }

    /// A file by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Fact> {
        self.files.get(path)
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The paths of files that are served, in order: neither the platform's own nor hidden ones.
    pub fn served(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|path| is_served(path))
    }

    /// Compares with the list of the platform, complete: path and SHA-1 of each of its files.
    #[must_use]
    pub fn compare<'t>(&self, theirs: impl IntoIterator<Item = (&'t str, &'t str)>) -> Differences {
        let ours = self.files.iter().map(|(path, fact)| (path.as_str(), fact.sha1.as_str()));
        compare(ours, theirs)
    }

    fn one(&self, path: &str, is_at_once: bool) -> Option<Found> {
        let names = self.by_small_letters.get(&path.to_lowercase())?;
        Some(match names.as_slice() {
            [name] if name == path => Found::File { path: name.clone(), is_at_once },
            _ => Found::Unknown,
        })
    }
}

/// Compares two lists of files, each with path and SHA-1.
#[must_use]
pub fn compare<'o, 't>(
    ours: impl IntoIterator<Item = (&'o str, &'o str)>,
    theirs: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> Differences {
    let ours: BTreeMap<&str, &str> = ours.into_iter().map(plain).collect();
    let theirs: BTreeMap<&str, &str> = theirs.into_iter().map(plain).collect();
    let mut differences = Differences::default();
    for (path, own) in &ours {
        match theirs.get(path) {
            Some(sha1) if sha1.eq_ignore_ascii_case(own) => {}
            Some(_) => differences.changed.push((*path).to_owned()),
            None => differences.missing.push((*path).to_owned()),
        }
    }
    differences.extra = theirs.keys().filter(|path| !ours.contains_key(*path)).map(|path| (*path).to_owned()).collect();
    differences
}

/// A path without the slash that some lists put before it.
fn plain<'p>((path, sha1): (&'p str, &'p str)) -> (&'p str, &'p str) {
    (path.trim_start_matches('/'), sha1)
}

/// How a platform's list of files differs from ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Ours that it does not have.
    pub missing: Vec<String>,
    /// Ours that it has with other bytes.
    pub changed: Vec<String>,
    /// Its own that we do not have.
    pub extra: Vec<String>,
}

impl Differences {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.extra.is_empty()
    }
}

/// Whether a file of this path is served like any other, as far as is known.
#[must_use]
pub fn is_served(path: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with('.') && part != ".well-known";
    !READ_ONLY.contains(&path) && path != "netlify.toml" && !path.split('/').any(is_hidden)
}

/// Whether a file of this path is a page.
#[must_use]
pub fn is_page(path: &str) -> bool {
    path.ends_with(".html") || path.ends_with(".htm")
}

/// The address of a file: a folder's page by the folder.
#[must_use]
pub fn address_of(path: &str) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    format!("/{}", encode(path))
}

/// A path as clients send it.
#[must_use]
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&crate::digest::hex(&[byte]).to_ascii_uppercase());
        }
    }
    out
}

/// The text that an encoded path stands for; `None` when it is no text.
#[must_use]
pub fn decode(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = path.get(at + 1..at + 3)?;
            out.extend(crate::digest::unhex(&digits.to_ascii_lowercase())?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}

impl Listing for Manifest {
    fn find(&self, path: &str) -> Found {
        let Some(path) = decode(path) else { return Found::Unknown };
        let inner = path.strip_prefix('/').unwrap_or(&path);
        let is_folder = inner.is_empty() || inner.ends_with('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let is_odd = |part: &str| part.is_empty() && !inner.is_empty() || part == "." || part == "..";
        if inner.split('/').any(is_odd) || path.contains('\\') || inner.starts_with(".netlify") {
            return Found::Unknown;
        }
        let below = |name: &str| if inner.is_empty() { name.to_owned() } else { format!("{inner}/{name}") };
        let found = if is_folder {
            let page = || self.one(&format!("{inner}.html"), false);
            self.one(&below("index.html"), true).or_else(page).or_else(|| self.one(inner, false))
        } else {
            let itself = || self.one(inner, !is_page(inner));
            let page = || self.one(&format!("{inner}.html"), false);
            itself().or_else(page).or_else(|| self.one(&below("index.html"), false))
        };
        match found {
            Some(Found::File { path, .. }) if !is_served(&path) => Found::Unknown,
            Some(found) => found,
            None => Found::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let fact = |path: &&str| {
            let sha1 = format!("sha1 of {path}");
            ((*path).to_owned(), Fact { size: 1, sha3: Digest::sha3(path.as_bytes()), sha1 })
        };
        Manifest::new(paths.iter().map(fact))
    }

    #[test]
    fn files_are_found_as_the_edge_finds_them() {
        let manifest =
            manifest(&["index.html", "a.css", "about.html", "blog/index.html", "_redirects", ".env", "B.png"]);
        let file = |path: &str, is_at_once| Found::File { path: path.to_owned(), is_at_once };
        assert_eq!(manifest.find("/"), file("index.html", true));
        assert_eq!(manifest.find("/a.css"), file("a.css", true));
        assert_eq!(manifest.find("/about"), file("about.html", false));
        assert_eq!(manifest.find("/about.html"), file("about.html", false));
        assert_eq!(manifest.find("/blog/"), file("blog/index.html", true));
        assert_eq!(manifest.find("/blog"), file("blog/index.html", false));
        assert_eq!(manifest.find("/nothing"), Found::Nothing);
        for unknown in ["/b.png", "/_redirects", "/.env", "//a.css", "/../a.css", "/%zz", "/%ff", "/.netlify/x"] {
            assert_eq!(manifest.find(unknown), Found::Unknown, "{unknown}");
        }
    }

    #[test]
    fn a_path_is_encoded_and_read_back() {
        for path in ["a b/ü.css", "100%.txt", "a+b&c", "x"] {
            assert_eq!(decode(&encode(path)).as_deref(), Some(path));
        }
        assert_eq!(address_of("blog/index.html"), "/blog/");
        assert_eq!(address_of("myindex.html"), "/myindex.html");
    }

    #[test]
    fn every_difference_to_the_list_of_the_platform_is_found() {
        let ours = manifest(&["a", "b", "c"]);
        let theirs = [("/a", "SHA1 of a"), ("/b", "other"), ("/d", "x")];
        let found = ours.compare(theirs);
        let expected =
            Differences { missing: vec!["c".to_owned()], changed: vec!["b".to_owned()], extra: vec!["d".to_owned()] };
        assert_eq!(found, expected);
        assert!(ours.compare([("a", "sha1 of a"), ("b", "sha1 of b"), ("c", "sha1 of c")]).is_empty());
    }
}
