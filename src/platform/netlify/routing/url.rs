//! Addresses in rules: which texts are URLs, and the parts of the one in `from`.

use std::fmt::Write;

use url::{Position, Url};

use super::error::Reason;

/// The scheme, host and path that a URL in `from` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http` or `https`.
    pub scheme: String,
    /// Host name in lower case, with the port unless it is the scheme's own.
    pub host: String,
    /// Path without query, percent-encoded.
    pub path: String,
}

/// Tells whether a text counts as a URL (`redirect-parser/src/url.js`).
#[must_use]
pub fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Takes `from` apart; `None` for a plain path (`redirect-parser/src/normalize.js`).
///
/// Hosts beyond ASCII follow a newer edition of Unicode than the engine's URL parser (ada 2.9.2): characters assigned
/// since then, a capital sharp s and malformed right-to-left labels come out differently.
///
/// # Errors
///
/// The URL cannot be parsed, or the path is one that the platform keeps for itself.
pub fn parse_from(from: &str) -> Result<Option<Address>, Reason> {
    let address = if is_url(from) { Some(parse_url(from)?) } else { None };
    let path = address.as_ref().map_or(from, |address| address.path.as_str());
    if path.starts_with("/.netlify") {
        return Err(Reason::ReservedPath { path: path.to_owned() });
    }
    Ok(address)
}

fn parse_url(from: &str) -> Result<Address, Reason> {
    let url = Url::parse(from).map_err(|_| Reason::InvalidUrl { url: from.to_owned() })?;
    Ok(Address {
        scheme: url.scheme().to_owned(),
        host: url[Position::BeforeHost..Position::AfterPort].to_owned(),
        path: parse_path(from),
    })
}

/// The path of a valid URL (URL Standard, "path state"). The crate `url` is not asked: it never removes a segment that
/// looks like a drive letter, whatever the scheme.
fn parse_path(from: &str) -> String {
    let clean = from.replace(['\t', '\n', '\r'], "");
    let rest = clean.trim_end_matches(|c| c <= ' ').trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let rest = rest.trim_start_matches(':').trim_start_matches(['/', '\\']);
    let rest = rest.find(['/', '\\', '?', '#']).map_or("", |end| &rest[end..]);
    let path = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let path = path.strip_prefix(['/', '\\']).unwrap_or(path);
    if keeps_dots(path) { format!("/{path}") } else { resolve(path) }
}

/// Whether the URL parser of Node.js 20 and 22 leaves `.` and `..` segments alone (ada 2.9.2,
/// `consume_prepared_path`): it looks at the first `/.` only if nothing in the path needs work otherwise.
fn keeps_dots(path: &str) -> bool {
    let needs_work = |byte: u8| must_encode(byte) || matches!(byte, b'\\' | b'%');
    if path.starts_with('.') || path.bytes().any(needs_work) {
        return false;
    }
    let after_dot = path.find("/.").map_or("", |at| &path[at + 2..]);
    !after_dot.is_empty() && !after_dot.starts_with(['.', '/'])
}

fn resolve(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let mut rest = path.split(['/', '\\']).peekable();
    while let Some(segment) = rest.next() {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        match dots.as_str() {
            "." => {}
            ".." => {
                segments.pop();
            }
            _ => {
                segments.push(segment);
                continue;
            }
        }
        if rest.peek().is_none() {
            segments.push("");
        }
    }
    let mut resolved = String::with_capacity(path.len() + 1);
    for segment in segments {
        resolved.push('/');
        encode(segment, &mut resolved);
    }
    resolved
}

fn encode(segment: &str, out: &mut String) {
    for c in segment.chars() {
        if c.is_ascii() && !must_encode(c as u8) {
            out.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
}

/// The bytes that a path cannot hold (URL Standard, "path percent-encode set").
fn must_encode(byte: u8) -> bool {
    !matches!(byte, b'!'..=b'~') || b"\"#<>?`{}".contains(&byte)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn path(from: &str) -> String {
        parse_from(from).unwrap().unwrap().path
    }

    #[test]
    fn only_lower_case_schemes_with_two_slashes_make_a_url() {
        assert!(is_url("http://") && is_url("https://a"));
        assert!(!is_url("HTTP://a") && !is_url("http:/a") && !is_url("ftp://a") && !is_url(" http://a"));
    }

    #[test]
    fn a_plain_path_has_no_address() {
        assert_eq!(parse_from("/a"), Ok(None));
        assert_eq!(parse_from(""), Ok(None));
    }

    #[test]
    fn a_url_is_taken_apart() {
        let address = parse_from("https://user:key@EXAMPLE.com:443/a b?c#d").unwrap().unwrap();
        assert_eq!(address, Address { scheme: "https".into(), host: "example.com".into(), path: "/a%20b".into() });
        assert_eq!(parse_from("http://É.com:443").unwrap().unwrap().host, "xn--9ca.com:443");
        assert_eq!(parse_from("http:///127.1").unwrap().unwrap().host, "127.0.0.1");
    }

    #[test]
    fn an_impossible_url_is_rejected() {
        for url in ["http://", "https://a:99999/", "http://a b/", "http://[::g]/", "https://256.1.1.1"] {
            assert_eq!(parse_from(url), Err(Reason::InvalidUrl { url: url.into() }));
        }
    }

    #[test]
    fn the_path_of_the_platform_is_rejected() {
        for from in ["/.netlify", "/.netlifyx/*", "https://a.com/.netlify/functions", "https://a.com/b/../.netlify"] {
            assert!(matches!(parse_from(from), Err(Reason::ReservedPath { .. })), "{from}");
        }
        assert!(parse_from("/x/.netlify").is_ok());
        assert!(parse_from(".netlify").is_ok());
    }

    #[test]
    fn segments_are_resolved_and_encoded() {
        let paths = [
            ("http://h", "/"),
            ("http://h?a/../b", "/"),
            ("http://h/a/../..", "/"),
            ("http://h\\a\\.\\b/%2E%2e/c", "/a/c"),
            ("http://h/a//./b/.%2e/", "/a//"),
            ("http://h/c|/../é\"'{}<>`^|%zz", "/%C3%A9%22'%7B%7D%3C%3E%60^|%zz"),
            ("http://h/ a\t/b\n ", "/%20a/b"),
        ];
        for (from, expected) in paths {
            assert_eq!(path(from), expected, "{from}");
        }
    }

    #[test]
    fn dots_after_a_hidden_segment_stay_when_nothing_else_needs_work() {
        assert_eq!(path("https://h/a/.well-known/../b"), "/a/.well-known/../b");
        assert_eq!(path("https://h/a/.well-known/../b%20"), "/a/b%20");
        assert_eq!(path("https://h/.well-known/../b"), "/b");
        assert_eq!(path("https://h/a/./.well-known/../b"), "/a/b");
    }
}
