//! Whether a lock file answers to a manifest, as the package managers see it when they may not change it.

use std::collections::BTreeMap;

use nodejs_semver::{Range, Version};

use super::bun::BunLock;
use super::npm::NpmLock;
use super::pnpm::{Importer, PnpmLock};
use super::yarn::YarnLock;
use crate::project::manifest::{DependencyKind, Manifest};
use crate::text::span::Span;

/// One dependency about which manifest and lock file disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The package.
    pub name: String,
    /// Where the manifest writes its range; [`Span::NONE`] when it does not.
    pub span: Span,
    /// How they differ.
    pub difference: Difference,
}

/// How manifest and lock file differ about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The lock file does not have it.
    Missing,
    /// Only the lock file has it.
    Extra,
    /// The lock file was made for another range.
    Range {
        /// What the manifest says.
        wanted: String,
        /// What the lock file says.
        locked: String,
    },
    /// The locked version lies outside the range.
    Version {
        /// What the manifest says.
        wanted: String,
        /// The locked version.
        locked: String,
    },
    /// The lock file has it in another field.
    Field {
        /// The manifest's.
        wanted: &'static str,
        /// The lock file's.
        locked: &'static str,
    },
}

struct Wanted<'a> {
    kind: DependencyKind,
    range: &'a str,
    span: Span,
}

/// What a manifest asks for; of a package in several fields the last of these counts.
fn wanted<'a>(manifest: &'a Manifest, kinds: &[DependencyKind]) -> BTreeMap<&'a str, Wanted<'a>> {
    let mut all = BTreeMap::new();
    for kind in kinds {
        for field in manifest.dependencies(*kind) {
            let wanted = Wanted { kind: *kind, range: field.text.unwrap_or_default(), span: field.span };
            all.insert(field.key, wanted);
        }
    }
    all
}

const OWN: [DependencyKind; 3] = [DependencyKind::Development, DependencyKind::Production, DependencyKind::Optional];

fn mismatch(name: &str, span: Span, difference: Difference) -> Mismatch {
    Mismatch { name: name.to_owned(), span, difference }
}

/// What `npm ci` refuses about one folder: a direct dependency that is not locked, or locked outside its range
/// (`npm/lib/utils/validate-lockfile.js`). A package too many is no fault.
///
/// Of a package in several fields npm takes the last of these: peers, production, optional, development
/// (`@npmcli/arborist`, `Node._loadDeps`).
#[must_use]
pub fn npm(manifest: &Manifest, lock: &NpmLock, folder: &str, installs_peers: bool) -> Vec<Mismatch> {
    let has_overrides = manifest.field("overrides").is_some();
    let kinds =
        [DependencyKind::Peer, DependencyKind::Production, DependencyKind::Optional, DependencyKind::Development];
    let has_peers = installs_peers && lock.version >= 2;
    let mut found = Vec::new();
    for (name, wanted) in wanted(manifest, if has_peers { &kinds } else { &kinds[1..] }) {
        let is_peer = wanted.kind == DependencyKind::Peer;
        let entry = if folder.is_empty() { lock.top(name) } else { lock.found_from(folder, name) };
        let Some(entry) = entry else {
            if !(is_peer && is_optional_peer(manifest, name)) {
                found.push(mismatch(name, wanted.span, Difference::Missing));
            }
            continue;
        };
        let Some(version) = entry.version.as_deref().filter(|_| !has_overrides && !entry.link) else { continue };
        let (Ok(range), Ok(locked)) = (Range::parse(wanted.range.trim()), Version::parse(version)) else { continue };
        if !range.satisfies(&locked) {
            let difference = Difference::Version { wanted: wanted.range.to_owned(), locked: version.to_owned() };
            found.push(mismatch(name, wanted.span, difference));
        }
    }
    found
}

/// Whether the manifest says that a peer may be missing.
fn is_optional_peer(manifest: &Manifest, name: &str) -> bool {
    let meta = manifest.field("peerDependenciesMeta").and_then(|meta| meta.at(&[name, "optional"]));
    meta.is_some_and(|optional| matches!(optional.kind, crate::text::tree::Kind::Bool(true)))
}

