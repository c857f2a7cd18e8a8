//! What a platform runs in one folder of the repository, as rules about packages and commands see it on every platform.

use std::sync::OnceLock;

use crate::project::command::Trace;
use crate::project::snapshot::Snapshot;
use crate::sim::stage::Stage;
use crate::text::source::Sources;
use crate::text::span::Span;

use super::Profile;
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
    /// The programs of the machines.
    pub image: &'a Image,
    /// Whether the files leave open if it is built like this.
    pub is_tentative: bool,
    /// The commands that start the service.
    pub starts: Vec<(Stage, &'a Trace)>,
    /// What the tools of the build load; worked out when a rule asks.
    pub surveys: OnceLock<Vec<Survey>>,
}

impl Job<'_> {
    /// The text of a span, if it lies in a file of the repository, so that a repair can change it.
    #[must_use]
    pub fn written(&self, span: Span) -> Option<&str> {
        let source = self.sources.get(span.file).filter(|source| source.is_file)?;
        source.text.get(span.range())
    }
}
