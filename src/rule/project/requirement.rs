//! What rules about requirements files share: their lines, and which versions they allow.

use crate::platform::job::Job;
use crate::project::python::requirement::{Item, Line, Requirement, read};
use crate::text::source::Source;
use crate::text::span::{FileId, Span};

/// One requirements file that the build installs.
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) file: FileId,
    pub(super) source: &'a Source,
    pub(super) lines: Vec<Line>,
}

/// Longest file that is read.
const MAX_LENGTH: usize = 2 << 20;

/// The requirements files that the build certainly installs.
pub(super) fn files<'a>(job: &'a Job<'a>) -> Vec<File<'a>> {
    let open = |path: &'a String| {
        let (file, source) = job.open(path)?;
        let is_text = source.text.len() <= MAX_LENGTH && !source.text.contains('\0');
        is_text.then(|| File { path, file, source, lines: read(&source.text) })
    };
    job.requirements.iter().filter_map(open).collect()
}

impl File<'_> {
    /// The place of a line.
    pub(super) fn span(&self, line: &Line) -> Span {
        Span::new(self.file, line.range.start, line.range.end)
    }

    /// The text of a line.
    pub(super) fn text(&self, line: &Line) -> &str {
        self.source.text.get(line.range.clone()).unwrap_or_default()
    }
}

/// The requirements with their lines.
pub(super) fn requirements<'f, 'a>(
    files: &'f [File<'a>],
) -> impl Iterator<Item = (&'f File<'a>, &'f Line, &'f Requirement)> {
    files.iter().flat_map(|file| {
        file.lines.iter().filter_map(move |line| match &line.item {
            Item::Distribution(requirement) => Some((file, line, requirement)),
            _ => None,
        })
    })
}

/// Whether versions may be narrowed by a file that is not followed here.
pub(super) fn is_constrained(files: &[File<'_>]) -> bool {
    files.iter().flat_map(|file| &file.lines).any(|line| matches!(line.item, Item::Constraint(_)))
}

/// Whether a requirement has an upper bound of any kind.
pub(super) fn is_bounded(requirement: &Requirement) -> bool {
    ["<", "==", "~="].iter().any(|operator| requirement.specifier.contains(operator))
}

/// The numbers of a plain version; none for one with letters.
pub(super) fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}
