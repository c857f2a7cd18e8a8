//! A folder as a repository, with what `case.json` says about it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chimera::config::{self, Configuration};
use chimera::platform::netlify::setting;
use chimera::platform::netlify::site::{Dashboard, Request};
use chimera::platform::pages::site::Origin as GitHub;
use chimera::project::collect::{self, Scope};
use chimera::project::snapshot::{Entry, Mode, Origin, ReadError, Snapshot};
use chimera::rule::fix::{Change, Fix};
use chimera::text::edit::{self, Edit};
use chimera::text::source::Sources;
use chimera::verdict::SiteVerdict;
use chimera::verdict::registry::{self, Question};
use serde_json::Value;

/// The folders directly inside a folder, sorted.
pub(crate) fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The platform that judges a case: the one of its rule, else the first that it is for.
fn platform_of(folder: &Path, case: &Value) -> &'static str {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    match name.get(..3) {
        Some("RND") => "render",
        Some("GHP") => "pages",
        _ => targets(case).first().copied().unwrap_or("netlify"),
    }
}

#[derive(Clone)]
pub(crate) struct Case {
    files: BTreeMap<String, (Mode, Vec<u8>)>,
    request: Request,
    platform: String,
    origin: GitHub,
    /// The level that the rule must have.
    pub(crate) level: Option<String>,
}

impl Case {
    pub(crate) fn read(folder: &Path, variant: &str) -> Case {
        let json: Value = std::fs::read_to_string(folder.join("case.json"))
            .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        let mut files = read_files(&folder.join(variant));
        let index = json.get("index").and_then(|index| index.get(variant)).and_then(Value::as_object);
        for (path, entry) in index.into_iter().flatten() {
            let mode = if entry.as_str().unwrap().starts_with("160000") { Mode::Submodule } else { Mode::File };
            files.insert(path.clone(), (mode, Vec::new()));
        }
        let added = json.get("files").and_then(|files| files.get(variant)).and_then(Value::as_object);
        for (path, text) in added.into_iter().flatten() {
            files.insert(path.clone(), (Mode::File, text.as_str().unwrap().as_bytes().to_vec()));
        }
        let many = json.get("many").and_then(|many| many.get(variant));
        if let Some((folder, count)) =
            many.and_then(|many| Some((many.get("folder")?.as_str()?, many.get("count")?.as_u64()?)))
        {
            files.extend((0..count).map(|number| (format!("{folder}/{number}.txt"), (Mode::File, Vec::new()))));
        }
        let text = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let settings = json.get("site_settings").map(|settings| setting::parse(&settings.to_string()).unwrap());
        let dashboard = settings.map_or(Dashboard::Unknown, Dashboard::Given);
        let day = json.get("day").and_then(|day| day.get(variant)).map(|day| day.as_str().unwrap().parse().unwrap());
        let request = Request { context: text("context"), branch: text("branch"), dashboard, day };
        let platform = match text("platform") {
            given if !given.is_empty() => given,
            _ => platform_of(folder, &json).to_owned(),
        };
        let said = |key: &str| Some(text(key)).filter(|text| !text.is_empty());
        let repository = said("repository").map(|name| (name, "--repository"));
        let origin = GitHub { repository, default_branch: said("default_branch") };
        Case { files, request, platform, origin, level: Some(text("level")).filter(|level| !level.is_empty()) }
    }

    /// The files of a folder, under a request of the caller's.
    pub(crate) fn of(folder: &Path, request: Request) -> Case {
        let (platform, origin) = ("netlify".to_owned(), GitHub::default());
        Case { files: read_files(folder), request, platform, origin, level: None }
    }

