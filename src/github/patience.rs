//! How long an answer is waited for, and whether a question is asked again.
//!
//! GitHub's rules ("Rate limits for the REST API"): after 403 or 429 wait as long as `retry-after` says; else, if
//! `x-ratelimit-remaining` is 0, until `x-ratelimit-reset`; else a minute, doubling. Secondary limits also come as a bare
//! 403, which only its message tells from a missing right.

use std::time::Duration;

/// Questions asked at most for one answer.
const ATTEMPTS: u32 = 4;
/// The first wait after a failure of the server or the network.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The first wait after a limit that does not say how long.
const FIRST_SILENCE: Duration = Duration::from_secs(60);

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
    /// `retry-after`, in seconds.
    pub retry_after: Option<u64>,
    /// `x-ratelimit-remaining`.
    pub remaining: Option<u64>,
    /// `x-ratelimit-reset`, in seconds since 1970.
    pub reset: Option<u64>,
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
            Some(403) => self.retry_after.is_some() || self.remaining == Some(0) || says_so(),
            _ => false,
        }
    }

    fn is_disturbance(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }
}

/// Decides. `attempt` counts from 1; `left` is what may still be spent on waiting; `now` is in seconds since 1970; `jitter`
/// lies between 0 and 1.
#[must_use]
pub fn next(signs: &Signs<'_>, is_read: bool, attempt: u32, left: Duration, now: u64, jitter: f64) -> Next {
    let is_limit = signs.is_limit();
    // A write whose answer was lost may have been done: whoever asked has to look.
    let is_to_repeat = is_limit || (is_read && signs.is_disturbance());
    if !is_to_repeat {
        return Next::Take;
    }
    let doubled = 1 << (attempt - 1).min(10);
    let wait = match (is_limit, signs.retry_after, signs.reset.filter(|_| signs.remaining == Some(0))) {
        (true, Some(seconds), _) => Duration::from_secs(seconds),
        (true, None, Some(reset)) => Duration::from_secs(reset.saturating_sub(now) + 1),
        (true, None, None) => FIRST_SILENCE * doubled,
        (false, ..) => (FIRST_PAUSE * doubled).mul_f64(1.0 + jitter / 2.0),
    };
    match () {
        () if is_limit && (wait > left || attempt >= ATTEMPTS) => Next::GiveUp(wait),
        () if wait > left || attempt >= ATTEMPTS => Next::Take,
        () => Next::Wait(wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn decide(signs: Signs<'_>, is_read: bool, attempt: u32) -> Next {
        next(&signs, is_read, attempt, MINUTE, 1_000, 0.0)
    }

    #[test]
    fn a_limit_is_waited_out_as_long_as_it_says() {
        let status = Some(429);
        let after = Signs { status, retry_after: Some(7), ..Signs::default() };
        assert_eq!(decide(after, false, 1), Next::Wait(Duration::from_secs(7)));
        let reset = Signs { status: Some(403), remaining: Some(0), reset: Some(1_010), ..Signs::default() };
        assert_eq!(decide(reset, false, 1), Next::Wait(Duration::from_secs(11)));
        let silent =
            Signs { status: Some(403), message: "You have exceeded a secondary rate limit", ..Signs::default() };
        assert_eq!(decide(silent, false, 1), Next::Wait(MINUTE));
    }

    #[test]
    fn a_wait_that_is_too_long_or_one_too_many_is_not_begun() {
        let long = Signs { status: Some(429), retry_after: Some(61), ..Signs::default() };
        assert_eq!(decide(long, true, 1), Next::GiveUp(Duration::from_secs(61)));
        let short = Signs { retry_after: Some(1), ..long };
        assert_eq!(decide(short, true, ATTEMPTS), Next::GiveUp(Duration::from_secs(1)));
        let past = Signs { status: Some(403), remaining: Some(0), reset: Some(10), ..Signs::default() };
        assert_eq!(decide(past, true, 1), Next::Wait(Duration::from_secs(1)));
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
            assert_eq!(decide(signs, true, 2), Next::Wait(Duration::from_secs(2)));
            assert_eq!(decide(signs, false, 1), Next::Take);
            assert_eq!(decide(signs, true, ATTEMPTS), Next::Take);
        }
        assert_eq!(decide(Signs { status: Some(404), ..Signs::default() }, true, 1), Next::Take);
    }
}
