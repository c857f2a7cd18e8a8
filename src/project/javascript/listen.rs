//! Servers that a module starts: `….listen(…)` and `serve({ … })`, as far as their host and port are written out.

use super::literal::unescape;
use super::token::{Kind, Token};
use crate::text::span::{FileId, Span};

/// What stands for a host or a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    Absent,
    /// A text or a number that is written out.
    Written(String, Span),
    /// Something that only a run would tell.
    Computed,
}

/// A server that is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The host that it binds to.
    pub host: Given,
    /// The port.
    pub port: Given,
    /// The word that starts it.
    pub span: Span,
}

/// Finds all of them.
pub(super) fn listens(tokens: &[Token<'_>], file: FileId) -> Vec<Listen> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_called = tokens.get(at + 1).is_some_and(|next| next.is_mark("("));
        let is_member = at.checked_sub(1).is_some_and(|before| tokens[before].is_mark("."));
        let is_function = at.checked_sub(1).is_some_and(|before| tokens[before].is_word("function"));
        if token.kind != Kind::Word || !is_called || is_function {
            continue;
        }
        let arguments = arguments(tokens, at + 1);
        let span = Span::new(file, token.start, token.end());
        let (host, port) = match (token.text, arguments.as_slice()) {
            ("listen", [first, ..]) if is_member && is_object(first) => {
                (field(first, &["host", "hostname"], file), field(first, &["port"], file))
            }
            ("listen", [port, rest @ ..]) if is_member => {
                let host = rest.first().filter(|host| !is_callback(host)).map_or(Given::Absent, |it| given(it, file));
                (host, given(port, file))
            }
            ("serve", [first, ..]) if is_object(first) => {
                (field(first, &["hostname", "host"], file), field(first, &["port"], file))
            }
            _ => continue,
        };
        found.push(Listen { host, port, span });
    }
    found
}

/// The arguments of a call whose bracket is this token.
fn arguments<'a, 't>(tokens: &'a [Token<'t>], open: usize) -> Vec<&'a [Token<'t>]> {
    let depth = tokens[open].depth;
    let rest = &tokens[open + 1..];
    let end = rest.iter().position(|token| token.is_mark(")") && token.depth == depth).unwrap_or(rest.len());
    let inside = &rest[..end];
    let parts = inside.split(|token| token.is_mark(",") && token.depth == depth + 1);
    parts.filter(|part| !part.is_empty()).collect()
}

fn is_object(argument: &[Token<'_>]) -> bool {
    argument.first().is_some_and(|token| token.is_mark("{"))
}

fn is_callback(argument: &[Token<'_>]) -> bool {
    argument.iter().any(|token| token.is_mark("=>")) || argument.first().is_some_and(|it| it.is_word("function"))
}

fn given(argument: &[Token<'_>], file: FileId) -> Given {
    match argument {
        [only] if only.kind == Kind::Text => match unescape(only.text) {
            Some(text) => Given::Written(text, Span::new(file, only.start, only.end())),
            None => Given::Computed,
        },
        [only] if only.kind == Kind::Number => {
            Given::Written(only.text.to_owned(), Span::new(file, only.start, only.end()))
        }
        _ => Given::Computed,
    }
}

/// The value of a key in an object that is written out; one that may come from a spread is not known.
fn field(object: &[Token<'_>], names: &[&str], file: FileId) -> Given {
    let Some(depth) = object.first().map(|token| token.depth) else { return Given::Absent };
    let inside = object.get(1..object.len().saturating_sub(1)).unwrap_or_default();
    let mut found = Given::Absent;
    for property in inside.split(|token| token.is_mark(",") && token.depth == depth + 1) {
        match property {
            [key, colon, value @ ..] if names.contains(&key.text.trim_matches(['"', '\''])) && colon.is_mark(":") => {
                found = given(value, file);
            }
            [key] if names.contains(&key.text) => found = Given::Computed,
            [first, ..] if first.is_mark(".") => found = Given::Computed,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        let show = |given: &Given| match given {
            Given::Absent => "-".to_owned(),
            Given::Written(text, _) => text.clone(),
            Given::Computed => "?".to_owned(),
        };
        let module = read(text, "a.js", FileId(0));
        module.listens.iter().map(|listen| (show(&listen.host), show(&listen.port))).collect()
    }

    #[test]
    fn hosts_and_ports_are_read_where_they_are_written() {
        for (text, host, port) in [
            ("app.listen(3000)", "-", "3000"),
            ("app.listen(port, '127.0.0.1', () => {})", "127.0.0.1", "?"),
            ("app.listen(process.env.PORT || 3000, () => {})", "-", "?"),
            ("app.listen({ port: 8080, host: \"localhost\" })", "localhost", "8080"),
            ("Bun.serve({ fetch, hostname: 'localhost' })", "localhost", "-"),
            ("app.listen({ port, ...options })", "?", "?"),
            ("app.listen(3000, host)", "?", "3000"),
        ] {
            assert_eq!(of(text), [(host.to_owned(), port.to_owned())], "{text}");
        }
        assert!(of("listen(1); 'app.listen(2)'; // app.listen(3)").is_empty());
    }
}
