//! Repairs cut into pieces that can be taken one by one.

use std::ops::Range;

use similar::DiffOp;

use crate::heal::HealedFile;
use crate::report::diff;

/// One place where a healed file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The lines that are replaced, from 0.
    pub old: Range<usize>,
    /// What they become, each with its line feed.
    pub lines: Vec<String>,
    /// The repairs behind it: numbers in `Healing::fixes_applied`.
    pub repairs: Vec<usize>,
}

/// The places where a file differs, in their order; none for a file that is new or no text.
#[must_use]
pub fn hunks(file: &HealedFile) -> Vec<Hunk> {
    let Some((before, after)) = texts(file) else { return Vec::new() };
    let (old, new) = (diff::lines(before), diff::lines(after));
    let mut found = Vec::new();
    for operation in joined(diff::operations(&old, &new)) {
        let (old_range, new_range) = operation;
        let bytes = diff::bytes_of(&new, &new_range);
        let touches = |mark: &Range<usize>| mark.start <= bytes.end && bytes.start <= mark.end;
        let mut repairs: Vec<usize> =
            file.marks.iter().filter(|(mark, _)| touches(mark)).map(|(_, number)| *number).collect();
        repairs.sort_unstable();
        repairs.dedup();
        let lines = new.get(new_range).unwrap_or_default().iter().map(|line| (*line).to_owned()).collect();
        found.push(Hunk { old: old_range, lines, repairs });
    }
    found
}

fn texts(file: &HealedFile) -> Option<(&str, &str)> {
    let before = std::str::from_utf8(file.before.as_deref()?).ok()?;
    Some((before, std::str::from_utf8(&file.after).ok()?))
}

/// Changes, those that follow each other without a line between as one.
fn joined(operations: Vec<DiffOp>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for operation in operations.iter().filter(|operation| !matches!(operation, DiffOp::Equal { .. })) {
        let (old, new) = (operation.old_range(), operation.new_range());
        match found.last_mut().filter(|(last, _)| last.end == old.start) {
            Some((last_old, last_new)) => {
                last_old.end = old.end;
                last_new.end = new.end;
            }
            None => found.push((old, new)),
        }
    }
    found
}

impl Hunk {
    /// The lines that it replaces and what stands there, made so that there is at least one: what is only inserted
    /// takes a neighbour along.
    #[must_use]
    pub fn anchored(&self, before: &[&str]) -> Option<(Range<usize>, Vec<String>)> {
        if !self.old.is_empty() {
            return Some((self.old.clone(), self.lines.clone()));
        }
        let mut lines = self.lines.clone();
        match self.old.start.checked_sub(1) {
            Some(above) => {
                let mut neighbour = (*before.get(above)?).to_owned();
                if !neighbour.ends_with('\n') {
                    neighbour.push('\n');
                }
                lines.insert(0, neighbour);
                Some((above..above + 1, lines))
            }
            None => {
                lines.push((*before.first()?).to_owned());
                Some((0..1, lines))
            }
        }
    }

    /// The file with nothing but this piece changed.
    #[must_use]
    pub fn alone(&self, before: &[&str]) -> Option<String> {
        let head = before.get(..self.old.start)?.concat();
        let tail = before.get(self.old.end..)?.concat();
        Some(head + &self.lines.concat() + &tail)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn of(before: &str, after: &str) -> Vec<Hunk> {
        let bytes = |text: &str| Arc::from(text.as_bytes());
        let file = HealedFile {
            path: "x".to_owned(),
            from: None,
            before: Some(bytes(before)),
            after: bytes(after),
            marks: Vec::new(),
        };
        hunks(&file)
    }

    #[test]
    fn every_place_is_a_piece_and_all_pieces_together_are_the_whole() {
        let before = "a\nb\nc\nd\ne\n";
        let pieces = of(before, "A\nb\nc\nX\nY\ne\n");
        let lines = diff::lines(before);
        assert_eq!(pieces.iter().map(|piece| piece.old.clone()).collect::<Vec<_>>(), [0..1, 3..4]);
        assert_eq!(pieces[1].alone(&lines).unwrap(), "a\nb\nc\nX\nY\ne\n");
    }

    #[test]
    fn what_is_inserted_takes_a_neighbour_along() {
        let before = "a\nb";
        let lines = diff::lines(before);
        let first = &of(before, "x\na\nb")[0];
        assert_eq!(first.anchored(&lines).unwrap(), (0..1, vec!["x\n".to_owned(), "a\n".to_owned()]));
        let second = &of(before, "a\nx\nb")[0];
        assert_eq!(second.anchored(&lines).unwrap(), (0..1, vec!["a\n".to_owned(), "x\n".to_owned()]));
        assert_eq!(of("", "x\n")[0].anchored(&[]), None);
    }
}
