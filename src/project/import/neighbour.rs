//! Packages of the same repository: which folder a package's name leads to once dependencies are installed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Deserialize;

use crate::project::lockfile::member;
use crate::project::manifest::{self, DependencyKind, Manifest};
use crate::project::path::{self, ancestors, child, parent};
use crate::project::snapshot::Snapshot;
use crate::text::span::FileId;

/// Longest manifest that is read for this.
const MAX_LENGTH: usize = 1 << 20;
/// Longest lock file that is searched.
const MAX_LOCK: usize = 50 << 20;
/// Bytes of lock files and settings that are searched at most; then nothing is said of what is asked for.
const MAX_SEARCH: usize = 1 << 28;
/// Packages of one repository that are told apart at most.
const MOST: usize = 1_000;

/// What is known about the packages of one repository; everything is looked up once, when it is asked for.
#[derive(Default)]
pub struct Neighbours {
    members: OnceLock<HashMap<String, Option<String>>>,
    manifests: Mutex<HashMap<String, Option<Arc<Manifest>>>>,
    texts: Mutex<HashMap<String, Option<Arc<str>>>>,
    links: Mutex<HashMap<(String, String), Option<String>>>,
    searched: AtomicUsize,
}

/// The name of a manifest alone, which is all that is asked of most.
#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

impl Neighbours {
    /// The manifest of a folder; none when it has none that can be read.
    pub(super) fn manifest(&self, snapshot: &Snapshot, dir: &str) -> Option<Arc<Manifest>> {
        let mut known = self.manifests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(dir) {
            return found.clone();
        }
        let path = child(dir, manifest::NAME);
        let text = snapshot.text(&path).ok().filter(|text| text.len() <= MAX_LENGTH);
        let found = text.and_then(|text| Manifest::parse(path, &text, FileId::NONE).ok()).map(Arc::new);
        known.insert(dir.to_owned(), found.clone());
        found
    }

