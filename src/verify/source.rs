//! Where probes come from: one function for each source, one line in the registry of whoever gathers them.

use crate::verify::probe::Probe;

/// A source of probes, of what is known of a deploy (`K`).
pub struct Source<K: ?Sized> {
    /// Its name, such as `redirects`.
    pub name: &'static str,
    /// Derives the probes.
    pub gather: fn(&K) -> Gathered,
}

/// What a source gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// What is asked.
    pub probes: Vec<Probe>,
    /// What is not asked, and why.
    pub gaps: Vec<Gap>,
}

/// Something that is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What it is, such as `_redirects:3`.
    pub subject: String,
    /// Why it is not asked, in one clause.
    pub reason: String,
}

/// Asks all sources, in their order.
#[must_use]
pub fn gather<K: ?Sized>(sources: &[Source<K>], known: &K) -> Gathered {
    let mut all = Gathered::default();
    for source in sources {
        let found = (source.gather)(known);
        all.probes.extend(found.probes);
        all.gaps.extend(found.gaps);
    }
    all
}
