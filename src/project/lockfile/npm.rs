//! `package-lock.json` of npm 5 and later.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Contents;

/// What npm's lock file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NpmLock {
    /// `lockfileVersion`.
    pub version: u32,
    /// The entries of `packages`, or of the first level of `dependencies` in version 1, as `node_modules/NAME`.
    pub entries: BTreeMap<String, Entry>,
}

/// One installed package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Entry {
    /// Its name, where it differs from the folder's.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The programs that it brings.
    bin: Option<Bin>,
    /// Whether only development dependencies need it.
    pub dev: bool,
    /// Whether only development dependencies and optional ones need it.
    pub dev_optional: bool,
    /// Whether it is a link to a folder.
    pub link: bool,
    /// Its folder, for a link.
    pub resolved: Option<Resolved>,
    /// Whether only optional dependencies need it.
    pub optional: bool,
    /// Whether it comes inside another package.
    pub in_bundle: bool,
    /// The operating systems that it is for, as far as it says so.
    os: Systems,
    /// The processors that it is for, as far as it says so.
    cpu: Systems,
    /// What it needs: name and range.
    pub dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    /// What it takes where it can be had.
    pub optional_dependencies: BTreeMap<String, String>,
    /// What whoever uses it has to bring.
    pub peer_dependencies: BTreeMap<String, String>,
    peer_dependencies_meta: BTreeMap<String, PeerMeta>,
}

/// The names in `os` and `cpu`: one, several, or something that says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Systems {
    One(String),
    Many(Vec<String>),
    #[default]
    #[serde(skip)]
    Any,
    Odd(serde_json::Value),
}

impl Systems {
    /// Whether a machine of this name is left out (`npm-install-checks`: `!x` forbids, everything else allows).
    fn excludes(&self, name: &str) -> bool {
        let list = match self {
            Systems::One(one) => std::slice::from_ref(one),
            Systems::Many(list) => list.as_slice(),
            Systems::Any | Systems::Odd(_) => return false,
        };
        let forbids = list.iter().any(|word| word.strip_prefix('!') == Some(name));
        let mut allowed = list.iter().filter(|word| !word.starts_with('!')).peekable();
        let is_limited = allowed.peek().is_some();
        forbids || (is_limited && !allowed.any(|word| word == name || word == "any"))
    }
}

impl Entry {
    /// Whether it refuses to be installed on Linux on x86-64.
    #[must_use]
    pub fn excludes_linux(&self) -> bool {
        self.os.excludes("linux") || self.cpu.excludes("x64")
    }

    /// The peers that it cannot do without, each with its range.
    pub fn required_peers(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_needed = |name: &str| !self.peer_dependencies_meta.get(name).is_some_and(|meta| meta.optional);
        let all = self.peer_dependencies.iter().map(|(name, range)| (name.as_str(), range.as_str()));
        all.filter(move |(name, _)| is_needed(name))
    }
}

/// A dependency that an entry needs and that the file does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The folder of the package that needs it.
    pub from: String,
    /// The package.
    pub name: String,
    /// The range.
    pub range: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct PeerMeta {
    optional: bool,
}

/// Where a package comes from; npm 6 wrote `false` for bundled ones.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Resolved {
    /// An address or a folder.
    Text(String),
    /// Anything else.
    Other(bool),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Bin {
    One(String),
    Many(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    lockfile_version: Option<u32>,
    #[serde(default)]
    packages: Option<BTreeMap<String, Entry>>,
    #[serde(default)]
    dependencies: Option<BTreeMap<String, Old>>,
}

#[derive(Deserialize)]
struct Old {
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    dev: bool,
}

/// What remains of a lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// The packages.
    pub packages: BTreeSet<&'a str>,
    /// The programs that they are said to bring.
    pub programs: BTreeSet<String>,
}

/// Reads the file; `None` when npm may understand it and this reader does not.
///
/// # Errors
/// When npm cannot read it, and goes on as if it were not there.
pub fn read(text: &str) -> Result<Option<NpmLock>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let reason = if text.trim().is_empty() {
            "is empty"
        } else if error.is_eof() {
            "is cut short"
        } else {
            "is not JSON"
        };
        return Err(reason.to_owned());
    }
    let Ok(file) = serde_json::from_str::<File>(text) else { return Ok(None) };
    let old = file.dependencies.unwrap_or_default().into_iter().map(|(name, old)| {
        (format!("node_modules/{name}"), Entry { version: old.version, dev: old.dev, ..Entry::default() })
    });
    let is_old = file.packages.is_none();
    let entries = if is_old { old.collect() } else { file.packages.unwrap_or_default() };
    Ok(Some(NpmLock { version: file.lockfile_version.unwrap_or(1), entries }))
}