    /// The folder whose manifest rules over the files of `dir`.
    pub(super) fn scope<'d>(&self, snapshot: &Snapshot, dir: &'d str) -> Option<&'d str> {
        ancestors(dir).find(|dir| snapshot.is_file(&child(dir, manifest::NAME)))
    }

    /// The folder that a package's name surely leads to for the files of `dir`; none for packages of a registry, and where
    /// a version, a lock file or settings of the compiler, in `root` or above the files, may say otherwise.
    pub(super) fn link(&self, snapshot: &Snapshot, root: &str, package: &str, dir: &str) -> Option<String> {
        let members = self.members.get_or_init(|| members(snapshot));
        if members.is_empty() {
            return None;
        }
        let scope = self.scope(snapshot, dir)?;
        let key = (scope.to_owned(), package.to_owned());
        if let Some(known) = self.links.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let is_told = |dir: &String| {
            self.manifest(snapshot, dir).is_some_and(|manifest| {
                // pnpm links the folder that is published, if one is named.
                let moved = manifest.field("publishConfig").and_then(|publish| publish.at(&["directory"]));
                manifest.name() == Some(package) && moved.is_none()
            }) && !self.is_mapped(snapshot, package, scope)
                && !self.is_mapped(snapshot, package, root)
                && !self.is_overridden(snapshot, package, scope)
        };
        let found = self.linked(snapshot, package, scope).filter(is_told).filter(|_| !self.is_tired());
        self.links.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        found
    }

    fn linked(&self, snapshot: &Snapshot, package: &str, scope: &str) -> Option<String> {
        let member = || self.members.get()?.get(package).cloned().flatten();
        let Some((at, range)) = ancestors(scope).find_map(|dir| Some((dir, self.range(snapshot, package, dir)?)))
        else {
            // npm puts a link for every package of the workspace at the root.
            return self.locked_by_npm(snapshot, package, scope)?;
        };
        for protocol in ["file:", "link:", "portal:"] {
            if let Some(folder) = range.strip_prefix(protocol) {
                return path::join(at, folder).filter(|_| !folder.starts_with(['/', '~']));
            }
        }
        if let Some(version) = range.strip_prefix("workspace:") {
            let is_plain = !version.contains(['@', '/']);
            return member().filter(|_| is_plain);
        }
        let member = member()?;
        if let Some(locked) = self.locked_by_npm(snapshot, package, scope) {
            return locked;
        }
        let is_linked =
            self.is_linked_by_yarn(snapshot, package, scope).or(self.is_linked_by_bun(snapshot, package, scope));
        is_linked?.then_some(member)
    }

    /// What the manifest of a folder asks for.
    fn range(&self, snapshot: &Snapshot, package: &str, dir: &str) -> Option<String> {
        let manifest = self.manifest(snapshot, dir)?;
        let mut fields = manifest.dependency(package).filter(|(kind, _)| *kind != DependencyKind::Peer);
        fields.next().and_then(|(_, field)| field.text).map(|text| text.trim().to_owned())
    }

    /// Where npm's lock file says that the name leads; `Some(None)` for a package of a registry, none without such a file.
    fn locked_by_npm(&self, snapshot: &Snapshot, package: &str, scope: &str) -> Option<Option<String>> {
        let (root, text) = ancestors(scope).find_map(|dir| {
            let mut names = ["npm-shrinkwrap.json", "package-lock.json"].into_iter();
            Some((dir, names.find_map(|name| self.text(snapshot, &child(dir, name)))?))
        })?;
        let below = path::strip(scope, root)?;
        let found = ancestors(below).find_map(|dir| {
            let key = format!("\"{}\": {{", child(dir, &format!("node_modules/{package}")));
            let rest = &text[self.find(&text, &key)? + key.len()..];
            Some(&rest[..rest.find('}')?])
        });
        let is_link = found.is_some_and(|entry| entry.contains("\"link\": true"));
        let folder = found.filter(|_| is_link).and_then(|entry| {
            let (_, rest) = entry.split_once("\"resolved\": \"")?;
            rest.split('"').next()
        });
        Some(folder.and_then(|folder| path::join(root, folder)))
    }

    /// Whether Yarn's lock file shows that the package comes from the repository: later releases say so, Yarn 1 lists all others.
    fn is_linked_by_yarn(&self, snapshot: &Snapshot, package: &str, scope: &str) -> Option<bool> {
        let text = ancestors(scope).find_map(|dir| self.text(snapshot, &child(dir, "yarn.lock")))?;
        let has = |needle: String| self.find(&text, &needle).is_some();
        Some(match has("__metadata:".to_owned()) {
            true => !has(format!("{package}@npm:")) && has(format!("\"{package}@workspace:")),
            false => !has(format!("\n{package}@")) && !has(format!("\"{package}@")),
        })
    }

    fn is_linked_by_bun(&self, snapshot: &Snapshot, package: &str, scope: &str) -> Option<bool> {
        let text = ancestors(scope).find_map(|dir| self.text(snapshot, &child(dir, "bun.lock")))?;
        Some(self.find(&text, &format!("\"{package}\": [\"{package}@workspace:")).is_some())
    }

    /// Whether settings of a TypeScript compiler above the files name the package.
    fn is_mapped(&self, snapshot: &Snapshot, package: &str, scope: &str) -> bool {
        let quoted = format!("\"{package}");
        let is_setting =
            |name: &str| (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json");
        ancestors(scope).any(|dir| {
            let names = snapshot.children(dir).into_iter().filter(|(name, is_dir)| !is_dir && is_setting(name));
            let mut texts = names.filter_map(|(name, _)| self.text(snapshot, &child(dir, name)));
            texts.any(|text| self.find(&text, &quoted).is_some())
        })
    }

    /// Whether a manifest above takes something else for the package.
    fn is_overridden(&self, snapshot: &Snapshot, package: &str, scope: &str) -> bool {
        const FIELDS: [&[&str]; 3] = [&["overrides"], &["resolutions"], &["pnpm", "overrides"]];
        ancestors(scope).filter_map(|dir| self.manifest(snapshot, dir)).any(|manifest| {
            let mut tables = FIELDS.iter().filter_map(|keys| manifest.root.at(keys)?.as_table());
            tables.any(|table| table.iter().any(|(key, _)| key.contains(package)))
        })
    }

    /// Whether so much was searched that the rest stays open.
    fn is_tired(&self) -> bool {
        self.searched.load(Ordering::Relaxed) > MAX_SEARCH
    }

    fn find(&self, text: &str, needle: &str) -> Option<usize> {
        self.searched.fetch_add(text.len(), Ordering::Relaxed);
        if self.is_tired() { None } else { text.find(needle) }
    }

    fn text(&self, snapshot: &Snapshot, path: &str) -> Option<Arc<str>> {
        let mut known = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(path) {
            return found.clone();
        }
        let text = snapshot.is_file(path).then(|| snapshot.text(path).ok()).flatten();
        let found: Option<Arc<str>> = text.filter(|text| text.len() <= MAX_LOCK).map(Arc::from);
        known.insert(path.to_owned(), found.clone());
        found
    }
}

