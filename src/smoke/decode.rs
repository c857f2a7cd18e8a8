//! From what came to what was meant: content encodings and character sets.

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use super::port::Answer;

/// The longest body that is unpacked.
const LONGEST: usize = 64 << 20;

/// Why a body cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// It is not what it says.
    Broken(String),
    /// It is something that is not known here.
    Unsupported(String),
}

/// The body without its content encodings.
///
/// # Errors
/// When it cannot be unpacked.
pub fn bytes(answer: &Answer) -> Result<Vec<u8>, DecodeError> {
    let mut body = answer.body.clone();
    let encodings = answer.values("content-encoding").next().filter(|_| !answer.is_decoded).unwrap_or_default();
    for encoding in encodings.split(',').map(str::trim).filter(|encoding| !encoding.is_empty()) {
        let unpacked = match encoding {
            "identity" => continue,
            "gzip" => gzip(&body),
            "deflate" => decompress_to_vec_zlib_with_limit(&body, LONGEST).ok(),
            "br" => {
                return Err(DecodeError::Unsupported(
                    "the body is compressed by Brotli, which is not asked for".to_owned(),
                ));
            }
            other => return Err(DecodeError::Broken(format!("the content encoding \"{other}\" is not known"))),
        };
        body = unpacked.ok_or_else(|| DecodeError::Broken(format!("the body is not compressed by \"{encoding}\"")))?;
    }
    Ok(body)
}

/// Flags in the head of gzip (RFC 1952, 2.3).
const HAS_CHECK: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = bytes.split_at_checked(10)?;
    if head[..3] != [0x1f, 0x8b, 8] {
        return None;
    }
    let flags = head[3];
    if flags & HAS_EXTRA != 0 {
        let (length, after) = rest.split_at_checked(2)?;
        rest = after.get(usize::from(u16::from_le_bytes([length[0], length[1]]))..)?;
    }
    for flag in [HAS_NAME, HAS_COMMENT] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & HAS_CHECK != 0 {
        rest = rest.get(2..)?;
    }
    decompress_to_vec_with_limit(rest, LONGEST).ok()
}

/// How the names of other character sets of the Encoding standard begin.
const OTHERS: [&str; 17] = [
    "iso",
    "windows-",
    "cp",
    "x-",
    "koi",
    "gb",
    "big5",
    "euc-",
    "shift",
    "sjis",
    "macintosh",
    "ibm",
    "dos-",
    "latin",
    "greek",
    "hebrew",
    "ks_c",
];

/// The body as a text.
///
/// # Errors
/// When it cannot be unpacked, or is no text in its character set.
pub fn text(answer: &Answer) -> Result<String, DecodeError> {
    let bytes = bytes(answer)?;
    let content_type = answer.values("content-type").next().unwrap_or_default();
    let charset = content_type.split(';').find_map(|part| {
        let mut sides = part.trim().split('=');
        let (name, value) = (sides.next()?, sides.next()?);
        (sides.next().is_none() && name.trim().eq_ignore_ascii_case("charset")).then(|| value.trim())
    });
    of_charset(&bytes, charset.unwrap_or("utf-8"))
}

/// A text in a character set; names as in the Encoding standard.
///
/// # Errors
/// When the bytes are no such text.
pub fn of_charset(bytes: &[u8], charset: &str) -> Result<String, DecodeError> {
    let wrong = || DecodeError::Broken(format!("the bytes are no text in \"{charset}\""));
    match charset.trim().to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "unicode-1-1-utf-8" => String::from_utf8(bytes.to_vec()).map_err(|_| wrong()),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "iso88591" | "latin1" | "l1" | "ascii" | "us-ascii" | "cp1252"
        | "windows-1252" | "x-cp1252" => Ok(bytes.iter().map(|byte| western(*byte)).collect()),
        "utf-16" | "utf-16le" | "utf-16be" => {
            let is_big = charset.trim().eq_ignore_ascii_case("utf-16be");
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
            };
            let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
            if bytes.len() % 2 == 1 {
                return Err(wrong());
            }
            String::from_utf16(&units).map_err(|_| wrong())
        }
        known if OTHERS.iter().any(|other| known.starts_with(other)) => {
            Err(DecodeError::Unsupported(format!("the character set \"{charset}\"")))
        }
        _ => Err(DecodeError::Broken(format!("\"{charset}\" is no character set"))),
    }
}

/// What Windows means by the bytes from 128 on.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

fn western(byte: u8) -> char {
    match byte {
        0x80..0xa0 => WINDOWS.chars().nth(usize::from(byte) - 0x80).unwrap_or_default(),
        byte => char::from(byte),
    }
}