/// The package of a folder: what follows the last `node_modules/`.
fn folder_name(path: &str) -> Option<&str> {
    const FOLDER: &str = "node_modules/";
    // Most packages lie at the top.
    let top =
        path.strip_prefix(FOLDER).filter(|rest| memchr::memmem::find(rest.as_bytes(), FOLDER.as_bytes()).is_none());
    top.or_else(|| path.rfind(FOLDER).map(|at| &path[at + FOLDER.len()..]))
}

impl NpmLock {
    /// The entry that a package at the root of the lock's folder gets.
    #[must_use]
    pub fn top(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&format!("node_modules/{name}"))
    }

    /// The packages that remain when npm keeps only what these direct dependencies need, and their programs.
    ///
    /// Folders of the workspace count as direct. Peers that are not optional are needed too (npm 7 and later).
    #[must_use]
    pub fn kept<'a>(&'a self, direct: impl IntoIterator<Item = &'a str>, with_development: bool) -> Kept<'a> {
        let mut todo: Vec<&str> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let roots = direct.into_iter().filter_map(|name| self.resolve("", name));
        let folders = self.entries.keys().filter(|path| !path.is_empty() && folder_name(path).is_none());
        todo.extend(roots.chain(folders.map(String::as_str)));
        let mut kept = Kept::default();
        while let Some(path) = todo.pop() {
            if !seen.insert(path) {
                continue;
            }
            let Some(entry) = self.entries.get(path) else { continue };
            let name = entry.name.as_deref().or(folder_name(path)).unwrap_or(path);
            kept.packages.insert(name);
            kept.programs.extend(entry.bin.iter().flat_map(|bin| names(bin, name)));
            let is_needed = |name: &&String| !entry.peer_dependencies_meta.get(*name).is_some_and(|meta| meta.optional);
            let peers = entry.peer_dependencies.keys().filter(is_needed);
            let own = entry.dev_dependencies.keys().filter(|_| with_development && folder_name(path).is_none());
            let needs = own.chain(entry.dependencies.keys()).chain(entry.optional_dependencies.keys()).chain(peers);
            todo.extend(needs.filter_map(|name| self.resolve(path, name)));
        }
        kept
    }

    /// What the packages need that these direct dependencies bring, and what is not there.
    ///
    /// `npm ci` compares the file with the tree that it works out anew and names whatever is missing
    /// (`npm/lib/utils/validate-lockfile.js`); what comes inside another package, and what may be missing, is passed over.
    #[must_use]
    pub fn holes<'a>(&'a self, direct: impl IntoIterator<Item = &'a str>) -> Vec<Hole> {
        let mut todo: Vec<&str> = direct.into_iter().filter_map(|name| self.resolve("", name)).collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(path) = todo.pop() {
            let Some(entry) = self.entries.get(path).filter(|_| seen.insert(path)) else { continue };
            if entry.link || entry.in_bundle || entry.optional {
                continue;
            }
            for (name, range) in &entry.dependencies {
                let may_miss = entry.optional_dependencies.contains_key(name);
                match self.resolve(path, name) {
                    Some(next) => todo.push(next),
                    None if may_miss => {}
                    None => found.push(Hole { from: path.to_owned(), name: name.clone(), range: range.clone() }),
                }
            }
            todo.extend(entry.required_peers().filter_map(|(name, _)| self.resolve(path, name)));
        }
        found
    }

    /// The entry that a folder of the workspace gets for a package.
    #[must_use]
    pub fn found_from(&self, folder: &str, name: &str) -> Option<&Entry> {
        self.entries.get(self.resolve(folder, name)?)
    }

    /// The entry that Node.js finds for a package from a folder: its own `node_modules`, then those above.
    fn resolve(&self, from: &str, name: &str) -> Option<&str> {
        let mut at = from;
        loop {
            let path = if at.is_empty() { format!("node_modules/{name}") } else { format!("{at}/node_modules/{name}") };
            if let Some((found, _)) = self.entries.get_key_value(&path) {
                return Some(found);
            }
            at = match at.rfind("/node_modules/") {
                Some(end) => &at[..end],
                None if at.is_empty() => return None,
                None => "",
            };
        }
    }

    /// Whether it says which programs the packages bring.
    #[must_use]
    pub fn knows_programs(&self) -> bool {
        self.version >= 2
    }

    /// The packages and programs that it holds.
    #[must_use]
    pub fn contents(&self) -> Contents {
        let mut contents = Contents::default();
        let mut production = BTreeSet::new();
        let mut programs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, entry) in &self.entries {
            let folder = folder_name(path);
            // A folder of the workspace: its programs are linked, its name is only sometimes written.
            let Some(name) = folder.or(entry.name.as_deref()) else {
                if let Some(bin) = &entry.bin {
                    programs.entry(path.clone()).or_default().extend(names(bin, path));
                }
                continue;
            };
            let name = entry.name.as_deref().filter(|_| !entry.link).unwrap_or(name);
            contents.packages.insert(name.to_owned());
            contents.packages.extend(folder.map(str::to_owned));
            if !entry.dev {
                production.insert(name.to_owned());
            }
            if let Some(bin) = &entry.bin {
                programs.entry(name.to_owned()).or_default().extend(names(bin, name));
            }
        }
        contents.production = Some(production);
        contents.programs = self.knows_programs().then_some(programs);
        contents
    }
}