/// The packages of the repository by name, with their folders; none where several have one name, and none at all where
/// there is only one manifest.
fn members(snapshot: &Snapshot) -> HashMap<String, Option<String>> {
    let is_own = |path: &&str| !path.split('/').any(|part| part == "node_modules");
    let manifests: Vec<&str> = snapshot.named(manifest::NAME).map(|entry| &*entry.path).filter(is_own).collect();
    let mut found: HashMap<String, Option<String>> = HashMap::new();
    if manifests.len() < 2 || manifests.len() > MOST {
        return found;
    }
    let of_workspace = workspace(snapshot, &manifests);
    for file in manifests {
        let dir = parent(file).unwrap_or_default();
        if of_workspace.as_ref().is_some_and(|dirs| !dirs.iter().any(|one| one == dir)) {
            continue;
        }
        let text = snapshot.text(file).ok().filter(|text| text.len() <= MAX_LENGTH).unwrap_or_default();
        let name = serde_json::from_str::<Named>(&text).ok().and_then(|named| named.name);
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            found.entry(name).and_modify(|other| *other = None).or_insert_with(|| Some(dir.to_owned()));
        }
    }
    found
}

/// The folders of the workspace at the root, where its patterns are plain; packages beside it are linked by their paths alone.
fn workspace(snapshot: &Snapshot, manifests: &[&str]) -> Option<Vec<String>> {
    if !manifests.contains(&manifest::NAME) {
        return None;
    }
    let of_manifest = || {
        let text = snapshot.text(manifest::NAME).ok().filter(|text| text.len() <= MAX_LENGTH)?;
        let manifest = Manifest::parse(manifest::NAME.to_owned(), &text, FileId::NONE).ok()?;
        Some(member::of_manifest(&manifest)).filter(|patterns| !patterns.is_empty())
    };
    let patterns = member::of_pnpm(snapshot, "").or_else(of_manifest)?;
    member::folders(snapshot, "", &patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: (&str, &str) = ("lib/package.json", r#"{"name": "@shop/lib"}"#);

    fn link(files: &[(&str, &str)], range: &str) -> Option<String> {
        let site = format!(r#"{{"name": "site", "dependencies": {{"@shop/lib": "{range}"}}}}"#);
        let own = [LIB, ("site/package.json", site.as_str())];
        let files = own.into_iter().chain(files.iter().copied());
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        Neighbours::default().link(&snapshot, "site", "@shop/lib", "site/src")
    }

    fn lib() -> Option<String> {
        Some("lib".to_owned())
    }

    #[test]
    fn protocols_lead_to_folders() {
        let root = ("package.json", r#"{"workspaces": ["site", "lib"]}"#);
        assert_eq!(link(&[root], "workspace:*"), lib());
        assert_eq!(link(&[root], "workspace:other@*"), None);
        for range in ["file:../lib", "link:../lib", "portal:../lib/"] {
            assert_eq!(link(&[], range), lib(), "{range}");
        }
        assert_eq!(link(&[], "file:../lib.tgz"), None);
        assert_eq!(link(&[root], "^1.0.0"), None);
    }

    #[test]
    fn a_lock_file_tells_whether_a_version_is_a_link() {
        let npm = |entry: &str| format!("{{\n  \"packages\": {{\n    \"node_modules/@shop/lib\": {{{entry}}}}}}}");
        let linked = npm("\"resolved\": \"lib\", \"link\": true");
        assert_eq!(link(&[("package-lock.json", &linked)], "^1.0.0"), lib());
        assert_eq!(link(&[("package-lock.json", &npm("\"version\": \"1.0.0\""))], "^1.0.0"), None);
        let nested = "\"site/node_modules/@shop/lib\": {\"version\": \"2.0.0\"},\n\"node_modules";
        let nested = linked.replace("\"node_modules", nested);
        assert_eq!(link(&[("package-lock.json", &nested)], "^1.0.0"), None);
        assert_eq!(link(&[("yarn.lock", "# yarn lockfile v1\nvite@^7:\n")], "^1.0.0"), lib());
        assert_eq!(link(&[("yarn.lock", "# yarn lockfile v1\n\n\"@shop/lib@^1.0.0\":\n")], "^1.0.0"), None);
        let berry = "__metadata:\n  version: 8\n\n\"@shop/lib@workspace:lib\":\n";
        assert_eq!(link(&[("yarn.lock", berry)], "^1.0.0"), lib());
        let bun = "\"packages\": {\n    \"@shop/lib\": [\"@shop/lib@workspace:lib\"],\n";
        assert_eq!(link(&[("bun.lock", bun)], "^1.0.0"), lib());
    }

    #[test]
    fn what_may_lead_elsewhere_is_no_link() {
        let paths = ("site/tsconfig.app.json", r#"{"compilerOptions": {"paths": {"@shop/lib/*": ["../lib/*"]}}}"#);
        assert_eq!(link(&[paths], "file:../lib"), None);
        assert_eq!(link(&[("package.json", r#"{"overrides": {"@shop/lib": "2"}}"#)], "file:../lib"), None);
        let twins = [("package.json", r#"{"workspaces": ["*"]}"#), ("old/package.json", r#"{"name": "@shop/lib"}"#)];
        assert_eq!(link(&twins, "workspace:*"), None);
    }
}
