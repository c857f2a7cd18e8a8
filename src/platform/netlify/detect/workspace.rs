//! The packages of a JavaScript workspace (`build-info/lib/workspaces/*.js`).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::files::Files;
use super::glob::{Glob, Unsupported};
use super::javascript::{Thrown, is_truthy, join};
use super::package_manager::PackageManager;
use super::pnpm;
use crate::project::snapshot::{Snapshot, Target};
use crate::project::{manifest, path};
use crate::text::json::array_index;
use crate::text::tree::{Kind, Node};

const PNPM_FILE: &str = "pnpm-workspace.yaml";
/// More globs than this are not looked through: each costs a walk.
const MAX_GLOBS: usize = 256;
/// Characters of paths times characters of globs that are compared at most.
const MAX_COST: usize = 1_000_000_000;

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The folder of the uppermost `package.json`.
    pub root: String,
    /// Whether the build directory is that folder.
    pub is_root: bool,
    /// The packages, in the engine's order.
    pub packages: Vec<WorkspacePackage>,
}

/// A package of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspacePackage {
    /// Its folder as seen from the root of the workspace.
    pub path: String,
    /// The name that the build system gives it.
    pub name: Option<String>,
    /// The framework that the build system names for it.
    pub forced_framework: Option<&'static str>,
}

/// What is known about the workspace of a site.
pub(super) struct Detected {
    pub(super) workspace: Option<Workspace>,
    /// The folder of the uppermost `package.json`, if the engine looked for it.
    pub(super) root: Option<String>,
    /// Why the workspace cannot be told.
    pub(super) unknown: Option<Thrown>,
}

enum Globs {
    /// No workspace.
    None,
    /// A workspace with these globs.
    List(Vec<String>),
    /// A workspace without packages.
    Empty,
}

/// Looks for the workspace that the build directory belongs to.
pub(super) fn detect(files: &Files<'_>, base: &str, manager: Option<&PackageManager>) -> Detected {
    let mut detected = Detected { workspace: None, root: None, unknown: None };
    let Some(manager) = manager else { return detected };
    if files.snapshot.exists(&path::child(base, "redwood.toml")) {
        return detected;
    }
    let Some(root_manifest) = files.manifests_up(base).pop() else { return detected };
    let root = path::parent(&root_manifest).unwrap_or_default().to_owned();
    detected.root = Some(root.clone());
    let globs = if manager.name == "pnpm" { pnpm_globs(files, base) } else { manifest_globs(files, &root_manifest) };
    match globs.and_then(|globs| packages(files, &root, globs)) {
        Ok(None) => {}
        Ok(Some(packages)) => {
            let is_root = root == base;
            let seen = path::strip(base, &root).unwrap_or_default();
            if is_root || packages.iter().any(|package| package.path == seen) {
                detected.workspace = Some(Workspace { root, is_root, packages });
            }
        }
        Err(Failure::Thrown(Thrown { path, reason })) => {
            files.note(path, format!("{reason}, so no workspace is detected"));
        }
        Err(Failure::Unknown(unknown)) => detected.unknown = Some(unknown),
    }
    detected
}

enum Failure {
    Thrown(Thrown),
    Unknown(Thrown),
}

impl From<Thrown> for Failure {
    fn from(thrown: Thrown) -> Failure {
        Failure::Thrown(thrown)
    }
}

fn pnpm_globs(files: &Files<'_>, base: &str) -> Result<(String, Globs), Failure> {
    let Some(path) = files.find_up(&[PNPM_FILE], base) else { return Ok((String::new(), Globs::None)) };
    let packages = files.snapshot.text(&path).ok().and_then(|text| pnpm::packages(&text));
    let globs = globs(packages.as_ref(), &path)?;
    Ok((path, globs))
}

fn manifest_globs(files: &Files<'_>, path: &str) -> Result<(String, Globs), Failure> {
    let manifest = files.json(path).not_null()?;
    let field = manifest.get("workspaces");
    let found = match field.map(|field| &field.kind) {
        Some(Kind::Array(_)) => globs(field, path)?,
        Some(Kind::Table(table)) => globs(table.get("packages").filter(|packages| is_truthy(packages)), path)?,
        Some(Kind::Null) => return Err(Thrown::new(path, "has \"workspaces\" that are \"null\"").into()),
        _ => Globs::None,
    };
    Ok((path.to_owned(), found))
}

fn globs(list: Option<&Node>, path: &str) -> Result<Globs, Thrown> {
    let Some(list) = list.filter(|list| is_truthy(list)) else { return Ok(Globs::None) };
    match &list.kind {
        Kind::Array(items) if items.is_empty() => Ok(Globs::None),
        Kind::Array(items) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            texts.map(Globs::List).ok_or_else(|| Thrown::new(path, "has a workspace glob that is not a string"))
        }
        Kind::String(_) => Err(Thrown::new(path, "has workspace globs that are no list")),
        _ => Ok(Globs::Empty),
    }
}

