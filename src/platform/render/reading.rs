//! From the bytes of a Blueprint to its text, and what other readers would make of them.

use crate::project::snapshot::{ReadError, Snapshot};

/// What was found where a Blueprint should be.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The text; empty when there is none.
    pub text: String,
    /// Whether there is no such file.
    pub is_missing: bool,
    /// Why the file could not be read, if so.
    pub unreadable: Option<String>,
    /// What not every reader would accept, with its first byte in the text.
    pub oddity: Option<(Oddity, usize)>,
}

/// Bytes that readers of YAML do not agree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// Bytes that are no UTF-8; Go's readers refuse them (`readerc.go` of `go-yaml`), others replace them.
    NotUtf8,
    /// A character that YAML does not allow (<https://yaml.org/spec/1.2.2/#51-character-set>): refused by Go's readers too.
    Control(char),
    /// UTF-16, which Go's readers take when it begins with its mark; it is not read here.
    Utf16,
    /// A link out of the repository: what it leads to is not known.
    Elsewhere,
}

impl Reading {
    /// Reads the file at a path.
    #[must_use]
    pub fn of(snapshot: &Snapshot, path: &str) -> Reading {
        let bytes = match snapshot.read(path) {
            Ok(bytes) => bytes,
            Err(ReadError::Missing) => return Reading { is_missing: true, ..Reading::default() },
            Err(ReadError::Outside) => return Reading { oddity: Some((Oddity::Elsewhere, 0)), ..Reading::default() },
            Err(error) => return Reading { unreadable: Some(error.to_string()), ..Reading::default() },
        };
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Reading { oddity: Some((Oddity::Utf16, 0)), ..Reading::default() };
        }
        let (text, oddity) = match std::str::from_utf8(&bytes) {
            Ok(text) => (text.to_owned(), control(text)),
            Err(error) => (String::from_utf8_lossy(&bytes).into_owned(), Some((Oddity::NotUtf8, error.valid_up_to()))),
        };
        Reading { text, oddity, ..Reading::default() }
    }
}

impl Oddity {
    /// Whether the text is there in spite of it.
    #[must_use]
    pub fn is_readable(self) -> bool {
        matches!(self, Oddity::NotUtf8 | Oddity::Control(_))
    }
}

/// The first character that a stream of YAML may not hold.
fn control(text: &str) -> Option<(Oddity, usize)> {
    let is_forbidden = |(at, character): &(usize, char)| match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{feff}' => *at > 0,
        '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    };
    text.char_indices().find(is_forbidden).map(|(at, character)| (Oddity::Control(character), at))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Reading {
        Reading::of(&Snapshot::in_memory([("render.yaml".to_owned(), bytes.to_vec())]), "render.yaml")
    }

    #[test]
    fn what_not_every_reader_accepts_has_a_place() {
        for (bytes, oddity, at) in [
            (&b"# caf\xe9\n"[..], Oddity::NotUtf8, 5),
            (b"a: b\0c\n", Oddity::Control('\0'), 4),
            (b"a: \x7f\n", Oddity::Control('\u{7f}'), 3),
            (b"a: \xef\xbb\xbfb\n", Oddity::Control('\u{feff}'), 3),
            (b"\xff\xfea\0", Oddity::Utf16, 0),
        ] {
            assert_eq!(of(bytes).oddity, Some((oddity, at)), "{bytes:?}");
        }
    }

    #[test]
    fn ordinary_bytes_are_ordinary() {
        for bytes in [&b""[..], b"\xef\xbb\xbfa: b\r\n\tc\n", "a: \u{85}é😀\n".as_bytes()] {
            assert_eq!(of(bytes).oddity, None, "{bytes:?}");
        }
    }
}