/// What a frozen installation of pnpm refuses: any difference of names, fields or specifiers
/// (`lockfile/verification/src/satisfiesPackageManifest.ts`).
#[must_use]
pub fn pnpm(manifest: &Manifest, lock: &PnpmLock, importer: &Importer) -> Vec<Mismatch> {
    let kinds =
        [DependencyKind::Peer, DependencyKind::Development, DependencyKind::Production, DependencyKind::Optional];
    let all = wanted(manifest, if lock.installs_peers { &kinds } else { &kinds[1..] });
    let mut found = Vec::new();
    for (name, wanted) in &all {
        let Some((kind, locked)) = importer.dependencies.get(*name) else {
            if !wanted.range.starts_with("link:") {
                found.push(mismatch(name, wanted.span, Difference::Missing));
            }
            continue;
        };
        if locked != wanted.range && !lock.has_overrides && !locked.is_empty() {
            let difference = Difference::Range { wanted: wanted.range.to_owned(), locked: locked.clone() };
            found.push(mismatch(name, wanted.span, difference));
        } else if *kind != wanted.kind && wanted.kind != DependencyKind::Peer {
            let difference = Difference::Field { wanted: wanted.kind.field(), locked: kind.field() };
            found.push(mismatch(name, wanted.span, difference));
        }
    }
    let is_peer = |name: &String| manifest.dependency(name).next().is_some();
    let extra = importer.dependencies.iter().filter(|(name, _)| !all.contains_key(name.as_str()) && !is_peer(name));
    found.extend(extra.map(|(name, _)| mismatch(name, Span::NONE, Difference::Extra)));
    found
}

/// What `--frozen-lockfile` of Yarn 1 refuses: a range that is no key of the lock file.
#[must_use]
pub fn yarn_classic(manifest: &Manifest, lock: &YarnLock) -> Vec<Mismatch> {
    if !manifest.workspaces().is_empty() {
        return Vec::new();
    }
    let resolutions = manifest.field("resolutions").and_then(|field| field.as_table());
    let is_resolved = |name: &str| resolutions.is_some_and(|table| table.iter().any(|(key, _)| key.contains(name)));
    let is_range = |range: &str| !range.trim().is_empty() && Range::parse(range.trim()).is_ok();
    let wanted = wanted(manifest, &OWN).into_iter();
    wanted
        .filter(|(name, wanted)| {
            is_range(wanted.range) && !is_resolved(name) && lock.entry(name, wanted.range).is_none()
        })
        .map(|(name, wanted)| mismatch(name, wanted.span, Difference::Missing))
        .collect()
}

/// What an immutable installation of Yarn 2 and later refuses: the entry of the project must list the same ranges.
#[must_use]
pub fn yarn_berry(manifest: &Manifest, lock: &YarnLock, dir: &str) -> Vec<Mismatch> {
    let Some(name) = manifest.name() else { return Vec::new() };
    let Some(entry) = lock.workspace(name, dir) else {
        let is_member = !dir.is_empty();
        return is_member.then(|| mismatch(name, Span::NONE, Difference::Missing)).into_iter().collect();
    };
    let plain = |range: &str| range.strip_prefix("npm:").unwrap_or(range).to_owned();
    let locked: BTreeMap<&str, String> =
        entry.dependencies.iter().map(|(name, range)| (name.as_str(), plain(range))).collect();
    let all = wanted(manifest, &OWN);
    let mut found = Vec::new();
    for (name, wanted) in &all {
        match locked.get(name) {
            None => found.push(mismatch(name, wanted.span, Difference::Missing)),
            Some(locked) if *locked != plain(wanted.range) => {
                let difference = Difference::Range { wanted: wanted.range.to_owned(), locked: locked.clone() };
                found.push(mismatch(name, wanted.span, difference));
            }
            Some(_) => {}
        }
    }
    let extra = locked.keys().filter(|name| !all.contains_key(*name));
    found.extend(extra.map(|name| mismatch(name, Span::NONE, Difference::Extra)));
    found
}

