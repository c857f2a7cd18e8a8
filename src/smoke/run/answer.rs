//! Answers, and what is read from the last one.

use std::cell::OnceCell;

use url::Url;

use crate::smoke::decode::{self, DecodeError};
use crate::smoke::port::Answer;

/// An answer and the address that gave it.
pub(super) struct Exchange {
    pub(super) answer: Answer,
    pub(super) url: Url,
}

/// The answers to one request, the last of which is looked at.
pub(super) struct Answers {
    exchanges: Vec<Exchange>,
    last: Exchange,
    bytes: OnceCell<Result<Vec<u8>, DecodeError>>,
    text: OnceCell<Result<String, DecodeError>>,
    json: OnceCell<Option<serde_json::Value>>,
}

impl Answers {
    /// Answers in order; there is one at least.
    pub(super) fn new(mut exchanges: Vec<Exchange>) -> Answers {
        let last = exchanges.pop().expect("internal: a request that was sent has an answer");
        Answers { exchanges, last, bytes: OnceCell::new(), text: OnceCell::new(), json: OnceCell::new() }
    }

    pub(super) fn last(&self) -> &Answer {
        &self.last.answer
    }

    pub(super) fn url(&self) -> &Url {
        &self.last.url
    }

    /// Where each redirect led.
    pub(super) fn redirects(&self) -> impl Iterator<Item = String> {
        let later = self.exchanges.iter().skip(1).chain([&self.last]);
        self.exchanges.iter().zip(later).map(|(_, next)| next.url.to_string())
    }

    pub(super) fn bytes(&self) -> Result<&[u8], DecodeError> {
        let bytes = self.bytes.get_or_init(|| decode::bytes(self.last()));
        bytes.as_deref().map_err(Clone::clone)
    }

    pub(super) fn text(&self) -> Result<&str, DecodeError> {
        let text = self.text.get_or_init(|| decode::text(self.last()));
        text.as_deref().map_err(Clone::clone)
    }

    /// The body as JSON; `None` when it is none.
    pub(super) fn json(&self) -> Result<Option<&serde_json::Value>, DecodeError> {
        let text = self.text()?;
        Ok(self.json.get_or_init(|| serde_json::from_str(text).ok()).as_ref())
    }
}
