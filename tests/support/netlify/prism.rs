//! Netlify's own description, put between our client and our fake.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::http::{self, Message};

const DESCRIPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/netlify-api/netlify-api.json");

/// Prism, which ends with its test.
struct Prism(Child);

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn prism(behind: u16) -> Option<(Prism, u16)> {
    let peers = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"));
    if !peers.join("node_modules/@stoplight/prism-cli").is_dir() {
        assert!(std::env::var_os("CI").is_none(), "Prism is not installed: run npm ci --prefix tests/peers");
        eprintln!("SKIPPED: Netlify's description judges nothing: run npm ci --prefix tests/peers");
        return None;
    }
    let mut command = Command::new("node");
    command.arg(peers.join("judge.mjs")).arg(DESCRIPTION).arg(format!("http://127.0.0.1:{behind}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = lines.find_map(|line| line.unwrap().strip_prefix("listening on ")?.parse().ok()).unwrap();
    // Nobody reads on, and a full pipe would stop it.
    std::thread::spawn(move || lines.for_each(drop));
    Some((Prism(child), port))
}

/// A way to a server on which every request and answer is judged.
pub(crate) struct Front {
    pub(crate) port: u16,
    violations: Arc<Mutex<Vec<String>>>,
    _prism: Option<Prism>,
}

impl Front {
    /// Before the server on this port.
    pub(crate) fn new(back: u16) -> Front {
        let violations = Arc::new(Mutex::new(Vec::new()));
        let found = Arc::clone(&violations);
        let prism = prism(back);
        let behind = prism.as_ref().map_or(back, |(_, port)| *port);
        let port = http::listen(move |request| {
            let stream = TcpStream::connect(("127.0.0.1", behind)).unwrap();
            request.write(&stream);
            let answer = Message::read(&stream).unwrap_or_default();
            if let Some(text) = answer.header("sl-violations") {
                found.lock().unwrap().push(format!("{}: {text}", request.first));
            }
            answer
        });
        Front { port, violations, _prism: prism.map(|(prism, _)| prism) }
    }

    pub(crate) fn assert_in_order(&self) {
        assert_eq!(*self.violations.lock().unwrap(), Vec::<String>::new());
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap().clone()
    }
}
