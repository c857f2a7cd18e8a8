//! A random site: its files, and the options of a run.

use std::collections::BTreeMap;
use std::path::Path;

use chimera::project::collect::{self, Scope};
use serde_json::{Map, Value as Json};

use super::super::corpus::Run;
use super::config::{FOLDERS, Grammar, NAMES};
use super::random::Random;
use super::{break_text, header, redirect, toml, value};

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    File(Vec<u8>),
    Folder,
    /// A symbolic link with this target.
    Link(String),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    pub(crate) files: BTreeMap<String, Content>,
    pub(crate) options: Map<String, Json>,
}

impl Site {
    /// The site of this number from this seed.
    pub(crate) fn generate(seed: u64, index: u64) -> Site {
        let mut random = Random::new(seed, index);
        let wrong = [0, 0, 0, 1, 4, 15][random.below(6)];
        let broken = [0, 0, 0, 8, 40][random.below(5)];
        let mut generator = Generator { random: &mut random, wrong, broken, site: Site::default() };
        generator.folders();
        generator.files();
        generator.options();
        generator.site
    }

    /// A site of a corpus with some of its files damaged.
    pub(crate) fn damaged(seed: u64, index: u64, corpora: &[Run]) -> Site {
        let mut random = Random::new(seed, index);
        let run = &corpora[random.below(corpora.len())];
        let mut site = Site::read(&run.dir);
        site.options = run.options.as_object().cloned().unwrap_or_default();
        let broken = [20, 60, 100][random.below(3)];
        for (path, content) in &mut site.files {
            let is_configuration = ["netlify.toml", "_redirects", "_headers"].iter().any(|name| path.ends_with(name));
            if let Content::File(text) = content
                && is_configuration
                && random.chance(broken)
            {
                *text = break_text(&mut random, text);
            }
        }
        site
    }

    /// The files below a folder, without the answers of a corpus.
    pub(crate) fn read(root: &Path) -> Site {
        let snapshot = collect::collect(root, Scope::Everything).unwrap();
        let mut site = Site::default();
        for entry in snapshot.entries().iter().filter(|entry| !entry.path.starts_with("expected")) {
            if let Ok(bytes) = snapshot.read(&entry.path) {
                site.files.insert(entry.path.to_string(), Content::File(bytes.to_vec()));
            }
        }
        site
    }

    /// Lays the site out below a folder.
    pub(crate) fn write(&self, root: &Path) {
        std::fs::create_dir_all(root).unwrap();
        for (path, content) in &self.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            match content {
                Content::File(bytes) => std::fs::write(path, bytes).unwrap(),
                Content::Folder => std::fs::create_dir_all(path).unwrap(),
                Content::Link(target) => link(target, &path),
            }
        }
    }
}

#[cfg(unix)]
fn link(target: &str, path: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) {}

struct Generator<'a> {
    random: &'a mut Random,
    wrong: usize,
    /// Percentage of files that are damaged.
    broken: usize,
    site: Site,
}

