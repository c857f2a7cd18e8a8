//! `yarn.lock`: the format of Yarn 1, and that of Yarn 2 and later, which is almost YAML.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Contents;

/// What Yarn's lock file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YarnLock {
    /// Whether Yarn 2 or later wrote it.
    pub is_berry: bool,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Which entry answers to `NAME@RANGE`.
    keys: HashMap<String, usize>,
}

/// One entry: a package at one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its version.
    pub version: String,
    /// What it needs: name and range.
    pub dependencies: Vec<(String, String)>,
    /// The programs that it brings (Yarn 2 and later).
    pub programs: Vec<String>,
    /// The descriptors that it answers to.
    pub descriptors: Vec<String>,
}

/// Reads the file; lines that are not understood are passed over.
#[must_use]
pub fn read(text: &str) -> YarnLock {
    let mut lock = YarnLock { is_berry: text.contains("__metadata:"), ..YarnLock::default() };
    let mut section = "";
    for line in text.lines() {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        match indent {
            0 => {
                section = "";
                let descriptors = descriptors(content);
                for descriptor in &descriptors {
                    lock.keys.insert(descriptor.clone(), lock.entries.len());
                }
                lock.entries.push(Entry { descriptors, ..Entry::default() });
            }
            2 => {
                section = content.strip_suffix(':').unwrap_or_default();
                let entry = lock.entries.last_mut();
                if let (Some(("version", version)), Some(entry)) = (field(content), entry) {
                    entry.version = version.to_owned();
                }
            }
            _ => {
                let (Some((name, value)), Some(entry)) = (field(content), lock.entries.last_mut()) else { continue };
                match section {
                    "dependencies" | "optionalDependencies" => {
                        entry.dependencies.push((name.to_owned(), value.to_owned()));
                    }
                    "bin" => entry.programs.push(name.to_owned()),
                    _ => {}
                }
            }
        }
    }
    lock
}

/// `a@^1, "b@npm:^2":` as descriptors; in later versions one quoted text holds them all.
fn descriptors(line: &str) -> Vec<String> {
    let line = line.trim_end_matches(':');
    line.split(", ").map(|one| one.trim_matches('"').to_owned()).filter(|one| !one.is_empty()).collect()
}

/// `name "value"` or `name: value`, either side quoted or not.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = match line.strip_prefix('"') {
        Some(rest) => rest.split_once('"')?,
        None => line.split_once([' ', ':'])?,
    };
    let value = rest.trim_start_matches(':').trim().trim_matches('"');
    Some((name.trim_end_matches(':'), value))
}

/// The package of `NAME@RANGE`.
#[must_use]
pub fn name(descriptor: &str) -> &str {
    let from = usize::from(descriptor.starts_with('@'));
    descriptor[from..].find('@').map_or(descriptor, |at| &descriptor[..from + at])
}

impl YarnLock {
    /// The entry for a package at a range, as the manifest writes it.
    #[must_use]
    pub fn entry(&self, name: &str, range: &str) -> Option<&Entry> {
        let spellings = [format!("{name}@{range}"), format!("{name}@npm:{range}")];
        spellings.iter().find_map(|key| self.keys.get(key)).map(|at| &self.entries[*at])
    }

    /// The entry of a folder of the repository itself, in files of Yarn 2 and later.
    #[must_use]
    pub fn workspace(&self, name: &str, dir: &str) -> Option<&Entry> {
        let dir = if dir.is_empty() { "." } else { dir };
        self.keys.get(&format!("{name}@workspace:{dir}")).map(|at| &self.entries[*at])
    }

    /// The packages that these direct dependencies bring, with all that they need.
    #[must_use]
    pub fn reachable<'a>(&'a self, direct: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo: Vec<(&str, &str)> = direct.into_iter().collect();
        while let Some((package, range)) = todo.pop() {
            found.insert(package.to_owned());
            let range_key = format!("{package}@{range}");
            if !seen.insert(range_key) {
                continue;
            }
            let Some(entry) = self.entry(package, range) else { continue };
            found.extend(entry.descriptors.iter().map(|descriptor| name(descriptor).to_owned()));
            todo.extend(entry.dependencies.iter().map(|(name, range)| (name.as_str(), range.as_str())));
        }
        found
    }

    /// The packages and programs that it holds.
    #[must_use]
    pub fn contents(&self) -> Contents {
        let packages = self.keys.keys().map(|descriptor| name(descriptor).to_owned()).collect();
        let programs = self.is_berry.then(|| {
            let mut programs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for entry in self.entries.iter().filter(|entry| !entry.programs.is_empty()) {
                let package = entry.descriptors.first().map_or("", |descriptor| name(descriptor));
                programs.entry(package.to_owned()).or_default().extend(entry.programs.iter().cloned());
            }
            programs
        });
        Contents { packages, production: None, programs }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CLASSIC: &str = "# yarn lockfile v1\n\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n  version \"1.2.0\"\n  \
        dependencies:\n    vite \"^5.0.0\"\n    \"@c/d\" \"1\"\n\nvite@^5.0.0:\n  version \"5.4.0\"\n";
    const BERRY: &str = "__metadata:\n  version: 8\n\n\"site@workspace:.\":\n  version: 0.0.0-use.local\n  \
        dependencies:\n    vite: \"npm:^5.0.0\"\n  languageName: unknown\n\n\"vite@npm:^5.0.0, vite@npm:^5.1.0\":\n  \
        version: 5.4.0\n  bin:\n    vite: bin/vite.js\n";

    #[test]
    fn classic_entries_answer_to_each_of_their_ranges() {
        let lock = read(CLASSIC);
        assert!(!lock.is_berry);
        assert_eq!(lock.entry("@a/b", "^1.1.0").unwrap().version, "1.2.0");
        assert!(lock.entry("@a/b", "^2.0.0").is_none());
        let dependencies = &lock.entry("@a/b", "^1.0.0").unwrap().dependencies;
        assert_eq!(dependencies[1], ("@c/d".to_owned(), "1".to_owned()));
        assert!(lock.reachable([("@a/b", "^1.0.0")]).contains("vite"));
        assert_eq!(lock.contents().programs, None);
    }

    #[test]
    fn later_versions_name_programs_and_workspaces() {
        let lock = read(BERRY);
        assert!(lock.is_berry);
        assert_eq!(lock.workspace("site", "").unwrap().dependencies, [("vite".to_owned(), "npm:^5.0.0".to_owned())]);
        assert_eq!(lock.entry("vite", "^5.1.0").unwrap().programs, ["vite"]);
        assert!(lock.contents().programs.unwrap()["vite"].contains("vite"));
    }

    #[test]
    fn an_empty_file_holds_nothing() {
        assert!(read("").entries.is_empty() && read("").contents().packages.is_empty());
    }
}
