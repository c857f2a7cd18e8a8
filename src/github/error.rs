//! What can go wrong between us and GitHub, in words that say what to do.

use std::time::Duration;

/// Why a call did not do what it was to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitHubError {
    /// The token may not do it (403, or 404 on a write).
    #[error("the token may not {what}{}", as_words(.needed))]
    MissingRight {
        /// What was to be done.
        what: &'static str,
        /// The permissions that GitHub names in `x-accepted-github-permissions`.
        needed: Option<String>,
    },
    /// The token is not taken.
    #[error("GitHub does not take the token (401)")]
    BadToken,
    /// The token cannot be a token.
    #[error("the token holds characters that no token has")]
    MalformedToken,
    /// There is no such thing, or the token may not see it.
    #[error("GitHub knows no such thing: {0} (404)")]
    NotFound(String),
    /// Somebody else was faster, or the state does not allow it (409, 422).
    #[error("GitHub refuses ({status}): {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What GitHub says.
        message: String,
    },
    /// A rate limit whose wait would be too long.
    #[error("GitHub's rate limit is met; it asks to wait {} s", .0.as_secs())]
    Limited(Duration),
    /// No answer, or one of a server in trouble: whether a write was done is not known.
    #[error("GitHub cannot be reached: {0}")]
    Unreachable(String),
    /// An answer that makes no sense.
    #[error("GitHub's answer to {what} makes no sense: {reason}")]
    Nonsense {
        /// What was asked.
        what: String,
        /// Why.
        reason: String,
    },
    /// The address of the API is none.
    #[error("\"{0}\" is no address of an API")]
    Address(String),
}

fn as_words(needed: &Option<String>) -> String {
    needed.as_ref().map(|needed| format!("; GitHub says that it takes \"{needed}\"")).unwrap_or_default()
}

impl GitHubError {
    /// Whether a write may have been done although no answer came.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, GitHubError::Unreachable(_))
    }

    /// Whether only a right is missing, so that another place can still be told.
    #[must_use]
    pub fn is_missing_right(&self) -> bool {
        matches!(self, GitHubError::MissingRight { .. } | GitHubError::BadToken | GitHubError::MalformedToken)
    }
}
