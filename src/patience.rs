//! Whether something that failed is tried again, and when: one policy for every service that is talked to.
//!
//! The first try and three more; the waits are random up to a limit that doubles, and as long as the other side asks for if it
//! asks: `Retry-After` (RFC 9110 §10.2.3: seconds or a date), `X-RateLimit-Reset` (GitHub, Netlify: seconds since 1970),
//! `RateLimit-Reset` (Render: either). What counts as a failure that passes is for each service to say.

use jiff::fmt::rfc2822;

/// Milliseconds.
pub type Millis = u64;

/// Tries for one request.
pub const TRIES: u32 = 4;
/// The longest wait that the other side may ask for.
pub const MOST: Millis = 60_000;
/// The first limit of a wait.
const FIRST: Millis = 500;
/// The highest limit of a wait.
const LONGEST: Millis = 8_000;
/// Numbers below this are spans, not moments.
const EPOCHS: u64 = 1_000_000_000;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it again after this long.
    Repeat(Millis),
    /// The tries or the time are used up.
    Enough,
    /// The other side wants us to wait for longer than there is time: this long.
    TooLong(Millis),
}

/// Decides after a try that failed in a way that passes.
///
/// `demanded` is the wait that the other side asks for, `tries` counts those that were made, `left` is the time that is left,
/// `chance` lies between 0 and 1.
#[must_use]
pub fn next(demanded: Option<Millis>, tries: u32, left: Millis, chance: f64) -> Next {
    if tries >= TRIES {
        return Next::Enough;
    }
    let limit = (FIRST << tries.saturating_sub(1).min(8)).min(LONGEST);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let jitter = (limit as f64 * chance.clamp(0.0, 1.0)) as Millis;
    match demanded {
        Some(demanded) if demanded > MOST => Next::TooLong(demanded),
        // Everybody was told the same moment: not all of us should come then.
        Some(demanded) if demanded + jitter / 2 > left => Next::TooLong(demanded + jitter / 2),
        Some(demanded) => Next::Repeat(demanded + jitter / 2),
        None if jitter > left => Next::Enough,
        None => Next::Repeat(jitter),
    }
}

/// How long an answer asks to wait; `unix` is the time now in seconds since 1970.
///
/// The moments of rate limits stand in every answer, so they are a demand only if `is_limited`.
pub fn demanded<'a>(header: impl Fn(&str) -> Option<&'a str>, is_limited: bool, unix: u64) -> Option<Millis> {
    let until = |moment: u64| moment.saturating_sub(unix).saturating_mul(1_000);
    if let Some(text) = header("retry-after") {
        let text = text.trim();
        return text
            .parse::<u64>()
            .map_or_else(|_| date(text).map(until), |seconds| Some(seconds.saturating_mul(1_000)));
    }
    let number = |name: &str| header(name)?.trim().parse::<u64>().ok();
    let reset = number("x-ratelimit-reset").or_else(|| number("ratelimit-reset")).filter(|_| is_limited)?;
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

    #[test]
    fn every_way_to_ask_for_a_wait_is_understood() {
        let wait = |name: &'static str, value: &'static str, is_limited: bool| {
            demanded(|wanted| (wanted == name).then_some(value), is_limited, NOW)
        };
        assert_eq!(wait("retry-after", "7", true), Some(7_000));
        assert_eq!(wait("retry-after", " 7 ", false), Some(7_000));
        assert_eq!(wait("retry-after", "Mon, 21 Sep 2026 14:13:27 GMT", true), Some(7_000));
        assert_eq!(wait("x-ratelimit-reset", "1790000007", true), Some(7_000));
        assert_eq!(wait("ratelimit-reset", "7", true), Some(7_000));
        assert_eq!(wait("ratelimit-reset", "1790000007", true), Some(7_000));
        assert_eq!(wait("x-ratelimit-reset", "1789999000", true), Some(0));
        assert_eq!(wait("x-ratelimit-reset", "1790000007", false), None);
        assert_eq!(wait("retry-after", "soon", true), None);
        assert_eq!(wait("retry-after", "18446744073709551615", true), Some(u64::MAX));
    }

    #[test]
    fn four_tries_are_made_and_no_more() {
        let waits: Vec<Next> = (1..=4).map(|tries| next(None, tries, MOST, 1.0)).collect();
        assert_eq!(waits, [Next::Repeat(500), Next::Repeat(1_000), Next::Repeat(2_000), Next::Enough]);
        assert_eq!(next(None, 1, MOST, 0.0), Next::Repeat(0));
        assert_eq!(next(None, 3, 1_000, 1.0), Next::Enough);
    }

    #[test]
    fn a_wait_that_is_too_long_is_not_begun() {
        assert_eq!(next(Some(600_000), 1, 900_000, 0.5), Next::TooLong(600_000));
        assert_eq!(next(Some(7_000), 1, 5_000, 0.0), Next::TooLong(7_000));
        assert_eq!(next(Some(7_000), 1, 60_000, 0.0), Next::Repeat(7_000));
        assert_eq!(next(Some(u64::MAX), 1, u64::MAX, 1.0), Next::TooLong(u64::MAX));
    }
}