/// The packages that the globs select (`get-workspace-packages.js`); `None` for no workspace.
fn packages(
    files: &Files<'_>,
    root: &str,
    (path, globs): (String, Globs),
) -> Result<Option<Vec<WorkspacePackage>>, Failure> {
    match globs {
        Globs::None => Ok(None),
        Globs::Empty => Ok(Some(Vec::new())),
        Globs::List(globs) => select(files.snapshot, root, &parse_globs(&globs, &path)?, &path).map(Some),
    }
}

fn parse_globs(globs: &[String], path: &str) -> Result<Vec<Glob>, Failure> {
    if globs.len() > MAX_GLOBS {
        return Err(Failure::Unknown(Thrown::new(path, format!("has more than {MAX_GLOBS} workspace globs"))));
    }
    let mut patterns = Vec::with_capacity(globs.len());
    for glob in globs {
        match Glob::parse(&without_dot(glob)) {
            Ok(Some(pattern)) => patterns.push(pattern),
            Ok(None) => return Err(Thrown::new(path, format!("has the workspace glob \"{glob}\"")).into()),
            Err(Unsupported) => {
                let reason = format!("has the workspace glob \"{glob}\", a form that is not understood here");
                return Err(Failure::Unknown(Thrown::new(path, reason)));
            }
        }
    }
    Ok(patterns)
}

/// Walks to every package that a glob leads to, and keeps those that a glob fits and no later one excludes.
fn select(snapshot: &Snapshot, root: &str, patterns: &[Glob], path: &str) -> Result<Vec<WorkspacePackage>, Failure> {
    let mut walks: HashMap<(String, Depth), Rc<[String]>> = HashMap::new();
    let found: Vec<Rc<[String]>> = patterns
        .iter()
        .filter(|pattern| !pattern.is_negated)
        .map(|pattern| {
            let (dir, depth) = start(pattern);
            let walk = || find(snapshot, root, &dir, manifest::NAME, depth).into();
            Rc::clone(walks.entry((dir.clone(), depth)).or_insert_with(walk))
        })
        .collect();
    let length: usize = found.iter().flat_map(|dirs| dirs.iter()).map(|dir| dir.len() + 1).sum();
    if length.saturating_mul(patterns.iter().map(Glob::size).sum()) > MAX_COST {
        let reason = "has too many workspace globs for so many packages";
        return Err(Failure::Unknown(Thrown::new(path, reason)));
    }
    let mut kept: HashMap<String, (usize, String)> = HashMap::new();
    for (place, dir) in found.iter().flat_map(|dirs| dirs.iter()).enumerate() {
        for pattern in patterns.iter().filter(|pattern| pattern.matches(dir)) {
            if pattern.is_negated {
                kept.remove(&join(&[dir]));
            } else {
                kept.entry(join(&[dir])).or_insert((place, String::new())).1.clone_from(dir);
            }
        }
    }
    let mut kept: Vec<(usize, String)> = kept.into_values().collect();
    kept.sort_unstable();
    let package = |(_, path)| WorkspacePackage { path, name: None, forced_framework: None };
    Ok(kept.into_iter().map(package).collect())
}

/// Takes `./` from the start, which may have an exclamation mark before it.
fn without_dot(glob: &str) -> String {
    match (glob.strip_prefix("!./"), glob.strip_prefix("./")) {
        (Some(rest), _) => format!("!{rest}"),
        (None, Some(rest)) => rest.to_owned(),
        (None, None) => glob.to_owned(),
    }
}

/// Where a glob's first alternative leads to, and how far below to look.
fn start(pattern: &Glob) -> (String, Depth) {
    let star = pattern.first.iter().position(|part| part.contains('*'));
    let dir = pattern.first[..star.unwrap_or(pattern.first.len())].join("/");
    let depth = match star.map(|star| pattern.first[star].as_str()) {
        None => Depth::Here,
        Some("**") => Depth::Any,
        Some(_) => Depth::One,
    };
    (dir, depth)
}

/// How far below a folder to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Depth {
    /// Only the folder itself.
    Here,
    /// The folder and those directly in it.
    One,
    /// Everything below.
    Any,
}

/// The folders that hold an entry of that name, as seen from `root`, in the engine's order.
pub(super) fn find(snapshot: &Snapshot, root: &str, dir: &str, name: &str, depth: Depth) -> Vec<String> {
    // A leading slash makes the engine look at the root of the file system.
    if dir.starts_with('/') {
        return Vec::new();
    }
    let Some(start) = path::join(root, dir) else { return Vec::new() };
    let Target::Directory(start) = snapshot.target(&start) else { return Vec::new() };
    let mut found: Vec<&str> = match depth {
        Depth::Here => Vec::new(),
        Depth::One => {
            let folders = snapshot.children(&start).into_iter().filter(|(_, is_dir)| *is_dir).map(|(child, _)| child);
            folders
                .filter(|child| *child != name && has(snapshot, &path::child(&path::child(&start, child), name)))
                .collect()
        }
        Depth::Any => deep(snapshot, &start, name),
    };
    // An empty name stands for the folder itself.
    if has(snapshot, &path::child(&start, name)) && !found.contains(&"") {
        found.push("");
    }
    found.sort_by_cached_key(|below| engine_order(below, name));
    found.into_iter().map(|below| if below.is_empty() { dir.to_owned() } else { join(&[dir, below]) }).collect()
}