    /// Asks for something else.
    pub(crate) fn ask(&mut self, request: Request) {
        self.request = request;
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|(_, bytes)| std::str::from_utf8(bytes).ok())
    }

    /// Writes a file, which may be new.
    pub(crate) fn write(&mut self, path: &str, text: &str) {
        let mode = self.files.get(path).map_or(Mode::File, |(mode, _)| *mode);
        self.files.insert(path.to_owned(), (mode, text.as_bytes().to_vec()));
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&mut self, path: &str, target: &str) {
        self.files.insert(path.to_owned(), (Mode::Symlink, target.as_bytes().to_vec()));
    }

    /// Takes a file away.
    pub(crate) fn remove(&mut self, path: &str) -> Option<(Mode, Vec<u8>)> {
        self.files.remove(path)
    }

    /// Gives a file another path.
    pub(crate) fn rename(&mut self, path: &str, other: &str) {
        let file = self.files.remove(path).unwrap_or_else(|| panic!("{path} is not there to be renamed"));
        self.files.insert(other.to_owned(), file);
    }

    pub(crate) fn verdict(&self) -> SiteVerdict {
        self.judge(&self.snapshot()).swap_remove(0)
    }

    /// The verdict of the case's site, if its files were these.
    pub(crate) fn judge(&self, snapshot: &Snapshot) -> Vec<SiteVerdict> {
        let configuration = match self.files.get(config::PATH) {
            Some((_, bytes)) => config::parse(&String::from_utf8_lossy(bytes)).unwrap(),
            None => Configuration::default(),
        };
        let question = Question {
            context: self.request.context.clone(),
            branch: self.request.branch.clone(),
            settings: match &self.request.dashboard {
                Dashboard::Given(settings) => Some(settings.clone()),
                Dashboard::Unknown => None,
            },
            origin: self.origin.clone(),
            day: self.request.day,
        };
        let platform = registry::chosen(Some(&self.platform), snapshot, &configuration).swap_remove(0);
        let targets = (platform.targets)(snapshot, &question, &configuration);
        let target = targets.first().expect("a fixture has a site");
        vec![(platform.judge)(snapshot, target, &configuration)]
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let entries = self.files.iter().map(|(path, (mode, bytes))| match mode {
            Mode::Submodule => Entry::lazy(path.as_str(), Mode::Submodule),
            mode => Entry::with_body(path.as_str(), *mode, bytes.as_slice()),
        });
        Snapshot::new(entries.collect(), Origin::GitIndex, Vec::new(), std::sync::Arc::new(Nothing))
    }

    /// Writes the files below a folder.
    pub(crate) fn write_to(&self, folder: &Path) {
        for (path, (mode, bytes)) in &self.files {
            let place = folder.join(path);
            if matches!(mode, Mode::Directory | Mode::Submodule) {
                std::fs::create_dir_all(place).unwrap();
                continue;
            }
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, bytes).unwrap();
        }
    }

    /// The same files with Windows line ends, but for version files and scripts, in which they are faults of their own.
    pub(crate) fn with_crlf(&self) -> Case {
        let mut case = self.clone();
        let is_sensitive = |path: &str| path.ends_with(".nvmrc") || path.ends_with("-version") || path.ends_with(".sh");
        for (_, (_, bytes)) in case.files.iter_mut().filter(|(path, _)| !is_sensitive(path)) {
            if let Ok(text) = std::str::from_utf8(bytes) {
                *bytes = text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes();
            }
        }
        case
    }

    /// The same files after a repair.
    pub(crate) fn with_fix(&self, fix: &Fix, sources: &Sources) -> Case {
        let mut case = self.clone();
        let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
        for change in &fix.changes {
            match change {
                Change::Create { path, text } => {
                    assert!(!case.files.contains_key(path), "a fix creates a file that exists: {path}");
                    case.files.insert(path.clone(), (Mode::File, text.clone().into_bytes()));
                }
                Change::Rename { from, to } => {
                    assert!(!case.files.contains_key(to), "a fix renames to a file that exists: {to}");
                    let file = case.files.remove(from).unwrap();
                    case.files.insert(to.clone(), file);
                }
                Change::Edit { span, text } => {
                    let source = sources.get(span.file).unwrap();
                    assert!(source.is_file, "a fix edits {}, which is no file", source.name);
                    edits
                        .entry(source.name.clone())
                        .or_default()
                        .push(Edit { range: span.range(), text: text.clone() });
                }
            }
        }
        for (path, edits) in edits {
            let (_, bytes) = case.files.get_mut(&path).unwrap();
            *bytes = edit::apply(std::str::from_utf8(bytes).unwrap(), &edits).unwrap().into_bytes();
        }
        case
    }
}

/// Our platforms, with the names that cases have for them.
const PLATFORMS: [(&str, &str); 3] = [("netlify", "netlify"), ("render", "render"), ("github-pages", "pages")];

/// The platforms that a case is for, as far as they are modelled.
pub(crate) fn targets(case: &Value) -> Vec<&'static str> {
    let listed: Vec<&str> =
        case.get("targets").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    PLATFORMS.iter().filter(|(name, _)| listed.contains(name)).map(|(_, platform)| *platform).collect()
}

fn read_files(folder: &Path) -> BTreeMap<String, (Mode, Vec<u8>)> {
    let snapshot = collect::collect(folder, Scope::Everything).unwrap();
    let read = |entry: &Entry| match snapshot.read(&entry.path) {
        Ok(bytes) => bytes.to_vec(),
        Err(ReadError::Directory) => Vec::new(),
        Err(error) => panic!("{}: {error}", entry.path),
    };
    let kept = snapshot.entries().iter().filter(|entry| entry.mode != Mode::Symlink);
    kept.map(|entry| (entry.path.to_string(), (entry.mode, read(entry)))).collect()
}

struct Nothing;

impl chimera::project::snapshot::Contents for Nothing {
    fn read(&self, _: &str, _: Mode) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Missing)
    }
}
