//! Byte-range edits of one text.

use std::ops::Range;

/// Replaces a range of bytes; an empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// What to put there.
    pub text: String,
}

/// Why edits cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits touch the same bytes.
    #[error("two edits overlap at byte {0}")]
    Overlap(usize),
    /// A range ends outside the text or inside a character.
    #[error("an edit at byte {0} does not fit the text")]
    Misfit(usize),
}

/// Applies edits in the order of their places; all other bytes stay as they are.
///
/// # Errors
/// When edits overlap or do not fit the text; nothing is applied then.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        if edit.range.start < at {
            return Err(EditError::Overlap(edit.range.start));
        }
        let before = text.get(at..edit.range.start).ok_or(EditError::Misfit(edit.range.start))?;
        text.get(edit.range.clone()).ok_or(EditError::Misfit(edit.range.start))?;
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(text.get(at..).ok_or(EditError::Misfit(at))?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, text: &str) -> Edit {
        Edit { range, text: text.to_owned() }
    }

    #[test]
    fn edits_apply_in_the_order_of_their_places() {
        assert_eq!(apply("abcdef", &[edit(4..5, "E"), edit(0..0, "_"), edit(1..3, "")]).as_deref(), Ok("_adEf"));
    }

    #[test]
    fn overlaps_and_misfits_are_refused() {
        assert_eq!(apply("abc", &[edit(0..2, ""), edit(1..3, "")]), Err(EditError::Overlap(1)));
        assert_eq!(apply("aé", &[edit(2..3, "")]), Err(EditError::Misfit(2)));
        assert_eq!(apply("abc", &[edit(2..9, "")]), Err(EditError::Misfit(2)));
    }
}
