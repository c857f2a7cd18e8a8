//! Whether a package is there once dependencies are installed.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::project::manifest::{DependencyKind, Manifest};
use crate::project::path::{ancestors, child, parent, strip};
use crate::project::snapshot::{ReadError, Snapshot};
use crate::text::span::FileId;

/// What is known about a package that a file imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It is declared, tracked, or a package of the same repository.
    Present,
    /// Only the `package.json` of this folder lists it, in which nobody installs.
    Nested(String),
    /// No `package.json` and no lock file knows it.
    Absent,
    /// No `package.json` lists it; whether another package brings it along, no lock file tells.
    Unsure,
    /// It cannot be told.
    Unknown,
}

/// Lock files whose text names every package.
const LOCKS: [&str; 5] = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"];
/// Files that keep packages where no lock file in text tells of them.
const OPAQUE: [&str; 4] = ["bun.lockb", ".pnp.cjs", ".pnp.js", "deno.lock"];
/// Longest lock file that is read.
const MAX_LOCK: usize = 50 << 20;
/// Packages whose absence from a lock file would show that it is stale, looked at at most.
const MAX_PROBES: usize = 40;
/// Manifests that are looked through for the packages of a workspace.
const MAX_MEMBERS: usize = 500;

/// What a `package.json` lists.
#[derive(Debug, Default)]
struct Listing {
    name: Option<String>,
    packages: HashSet<String>,
    optional: HashSet<String>,
    has_workspaces: bool,
    is_readable: bool,
}

/// Answers questions about the packages of one site.
pub struct Packages<'a> {
    snapshot: &'a Snapshot,
    /// The folder in which dependencies are installed.
    base: &'a str,
    listings: RefCell<HashMap<String, Option<Rc<Listing>>>>,
    locks: OnceCell<Vec<String>>,
    members: OnceCell<HashSet<String>>,
    aliases: RefCell<HashMap<String, Rc<String>>>,
}

