//! What an answer of GitHub means for asking again; whether and when is [`patience`](crate::patience)'s to say.
//!
//! GitHub's rules ("Rate limits for the REST API"): after 403 or 429 wait as long as `retry-after` says; else, if
//! `x-ratelimit-remaining` is 0, until `x-ratelimit-reset`; else a minute, doubling. Secondary limits also come as a bare
//! 403, which only its message tells from a missing right.

use std::time::Duration;

use crate::patience;

/// The first wait after a limit that does not say how long, in milliseconds.
const FIRST_SILENCE: u64 = 60_000;

/// What may be spent on waiting.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// All waits of a run together.
    pub waits: Duration,
    /// Time between two writes.
    pub spacing: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { waits: Duration::from_secs(60), spacing: Duration::from_secs(1) }
    }
}

/// What came back, as far as it matters here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs<'a> {
    /// The status; nothing when there was no answer.
    pub status: Option<u16>,
    /// The wait that it asks for, in milliseconds.
    pub demanded: Option<u64>,
    /// `x-ratelimit-remaining`.
    pub remaining: Option<u64>,
    /// The message of a refusal.
    pub message: &'a str,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The answer stands.
    Take,
    /// Ask again after this long.
    Wait(Duration),
    /// A limit was met, and the wait would be too long.
    GiveUp(Duration),
}

impl Signs<'_> {
    /// Whether the answer is a limit and not a missing right.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        let says_so = || {
            let message = self.message.to_ascii_lowercase();
            ["rate limit", "abuse", "submitted too quickly"].iter().any(|words| message.contains(words))
        };
        match self.status {
            Some(429) => true,
            Some(403) => self.demanded.is_some() || self.remaining == Some(0) || says_so(),
            _ => false,
        }
    }

    fn is_disturbance(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }
}

/// Decides. `attempt` counts from 1; `left` is what may still be spent on waiting; `chance` lies between 0 and 1.
#[must_use]
pub fn next(signs: &Signs<'_>, is_read: bool, attempt: u32, left: Duration, chance: f64) -> Next {
    let is_limit = signs.is_limit();
    // A write whose answer was lost may have been done: whoever asked has to look.
    if !(is_limit || is_read && signs.is_disturbance()) {
        return Next::Take;
    }
    let silence = FIRST_SILENCE << (attempt - 1).min(10);
    let demanded = is_limit.then(|| signs.demanded.unwrap_or(silence));
    let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    match patience::next(demanded, attempt, left, chance) {
        patience::Next::Repeat(wait) => Next::Wait(Duration::from_millis(wait)),
        patience::Next::TooLong(wait) => Next::GiveUp(Duration::from_millis(wait)),
        patience::Next::Enough if is_limit => Next::GiveUp(Duration::from_millis(demanded.unwrap_or_default())),
        patience::Next::Enough => Next::Take,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn decide(signs: Signs<'_>, is_read: bool, attempt: u32) -> Next {
        next(&signs, is_read, attempt, MINUTE, 0.0)
    }

    #[test]
    fn a_limit_is_waited_out_as_long_as_it_says() {
        let after = Signs { status: Some(429), demanded: Some(7_000), ..Signs::default() };
        assert_eq!(decide(after, false, 1), Next::Wait(Duration::from_secs(7)));
        let reset = Signs { status: Some(403), remaining: Some(0), ..after };
        assert_eq!(decide(reset, false, 1), Next::Wait(Duration::from_secs(7)));
        let silent =
            Signs { status: Some(403), message: "You have exceeded a secondary rate limit", ..Signs::default() };
        assert_eq!(decide(silent, false, 1), Next::Wait(MINUTE));
    }

    #[test]
    fn a_wait_that_is_too_long_or_one_too_many_is_not_begun() {
        let long = Signs { status: Some(429), demanded: Some(61_000), ..Signs::default() };
        assert_eq!(decide(long, true, 1), Next::GiveUp(Duration::from_secs(61)));
        let short = Signs { demanded: Some(1_000), ..long };
        assert_eq!(decide(short, true, patience::TRIES), Next::GiveUp(Duration::from_secs(1)));
        assert_eq!(next(&short, true, 1, Duration::ZERO, 0.0), Next::GiveUp(Duration::from_secs(1)));
    }

    #[test]
    fn a_missing_right_is_no_limit() {
        let signs =
            Signs { status: Some(403), remaining: Some(12), message: "Resource not accessible", ..Signs::default() };
        assert_eq!(decide(signs, false, 1), Next::Take);
    }

    #[test]
    fn a_disturbed_read_is_repeated_and_a_disturbed_write_is_not() {
        for status in [None, Some(502)] {
            let signs = Signs { status, ..Signs::default() };
            assert_eq!(next(&signs, true, 2, MINUTE, 1.0), Next::Wait(Duration::from_secs(1)));
            assert_eq!(decide(signs, false, 1), Next::Take);
            assert_eq!(decide(signs, true, patience::TRIES), Next::Take);
        }
        assert_eq!(decide(Signs { status: Some(404), ..Signs::default() }, true, 1), Next::Take);
    }
}
