//! Which version of a language a build gets, as far as files say.

use crate::text::span::Span;

use super::netlify::toolchain::{self, Outcome};

/// A version that is chosen for a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The version: three numbers, those that nobody wrote being the newest that are known.
    pub version: (u64, u64, u64),
    /// How many of the numbers are written.
    pub written: usize,
    /// The text that asks for it.
    pub text: String,
    /// Where it was written, if in a file of the sources.
    pub span: Span,
    /// Whether the repository asks for it; otherwise it is the platform's default, which is another for older sites.
    pub is_pinned: bool,
}

impl Pick {
    /// The Node.js that a plain version asks for; none for a range, a name, and what was never released.
    #[must_use]
    pub fn node(text: &str, span: Span, is_pinned: bool) -> Option<Pick> {
        let Outcome::Release(major, minor, patch) = toolchain::resolve(text) else { return None };
        let written = numbers(text).len();
        let is_moving = written == 0;
        (!is_moving).then(|| Pick {
            version: (major, minor, patch),
            written,
            text: text.trim().to_owned(),
            span,
            is_pinned,
        })
    }

    /// A version of another language: the numbers as they are written.
    #[must_use]
    pub fn plain(text: &str, span: Span, is_pinned: bool) -> Option<Pick> {
        let numbers = numbers(text);
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        (!numbers.is_empty()).then(|| Pick {
            version: (at(0), at(1), at(2)),
            written: numbers.len(),
            text: text.trim().to_owned(),
            span,
            is_pinned,
        })
    }

    /// The first number.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.version.0
    }

    /// The first two numbers.
    #[must_use]
    pub fn minor(&self) -> (u64, u64) {
        (self.version.0, self.version.1)
    }
}

/// The numbers of a version, up to three; nothing for any other text.
fn numbers(text: &str) -> Vec<u64> {
    let text = text.trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    let parts: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| parts.len() <= 3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_versions_are_picks() {
        let node = |text: &str| Pick::node(text, Span::NONE, true).map(|pick| (pick.version, pick.written));
        assert_eq!(node("20.11.0"), Some(((20, 11, 0), 3)));
        assert_eq!(node("v18"), Some(((18, 20, 8), 1)));
        assert_eq!((node(">=18"), node("lts/*"), node("99.0.0")), (None, None, None));
        assert_eq!(Pick::plain("3.12", Span::NONE, true).map(|pick| pick.minor()), Some((3, 12)));
        assert_eq!(Pick::plain("~> 3.3", Span::NONE, true), None);
    }
}