impl<'a> Packages<'a> {
    /// For a site whose dependencies are installed in the folder `base`.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, base: &'a str) -> Packages<'a> {
        Packages {
            snapshot,
            base,
            listings: RefCell::default(),
            locks: OnceCell::new(),
            members: OnceCell::new(),
            aliases: RefCell::default(),
        }
    }

    /// Takes what a manifest lists, so that it need not be read again.
    pub fn knows(&self, manifest: &Manifest) {
        self.listings.borrow_mut().insert(manifest.dir().to_owned(), Some(Rc::new(Listing::of(manifest))));
    }

    /// What is known about `package` as imported by a file in the folder `from`.
    #[must_use]
    pub fn availability(&self, package: &str, from: &str) -> Availability {
        if ancestors(from).any(|dir| self.snapshot.exists(&child(dir, &format!("node_modules/{package}")))) {
            return Availability::Present;
        }
        let mut nested = None;
        for dir in ancestors(from) {
            let Some(listing) = self.listing(dir) else { continue };
            if !listing.is_readable {
                return Availability::Unknown;
            }
            let is_listed = listing.packages.contains(package) || listing.name.as_deref() == Some(package);
            if is_listed && strip(self.base, dir).is_some() {
                return Availability::Present;
            }
            if is_listed && nested.is_none() {
                nested = Some(dir.to_owned());
            }
        }
        if self.is_alias(package, from) || self.is_opaque() {
            return Availability::Unknown;
        }
        if self.is_member(package) || self.is_locked(package) {
            return Availability::Present;
        }
        match nested {
            Some(_) if self.is_workspace() => Availability::Unknown,
            Some(dir) => Availability::Nested(dir),
            None if self.can_be_told() => Availability::Absent,
            None => Availability::Unsure,
        }
    }

    /// Whether the nearest `package.json` says that the package may be missing.
    #[must_use]
    pub fn is_optional(&self, package: &str, from: &str) -> bool {
        let nearest = ancestors(from).find_map(|dir| self.listing(dir));
        nearest.is_some_and(|listing| listing.optional.contains(package))
    }

    /// Whether the nearest `package.json` lists the package.
    #[must_use]
    pub fn is_listed_nearby(&self, package: &str, from: &str) -> bool {
        let nearest = ancestors(from).find_map(|dir| self.listing(dir));
        nearest.is_some_and(|listing| listing.packages.contains(package))
    }

    fn listing(&self, dir: &str) -> Option<Rc<Listing>> {
        if let Some(known) = self.listings.borrow().get(dir) {
            return known.clone();
        }
        let path = child(dir, "package.json");
        let found = match self.snapshot.text(&path) {
            Ok(text) => Some(Rc::new(Listing::parse(path, &text))),
            Err(ReadError::Missing | ReadError::Directory) => None,
            Err(_) => Some(Rc::new(Listing::default())),
        };
        self.listings.borrow_mut().insert(dir.to_owned(), found.clone());
        found
    }

    /// The lock files from the base upwards.
    fn locks(&self) -> &[String] {
        self.locks.get_or_init(|| {
            let paths = ancestors(self.base).flat_map(|dir| LOCKS.map(|lock| child(dir, lock)));
            let texts = paths.filter_map(|path| self.snapshot.text(&path).ok());
            texts.filter(|text| text.len() <= MAX_LOCK).collect()
        })
    }

    fn is_locked(&self, package: &str) -> bool {
        self.locks().iter().any(|lock| mentions(lock, package))
    }

    /// Whether the lock files, or the lack of any dependency, tell all that gets installed.
    fn can_be_told(&self) -> bool {
        let listings: Vec<Rc<Listing>> = ancestors(self.base).filter_map(|dir| self.listing(dir)).collect();
        let mut packages = listings.iter().flat_map(|listing| &listing.packages);
        if self.locks().is_empty() {
            packages.next().is_none()
        } else {
            packages.take(MAX_PROBES).all(|package| self.is_locked(package))
        }
    }

    fn is_opaque(&self) -> bool {
        ancestors(self.base).any(|dir| OPAQUE.iter().any(|file| self.snapshot.exists(&child(dir, file))))
    }

    fn is_workspace(&self) -> bool {
        const FILES: [&str; 3] = ["pnpm-workspace.yaml", "lerna.json", "rush.json"];
        ancestors(self.base).any(|dir| {
            self.listing(dir).is_some_and(|listing| listing.has_workspaces)
                || FILES.iter().any(|file| self.snapshot.exists(&child(dir, file)))
        })
    }

    /// Whether a package of the same repository has that name.
    fn is_member(&self, package: &str) -> bool {
        let members = self.members.get_or_init(|| {
            if !self.is_workspace() {
                return HashSet::new();
            }
            let manifests = self.snapshot.named("package.json");
            let dirs = manifests.filter(|entry| !entry.path.contains("node_modules/")).take(MAX_MEMBERS);
            dirs.filter_map(|entry| self.listing(parent(&entry.path)?)?.name.clone()).collect()
        });
        members.contains(package)
    }

    /// Whether the settings of a TypeScript compiler or bundler above the file may give the name another meaning.
    fn is_alias(&self, package: &str, from: &str) -> bool {
        const FILES: [&str; 3] = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"];
        let first = package.split('/').next().unwrap_or_default();
        ancestors(from).any(|dir| {
            let text = self.aliases_of(dir, &FILES);
            let is_mapped = text.contains("\"paths\"") && text.contains(&format!("\"{first}"));
            let is_folder =
                text.contains("\"baseUrl\"") && ancestors(from).any(|dir| self.snapshot.exists(&child(dir, first)));
            is_mapped || is_folder
        })
    }

    fn aliases_of(&self, dir: &str, files: &[&str]) -> Rc<String> {
        if let Some(known) = self.aliases.borrow().get(dir) {
            return known.clone();
        }
        let texts = files.iter().filter_map(|file| self.snapshot.text(&child(dir, file)).ok());
        let text = Rc::new(texts.collect::<Vec<_>>().join("\n"));
        self.aliases.borrow_mut().insert(dir.to_owned(), text.clone());
        text
    }
}

impl Listing {
    fn parse(path: String, text: &str) -> Listing {
        Manifest::parse(path, text, FileId::NONE).map_or_else(|_| Listing::default(), |manifest| Listing::of(&manifest))
    }

    fn of(manifest: &Manifest) -> Listing {
        let keys = |kind: DependencyKind| -> Vec<String> {
            manifest.dependencies(kind).into_iter().map(|field| field.key.to_owned()).collect()
        };
        let meta = manifest.field("peerDependenciesMeta");
        let is_optional_peer = |name: &String| {
            meta.and_then(|meta| meta.at(&[name, "optional"])).is_some_and(|node| node.as_bool() == Some(true))
        };
        let optional = keys(DependencyKind::Optional);
        let peers = keys(DependencyKind::Peer).into_iter().filter(is_optional_peer);
        Listing {
            name: manifest.name().map(str::to_owned),
            packages: DependencyKind::ALL.into_iter().flat_map(keys).collect(),
            optional: peers.chain(optional).collect(),
            has_workspaces: manifest.field("workspaces").is_some(),
            is_readable: true,
        }
    }
}

