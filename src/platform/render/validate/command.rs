//! Start commands that bind where Render does not look.
//!
//! Words only, for the conformance document: rules about what a service runs follow the command itself.

use crate::platform::render::blueprint::Service;
use crate::text::tree::Node;

use super::{Basis, Engine, Judge, TAKEN, at};

const LOOPBACK: [&str; 2] = ["127.0.0.1", "localhost"];
const HOST_FLAGS: [&str; 3] = ["--host", "--bind", "--hostname"];
/// Programs of development, each as the words that call it.
const DEVELOPMENT: [&[&str]; 6] = [
    &["manage.py", "runserver"],
    &["flask", "run"],
    &["nodemon"],
    &["npm", "run", "dev"],
    &["yarn", "dev"],
    &["vite", "preview"],
];
/// The port that Render expects unless PORT says otherwise.
const DEFAULT_PORT: &str = "10000";

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    if !matches!(service.value("type"), "web" | "pserv") {
        return;
    }
    let Some(command) = service.table.get("startCommand").and_then(Node::as_str) else { return };
    let words: Vec<&str> = command.split_whitespace().collect();
    let spot = || at(service, "startCommand");
    if binds_loopback(&words) {
        let message = "the server binds the loopback interface; Render reaches only 0.0.0.0";
        judge.error("bind-localhost", spot(), TAKEN, message);
    } else if is_bare_uvicorn(&words) {
        let message = "uvicorn binds 127.0.0.1 unless --host says otherwise";
        judge.error("bind-localhost", spot(), (Basis::Derived, Engine::Accepts), message);
    }
    let fixed = service.variable("PORT").map(|port| port.value.as_str());
    if let Some(port) = port(&words).filter(|port| Some(*port) != fixed && *port != DEFAULT_PORT) {
        let message = format!("the server listens on {port}, and PORT is {DEFAULT_PORT} unless it is set");
        judge.warn("hardcoded-port", spot(), TAKEN, message);
    }
    if DEVELOPMENT.iter().any(|call| words.windows(call.len()).any(|part| is_call(part, call))) {
        let message = "this is a server for development";
        judge.warn("dev-server", spot(), (Basis::Derived, Engine::Accepts), message);
    }
}

fn is_call(part: &[&str], call: &[&str]) -> bool {
    part.iter().zip(call).all(|(word, wanted)| word == wanted || word.rsplit('/').next() == Some(wanted))
}

/// The values that follow a flag, as `--flag value` or `--flag=value`.
fn values<'a>(words: &'a [&'a str], long: &'a [&'a str], short: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    words.iter().enumerate().filter_map(move |(at, word)| {
        if long.contains(word) || short.contains(word) {
            return words.get(at + 1).copied();
        }
        let (flag, value) = word.split_once('=')?;
        long.contains(&flag).then_some(value)
    })
}

fn binds_loopback(words: &[&str]) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    values(words, &HOST_FLAGS, &["-H", "-b"])
        .any(|value| LOOPBACK.iter().any(|host| value.strip_prefix(host).is_some_and(is_end)))
}

fn is_bare_uvicorn(words: &[&str]) -> bool {
    let is_called = words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).map(|at| words[at]);
        let begins =
            before.is_none_or(|before| matches!(before, "run" | "-m" | "exec") || before.ends_with([';', '&', '|']));
        *word == "uvicorn" && begins && at + 1 < words.len()
    });
    let says = |flag: &str| words.iter().any(|word| word.split('=').next() == Some(flag));
    is_called && !says("--host") && !says("--uds") && !says("--fd")
}

/// The number of a port that is written out.
fn port<'a>(words: &'a [&'a str]) -> Option<&'a str> {
    let number = |text: &'a str| -> Option<&'a str> {
        let end = text.bytes().take_while(u8::is_ascii_digit).count();
        let is_end = !text[end..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        ((2..=5).contains(&end) && is_end).then(|| &text[..end])
    };
    let plain = values(words, &["--port"], &["-p"]).find_map(number);
    let behind_colon = |value: &'a str| value.rsplit_once(':').and_then(|(_, port)| number(port));
    plain.or_else(|| values(words, &["--bind"], &["-b", "runserver"]).find_map(behind_colon))
}
