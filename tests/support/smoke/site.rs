//! What the small site answers.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;

/// How often something was asked, by its path.
#[derive(Default)]
pub(super) struct State {
    counts: Mutex<BTreeMap<String, u32>>,
}

struct Request {
    method: String,
    /// Without the first part, which keeps runs apart.
    path: String,
    whole_path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn new(media_type: &str, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status: 200, headers: vec![("Content-Type", media_type.to_owned())], body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}

pub(super) fn serve(stream: TcpStream, state: &State) {
    let Ok(mut output) = stream.try_clone() else { return };
    let Some(request) = read(stream) else { return };
    let Some(reply) = answer(&request, state) else { return };
    let mut head =
        format!("HTTP/1.1 {} Status\r\nConnection: close\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body: &[u8] = if request.method == "HEAD" { b"" } else { &reply.body };
    let _ = output.write_all(&[head.as_bytes(), b"\r\n", body].concat());
}

fn read(stream: TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (whole_path, query) = target.split_once('?').unwrap_or((&target, ""));
    let path = whole_path.splitn(3, '/').nth(2).map(|path| format!("/{path}")).unwrap_or_default();
    Some(Request { method, path, whole_path: whole_path.to_owned(), query: query.to_owned(), headers, body })
}

/// `None` breaks the connection.
fn answer(request: &Request, state: &State) -> Option<Reply> {
    let root = request.whole_path.split('/').nth(1).unwrap_or_default();
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    Some(match parts[..] {
        [""] => Reply::new("text/html", "<title>A small site</title>"),
        ["json"] => Reply::new("application/json", JSON),
        ["text"] => Reply::new("text/plain; charset=utf-8", "Hello, world!\nSecond line: 42\n"),
        ["html"] => Reply::new("text/html", "<title>Caf&eacute; &amp; Bar &#8364; &lt;3</title>"),
        ["empty"] => Reply::new("text/plain", ""),
        ["bytes"] => Reply::new("application/octet-stream", [0xef, 0xbb, 0xbf, 0, 1, 0xff]),
        ["latin"] => Reply::new("text/plain; charset=ISO-8859-1", [b'c', b'a', b'f', 0xe9]),
        ["undecodable"] => Reply::new("text/plain; charset=utf-8", [b'c', 0xe9]),
        ["strange"] => Reply::new("text/plain; charset=foo", "abc"),
        ["gzip"] => Reply::new("text/plain", gzip(b"compressed text")).with("Content-Encoding", "gzip"),
        ["deflate"] => Reply::new("text/plain", zlib(b"compressed text")).with("Content-Encoding", "deflate"),
        ["badgzip"] => Reply::new("text/plain", "no gzip").with("Content-Encoding", "gzip"),
        ["badencoding"] => Reply::new("text/plain", "abc").with("Content-Encoding", "foo"),
        ["headers"] => headers(),
        ["cookies", "set"] => cookies(root),
        ["cookies", "expire"] => Reply::new("text/plain", "").with("Set-Cookie", "a=; Path=/; Max-Age=0"),
        ["echo", ..] => echo(request),
        ["status", status] => Reply { status: status.parse().ok()?, ..Reply::new("text/plain", "") },
        ["redirect", "0"] => Reply::new("text/plain", "arrived"),
        ["redirect", count] => {
            let left = count.parse::<u32>().ok()? - 1;
            Reply { status: 302, ..Reply::new("text/plain", "") }.with("Location", format!("/{root}/redirect/{left}"))
        }
        ["relative", "redirect"] => {
            Reply { status: 301, ..Reply::new("text/plain", "") }.with("Location", "../echo?x=1")
        }
        ["to-echo", status] => Reply { status: status.parse().ok()?, ..Reply::new("text/plain", "") }
            .with("Location", format!("/{root}/echo")),
        ["elsewhere", host] => {
            let port = request.headers.get("host")?.split(':').nth(1)?.to_owned();
            Reply { status: 302, ..Reply::new("text/plain", "") }
                .with("Location", format!("http://{host}:{port}/{root}/echo"))
        }
        ["to-nothing"] => Reply { status: 302, ..Reply::new("text/plain", "no location") },
        ["flaky", _, times] => {
            let count = count(state, &request.whole_path);
            Reply {
                status: if count <= times.parse().ok()? { 500 } else { 200 },
                ..Reply::new("text/plain", count.to_string())
            }
        }
        ["count", _] => Reply::new("text/plain", count(state, &request.whole_path).to_string()),
        ["slow", millis] => {
            std::thread::sleep(Duration::from_millis(millis.parse().ok()?));
            Reply::new("text/plain", "late")
        }
        ["broken"] => return None,
        _ => Reply { status: 404, ..Reply::new("text/plain", "not found") },
    })
}

const JSON: &str = r#"{"name": "Ada", "age": 36, "height": 1.68, "whole": 2.0, "big": 18446744073709551615, "negative": -7,
"admin": true, "nothing": null, "empty": "", "none": [], "object": {}, "tags": ["a", "b", "c", "b"], "numbers": [3, 1, 2],
"mixed": [1, "1", null, {"k": "v"}], "single": [5], "nested": {"deep": {"er": ["x", {"y": "z"}]}},
"users": [{"id": 1, "name": "Bob", "ok": true}, {"id": 2, "name": "Cy", "ok": false}, {"id": 3, "name": "Dee"}],
"date": "2027-01-13T10:00:00Z", "old": "2001-09-09 01:46:40", "ip": "192.168.0.1", "ipv6": "::1", "uuid": "67e55044-10b1-426f-9247-bb680e5fe0c8",
"html": "&lt;b&gt;", "url": "https://example.org/a b?x=1&y=a%20b#f", "escaped": "a%20b%2Fc", "base64": "aGVsbG8=", "safe": "_-8", "json": "{\"in\": [1, 2]}",
"float_text": "3.25", "int_text": "-12", "spaces key": 1, "ünï": "ö"}"#;

fn count(state: &State, key: &str) -> u32 {
    let mut counts = state.counts.lock().unwrap();
    let count = counts.entry(key.to_owned()).or_default();
    *count += 1;
    *count
}

fn headers() -> Reply {
    Reply::new("text/plain", "headers")
        .with("X-One", "1")
        .with("X-Many", "first")
        .with("x-many", "second")
        .with("X-Empty", "")
        .with("X-Text", "Some Text")
        .with("Last-Modified", "Wed, 13 Jan 2027 10:00:00 GMT")
        .with("Cache-Control", "public, max-age=0, must-revalidate")
        .with("X-Bytes", "caf\u{e9}")
}

fn cookies(root: &str) -> Reply {
    Reply::new("text/plain", "cookies")
        .with("Set-Cookie", "a=1; Path=/")
        .with("Set-Cookie", "b=2; Path=/other")
        .with("Set-Cookie", format!("c=3; Path=/{root}/echo; HttpOnly; SameSite=Lax; Max-Age=3600"))
        .with("Set-Cookie", "d=4; Path=/; Secure; Expires=Wed, 13 Jan 2100 22:23:01 GMT; Domain=127.0.0.1")
        .with("Set-Cookie", "e=5; Domain=example.org")
        .with("Set-Cookie", "f=6=7")
}

fn echo(request: &Request) -> Reply {
    let shown = ["accept", "accept-encoding", "authorization", "content-type", "cookie", "x-a", "x-b", "x-empty"];
    let headers: BTreeMap<_, _> = request.headers.iter().filter(|(name, _)| shown.contains(&name.as_str())).collect();
    let body = String::from_utf8_lossy(&request.body);
    let body = json!({"method": request.method, "path": request.path, "query": request.query, "headers": headers,
        "body": body, "length": request.body.len()});
    Reply::new("application/json", body.to_string())
}

/// The bytes as gzip that compresses nothing.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut table = [0_u32; 256];
    for (at, entry) in table.iter_mut().enumerate() {
        let mut value = u32::try_from(at).unwrap();
        for _ in 0..8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
        }
        *entry = value;
    }
    let sum = !bytes.iter().fold(!0, |sum: u32, byte| table[usize::from(sum.to_le_bytes()[0] ^ byte)] ^ (sum >> 8));
    let length = u32::try_from(bytes.len()).unwrap();
    [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3], &b"name\0"[..], &stored(bytes), &sum.to_le_bytes(), &length.to_le_bytes()]
        .concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in bytes {
        one = (one + u32::from(*byte)) % 65_521;
        two = (two + one) % 65_521;
    }
    [&[0x78, 0x01], &stored(bytes)[..], &((two << 16) | one).to_be_bytes()].concat()
}

fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), bytes].concat()
}