/// Whether a lock file names a package: in quotes, in a path, or before the `@` of its version.
fn mentions(lock: &str, package: &str) -> bool {
    lock.match_indices(package).any(|(at, _)| {
        let before = lock[..at].chars().next_back();
        let after = lock[at + package.len()..].chars().next();
        let starts = before.is_none_or(|before| matches!(before, '"' | '\'' | '/' | ' ' | '\n' | ':' | '@' | ','));
        starts && after.is_none_or(|after| matches!(after, '"' | '\'' | '@' | ':' | '/' | ',' | ' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(files: &[(&str, &str)], package: &str, from: &str, base: &str) -> Availability {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        Packages::new(&snapshot, base).availability(package, from)
    }

    const DECLARED: (&str, &str) = ("package.json", r#"{"name": "me", "devDependencies": {"vite": "5"}}"#);

    #[test]
    fn what_a_manifest_above_lists_is_there() {
        assert_eq!(known(&[DECLARED], "vite", "netlify/functions", ""), Availability::Present);
        assert_eq!(known(&[DECLARED], "vite", "site/functions", "site"), Availability::Present);
        assert_eq!(known(&[DECLARED], "me", "functions", ""), Availability::Present);
        assert_eq!(known(&[("node_modules/a/index.js", "")], "a", "functions", ""), Availability::Present);
    }

    #[test]
    fn a_lock_file_tells_what_other_packages_bring() {
        let lock = ("package-lock.json", r#"{"packages": {"node_modules/vite": {}, "node_modules/postcss": {}}}"#);
        assert_eq!(known(&[DECLARED, lock], "postcss", "functions", ""), Availability::Present);
        assert_eq!(known(&[DECLARED, lock], "post", "functions", ""), Availability::Absent);
        assert_eq!(known(&[DECLARED], "postcss", "functions", ""), Availability::Unsure);
        let stale = ("package-lock.json", "{}");
        assert_eq!(known(&[DECLARED, stale], "postcss", "functions", ""), Availability::Unsure);
        let yarn = ("yarn.lock", "vite@5:\n  version 5\n\"@a/b@^1\":\n");
        assert_eq!(known(&[DECLARED, yarn], "@a/b", "functions", ""), Availability::Present);
        let pnpm = ("pnpm-lock.yaml", "packages:\n  /vite@5.0.0:\n  nanoid@3.3.7:\n");
        assert_eq!(known(&[DECLARED, pnpm], "nanoid", "functions", ""), Availability::Present);
        assert_eq!(known(&[DECLARED, pnpm], "nano", "functions", ""), Availability::Absent);
    }

    #[test]
    fn without_any_dependency_nothing_is_there() {
        assert_eq!(known(&[], "a", "functions", ""), Availability::Absent);
        assert_eq!(known(&[("package.json", "{}")], "a", "functions", ""), Availability::Absent);
        assert_eq!(known(&[("package.json", "{")], "a", "functions", ""), Availability::Unknown);
    }

    #[test]
    fn a_manifest_below_the_base_is_nested_unless_a_workspace_may_reach_it() {
        let nested = ("functions/a/package.json", r#"{"dependencies": {"x": "1"}}"#);
        let lock = ("yarn.lock", "vite@5:");
        let expected = Availability::Nested("functions/a".to_owned());
        assert_eq!(known(&[DECLARED, nested, lock], "x", "functions/a", ""), expected);
        let workspace = ("package.json", r#"{"workspaces": ["functions/*"]}"#);
        assert_eq!(known(&[workspace, nested], "x", "functions/a", ""), Availability::Unknown);
    }

    #[test]
    fn packages_of_the_repository_and_aliases_are_not_missing() {
        let files = [("pnpm-workspace.yaml", "packages: ['*']"), ("lib/package.json", r#"{"name": "@me/lib"}"#)];
        assert_eq!(known(&files, "@me/lib", "site/functions", "site"), Availability::Present);
        let paths = ("tsconfig.json", r#"{"compilerOptions": {"paths": {"@lib/*": ["./lib/*"]}}}"#);
        assert_eq!(known(&[paths], "@lib/db", "functions", ""), Availability::Unknown);
        let base = [("tsconfig.json", r#"{"compilerOptions": {"baseUrl": "."}}"#), ("utils/a.ts", "")];
        assert_eq!(known(&base, "utils", "functions", ""), Availability::Unknown);
        assert_eq!(known(&[("bun.lockb", "")], "a", "functions", ""), Availability::Unknown);
    }
}
