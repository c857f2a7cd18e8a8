//! As much of HTTP as a fake needs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    /// The request line or the status line.
    pub(crate) first: String,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Reads one message; nothing when the other side has hung up.
    pub(crate) fn read(stream: &TcpStream) -> Option<Message> {
        let mut reader = BufReader::new(stream);
        let mut message = Message::default();
        reader.read_line(&mut message.first).ok().filter(|length| *length > 0)?;
        message.first = message.first.trim_end().to_owned();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            message.headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        if message.header("transfer-encoding").is_some_and(|kind| kind.contains("chunked")) {
            message.body = chunks(&mut reader)?;
        } else if let Some(length) = message.header("content-length").and_then(|text| text.parse().ok()) {
            message.body = vec![0; length];
            reader.read_exact(&mut message.body).ok()?;
        } else if message.first.starts_with("HTTP/") {
            reader.read_to_end(&mut message.body).ok()?;
        }
        Some(message)
    }

    /// Writes it, as the only one of its connection.
    pub(crate) fn write(&self, mut stream: &TcpStream) {
        const OURS: [&str; 4] = ["content-length", "connection", "transfer-encoding", "keep-alive"];
        let mut text = format!("{}\r\n", self.first);
        for (name, value) in self.headers.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()));
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.write_all(&self.body));
    }
}

fn chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim().split(';').next()?, 16).ok()?;
        let mut chunk = vec![0; length + 2];
        reader.read_exact(&mut chunk).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

/// Listens on a free port and answers every connection on a thread of its own.
pub(crate) fn listen(answer: impl Fn(Message) -> Message + Send + Sync + 'static) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = std::sync::Arc::clone(&answer);
            std::thread::spawn(move || {
                if let Some(request) = Message::read(&stream) {
                    answer(request).write(&stream);
                }
            });
        }
    });
    port
}
