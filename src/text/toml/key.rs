//! Keys: bare, quoted and dotted, up to the `=` or `]` that ends them (`smol-toml/dist/struct.js`).

use super::MAX_TREE_DEPTH;
use super::error::{Fault, Reason};
use super::scan::Scanner;
use super::string;

/// One part of a dotted key.
#[derive(Debug)]
pub(super) struct Part {
    /// The name, unquoted.
    pub(super) name: String,
    /// First byte, quotes included.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// Where in a key the scanner is.
enum State {
    /// A part must start.
    Before,
    /// Inside the bare part that started at that offset.
    Bare(usize),
    /// Behind a part: a dot or the end must follow.
    Behind,
}

/// Reads a key and the byte that ends it.
pub(super) fn key(scanner: &mut Scanner<'_>, end: u8) -> Result<Vec<Part>, Fault> {
    let start = scanner.at;
    let mut parts = Vec::new();
    let mut state = State::Before;
    while let Some(byte) = scanner.byte() {
        match byte {
            0 if scanner.at > start => break,
            _ if byte == end => {
                close(scanner, &state, &mut parts)?;
                scanner.at += 1;
                return Ok(parts);
            }
            b'.' => {
                close(scanner, &state, &mut parts)?;
                state = State::Before;
            }
            b'"' | b'\'' if matches!(state, State::Before) => {
                parts.push(quoted(scanner, byte)?);
                state = State::Behind;
                continue;
            }
            b' ' | b'\t' => {
                if let State::Bare(_) = state {
                    close(scanner, &state, &mut parts)?;
                    state = State::Behind;
                }
            }
            _ if matches!(state, State::Behind) || !is_bare(byte) => {
                return Err(scanner.fault_about(Reason::KeyCharacter));
            }
            _ => {
                if let State::Before = state {
                    state = State::Bare(scanner.at);
                }
            }
        }
        scanner.at += 1;
    }
    Err(Fault::new(start, Reason::UnclosedKey(char::from(end))))
}

/// Ends the part that the scanner is in or behind.
fn close(scanner: &Scanner<'_>, state: &State, parts: &mut Vec<Part>) -> Result<(), Fault> {
    match state {
        State::Before => return Err(scanner.fault(Reason::EmptyKey)),
        State::Bare(start) => {
            let name = scanner.text[*start..scanner.at].to_owned();
            parts.push(Part { name, start: *start, end: scanner.at });
        }
        State::Behind => {}
    }
    if parts.len() > MAX_TREE_DEPTH { Err(scanner.fault(Reason::TooDeep(MAX_TREE_DEPTH))) } else { Ok(()) }
}

fn quoted(scanner: &mut Scanner<'_>, quote: u8) -> Result<Part, Fault> {
    if scanner.byte_ahead(1) == Some(quote) && scanner.byte_ahead(2) == Some(quote) {
        return Err(scanner.fault(Reason::MultilineKey));
    }
    let start = scanner.at;
    let name = string::string(scanner)?;
    Ok(Part { name, start, end: scanner.at })
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::key;
    use crate::text::span::FileId;
    use crate::text::toml::error::Reason;
    use crate::text::toml::scan::Scanner;

    fn names(text: &str) -> Vec<String> {
        key(&mut Scanner::new(text, FileId(0)), b'=').unwrap().into_iter().map(|part| part.name).collect()
    }

    fn fault(text: &str) -> (usize, Reason) {
        let fault = key(&mut Scanner::new(text, FileId(0)), b'=').unwrap_err();
        (fault.at, fault.reason)
    }

    #[test]
    fn dotted_keys_mix_bare_and_quoted_parts() {
        assert_eq!(names("a . \"b.c\".'d=' .\t-_9 ="), ["a", "b.c", "d=", "-_9"]);
        assert_eq!(names("''="), [""]);
    }

    #[test]
    fn a_part_knows_where_it_was_written() {
        let parts = key(&mut Scanner::new("ab . \"c\"  =", FileId(0)), b'=').unwrap();
        assert_eq!(parts.iter().map(|part| (part.start, part.end)).collect::<Vec<_>>(), [(0, 2), (5, 8)]);
    }

    #[test]
    fn a_key_must_be_closed_on_its_line() {
        assert_eq!(fault("ab"), (0, Reason::UnclosedKey('=')));
        assert_eq!(fault("ab\n="), (2, Reason::KeyCharacter('\n')));
    }

    #[test]
    fn a_nul_inside_a_key_ends_the_document() {
        assert_eq!(fault("a\0b="), (0, Reason::UnclosedKey('=')));
        assert_eq!(fault("\0b="), (0, Reason::KeyCharacter('\0')));
    }

    #[test]
    fn parts_need_a_name() {
        assert_eq!(fault("="), (0, Reason::EmptyKey));
        assert_eq!(fault("a. ="), (3, Reason::EmptyKey));
        assert_eq!(fault("a..b="), (2, Reason::EmptyKey));
    }

    #[test]
    fn nothing_but_a_dot_may_follow_a_part() {
        assert_eq!(fault("a b="), (2, Reason::KeyCharacter('b')));
        assert_eq!(fault("\"a\"b="), (3, Reason::KeyCharacter('b')));
        assert_eq!(fault("é="), (0, Reason::KeyCharacter('é')));
        assert_eq!(fault("\"\"\"a\"\"\"="), (0, Reason::MultilineKey));
    }
}
