//! A small site for smoke tests, and a way to ask it.

#![allow(dead_code, reason = "no test uses all of it")]

mod site;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use chimera::smoke::port::{Answer, Sent, World};
use chimera::smoke::run::{Outcome, Run, run};
use chimera::smoke::variable::Variables;
use chimera::smoke::{fault::FaultKind, parse};
use jiff::Timestamp;

/// Starts the site on a port of its own; it lives as long as the process.
pub(crate) fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let state = std::sync::Arc::new(site::State::default());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = std::sync::Arc::clone(&state);
            std::thread::spawn(move || site::serve(stream, &state));
        }
    });
    port
}

/// The world as a test sees it: one connection for each request.
pub(crate) struct Direct {
    folder: PathBuf,
}

impl World for Direct {
    fn send(&mut self, request: &Sent) -> Result<Answer, String> {
        exchange(request).map_err(|error| error.to_string())
    }

    fn speaks(&self, version: &str) -> bool {
        matches!(version, "HTTP/1.0" | "HTTP/1.1")
    }

    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Timestamp::from_millisecond(i64::try_from(since.as_millis()).unwrap()).unwrap()
    }

    fn sleep(&mut self, time: u64) {
        std::thread::sleep(Duration::from_millis(time));
    }

    fn random(&mut self) -> [u8; 16] {
        [42; 16]
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.folder.join(path)).map_err(|error| error.to_string())
    }
}

fn exchange(request: &Sent) -> std::io::Result<Answer> {
    let broken = || std::io::Error::other("the answer is no HTTP");
    let url = url::Url::parse(&request.url).map_err(std::io::Error::other)?;
    let address = (url.host_str().unwrap_or_default(), url.port().unwrap_or(80));
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_millis(request.timeout.max(1))))?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut head =
        format!("{} {}{query} HTTP/1.1\r\nHost: {}:{}\r\n", request.method, url.path(), address.0, address.1);
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !request.body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", request.body.len()));
    }
    stream.write_all(&[head.as_bytes(), b"\r\n", &request.body].concat())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
    let head: String = bytes[..end].iter().map(|byte| char::from(*byte)).collect();
    let mut lines = head.split("\r\n");
    let (version, status) = lines.next().and_then(|line| line.split_once(' ')).ok_or_else(broken)?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    Ok(Answer {
        version: version.to_owned(),
        status: status.get(..3).and_then(|status| status.parse().ok()).ok_or_else(broken)?,
        headers: headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect(),
        body: bytes[end + 4..].to_vec(),
        is_decoded: false,
        duration: u64::try_from(start.elapsed().as_millis()).unwrap(),
        ip: Some("127.0.0.1".to_owned()),
        ..Answer::default()
    })
}

/// What we say of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Fail,
    Unknown,
    Syntax,
    Unsupported,
}

impl Verdict {
    pub(crate) fn parse(name: &str) -> Option<Verdict> {
        Some(match name {
            "pass" => Verdict::Pass,
            "fail" => Verdict::Fail,
            "unknown" => Verdict::Unknown,
            "syntax" => Verdict::Syntax,
            "unsupported" => Verdict::Unsupported,
            _ => return None,
        })
    }
}

/// Goes through a file at an address; the second part is what people are told.
pub(crate) fn ours(text: &str, folder: &Path, base: &str) -> (Verdict, String) {
    let file = match parse::parse(text) {
        Ok(file) => file,
        Err(fault) => {
            let is_known = fault.kind == FaultKind::Unsupported;
            let verdict = if is_known { Verdict::Unsupported } else { Verdict::Syntax };
            return (verdict, fault.line("case.hurl", text));
        }
    };
    let mut variables = Variables::default();
    variables.set_text("base_url", base);
    let run_of = Run { text, variables, is_live: None, weight: None, limit: 60_000 };
    let outcome: Outcome = run(&file, run_of, &mut Direct { folder: folder.to_owned() });
    let told: Vec<String> = outcome.troubles.iter().map(chimera::smoke::run::Trouble::told).collect();
    let verdict = match outcome.worst().map(|trouble| trouble.kind) {
        None => Verdict::Pass,
        Some(chimera::smoke::run::TroubleKind::Unknown) => Verdict::Unknown,
        Some(_) => Verdict::Fail,
    };
    (verdict, told.join("\n"))
}
