//! What a platform runs in one folder of the repository, as rules about packages and commands see it on every platform.

use crate::project::command::{Trace, is_among};
use crate::project::path;
use crate::project::snapshot::{Mode, Snapshot};
use crate::sim::stage::Stage;
use crate::text::source::Sources;
use crate::text::span::Span;

use super::Profile;
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
}

impl Job<'_> {
    /// The text of a span, if it lies in a file of the repository, so that a repair can change it.
    #[must_use]
    pub fn written(&self, span: Span) -> Option<&str> {
        let source = self.sources.get(span.file).filter(|source| source.is_file)?;
        source.text.get(span.range())
    }
}

/// Whether a repository holds nothing but configuration: no page, no source, nothing that could be built.
#[must_use]
pub fn is_excerpt(snapshot: &Snapshot) -> bool {
    const SETTINGS: &str = "json toml yaml yml lock lockb mod sum txt";
    let is_setting = |file: &str| {
        let name = path::name(file);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        name.starts_with('.')
            || matches!(name, "_redirects" | "_headers")
            || ending.is_some_and(|it| is_among(SETTINGS, it))
    };
    snapshot.entries().iter().all(|entry| entry.mode == Mode::Directory || is_setting(&entry.path))
}
