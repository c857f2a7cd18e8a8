//! Secrets, which no report shows.

use std::collections::BTreeSet;

/// What stands in the place of a secret.
pub const MASK: &str = "[secret]";

/// Shorter pieces are words that stand anywhere.
const SHORTEST: usize = 6;

/// The text without the secrets, nor the lines that a secret of several lines consists of.
#[must_use]
pub fn masked(text: &str, secrets: &BTreeSet<String>) -> String {
    let mut masked = text.to_owned();
    for piece in pieces(secrets) {
        masked = masked.replace(piece, MASK);
    }
    masked
}

/// Whether a text shows a secret.
#[must_use]
pub fn reveals(text: &str, secrets: &BTreeSet<String>) -> bool {
    pieces(secrets).into_iter().any(|piece| text.contains(piece))
}

/// The lines of all secrets, the longest first, so that none is left of one that holds another.
fn pieces(secrets: &BTreeSet<String>) -> Vec<&str> {
    let lines = secrets.iter().flat_map(|secret| secret.lines()).map(str::trim);
    let mut pieces: Vec<&str> = lines.filter(|line| line.len() >= SHORTEST).collect();
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_secret_is_masked_and_words_are_not() {
        let secrets = BTreeSet::from(["abcdef".to_owned(), "abcdefgh\n  second line\nx".to_owned()]);
        assert_eq!(masked("-abcdefgh x\n+second line\n", &secrets), "-[secret] x\n+[secret]\n");
        assert!(reveals("xabcdefx", &secrets) && !reveals("abcde x", &secrets));
    }
}
