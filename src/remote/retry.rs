//! Whether a request is sent again, and when: one policy for every platform.
//!
//! The first try and three more; the waits are random up to a limit that doubles, and as long as the other side asks for if it
//! asks: `Retry-After` (RFC 9110 §10.2.3: seconds or a date), `X-RateLimit-Reset` (Netlify: seconds since 1970),
//! `RateLimit-Reset` (Render: either).

use jiff::fmt::rfc2822;

use crate::pipeline::world::Millis;
use crate::remote::transport::{Response, TransportError};

/// Tries for one request.
pub const TRIES: u32 = 4;
/// The first limit of a wait.
const FIRST: Millis = 500;
/// The highest limit of a wait.
const LONGEST: Millis = 8_000;
/// The longest wait that the other side may ask for.
const MOST: Millis = 60_000;
/// Numbers below this are spans, not moments.
const EPOCHS: u64 = 1_000_000_000;

/// What stands against taking the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// There is no answer.
    Transport(TransportError),
    /// A status that passes; with the wait that the answer asks for.
    Status(u16, Option<Millis>),
    /// The answer is not what the service answers.
    Garbled(String),
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it again after this long.
    Repeat(Millis),
    /// The tries are used up.
    Enough,
    /// The other side wants us to wait for longer than there is time: this long.
    TooLong(Millis),
}

/// Says whether an answer with this status may be another one soon.
#[must_use]
pub fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl Trouble {
    /// What stands against this answer, if its status does.
    #[must_use]
    pub fn of(response: &Response, unix: u64) -> Option<Trouble> {
        is_passing(response.status).then(|| Trouble::Status(response.status, demanded(response, unix)))
    }

    /// Says whether the other side certainly did not do what it was asked.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        match self {
            Trouble::Transport(error) => error.is_unsent(),
            Trouble::Status(status, _) => matches!(status, 425 | 429),
            Trouble::Garbled(_) => false,
        }
    }

    fn is_final(&self) -> bool {
        matches!(self, Trouble::Transport(TransportError::Insecure(_) | TransportError::TooLong))
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Transport(error) => error.fmt(formatter),
            Trouble::Status(429, _) => formatter.write_str("too many requests (429)"),
            Trouble::Status(status, _) => write!(formatter, "status {status}"),
            Trouble::Garbled(what) => formatter.write_str(what),
        }
    }
}

/// Decides after a try; `tries` counts those that were made, `left` is the time that is left, `chance` lies between 0 and 1.
#[must_use]
pub fn next(trouble: &Trouble, tries: u32, left: Millis, chance: f64) -> Next {
    if tries >= TRIES || trouble.is_final() {
        return Next::Enough;
    }
    let limit = (FIRST << (tries - 1).min(8)).min(LONGEST);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let jitter = (limit as f64 * chance.clamp(0.0, 1.0)) as Millis;
    let wait = match trouble {
        Trouble::Status(_, Some(demanded)) if *demanded > MOST => return Next::TooLong(*demanded),
        // Everybody was told the same moment: not all of us should come then.
        Trouble::Status(_, Some(demanded)) => demanded + jitter / 2,
        _ => jitter,
    };
    match wait > left {
        true if matches!(trouble, Trouble::Status(_, Some(_))) => Next::TooLong(wait),
        true => Next::Enough,
        false => Next::Repeat(wait),
    }
}

/// How long the answer asks to wait.
fn demanded(response: &Response, unix: u64) -> Option<Millis> {
    let until = |moment: u64| moment.saturating_sub(unix) * 1_000;
    if let Some(text) = response.header("retry-after") {
        let text = text.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(seconds.saturating_mul(1_000));
        }
        return date(text).map(until);
    }
    let number = |name: &str| response.header(name)?.trim().parse::<u64>().ok();
    // Those two stand in every answer; only a refusal for being too many makes them a demand.
    if response.status != 429 {
        return None;
    }
    let reset = number("x-ratelimit-reset").or_else(|| number("ratelimit-reset"))?;
    Some(if reset < EPOCHS { reset * 1_000 } else { until(reset) })
}

/// Seconds since 1970 of an HTTP date.
fn date(text: &str) -> Option<u64> {
    let moment = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(moment.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_790_000_000;

    fn answer(status: u16, header: (&str, &str)) -> Response {
        let headers = vec![(header.0.to_owned(), header.1.to_owned())];
        Response { status, headers, body: Vec::new() }
    }

    fn wait(status: u16, header: (&str, &str)) -> Option<Millis> {
        match Trouble::of(&answer(status, header), NOW) {
            Some(Trouble::Status(_, wait)) => wait,
            _ => None,
        }
    }

    #[test]
    fn every_way_to_ask_for_a_wait_is_understood() {
        assert_eq!(wait(429, ("retry-after", "7")), Some(7_000));
        assert_eq!(wait(503, ("retry-after", " 7 ")), Some(7_000));
        assert_eq!(wait(429, ("retry-after", "Mon, 21 Sep 2026 14:13:27 GMT")), Some(7_000));
        assert_eq!(wait(429, ("x-ratelimit-reset", "1790000007")), Some(7_000));
        assert_eq!(wait(429, ("ratelimit-reset", "7")), Some(7_000));
        assert_eq!(wait(429, ("ratelimit-reset", "1790000007")), Some(7_000));
        assert_eq!(wait(429, ("x-ratelimit-reset", "1789999000")), Some(0));
        assert_eq!(wait(500, ("x-ratelimit-reset", "1790000007")), None);
        assert_eq!(wait(429, ("retry-after", "soon")), None);
    }

    #[test]
    fn four_tries_are_made_and_no_more() {
        let trouble = Trouble::Transport(TransportError::Connect);
        let waits: Vec<Next> = (1..=4).map(|tries| next(&trouble, tries, MOST, 1.0)).collect();
        assert_eq!(waits, [Next::Repeat(500), Next::Repeat(1_000), Next::Repeat(2_000), Next::Enough]);
        assert_eq!(next(&trouble, 1, MOST, 0.0), Next::Repeat(0));
    }

    #[test]
    fn a_wait_that_is_too_long_is_not_begun() {
        assert_eq!(next(&Trouble::Status(429, Some(600_000)), 1, 900_000, 0.5), Next::TooLong(600_000));
        assert_eq!(next(&Trouble::Status(429, Some(7_000)), 1, 5_000, 0.0), Next::TooLong(7_000));
        assert_eq!(next(&Trouble::Status(429, Some(7_000)), 1, 60_000, 0.0), Next::Repeat(7_000));
    }

    #[test]
    fn a_connection_that_cannot_be_trusted_is_not_tried_again() {
        let trouble = Trouble::Transport(TransportError::Insecure("expired".to_owned()));
        assert_eq!(next(&trouble, 1, MOST, 0.5), Next::Enough);
    }

    #[test]
    fn what_a_client_did_wrong_does_not_pass() {
        assert!([400, 401, 403, 404, 409, 410, 412, 422, 200, 201].into_iter().all(|status| !is_passing(status)));
        assert!([408, 425, 429, 500, 502, 503, 504].into_iter().all(is_passing));
    }
}
