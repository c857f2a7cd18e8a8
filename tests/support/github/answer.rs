//! What our GitHub answers.

use serde_json::{Value, json};

use super::http::Message;

#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) kind: &'static str,
    /// Whether a test wanted it, so that the description need not know it.
    pub(crate) is_fault: bool,
}

pub(crate) fn json_of(status: u16, value: &Value) -> Answer {
    let body = value.to_string().into_bytes();
    Answer { status, body, kind: "application/json; charset=utf-8", ..Answer::default() }
}

pub(crate) fn text(kind: &'static str, text: &str) -> Answer {
    Answer { status: 200, body: text.as_bytes().to_vec(), kind, ..Answer::default() }
}

pub(crate) fn refusal(status: u16, message: &str) -> Answer {
    let address = "https://docs.github.com/rest";
    json_of(status, &json!({"message": message, "documentation_url": address, "status": status.to_string()}))
}

/// A token that lacks a permission, told as GitHub tells it.
pub(crate) fn forbidden(needed: &str) -> Answer {
    let mut answer = refusal(403, "Resource not accessible by integration");
    answer.headers.push(("x-accepted-github-permissions", needed.to_owned()));
    answer.is_fault = true;
    answer
}

impl Answer {
    pub(crate) fn into_message(self) -> Message {
        let mut headers: Vec<(String, String)> =
            self.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if self.status != 204 {
            headers.push(("content-type".to_owned(), self.kind.to_owned()));
        }
        if self.is_fault {
            headers.push(("x-fault".to_owned(), "wanted".to_owned()));
        }
        Message { first: format!("HTTP/1.1 {} Told", self.status), headers, body: self.body }
    }
}
