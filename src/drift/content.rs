//! The files that are live against those of a publish directory, by the platform's own list: all of them, none drawn.

use crate::verify::derive::manifest::{Differences, compare as differences};

use super::{Field, Kind, Standing};

/// Name of the field.
pub const FILES: &str = "published files";

/// Names that are told of each kind.
const TOLD: usize = 3;

/// Compares a publish directory with the files that the platform lists, each by path and SHA-1.
#[must_use]
pub fn compare(ours: &[(String, String)], theirs: &[(String, String)]) -> Field {
    let found = differences(
        ours.iter().map(|(path, sha1)| (path.as_str(), sha1.as_str())),
        theirs.iter().map(|(path, sha1)| (path.as_str(), sha1.as_str())),
    );
    let standing = if found.is_empty() { Standing::Equal } else { Standing::Changed };
    let Differences { missing, changed, extra } = &found;
    let notes: Vec<String> = [told("missing", missing), told("other bytes", changed), told("not ours", extra)]
        .into_iter()
        .flatten()
        .collect();
    let field = Field::new(Kind::Content, FILES, standing);
    if notes.is_empty() { field } else { field.note(notes.join("; ")) }
}

fn told(what: &str, names: &[String]) -> Option<String> {
    let shown: Vec<String> = names.iter().take(TOLD).map(|name| format!("\"{name}\"")).collect();
    let more = names.len().saturating_sub(TOLD);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{what}: {}{tail}", shown.join(", ")))
}
