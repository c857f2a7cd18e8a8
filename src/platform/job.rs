//! What a platform runs in one folder of the repository, as rules about packages and commands see it on every platform.

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::project::command::{Invocation, Reach, Trace};
use crate::project::manifest::Manifest;
use crate::project::path::{ancestors, child};
use crate::project::snapshot::Snapshot;
use crate::sim::known::Known;
use crate::sim::stage::Stage;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};

use super::Profile;
use super::declaration::Declaration;
use super::pick::Pick;
use super::survey::Survey;
use super::toolbox::{Image, Installation};

/// One build: a Netlify site, or a service of a Blueprint.
pub struct Job<'a> {
    /// The platform.
    pub platform: &'static Profile,
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The texts that spans point into.
    pub sources: &'a Sources,
    /// The folder in which commands run.
    pub dir: &'a str,
    /// The folder that is published, if one is, and its files are read by the platform.
    pub publish: Option<&'a str>,
    /// What the platform installs by itself.
    pub own: Option<&'a Installation>,
    /// Whether the platform's own installation may not change the lock file where the package manager says so.
    pub is_own_strict: bool,
    /// All installations that certainly take place.
    pub installations: Vec<&'a Installation>,
    /// What the manifest's own scripts run during installations, each with the package manager.
    pub lifecycle: Vec<(&'static str, &'a Trace)>,
    /// The commands before the service starts, in order.
    pub commands: Vec<(Stage, &'a Trace)>,
    /// What runs after the build when the service starts, as far as it can be followed.
    pub start: Vec<Invocation>,
    /// The programs of the machines.
    pub image: &'a Image,
    /// The variables of the build that are known.
    pub variables: Vec<(String, Known<String>)>,
    /// The Node.js that runs it, if that is known.
    pub node: Option<Pick>,
    /// The Python that runs it, if that is known.
    pub python: Option<Pick>,
    /// The Ruby that runs it, if that is known.
    pub ruby: Option<Pick>,
    /// The requirements files of Python that are certainly installed, as repository paths.
    pub requirements: Vec<String>,
    /// The day of the build, if it was said: the files do not tell it.
    pub day: Option<Date>,
    /// Whether the result is a folder of files, which the platform serves.
    pub is_static: bool,
    /// Whether the files leave open if it is built like this.
    pub is_tentative: bool,
    /// Whether something else than the commands may make files before them.
    pub is_prepared: bool,
    /// Where the file of the platform would declare another variable that is asked for.
    pub declaration: Option<Declaration>,
    /// What the tools of the build load; worked out when a rule asks.
    pub surveys: OnceLock<Vec<Survey>>,
}

/// A program that the build certainly runs, and whose failure is the build's.
#[derive(Debug, Clone, Copy)]
pub struct ToolRun<'a> {
    /// The stage in which it runs.
    pub stage: Stage,
    /// The command that it belongs to.
    pub trace: &'a Trace,
    /// The program and its arguments.
    pub run: &'a Invocation,
    /// The folder in which it runs.
    pub dir: &'a str,
}

impl ToolRun<'_> {
    /// Where the program is written, up to the end of its first argument.
    #[must_use]
    pub fn span(&self, sources: &Sources) -> Span {
        let run = self.run;
        let end = run.args.first().map_or(run.program.end, |arg| arg.end).max(run.program.end);
        self.trace.span(run.text, sources, run.program.start, end)
    }

    /// Whether the words up to the program's first argument stand in a file as they are, so that they can be changed.
    #[must_use]
    pub fn words(&self) -> &str {
        let run = self.run;
        let end = run.args.first().map_or(run.program.end, |arg| arg.end).max(run.program.end);
        let text = self.trace.texts.get(run.text).map(|text| text.text.as_str()).unwrap_or_default();
        text.get(run.program.start..end).unwrap_or_default()
    }
}

impl<'a> Job<'a> {
    /// A file of the repository as a source, which it becomes if it is none yet.
    #[must_use]
    pub fn open(&self, path: &str) -> Option<(FileId, &'a Source)> {
        let sources = self.sources;
        let known = sources.find(path).filter(|file| sources.get(*file).is_some_and(|source| source.is_file));
        let file = match known {
            Some(file) => file,
            None => sources.add_late(Source::new(path, true, self.snapshot.text(path).ok()?))?,
        };
        Some((file, sources.get(file)?))
    }

    /// The nearest manifest from a folder upwards that can be read.
    #[must_use]
    pub fn manifest(&self, dir: &str) -> Option<Manifest> {
        let has = |dir: &&str| self.snapshot.holds(dir, crate::project::manifest::NAME);
        let path = child(ancestors(dir).find(has)?, crate::project::manifest::NAME);
        let (file, source) = self.open(&path)?;
        Manifest::of(source, file).ok()
    }

    /// The calls of a program that certainly take place and decide the outcome of the build.
    pub fn tools<'s>(&'s self, program: &'s str) -> impl Iterator<Item = ToolRun<'a>> + use<'s, 'a> {
        self.commands.iter().flat_map(move |(stage, trace)| {
            let runs = trace.invocations.iter().filter(move |run| run.name() == program && run.decides());
            runs.filter_map(|run| Some(ToolRun { stage: *stage, trace, run, dir: run.cwd.as_deref()? }))
        })
    }

    /// Everything that the build may run.
    pub fn runs(&self) -> impl Iterator<Item = (Stage, &'a Trace, &'a Invocation)> {
        self.commands.iter().flat_map(|(stage, trace)| {
            trace.invocations.iter().filter(|run| run.reach != Reach::Never).map(|run| (*stage, *trace, run))
        })
    }

    /// A variable of the build that is known.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Known<String>> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The text of a span, if it lies in a file of the repository, so that a repair can change it.
    #[must_use]
    pub fn written(&self, span: Span) -> Option<&str> {
        let source = self.sources.get(span.file).filter(|source| source.is_file)?;
        source.text.get(span.range())
    }
}