/// Whether anything of that name is there, be it a folder.
fn has(snapshot: &Snapshot, path: &str) -> bool {
    snapshot.entry(path).is_some() || !snapshot.below(path).is_empty()
}

/// All folders below that hold an entry of that name; what lies below such an entry is not looked at.
fn deep<'a>(snapshot: &'a Snapshot, start: &str, name: &str) -> Vec<&'a str> {
    let mut found = HashSet::new();
    for entry in snapshot.below(start) {
        let below = path::strip(&entry.path, start).unwrap_or_default();
        let mut from = 0;
        for part in below.split('/') {
            if part == name {
                found.insert(below[..from].trim_end_matches('/'));
                break;
            }
            from += part.len() + 1;
        }
    }
    found.into_iter().collect()
}

/// Sorts like a walk that lists each folder as a JavaScript object: whole numbers first, then by bytes.
///
/// A folder that holds the entry comes at the entry's own place among its neighbours.
fn engine_order<'a>(below: &'a str, name: &'a str) -> Vec<(bool, u32, &'a str)> {
    let parts = below.split('/').filter(|part| !part.is_empty()).chain([name]);
    parts.map(|part| (array_index(part).is_none(), array_index(part).unwrap_or(0), part)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Environment, package_manager};
    use super::*;

    fn detected(files: &[(&str, &str)], base: &str) -> Option<(bool, Vec<String>)> {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let environment = Environment::new();
        let files = Files::new(&snapshot, &environment);
        let manager = package_manager::detect(&files, base);
        let workspace = detect(&files, base, manager.as_ref()).workspace?;
        Some((workspace.is_root, workspace.packages.into_iter().map(|package| package.path).collect()))
    }

    fn packages(workspaces: &str, dirs: &[&str]) -> Option<Vec<String>> {
        let root = format!("{{\"workspaces\": {workspaces}}}");
        let manifests: Vec<String> = dirs.iter().map(|dir| format!("{dir}/package.json")).collect();
        let mut files = vec![("package.json", root.as_str())];
        files.extend(manifests.iter().map(|path| (path.as_str(), "{}")));
        Some(detected(&files, "")?.1)
    }

    #[test]
    fn globs_select_folders_with_a_manifest_in_the_engines_order() {
        let dirs = ["packages/b", "packages/10", "packages/9", "packages/a/deep", "packages/.x", "other"];
        assert_eq!(packages(r#"["./packages/*"]"#, &dirs).unwrap(), ["packages/9", "packages/10", "packages/b"]);
        assert_eq!(
            packages(r#"["packages/**", "!**/b"]"#, &dirs).unwrap(),
            ["packages/9", "packages/10", "packages/a/deep"]
        );
        assert_eq!(packages(r#"{"packages": ["other", "packages/b"]}"#, &dirs).unwrap(), ["other", "packages/b"]);
    }

    #[test]
    fn only_the_first_alternative_of_braces_is_walked() {
        assert_eq!(packages(r#"["{a,b}/*"]"#, &["a/x", "b/y"]).unwrap(), ["a/x"]);
    }

    #[test]
    fn what_makes_the_engine_throw_is_no_workspace() {
        for workspaces in [r#"["a", 1]"#, r##"["#a"]"##, "null", r#"{"packages": "a"}"#, "[]", r#""a""#] {
            assert_eq!(packages(workspaces, &["a"]), None, "{workspaces}");
        }
        assert_eq!(packages(r#"{"packages": {}}"#, &["a"]), Some(vec![]));
    }

    #[test]
    fn a_folder_that_is_no_package_belongs_to_no_workspace() {
        let files = [("package.json", r#"{"workspaces": ["a"]}"#), ("a/package.json", "{}"), ("b/x", "")];
        assert_eq!(detected(&files, "a"), Some((false, vec!["a".to_owned()])));
        assert_eq!(detected(&files, "b"), None);
    }

    #[test]
    fn pnpm_reads_its_own_file_and_redwood_has_no_workspace() {
        let mut files = vec![
            ("package.json", r#"{"packageManager": "pnpm@9.0.0", "workspaces": ["b"]}"#),
            ("pnpm-workspace.yaml", "packages: [a]"),
            ("a/package.json", "{}"),
            ("b/package.json", "{}"),
        ];
        assert_eq!(detected(&files, ""), Some((true, vec!["a".to_owned()])));
        files.push(("redwood.toml", ""));
        assert_eq!(detected(&files, ""), None);
    }
}
