//! What the rules about configuration modules share: the first file of some names, and whether it is all written out.

use crate::platform::job::Job;
use crate::project::javascript::configuration::Configuration;
use crate::project::path::child;
use crate::project::setting::Setting;
use crate::text::source::Source;
use crate::text::span::{FileId, Span};

/// A key that no configuration has: absent only where everything about the exported object is known.
const PROBE: &str = "chimera-probe";

/// A configuration module of the repository.
pub(super) struct Module<'a> {
    pub(super) path: String,
    pub(super) file: FileId,
    pub(super) source: &'a Source,
}

/// The configuration of a tool in a folder: `NAME.config.js` and its like.
pub(super) fn find<'a>(job: &Job<'a>, dir: &str, name: &str) -> Option<Module<'a>> {
    const ENDINGS: [&str; 6] = ["js", "mjs", "ts", "cjs", "mts", "cts"];
    let names = ENDINGS.iter().map(|ending| [name, ".config.", ending].concat());
    let path = names.into_iter().find(|name| job.snapshot.holds(dir, name)).map(|name| child(dir, &name))?;
    let (file, source) = job.open(&path)?;
    Some(Module { path, file, source })
}

impl Module<'_> {
    /// Its tokens; none when it cannot be made sense of.
    pub(super) fn read(&self) -> Option<Configuration<'_>> {
        Configuration::read(&self.source.text, &self.path, self.file)
    }

    /// The first place of a text.
    pub(super) fn place(&self, text: &str) -> Span {
        self.source.text.find(text).map_or(Span::NONE, |at| Span::new(self.file, at, at + text.len()))
    }
}

/// Whether all of the exported object is written out, so that a key that is not there is not set.
pub(super) fn is_literal(module: &Configuration<'_>) -> bool {
    module.setting(&[PROBE]) == Setting::Absent
}
