//! What a rule has to say about a place.

use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::Rule;
use super::fix::Fix;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth telling.
    Low,
    /// The deploy turns green but is degraded, or fails only under settings that the files do not show.
    Medium,
    /// The result is unusable.
    High,
    /// The platform stops the build.
    Critical,
}

/// The three levels of outputs that know no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Low.
    Note,
    /// Medium.
    Warning,
    /// High and critical.
    Error,
}

impl Severity {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The level it counts as.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Severity::Low => Level::Note,
            Severity::Medium => Level::Warning,
            Severity::High | Severity::Critical => Level::Error,
        }
    }
}

impl Level {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Where a finding hangs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A range of a text.
    Span(Span),
    /// A whole file or folder.
    Path(String),
    /// A file that should be there.
    Missing(String),
    /// The site as a whole.
    Site,
}

/// A second place that explains the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The range.
    pub span: Span,
    /// At most five words.
    pub text: String,
}

/// One thing that goes wrong, at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad this one is.
    pub severity: Severity,
    /// The stage in which it shows.
    pub stage: Stage,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// At most five words under the caret.
    pub label: Option<String>,
    /// Further places.
    pub related: Vec<Label>,
    /// Facts that make the reader nod.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// The short fragment of the platform's log that people search for.
    pub log_line: Option<String>,
    /// Repairs, best first.
    pub fixes: Vec<Fix>,
    /// The secrets that it is about, as they are written: no report may show them.
    pub secrets: Vec<String>,
}

impl Finding {
    pub(super) fn new(rule: &'static Rule, message: String) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            stage: rule.stage,
            message,
            place: Place::Site,
            label: None,
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            log_line: None,
            fixes: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// Hangs it at a range; a span that nobody wrote leaves it where it is.
    #[must_use]
    pub fn at(mut self, span: Span) -> Finding {
        if span.is_written() {
            self.place = Place::Span(span);
        }
        self
    }

    /// Hangs it at a file or folder.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Finding {
        self.place = Place::Path(path.into());
        self
    }

    /// Hangs it at a file that should be there.
    #[must_use]
    pub fn at_missing(mut self, path: impl Into<String>) -> Finding {
        self.place = Place::Missing(path.into());
        self
    }

    /// Says at most five words under the caret.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Finding {
        self.label = Some(text.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Finding {
        if span.is_written() {
            self.related.push(Label { span, text: text.into() });
        }
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Finding {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(text.into());
        self
    }

    /// Quotes the short fragment of the platform's log.
    #[must_use]
    pub fn log_line(mut self, text: impl Into<String>) -> Finding {
        self.log_line = Some(text.into());
        self
    }

    /// Offers a repair.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Finding {
        self.fixes.push(fix);
        self
    }

    /// Offers a repair if there is one.
    #[must_use]
    pub fn maybe_fix(mut self, fix: Option<Fix>) -> Finding {
        self.fixes.extend(fix);
        self
    }

    /// Keeps reports from showing a secret.
    #[must_use]
    pub fn secret(mut self, text: impl Into<String>) -> Finding {
        self.secrets.push(text.into());
        self
    }

    /// Whether it is about a secret, which its repairs would show.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Changes how bad this one is.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// Changes the stage of this one.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Finding {
        self.stage = stage;
        self
    }

    /// The level it counts as.
    #[must_use]
    pub fn level(&self) -> Level {
        self.severity.level()
    }
}

/// Collects the findings of one site.
#[derive(Debug, Default)]
pub struct Sink(Vec<Finding>);

impl Sink {
    /// Takes a finding.
    pub fn report(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// All findings, in the order of their arrival.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.0
    }
}
