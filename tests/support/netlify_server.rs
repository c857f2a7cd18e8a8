//! The fake Netlify behind real connections.

use std::sync::{Arc, Mutex};

use chimera::remote::transport::{Method, Request};

use crate::http::{self, Message};
use crate::netlify::State;

/// Listens on a free port.
pub(crate) fn listen(state: &Arc<Mutex<State>>) -> u16 {
    let served = Arc::clone(state);
    http::listen(move |message| serve(&served, &message))
}

/// What the fake makes of a message.
fn serve(state: &Mutex<State>, message: &Message) -> Message {
    let mut words = message.first.split(' ');
    let method = match words.next() {
        Some("POST") => Method::Post,
        Some("PUT") => Method::Put,
        Some("GET") => Method::Get,
        other => panic!("the fake knows no {other:?}"),
    };
    let token = message.header("authorization").unwrap_or_default().to_owned();
    let url = format!("http://fake{}", words.next().unwrap_or_default());
    let headers = vec![("authorization", token)];
    let request = Request { method, url, headers, body: message.body.clone(), timeout: 0 };
    let answer = state.lock().unwrap().serve(&request).unwrap();
    Message { first: format!("HTTP/1.1 {} X", answer.status), headers: answer.headers, body: answer.body }
}