fn names(bin: &Bin, package: &str) -> Vec<String> {
    match bin {
        Bin::One(_) => vec![package.rsplit('/').next().unwrap_or(package).to_owned()],
        Bin::Many(bins) => bins.keys().cloned().collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
        "": {"name": "site", "devDependencies": {"vite": "^5"}, "bin": {"own": "x.js"}},
        "node_modules/vite": {"version": "5.4.1", "dev": true, "bin": {"vite": "bin/vite.js"}},
        "node_modules/@a/cli": {"version": "1.0.0", "bin": "cli.js"},
        "node_modules/@a/cli/node_modules/b": {"version": "2.0.0", "bin": {"b": "b", "bb": "c"}},
        "node_modules/alias": {"name": "real", "version": "1.0.0"},
        "node_modules/web": {"resolved": "web", "link": true},
        "web": {"version": "1.0.0", "bin": {"web": "x"}}}}"#;

    #[test]
    fn packages_and_programs_are_listed_wherever_they_lie() {
        let contents = read(LOCK).unwrap().unwrap().contents();
        let packages: Vec<&str> = contents.packages.iter().map(String::as_str).collect();
        assert_eq!(packages, ["@a/cli", "alias", "b", "real", "site", "vite", "web"]);
        let programs: BTreeSet<String> = contents.programs.unwrap().into_values().flatten().collect();
        assert_eq!(programs.iter().map(String::as_str).collect::<Vec<_>>(), ["b", "bb", "cli", "own", "vite", "web"]);
        assert!(!contents.production.unwrap().contains("vite"));
    }

    #[test]
    fn what_nothing_needs_any_more_brings_no_program() {
        let lock = read(
            r#"{"lockfileVersion": 3, "packages": {"": {}, "node_modules/vite": {"bin": {"vite": "v"}},
            "node_modules/plugin": {"peerDependencies": {"vite": "*", "sass": "*"}, "peerDependenciesMeta": {"sass": {"optional": true}}},
            "node_modules/sass": {"bin": {"sass": "s"}}, "node_modules/a": {"dependencies": {"b": "1"}},
            "node_modules/b": {"bin": {"b": "1"}}, "node_modules/a/node_modules/b": {"bin": {"b2": "1"}}}}"#,
        )
        .unwrap()
        .unwrap();
        let programs =
            |direct: &[&str]| lock.kept(direct.iter().copied(), true).programs.into_iter().collect::<Vec<_>>();
        assert_eq!(programs(&["plugin"]), ["vite"]);
        assert_eq!(programs(&["a"]), ["b2"]);
        assert!(programs(&[]).is_empty());
    }

    #[test]
    fn a_file_that_npm_cannot_read_is_an_error() {
        assert!(read("").is_err() && read("{\"packages\": {").is_err());
        assert!(read("{}").unwrap().unwrap().entries.is_empty());
    }

    #[test]
    fn version_one_knows_no_programs() {
        let lock = read(r#"{"lockfileVersion": 1, "dependencies": {"vite": {"version": "2.0.0"}}}"#).unwrap().unwrap();
        assert_eq!(lock.top("vite").unwrap().version.as_deref(), Some("2.0.0"));
        assert_eq!(lock.contents().programs, None);
    }
}