/// What `--frozen-lockfile` of Bun refuses: names and ranges of the three fields must be the same.
#[must_use]
pub fn bun(manifest: &Manifest, lock: &BunLock) -> Vec<Mismatch> {
    let Some(workspace) = lock.workspaces.get("") else { return Vec::new() };
    let mut found = Vec::new();
    for kind in OWN {
        let empty = BTreeMap::new();
        let locked = workspace.get(kind.field()).unwrap_or(&empty);
        let all = wanted(manifest, &[kind]);
        for (name, wanted) in &all {
            match locked.get(*name) {
                None => found.push(mismatch(name, wanted.span, Difference::Missing)),
                Some(locked) if locked != wanted.range => {
                    let difference = Difference::Range { wanted: wanted.range.to_owned(), locked: locked.clone() };
                    found.push(mismatch(name, wanted.span, difference));
                }
                Some(_) => {}
            }
        }
        let extra = locked.keys().filter(|name| !all.contains_key(name.as_str()));
        found.extend(extra.map(|name| mismatch(name, Span::NONE, Difference::Extra)));
    }
    found
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.name;
        match &self.difference {
            Difference::Missing => write!(f, "\"{name}\" is not in it"),
            Difference::Extra => write!(f, "\"{name}\" is in it and not in \"package.json\""),
            Difference::Range { wanted, locked } => {
                write!(f, "\"{name}\" is wanted as \"{wanted}\" and locked as \"{locked}\"")
            }
            Difference::Version { wanted, locked } => {
                write!(f, "\"{name}\" is wanted as \"{wanted}\" and locked at {locked}")
            }
            Difference::Field { wanted, locked } => {
                write!(f, "\"{name}\" stands in \"{wanted}\" and is locked in \"{locked}\"")
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{bun, npm, pnpm, yarn};
    use super::*;
    use crate::text::span::FileId;

    fn manifest(text: &str) -> Manifest {
        Manifest::parse("package.json".to_owned(), text, FileId(0)).unwrap()
    }

    fn shown(found: Vec<Mismatch>) -> Vec<String> {
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn npm_ci_wants_every_direct_dependency_at_a_version_that_fits() {
        let lock = r#"{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.2.0"}, "node_modules/b": {"version": "2.0.0"}}}"#;
        let lock = npm::read(lock).unwrap().unwrap();
        let manifest = manifest(
            r#"{"dependencies": {"a": "^1.0.0", "b": "^1.0.0"}, "devDependencies": {"c": "1", "a": "latest"}}"#,
        );
        assert_eq!(
            shown(super::npm(&manifest, &lock, "", true)),
            ["\"b\" is wanted as \"^1.0.0\" and locked at 2.0.0", "\"c\" is not in it"]
        );
    }

    #[test]
    fn pnpm_wants_the_same_names_fields_and_specifiers() {
        let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        \
            version: 1.0.0\n      b:\n        specifier: 1.0.0\n        version: 1.0.0\n      old:\n        specifier: '1'\n        version: 1.0.0\n";
        let lock = pnpm::read(text).unwrap();
        let compare = |text: &str| shown(super::pnpm(&manifest(text), &lock, &lock.importers["."]));
        assert_eq!(compare(r#"{"dependencies": {"a": "^1.0.0", "b": "1.0.0", "old": "1"}}"#), [""; 0]);
        assert_eq!(
            compare(r#"{"dependencies": {"a": "^1.1.0"}, "devDependencies": {"b": "1.0.0", "new": "1"}}"#),
            [
                "\"a\" is wanted as \"^1.1.0\" and locked as \"^1.0.0\"",
                "\"b\" stands in \"devDependencies\" and is locked in \"dependencies\"",
                "\"new\" is not in it",
                "\"old\" is in it and not in \"package.json\"",
            ]
        );
    }

    #[test]
    fn yarn_classic_wants_the_ranges_as_keys() {
        let lock = yarn::read("a@^1.0.0:\n  version \"1.0.0\"\n");
        let compare = |text: &str| shown(yarn_classic(&manifest(text), &lock));
        assert_eq!(compare(r#"{"dependencies": {"a": "^1.0.0", "g": "github:x/y"}}"#), [""; 0]);
        assert_eq!(compare(r#"{"dependencies": {"a": "^1.1.0"}}"#), ["\"a\" is not in it"]);
        assert_eq!(compare(r#"{"dependencies": {"a": "^1.1.0"}, "resolutions": {"a": "1.0.0"}}"#), [""; 0]);
    }

    #[test]
    fn yarn_berry_and_bun_want_the_same_list() {
        let lock = yarn::read(
            "__metadata:\n  version: 8\n\n\"site@workspace:.\":\n  version: 0.0.0\n  dependencies:\n    a: \"npm:^1.0.0\"\n",
        );
        let compare = |text: &str| shown(yarn_berry(&manifest(text), &lock, ""));
        assert_eq!(compare(r#"{"name": "site", "dependencies": {"a": "^1.0.0"}}"#), [""; 0]);
        assert_eq!(compare(r#"{"name": "site", "dependencies": {"b": "1"}}"#).len(), 2);
        assert_eq!(compare(r#"{"dependencies": {"b": "1"}}"#), [""; 0]);
        let lock = bun::read(r#"{"workspaces": {"": {"devDependencies": {"a": "1"}}}}"#).unwrap();
        assert_eq!(shown(super::bun(&manifest(r#"{"dependencies": {"a": "1"}}"#), &lock)).len(), 2);
        assert!(super::bun(&manifest(r#"{"devDependencies": {"a": "1"}}"#), &lock).is_empty());
    }
}
