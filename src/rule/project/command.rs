//! What rules about commands share: the one failure that is certain, where it stands, and the log line it leaves.

use crate::platform::netlify::site::NetlifySite;
use crate::project::command::{Cause, Failure, Invocation, Shell, Trace};
use crate::project::manifest::{self, Manifest};
use crate::project::snapshot::Snapshot;
use crate::rule::Rule;
use crate::rule::finding::{Finding, Severity};
use crate::sim::known::Because;
use crate::text::source::Sources;
use crate::text::span::{FileId, Span};

/// A command that certainly ends with an error.
pub(super) struct Broken<'a> {
    pub(super) trace: &'a Trace,
    pub(super) failure: &'a Failure,
    site: &'a NetlifySite<'a>,
}

/// The certain failure of the build command.
pub(super) fn build<'a>(site: &'a NetlifySite<'a>) -> Option<Broken<'a>> {
    let trace = site.plan.as_ref()?.trace.as_ref()?;
    Some(Broken { trace, failure: trace.failure()?, site })
}

/// The certain failures of the manifest's own scripts during the installation.
pub(super) fn lifecycle<'a>(site: &'a NetlifySite<'a>) -> Option<Broken<'a>> {
    let traces = site.plan.as_ref().map(|plan| plan.lifecycle.as_slice()).unwrap_or_default();
    traces.iter().find_map(|trace| Some(Broken { trace, failure: trace.failure()?, site }))
}

/// A command that Netlify proposes may have been replaced in the dashboard, and a folder with a configuration of its own
/// may be a package that is built from the root.
pub(super) fn severity(site: &NetlifySite<'_>) -> Severity {
    let command = site.plan.as_ref().and_then(|plan| plan.command.as_ref());
    let is_proposed = command.is_some_and(|command| matches!(command.because, Because::Detected(_)));
    let may_be_package =
        !site.is_dashboard_known && !site.site.directory.is_empty() && site.snapshot.is_file(manifest::NAME);
    if is_proposed || may_be_package { Severity::Medium } else { Severity::Critical }
}

impl Broken<'_> {
    /// The program that fails, if one does.
    pub(super) fn runner(&self) -> Option<&Invocation> {
        self.failure.invocation.and_then(|at| self.trace.invocations.get(at))
    }

    /// Where the words in question stand.
    pub(super) fn span(&self) -> Span {
        let failure = self.failure;
        self.trace.span(failure.text, &self.site.resolution.sources, failure.start, failure.end)
    }

    /// Starts the finding: place, severity, and the line of the build command when that stands elsewhere.
    pub(super) fn finding(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        let mut finding = rule.finding(message).severity(severity(self.site)).at(self.span());
        if self.failure.text > 0 {
            let command = self.trace.span(0, &self.site.resolution.sources, 0, self.trace.texts[0].text.len());
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
        self.trace.span(failure.text, &self.site.resolution.sources, start, end)
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
        self.site.written(span).is_some()
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
