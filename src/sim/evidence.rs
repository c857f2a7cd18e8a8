//! Where a platform fact was learned.

/// What kind of source a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// The vendor's documentation.
    Docs,
    /// The vendor's source code.
    Source,
    /// Somebody's failed deploy: an issue, a forum thread, a log.
    Observed,
}

impl EvidenceKind {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EvidenceKind::Docs => "documentation",
            EvidenceKind::Source => "source",
            EvidenceKind::Observed => "observed",
        }
    }
}

/// One source of a platform fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// Address of the page, thread or file.
    pub url: &'static str,
    /// Day on which it was read, as `YYYY-MM-DD`.
    pub seen: &'static str,
    /// What it is.
    pub kind: EvidenceKind,
}

/// The vendor's documentation.
#[must_use]
pub const fn docs(url: &'static str, seen: &'static str) -> Evidence {
    Evidence { url, seen, kind: EvidenceKind::Docs }
}

/// The vendor's source code.
#[must_use]
pub const fn source(url: &'static str, seen: &'static str) -> Evidence {
    Evidence { url, seen, kind: EvidenceKind::Source }
}

/// A public report of the failure.
#[must_use]
pub const fn observed(url: &'static str, seen: &'static str) -> Evidence {
    Evidence { url, seen, kind: EvidenceKind::Observed }
}
