//! One program of a build as its tool sees it: arguments, variables, and the files that configure it.

use crate::project::command::{Invocation, Trace, Word};
use crate::project::javascript::configuration::Configuration;
use crate::project::manifest::{DependencyKind, Manifest};
use crate::project::path;
use crate::project::setting::tree::{self, Keys};
use crate::project::setting::{Setting, Written, yaml};
use crate::project::snapshot::Snapshot;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::tree::Node;
use crate::text::{json, toml};

use super::{Folder, Output};

/// Longest configuration file that is read.
const MAX_LENGTH: usize = 1 << 18;

/// One call of a tool.
pub(super) struct Call<'c, 'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) sources: &'c mut Sources,
    pub(super) trace: &'c Trace,
    /// Variables of the whole build.
    pub(super) environment: &'c [(String, String)],
    pub(super) run: &'c Invocation,
    /// The program's arguments, without those of programs that only run it.
    pub(super) args: &'c [Word],
    /// The folder it runs in.
    pub(super) dir: String,
}

/// A configuration file with its text.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) id: FileId,
    pub(super) text: String,
}

impl File {
    /// The file as a configuration module.
    pub(super) fn module(&self) -> Option<Configuration<'_>> {
        Configuration::read(&self.text, &self.path, self.id)
    }

    /// The file as TOML, JSON or YAML, by its extension: the setting of these keys (the last one for YAML).
    pub(super) fn setting(&self, keys: &[&str], compare: Keys) -> Setting {
        let root: Option<Node> = match path::name(&self.path).rsplit('.').next() {
            Some("toml") => toml::parse(&self.text, self.id).ok(),
            Some("json") => json::parse(&self.text, self.id).ok(),
            Some("yml" | "yaml") => return self.yaml(keys, compare),
            _ => None,
        };
        root.map_or(Setting::Computed, |root| tree::setting(&root, keys, compare))
    }

    fn yaml(&self, keys: &[&str], compare: Keys) -> Setting {
        let [key] = keys else { return Setting::Computed };
        let spelled = self.text.lines().map(|line| line.split(':').next().unwrap_or_default().trim());
        let spelled = spelled.filter(|_| compare == Keys::AnyCase).find(|name| name.eq_ignore_ascii_case(key));
        yaml::setting(&self.text, self.id, spelled.unwrap_or(key))
    }
}

