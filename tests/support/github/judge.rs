//! GitHub's own description between the program and our fake, by way of Prism's proxy.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use super::example::DESCRIPTION;
use super::http::{self, Message};
use super::server;

/// The address that the program is given.
pub(crate) fn api() -> String {
    static FRONT: OnceLock<u16> = OnceLock::new();
    let port = FRONT.get_or_init(|| {
        let behind = prism().unwrap_or_else(server::port);
        http::listen(move |request| pass(request, behind))
    });
    format!("http://127.0.0.1:{port}")
}

/// Hands a request on, and writes down what Prism has against it or against its answer.
fn pass(request: Message, behind: u16) -> Message {
    let target = request.first.split(' ').nth(1).unwrap_or_default().to_owned();
    let stream = TcpStream::connect(("127.0.0.1", behind)).unwrap();
    request.write(&stream);
    let answer = Message::read(&stream).unwrap_or_default();
    let is_wanted = answer.header("x-fault").is_some();
    let violations = answer.header("sl-violations").map(violations).unwrap_or_default();
    if let Some((name, _)) = server::repository_of(&target) {
        let is_fault_of = |violation: &&String| !(is_wanted && violation.starts_with("response"));
        let found: Vec<String> = violations.iter().filter(is_fault_of).cloned().collect();
        server::with(&name, |world| {
            world.violations.extend(found.into_iter().map(|text| format!("{}: {text}", request.first)));
        });
    }
    answer
}

fn violations(header: &str) -> Vec<String> {
    let list: Vec<Value> = serde_json::from_str(header).unwrap_or_default();
    let line = |violation: &Value| {
        let place: Vec<&str> =
            violation["location"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{}: {}", place.join("."), violation["message"].as_str().unwrap_or_default())
    };
    list.iter().map(line).collect()
}

/// Prism, which ends with this process.
struct Prism(#[allow(dead_code, reason = "it ends when its input does")] Child);

/// Starts Prism; its absence is loud, and a failure in CI.
fn prism() -> Option<u16> {
    static PRISM: OnceLock<Option<(Prism, u16)>> = OnceLock::new();
    let started = PRISM.get_or_init(|| {
        let peers = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"));
        let script = peers.join("judge.mjs");
        if !peers.join("node_modules/@stoplight/prism-cli").is_dir() {
            assert!(std::env::var_os("CI").is_none(), "Prism is not installed: run npm ci --prefix tests/peers");
            eprintln!("SKIPPED: GitHub's description judges nothing: run npm ci --prefix tests/peers");
            return None;
        }
        let mut command = Command::new("node");
        command.arg(script).arg(DESCRIPTION).arg(format!("http://127.0.0.1:{}", server::port()));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| line.unwrap().strip_prefix("listening on ")?.parse().ok()).unwrap();
        // Nobody reads on, and a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Some((Prism(child), port))
    });
    started.as_ref().map(|(_, port)| *port)
}
