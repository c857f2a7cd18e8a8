//! `pnpm-lock.yaml`: what each importer asked for, and the names of all packages.

use std::collections::{BTreeMap, BTreeSet};

use super::Contents;
use crate::project::manifest::DependencyKind;

/// What pnpm's lock file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PnpmLock {
    /// `lockfileVersion`: 5.4, 6.0, 9.0.
    pub version: String,
    /// `settings.autoInstallPeers`.
    pub installs_peers: bool,
    /// Whether overrides of the manifests are recorded.
    pub has_overrides: bool,
    /// What each folder asked for; `.` is the lock's own.
    pub importers: BTreeMap<String, Importer>,
    /// The names of all packages.
    pub packages: BTreeSet<String>,
    /// The packages with their versions, as far as the file names them in one key.
    pub releases: BTreeSet<(String, String)>,
}

/// What one folder asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Importer {
    /// Name, with the field it stands in and the specifier of the manifest.
    pub dependencies: BTreeMap<String, (DependencyKind, String)>,
}

/// A line of YAML: indentation, key, value.
struct Line<'a> {
    indent: usize,
    key: &'a str,
    value: &'a str,
}

/// Reads the file, as pnpm writes it.
///
/// # Errors
/// When it is not such a file.
pub fn read(text: &str) -> Result<PnpmLock, String> {
    let mut lock = PnpmLock::default();
    let mut top = "";
    let mut importer = ".".to_owned();
    let mut kind = None;
    let mut package = "";
    let mut base = 0;
    let mut old: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for line in text.lines().filter_map(split) {
        if line.indent == 0 {
            (top, importer, kind, base) = (line.key, ".".to_owned(), field_kind(line.key), 2);
            if line.key == "lockfileVersion" {
                lock.version = line.value.to_owned();
            }
            lock.has_overrides |= line.key == "overrides";
            if kind.is_some() || line.key == "specifiers" {
                lock.importers.entry(importer.clone()).or_default();
            }
            continue;
        }
        if top == "settings" && line.key == "autoInstallPeers" {
            lock.installs_peers = line.value == "true";
        }
        if matches!(top, "packages" | "snapshots") && line.indent == 2 {
            lock.packages.extend(package_name(line.key).map(str::to_owned));
            lock.releases.extend(release(line.key).map(|(name, version)| (name.to_owned(), version.to_owned())));
        }
        let is_inside = top == "importers";
        if is_inside && line.indent == 2 {
            (importer, kind, base) = (line.key.to_owned(), None, 6);
            lock.importers.entry(importer.clone()).or_default();
        } else if is_inside && line.indent == 4 {
            kind = field_kind(line.key);
            top = if line.key == "specifiers" { "importers" } else { top };
            package = line.key;
        } else if kind.is_none()
            && (top == "specifiers" && line.indent == 2 || is_inside && line.indent == 6 && package == "specifiers")
        {
            old.entry(importer.clone()).or_default().insert(line.key.to_owned(), line.value.to_owned());
        } else if let Some(kind) = kind {
            if line.indent == base {
                package = line.key;
                if !line.value.is_empty() {
                    add(&mut lock, &importer, package, kind, None);
                }
            } else if line.indent == base + 2 && line.key == "specifier" {
                add(&mut lock, &importer, package, kind, Some(line.value));
            }
        }
    }
    apply_old(&mut lock, old);
    if lock.version.is_empty() { Err("names no \"lockfileVersion\"".to_owned()) } else { Ok(lock) }
}

/// Up to version 5 the specifiers stand apart.
fn apply_old(lock: &mut PnpmLock, old: BTreeMap<String, BTreeMap<String, String>>) {
    for (importer, specifiers) in old {
        let importer = lock.importers.entry(importer).or_default();
        for (name, specifier) in specifiers {
            importer.dependencies.entry(name).or_insert((DependencyKind::Production, String::new())).1 = specifier;
        }
    }
}

fn add(lock: &mut PnpmLock, importer: &str, package: &str, kind: DependencyKind, specifier: Option<&str>) {
    let importer = lock.importers.entry(importer.to_owned()).or_default();
    importer.dependencies.insert(package.to_owned(), (kind, specifier.unwrap_or_default().to_owned()));
}

fn field_kind(key: &str) -> Option<DependencyKind> {
    DependencyKind::ALL.into_iter().find(|kind| kind.field() == key && *kind != DependencyKind::Peer)
}

