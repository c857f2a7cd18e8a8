//! What a platform's answer means for asking again; whether and when is [`patience`]'s to say.

use crate::patience;
use crate::pipeline::world::Millis;
use crate::remote::transport::{Response, TransportError};

pub use crate::patience::Next;

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

/// Says whether an answer with this status may be another one soon.
#[must_use]
pub fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl Trouble {
    /// What stands against this answer, if its status does.
    #[must_use]
    pub fn of(response: &Response, unix: u64) -> Option<Trouble> {
        let demanded = || patience::demanded(|name| response.header(name), response.status == 429, unix);
        is_passing(response.status).then(|| Trouble::Status(response.status, demanded()))
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
    match trouble {
        _ if trouble.is_final() => Next::Enough,
        Trouble::Status(_, demanded) => patience::next(*demanded, tries, left, chance),
        _ => patience::next(None, tries, left, chance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_that_is_asked_too_often_says_when_to_come_back() {
        let headers = vec![("x-ratelimit-reset".to_owned(), "1790000007".to_owned())];
        let of = |status| Trouble::of(&Response { status, headers: headers.clone(), body: Vec::new() }, 1_790_000_000);
        assert_eq!(of(429), Some(Trouble::Status(429, Some(7_000))));
        assert_eq!(of(500), Some(Trouble::Status(500, None)));
        assert_eq!(next(&Trouble::Status(429, Some(7_000)), 1, 60_000, 0.0), Next::Repeat(7_000));
    }

    #[test]
    fn a_connection_that_cannot_be_trusted_is_not_tried_again() {
        let trouble = Trouble::Transport(TransportError::Insecure("expired".to_owned()));
        assert_eq!(next(&trouble, 1, 60_000, 0.5), Next::Enough);
        assert_eq!(next(&Trouble::Transport(TransportError::Connect), 1, 60_000, 1.0), Next::Repeat(500));
    }

    #[test]
    fn what_a_client_did_wrong_does_not_pass() {
        assert!([400, 401, 403, 404, 409, 410, 412, 422, 200, 201].into_iter().all(|status| !is_passing(status)));
        assert!([408, 425, 429, 500, 502, 503, 504].into_iter().all(is_passing));
    }
}
