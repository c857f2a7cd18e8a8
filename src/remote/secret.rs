//! Words that must not be seen: tokens, and addresses that are credentials themselves.

use std::fmt;

/// What stands for a secret in texts.
const MASK: &str = "[secret]";

/// A secret; it prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The secret itself, for whoever sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which it does not stand.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, MASK) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_neither_printed_nor_left_in_a_text() {
        let secret = Secret::new("nfp_abc");
        assert_eq!(format!("{secret:?}"), MASK);
        assert_eq!(secret.mask("Bearer nfp_abc is wrong"), "Bearer [secret] is wrong");
        assert_eq!(Secret::new("").mask("abc"), "abc");
    }
}