impl<'a> Call<'_, 'a> {
    /// The argument of that number, options and their values left out: an argument behind an option counts as its value.
    pub(super) fn operand(&self, index: usize) -> Option<&Word> {
        let is_operand = |at: &usize| {
            let is_option = |word: &Word| word.text.starts_with('-') && word.text.len() > 1;
            let is_value = |before: &Word| is_option(before) && !before.text.contains('=');
            !is_option(&self.args[*at]) && !at.checked_sub(1).is_some_and(|before| is_value(&self.args[before]))
        };
        (0..self.args.len()).filter(is_operand).nth(index).map(|at| &self.args[at])
    }

    /// The first argument that is no option, if it is written out.
    pub(super) fn subcommand(&self) -> &str {
        self.operand(0).and_then(Word::plain).unwrap_or_default()
    }

    /// Whether one of the arguments is this.
    pub(super) fn has(&self, wanted: &[&str]) -> bool {
        self.args.iter().any(|arg| wanted.contains(&arg.text.as_str()))
    }

    /// What an option is set to, `--out x` or `--out=x`; the last one counts.
    pub(super) fn option(&self, names: &[&str]) -> Setting {
        let mut found = Setting::Absent;
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.text.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (arg.text.as_str(), None),
            };
            if !names.contains(&name) {
                continue;
            }
            let span = |word: &Word| self.trace.span(self.run.text, self.sources, word.start, word.end);
            found = match value {
                Some(value) if arg.plain().is_some() => Setting::Written(Written::new(value, span(arg))),
                Some(_) => Setting::Computed,
                None => match args.next() {
                    Some(word) => match word.plain() {
                        Some(text) => Setting::Written(Written::new(text, span(word))),
                        None => Setting::Computed,
                    },
                    None => Setting::Computed,
                },
            };
        }
        found
    }

    /// What a variable is set to, by the command or by the build's configuration.
    pub(super) fn variable(&self, name: &str) -> Setting {
        match self.run.variable(name) {
            Some(Some(value)) => Setting::Written(Written::new(value.as_str(), Span::NONE)),
            Some(None) => Setting::Computed,
            None => match self.environment.iter().find(|(known, _)| known == name) {
                Some((_, value)) => Setting::Written(Written::new(value.as_str(), Span::NONE)),
                None => Setting::Absent,
            },
        }
    }

    /// The folder that an operand names, or the folder of the call; `None` when only a run would tell.
    pub(super) fn root(&self, index: usize) -> Option<String> {
        match self.operand(index) {
            Some(word) => path::join(&self.dir, word.plain()?).filter(|path| self.snapshot.is_dir(path)),
            None => Some(self.dir.clone()),
        }
    }

    /// Reads a file of the repository; `None` when it is not there, `Some(None)` when it cannot be read.
    #[allow(clippy::option_option, reason = "a file that is there and unreadable is neither")]
    pub(super) fn read(&mut self, path: &str) -> Option<Option<File>> {
        if !self.snapshot.exists(path) {
            return None;
        }
        let text = self.snapshot.text(path).ok().filter(|text| text.len() <= MAX_LENGTH);
        Some(text.map(|text| {
            let known = self.sources.find(path);
            let id = known.unwrap_or_else(|| self.sources.add(Source::new(path, true, text.clone())));
            File { path: path.to_owned(), id, text }
        }))
    }

    /// The first of some files that a folder has.
    pub(super) fn first(&mut self, dir: &str, names: &[&str]) -> Option<Option<File>> {
        let found = names.iter().map(|name| path::child(dir, name)).find(|path| self.snapshot.exists(path))?;
        self.read(&found)
    }

    /// The file that an option names, else the first of some files of a folder.
    ///
    /// `Err` when a file is named that cannot be had.
    pub(super) fn config(&mut self, options: &[&str], dir: &str, names: &[&str]) -> Result<Option<File>, String> {
        match self.option(options) {
            Setting::Written(written) => {
                let file = written.path_from(&self.dir).and_then(|path| self.read(&path)).flatten();
                file.map(Some).ok_or_else(|| format!("\"{}\" is not in the repository", written.text))
            }
            Setting::Computed => Err("the configuration file is named by a variable".to_owned()),
            Setting::Absent => match self.first(dir, names) {
                Some(None) => Err("the configuration file cannot be read".to_owned()),
                found => Ok(found.flatten()),
            },
        }
    }

    /// What the nearest manifests list a package with.
    pub(super) fn requirement(&mut self, package: &str) -> Option<String> {
        let dirs: Vec<String> = path::ancestors(&self.dir).map(str::to_owned).collect();
        dirs.iter().find_map(|dir| {
            let manifest = Manifest::read(self.snapshot, dir, self.sources)?.ok()?;
            let kinds = [DependencyKind::Production, DependencyKind::Development];
            let found = manifest.dependency(package).find(|(kind, _)| kinds.contains(kind))?;
            Some(found.1.text.unwrap_or_default().to_owned())
        })
    }

    /// Whether one of the nearest manifests lists a package.
    pub(super) fn lists(&mut self, package: &str) -> bool {
        self.requirement(package).is_some()
    }

    /// The first number of the version that the manifests ask for.
    pub(super) fn major(&mut self, package: &str) -> Option<u32> {
        let requirement = self.requirement(package)?;
        let digits = requirement.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }
}

/// The folder that a setting names, or the usual one, seen from `dir`.
pub(super) fn folder(setting: &Setting, dir: &str, default: &str, because: &[Span]) -> Output {
    match setting {
        Setting::Absent => Output::known(path::child(dir, default), because.to_vec()),
        Setting::Written(written) => match written.path_from(dir) {
            Some(path) => {
                let spans = because.iter().copied().chain([written.span]).filter(|span| span.is_written());
                Output::Known(Folder { path, because: spans.collect(), beside: Vec::new() })
            }
            None => Output::Unknown(format!("\"{}\" is no folder of the repository", written.text)),
        },
        Setting::Computed => Output::Unknown("the output folder is computed by the configuration".to_owned()),
    }
}

/// A setting of a configuration module; computed when the module makes no sense.
pub(super) fn module_setting(file: Option<&File>, keys: &[&str]) -> Setting {
    match file {
        Some(file) => file.module().map_or(Setting::Computed, |module| module.setting(keys)),
        None => Setting::Absent,
    }
}
