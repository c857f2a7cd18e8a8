//! What rules about commands share: the one failure that is certain, where it stands, and the log line it leaves.

use crate::platform::job::Job;
use crate::project::command::{Cause, Failure, Invocation, Shell, Trace};
use crate::project::manifest::Manifest;
use crate::project::snapshot::Snapshot;
use crate::rule::Rule;
use crate::rule::finding::{Finding, Severity};
use crate::sim::stage::Stage;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};

/// A command that certainly ends with an error.
pub(super) struct Broken<'a> {
    pub(super) trace: &'a Trace,
    pub(super) failure: &'a Failure,
    pub(super) stage: Stage,
    job: &'a Job<'a>,
}

/// The first command that certainly fails, before the service starts.
pub(super) fn build<'a>(job: &'a Job<'a>) -> Option<Broken<'a>> {
    let mut commands = job.commands.iter();
    commands.find_map(|(stage, trace)| Some(Broken { trace, failure: trace.failure()?, stage: *stage, job }))
}

/// The certain failure of the manifest's own scripts during an installation, with the package manager.
pub(super) fn lifecycle<'a>(job: &'a Job<'a>) -> Option<(&'static str, Broken<'a>)> {
    let broken = |trace: &'a Trace| Some(Broken { trace, failure: trace.failure()?, stage: Stage::Install, job });
    job.lifecycle.iter().find_map(|(manager, trace)| Some((*manager, broken(trace)?)))
}

/// How bad a failing command is, if it is one that decides.
pub(super) fn severity(job: &Job<'_>) -> Severity {
    if job.is_tentative { Severity::Medium } else { Severity::Critical }
}

impl Broken<'_> {
    /// The program that fails, if one does.
    pub(super) fn runner(&self) -> Option<&Invocation> {
        self.failure.invocation.and_then(|at| self.trace.invocations.get(at))
    }

    /// Where the words in question stand.
    pub(super) fn span(&self) -> Span {
        let failure = self.failure;
        self.trace.span(failure.text, self.job.sources, failure.start, failure.end)
    }

    /// Starts the finding: place, severity, and the line of the build command when that stands elsewhere.
    pub(super) fn finding(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        let mut finding = rule.finding(message).severity(severity(self.job)).at(self.span()).stage(self.stage);
        if self.failure.text > 0 {
            let command = self.trace.span(0, self.job.sources, 0, self.trace.texts[0].text.len());
            finding = finding.related(command, "run by this");
        }
        finding
    }

    /// Where a word stands that comes after the failing program.
    pub(super) fn span_of(&self, word: &str) -> Span {
        let failure = self.failure;
        let text = self.trace.texts.get(failure.text).map(|text| text.text.as_str()).unwrap_or_default();
        let found = text.get(failure.start..).and_then(|rest| rest.find(word)).map(|at| failure.start + at);
        let start = found.unwrap_or(failure.start);
        let end = if found.is_some() { start + word.len() } else { failure.end };
        self.trace.span(failure.text, self.job.sources, start, end)
    }

    /// The shell's words about a program that is not found.
    pub(super) fn not_found(&self, name: &str) -> String {
        match self.trace.texts.get(self.failure.text).map(|text| text.shell) {
            Some(Shell::Bash) | None => format!("bash: line 1: {name}: command not found"),
            Some(Shell::Sh) => format!("sh: 1: {name}: not found"),
        }
    }

    /// The shell's own words about a program.
    pub(super) fn shell_line(&self, what: &str) -> String {
        match self.trace.texts.get(self.failure.text).map(|text| text.shell) {
            Some(Shell::Bash) | None => format!("bash: line 1: {what}"),
            Some(Shell::Sh) => format!("sh: 1: {what}"),
        }
    }

    /// The file that a span lies in may be changed.
    pub(super) fn is_editable(&self, span: Span) -> bool {
        self.job.written(span).is_some()
    }

    pub(super) fn is(&self, wanted: impl Fn(&Cause) -> bool) -> bool {
        wanted(&self.failure.cause)
    }
}

/// The manifest of a folder, with spans if its file is among the sources.
pub(super) fn manifest(snapshot: &Snapshot, sources: &Sources, path: &str) -> Option<Manifest> {
    let text = snapshot.text(path).ok()?;
    let file = sources.find(path).unwrap_or(FileId::NONE);
    Manifest::parse(path.to_owned(), &text, file).ok()
}

/// A file of the repository, with its number among the sources so that a repair can change it.
pub(super) fn file<'a>(job: &Job<'a>, path: &str) -> Option<(FileId, &'a str)> {
    let sources = job.sources;
    let known = sources.find(path).filter(|file| sources.get(*file).is_some_and(|source| source.is_file));
    let file = match known {
        Some(file) => file,
        None => sources.add_late(Source::new(path, true, job.snapshot.text(path).ok()?))?,
    };
    Some((file, sources.get(file)?.text.as_str()))
}
