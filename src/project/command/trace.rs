//! Everything that a command runs.

use super::invocation::{Invocation, Reach};
use super::{Failure, Gap, Origin, Text};
use crate::text::source::Sources;
use crate::text::span::Span;

/// How a command ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With exit code 0; nothing that it runs can fail.
    Success,
    /// With the exit code of its programs.
    Open,
    /// With an error, whatever its programs do.
    Failure(Box<Failure>),
}

/// Everything that a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The texts that shells read, the command itself first.
    pub texts: Vec<Text>,
    /// The programs, in the order in which they stand.
    pub invocations: Vec<Invocation>,
    /// What the files do not decide.
    pub gaps: Vec<Gap>,
    /// How it ends.
    pub end: End,
}

impl Trace {
    /// The failure that is certain, if there is one.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        if let End::Failure(failure) = &self.end { Some(failure) } else { None }
    }

    /// The invocations of a program that may be run.
    pub fn runs<'a>(&'a self, program: &'a str) -> impl Iterator<Item = &'a Invocation> {
        self.invocations.iter().filter(move |run| run.reach != Reach::Never && run.name() == program)
    }

    /// Whether a text that may be run names this file or folder, as a whole path part.
    #[must_use]
    pub fn mentions(&self, path: &str) -> bool {
        self.texts.iter().any(|text| mentions(&text.text, path))
    }

    /// Whether it certainly runs nothing that could make a file.
    #[must_use]
    pub fn builds_nothing(&self) -> bool {
        let writes = |run: &Invocation| run.reach != Reach::Never && !run.is_harmless();
        let redirects = self.texts.iter().any(|text| text.text.contains('>'));
        self.gaps.iter().all(|gap| gap.reach == Reach::Never) && !redirects && !self.invocations.iter().any(writes)
    }

    /// Whether it leaves the tree as it is, but for what the tools of a developer need.
    #[must_use]
    pub fn keeps_tree(&self) -> bool {
        let keeps = |run: &Invocation| run.reach == Reach::Never || run.makes_nothing() || run.is_setup();
        self.gaps.iter().all(|gap| gap.reach == Reach::Never || gap.is_about_program)
            && !self.texts.iter().any(|text| text.text.contains('>'))
            && self.invocations.iter().all(keeps)
    }

    /// Where something in one of the texts was written: the part if the text stands there as it is, else its value.
    #[must_use]
    pub fn span(&self, text: usize, sources: &Sources, start: usize, end: usize) -> Span {
        let Some(entry) = self.texts.get(text) else { return Span::NONE };
        let span = match &entry.origin {
            Origin::Command(span) | Origin::Script { span, .. } => *span,
            Origin::Piece(parent) if *parent < text => return self.span(*parent, sources, usize::MAX, usize::MAX),
            Origin::Piece(_) => return Span::NONE,
        };
        let written = sources.slice(span).unwrap_or_default();
        let place = place(&entry.text, written, start, end);
        place.map_or(span, |(from, to)| {
            let first = span.start as usize;
            Span::new(span.file, first + from, first + to)
        })
    }
}

/// Where a part of a text stands in what was written: at the same place if the text is written as it is; otherwise (in
/// block scalars and escaped strings) at its place among all parts that look the same.
fn place(text: &str, written: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let part = text.get(start..end)?;
    if let Some(offset) = written.find(text).filter(|_| !text.is_empty()) {
        return Some((offset + start, offset + end));
    }
    let is_whole = part.trim().is_empty() || part.contains('\n');
    if is_whole || text.matches(part).count() != written.matches(part).count() {
        return None;
    }
    let before = text.match_indices(part).position(|(at, _)| at == start)?;
    let (at, _) = written.match_indices(part).nth(before)?;
    Some((at, at + part.len()))
}

/// Whether a text names a file or folder, as a whole path part.
#[must_use]
pub fn mentions(text: &str, path: &str) -> bool {
    let path = path.trim_matches('/').trim_start_matches("./");
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let bytes = text.as_bytes();
    !path.is_empty()
        && text.match_indices(path).any(|(at, _)| {
            !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + path.len()))
        })
}
