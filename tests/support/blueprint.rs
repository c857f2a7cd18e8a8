//! The corpus of Blueprints: folders with `case.json`, `files/`, `expected.json`, and `tree.txt` where the whole
//! repository is known by its paths.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chimera::config::Configuration;
use chimera::project::snapshot::{Contents, Entry, Mode, Origin, ReadError, Snapshot};
use chimera::verdict::SiteVerdict;
use chimera::verdict::registry::{PLATFORMS, Question, Target};
use serde_json::Value;

use super::case::folders;

/// One labelled Blueprint.
pub(crate) struct Labelled {
    pub(crate) name: String,
    pub(crate) dir: PathBuf,
    pub(crate) case: Value,
    pub(crate) expected: Value,
}

impl Labelled {
    fn read(root: &Path, dir: &Path) -> Option<Labelled> {
        let json = |file: &str| serde_json::from_slice(&std::fs::read(dir.join(file)).ok()?).ok();
        let name = dir.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        Some(Labelled { name, dir: dir.to_owned(), case: json("case.json")?, expected: json("expected.json")? })
    }

    /// Path of the Blueprint.
    pub(crate) fn path(&self) -> &str {
        self.case["blueprint"].as_str().unwrap()
    }

    /// Text of the Blueprint.
    pub(crate) fn text(&self) -> String {
        let bytes = std::fs::read(self.dir.join("files").join(self.path())).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The repository: all paths, with the contents of those that were kept; none when its paths are not known.
    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        let tree = std::fs::read_to_string(self.dir.join("tree.txt")).ok()?;
        let mut files: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
        for line in tree.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let kept = std::fs::read(self.dir.join("files").join(line)).ok();
            // A lock file was emptied: it is there, and what it said is gone.
            files.insert(line.to_owned(), kept.filter(|bytes| !bytes.is_empty()));
        }
        // The modes are gone too; a file that may be a script must not seem to lack its bit.
        let entries = files.into_iter().map(|(path, bytes)| match bytes {
            Some(bytes) => Entry::with_body(path, Mode::Executable, bytes),
            None => Entry::lazy(path, Mode::Executable),
        });
        Some(Snapshot::new(entries.collect(), Origin::GitIndex, Vec::new(), Arc::new(Gone)))
    }

    /// The repository, or the Blueprint alone where nothing else is known.
    pub(crate) fn known(&self) -> Snapshot {
        self.snapshot().unwrap_or_else(|| Snapshot::in_memory([(self.path(), self.text().into_bytes())]))
    }

    /// The verdict of the Blueprint in a tree.
    pub(crate) fn judge(&self, snapshot: &Snapshot) -> Vec<SiteVerdict> {
        let platform = PLATFORMS.iter().find(|platform| platform.profile.name == "render").unwrap();
        let target = Target { place: self.path().to_owned(), question: Question::default() };
        vec![(platform.judge)(snapshot, &target, &Configuration::default())]
    }

    /// `owner/name` of the repository.
    pub(crate) fn repository(&self) -> Option<&str> {
        self.case["repo"].as_str()
    }

    /// The label of Render's validator.
    pub(crate) fn verdict(&self) -> &str {
        self.expected["engine"]["verdict"].as_str().unwrap()
    }
}

/// All labelled Blueprints below a folder.
pub(crate) fn all(root: &Path) -> Vec<Labelled> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        match Labelled::read(root, &dir) {
            Some(case) => found.push(case),
            None => open.extend(folders(&dir)),
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Files of which only the path is known.
struct Gone;

impl Contents for Gone {
    fn read(&self, path: &str, _: Mode) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Refused(format!("the content of {path} is not known")))
    }
}