impl Generator<'_> {
    fn folders(&mut self) {
        for folder in self.random.some(&FOLDERS, 40) {
            self.site.files.insert(format!("{folder}/.keep"), Content::File(Vec::new()));
        }
        let places = [
            "netlify/functions",
            "netlify-automatic-functions",
            "netlify/edge-functions",
            "netlify/database/migrations",
            ".netlify/functions-internal",
            ".netlify/v1/edge-functions",
            "plugins/own",
        ];
        for place in self.random.some(&places, 8) {
            let folder = self.random.pick(&["", "", "site/", "packages/a/", "dist/"]);
            let content = if self.random.chance(85) { Content::Folder } else { Content::File(Vec::new()) };
            self.site.files.insert(format!("{folder}{place}"), content);
        }
    }

    fn files(&mut self) {
        for (path, percent) in [("", 90), ("site/", 20), ("packages/a/", 15), ("dist/", 4), ("..x/", 4)] {
            if self.random.chance(percent) {
                let config = self.config_file();
                self.insert(&format!("{path}netlify.toml"), config);
            }
            for (name, file) in
                [("_redirects", redirect::file as fn(&mut Random) -> String), ("_headers", header::file)]
            {
                if self.random.chance(if path.is_empty() { 25 } else { 10 }) {
                    let text = file(self.random).into_bytes();
                    self.insert(&format!("{path}{name}"), text);
                }
            }
        }
        for path in self
            .random
            .some(&["public/_redirects", "public/_headers", "site/dist/_redirects", "node_modules/a/_headers"], 6)
        {
            let text = if path.ends_with('s') { redirect::file(self.random) } else { header::file(self.random) };
            self.insert(path, text.into_bytes());
        }
        for path in self.random.some(&["package.json", "site/package.json", "packages/a/package.json"], 8) {
            self.site.files.insert(path.to_owned(), Content::File(b"{}".to_vec()));
        }
    }

    fn insert(&mut self, path: &str, text: Vec<u8>) {
        let text = if self.random.chance(self.broken) { break_text(self.random, &text) } else { text };
        let content = match self.random.below(150) {
            0 => Content::Folder,
            1 => Content::Link(self.random.text(&["real.txt", "../real.txt", "missing", path, "site"])),
            _ => Content::File(text),
        };
        if matches!(content, Content::Link(_)) {
            self.site.files.insert("real.txt".to_owned(), Content::File(b"[build]\ncommand = \"linked\"\n".to_vec()));
        }
        self.site.files.insert(path.to_owned(), content);
    }

    fn config_file(&mut self) -> Vec<u8> {
        let table = self.grammar_table();
        toml::write(self.random, &table).into_bytes()
    }

    fn options(&mut self) {
        let mut options = Map::new();
        for (key, percent) in [("context", 40), ("branch", 25)] {
            if self.random.chance(percent) {
                options.insert(key.to_owned(), Json::from(self.random.pick(&NAMES)));
            }
        }
        for key in self.random.some(&["packagePath", "base", "defaultConfig", "inlineConfig", "baseRelDir", "cwd"], 10)
        {
            let value = match key {
                "packagePath" => Json::from(self.random.pick(&[
                    "packages/a",
                    "/packages/a",
                    "site",
                    "missing",
                    "./site/",
                    "packages/../site",
                ])),
                "base" => Json::from(self.random.pick(&[
                    "site",
                    "packages/a",
                    "/site/",
                    "missing",
                    ".",
                    "/",
                    "..",
                    "dist/..",
                ])),
                "baseRelDir" => Json::from(self.random.chance(30)),
                "cwd" => match self.folder() {
                    Some(folder) => Json::from(folder),
                    None => continue,
                },
                _ => self.layer(),
            };
            options.insert(key.to_owned(), value);
        }
        if self.random.chance(3) {
            let config = self.random.pick(&[
                "netlify.toml",
                "site/netlify.toml",
                "missing.toml",
                "real.txt",
                "site",
                "./dist/../netlify.toml",
            ]);
            options.insert("config".to_owned(), Json::from(config));
        }
        self.site.options = options;
    }

    fn folder(&mut self) -> Option<String> {
        let folders = self.existing_folders();
        if folders.is_empty() { None } else { Some(folders[self.random.below(folders.len())].clone()) }
    }

    fn existing_folders(&self) -> Vec<String> {
        let exists = |folder: &&str| self.site.files.keys().any(|path| path.starts_with(&format!("{folder}/")));
        FOLDERS.into_iter().filter(exists).map(str::to_owned).collect()
    }

    fn grammar_table(&mut self) -> value::Table {
        let folders = self.existing_folders();
        Grammar { random: self.random, wrong: self.wrong, folders: &folders }.config()
    }

    fn layer(&mut self) -> Json {
        Json::Object(value::to_map(&self.grammar_table()))
    }
}
