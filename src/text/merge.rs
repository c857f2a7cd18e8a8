//! What git leaves in a file that it cannot merge: the two sides between markers.

use std::ops::Range;

use super::edit::Edit;

/// One place that git could not merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// From the first marker to the end of the last one's line.
    pub whole: Range<usize>,
    /// The lines of the branch that was merged into.
    pub ours: Range<usize>,
    /// The lines of the branch that was merged.
    pub theirs: Range<usize>,
}

/// A side of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The branch that was merged into.
    Ours,
    /// The branch that was merged.
    Theirs,
}

/// The conflicts of a text; none if it has no marker, or if its markers do not belong together.
#[must_use]
pub fn conflicts(text: &str) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let (content, end) = (line.trim_end(), offset + line.len());
        let marks =
            |sign: &str| content == sign || content.strip_prefix(sign).is_some_and(|rest| rest.starts_with(' '));
        match &mut open {
            None if marks("<<<<<<<") => open = Some(Open { start: offset, ours: end, ours_end: None, theirs: None }),
            None if marks("|||||||") || marks(">>>>>>>") => return Vec::new(),
            None => {}
            Some(_) if marks("<<<<<<<") => return Vec::new(),
            Some(it) if marks("|||||||") && it.theirs.is_none() => it.ours_end = Some(offset),
            Some(it) if content == "=======" && it.theirs.is_none() => {
                it.ours_end.get_or_insert(offset);
                it.theirs = Some(end);
            }
            Some(it) if marks(">>>>>>>") => {
                let (Some(ours_end), Some(theirs)) = (it.ours_end, it.theirs) else { return Vec::new() };
                found.push(Conflict { whole: it.start..end, ours: it.ours..ours_end, theirs: theirs..offset });
                open = None;
            }
            Some(_) => {}
        }
        offset = end;
    }
    if open.is_some() { Vec::new() } else { found }
}

struct Open {
    start: usize,
    ours: usize,
    ours_end: Option<usize>,
    theirs: Option<usize>,
}

impl Conflict {
    /// The lines of a side.
    #[must_use]
    pub fn lines<'t>(&self, text: &'t str, side: Side) -> &'t str {
        let range = if side == Side::Ours { &self.ours } else { &self.theirs };
        text.get(range.clone()).unwrap_or_default()
    }

    /// Whether both sides say the same, but for blanks.
    #[must_use]
    pub fn is_equal(&self, text: &str) -> bool {
        let words = |side| self.lines(text, side).split_whitespace();
        words(Side::Ours).eq(words(Side::Theirs))
    }

    /// The side that says something while the other says nothing.
    #[must_use]
    pub fn only(&self, text: &str) -> Option<Side> {
        let is_empty = |side| self.lines(text, side).trim().is_empty();
        match (is_empty(Side::Ours), is_empty(Side::Theirs)) {
            (false, true) => Some(Side::Ours),
            (true, false) => Some(Side::Theirs),
            _ => None,
        }
    }
}

/// The edits that keep one side of every conflict, as few bytes as that takes.
pub fn keep(conflicts: &[Conflict], side: impl Fn(&Conflict) -> Side) -> Vec<Edit> {
    let cut = |range: Range<usize>| Edit { range, text: String::new() };
    let both = |it: &Conflict| {
        let kept = if side(it) == Side::Ours { it.ours.clone() } else { it.theirs.clone() };
        [cut(it.whole.start..kept.start), cut(kept.end..it.whole.end)]
    };
    conflicts.iter().flat_map(both).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::edit;

    const TEXT: &str = "a\n<<<<<<< HEAD\nb\n||||||| 1a2b\no\n=======\nc\n>>>>>>> topic\nd\n";

    #[test]
    fn either_side_can_be_kept_and_nothing_else_changes() {
        let found = conflicts(TEXT);
        let kept = |side| edit::apply(TEXT, &keep(&found, |_| side)).unwrap();
        assert_eq!((kept(Side::Ours), kept(Side::Theirs)), ("a\nb\nd\n".to_owned(), "a\nc\nd\n".to_owned()));
    }

    #[test]
    fn sides_are_equal_whatever_their_blanks_and_one_may_be_empty() {
        let one = "<<<<<<< a\n x y\n=======\nx  y\r\n>>>>>>> b\n";
        assert!(conflicts(one)[0].is_equal(one) && conflicts(one)[0].only(one).is_none());
        let other = "<<<<<<< a\n=======\nx\n>>>>>>> b";
        assert_eq!(conflicts(other)[0].only(other), Some(Side::Theirs));
    }

    #[test]
    fn markers_that_do_not_belong_together_are_no_conflict() {
        for text in ["<<<<<<< a\n", ">>>>>>> a\n", "<<<<<<< a\n>>>>>>> b\n", "<<<<<<< a\n<<<<<<< b\n", "=======\n", ""]
        {
            assert!(conflicts(text).is_empty(), "{text}");
        }
    }
}