fn split(line: &str) -> Option<Line<'_>> {
    let content = line.trim_start();
    let indent = line.len() - content.len();
    let content = content.trim_end();
    if content.is_empty() || content.starts_with(['#', '-']) {
        return None;
    }
    let (key, rest) = match content.chars().next() {
        Some(quote @ ('\'' | '"')) => {
            let (key, rest) = content[1..].split_once(quote)?;
            (key, rest.strip_prefix(':')?)
        }
        _ => match content.strip_suffix(':') {
            Some(key) => (key, ""),
            None => content.split_once(": ")?,
        },
    };
    Some(Line { indent, key, value: unquoted(rest.trim()) })
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(value)
}

/// The name in `/name@1.0.0(peer)`, `name@1.0.0` or, up to version 5, `/name/1.0.0`.
fn package_name(key: &str) -> Option<&str> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let from = usize::from(key.starts_with('@'));
    match key[from..].find('@') {
        Some(at) => Some(&key[..from + at]),
        None => key.rfind('/').map(|at| &key[..at]),
    }
}

/// Name and version in `/name@1.0.0(peer)`, `name@1.0.0` or `/name/1.0.0_peer`.
fn release(key: &str) -> Option<(&str, &str)> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let name = package_name(key)?;
    let version = key.get(name.len() + 1..)?;
    let end = version.find(['(', '_']).unwrap_or(version.len());
    Some((name, &version[..end]))
}

impl PnpmLock {
    /// The packages and programs that it holds.
    #[must_use]
    pub fn contents(&self) -> Contents {
        let direct = self.importers.values().flat_map(|importer| importer.dependencies.keys());
        let packages = self.packages.iter().chain(direct).cloned().collect();
        Contents { packages, production: None, programs: None }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn dependency(text: &str, importer: &str, name: &str) -> (DependencyKind, String) {
        read(text).unwrap().importers[importer].dependencies[name].clone()
    }

    #[test]
    fn version_nine_has_importers() {
        let text = "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    \
            devDependencies:\n      '@a/b':\n        specifier: ^5.2.0\n        version: 5.4.11\n\n  web:\n    \
            dependencies:\n      vite:\n        specifier: 'catalog:'\n        version: 5.4.11\n\npackages:\n\n  \
            '@a/b@5.4.11':\n    engines: {node: '>=18'}\n\n  vite@5.4.11:\n    hasBin: true\n";
        assert_eq!(dependency(text, ".", "@a/b"), (DependencyKind::Development, "^5.2.0".to_owned()));
        assert_eq!(dependency(text, "web", "vite"), (DependencyKind::Production, "catalog:".to_owned()));
        let lock = read(text).unwrap();
        assert!(lock.installs_peers && lock.packages.contains("@a/b") && lock.packages.contains("vite"));
        assert!(lock.releases.contains(&("@a/b".to_owned(), "5.4.11".to_owned())));
    }

    #[test]
    fn version_six_may_have_none() {
        let text = "lockfileVersion: '6.0'\n\ndependencies:\n  astro:\n    specifier: ^5.5.2\n    version: \
            5.5.2(typescript@5.8.2)\n\npackages:\n\n  /astro@5.5.2(typescript@5.8.2):\n    resolution: {integrity: x}\n";
        assert_eq!(dependency(text, ".", "astro"), (DependencyKind::Production, "^5.5.2".to_owned()));
        assert!(read(text).unwrap().packages.contains("astro"));
    }

    #[test]
    fn version_five_writes_specifiers_apart() {
        let text = "lockfileVersion: 5.4\n\nspecifiers:\n  '@a/b': ^1.0.0\n  vite: ^2.0.0\n\ndependencies:\n  '@a/b': \
            1.0.0\n\ndevDependencies:\n  vite: 2.9.0_sass@1.0.0\n\npackages:\n\n  /vite/2.9.0:\n    dev: true\n";
        assert_eq!(dependency(text, ".", "vite"), (DependencyKind::Development, "^2.0.0".to_owned()));
        assert_eq!(dependency(text, ".", "@a/b"), (DependencyKind::Production, "^1.0.0".to_owned()));
        let workspace = "lockfileVersion: 5.3\nimporters:\n  web:\n    specifiers:\n      vite: ^2.0.0\n    \
            dependencies:\n      vite: 2.9.0\n";
        assert_eq!(dependency(workspace, "web", "vite"), (DependencyKind::Production, "^2.0.0".to_owned()));
    }

    #[test]
    fn another_file_is_an_error() {
        assert!(read("").is_err() && read("{}").is_err());
    }
}
