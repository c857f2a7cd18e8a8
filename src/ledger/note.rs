//! Checkpoints: the signed statement that a ledger has this many entries under this root.
//!
//! The text is a checkpoint of C2SP tlog-checkpoint inside a C2SP signed-note, Ed25519. Those formats fix SHA-256; ours is
//! SHA3-256 and says so at the end of its first line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Sha256;

use crate::digest::Digest;
use crate::key::public::VerifyingKey;
use crate::key::signing::SigningKey;

/// End of the first line.
const SUFFIX: &str = "+sha3-256";

/// Beginning of a signature line.
const DASH: &str = "\u{2014} ";

/// A note that is longer than this is none.
const MAX_BYTES: usize = 16 << 10;

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint cannot be read: {0}")]
pub struct NoteError(pub &'static str);

/// What a checkpoint states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the ledger.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Digest,
}

/// A signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    bytes: Vec<u8>,
}

/// A checkpoint with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is stated.
    pub checkpoint: Checkpoint,
    text: String,
    lines: Vec<Line>,
}

impl Checkpoint {
    fn text(&self) -> String {
        format!("{}{SUFFIX}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }

    /// The checkpoint whose second and third line these are; `None` when they are none.
    #[must_use]
    pub fn from_lines(origin: &str, size: &str, root: &str) -> Option<Checkpoint> {
        Some(Checkpoint { origin: origin.to_owned(), size: parse_size(size).ok()?, root: parse_root(root).ok()? })
    }

    /// The note without a signature: it names a state, and proves nothing to others.
    #[must_use]
    pub fn unsigned(&self) -> Note {
        Note { checkpoint: self.clone(), text: self.text(), lines: Vec::new() }
    }

    /// The note with the signature of this key.
    #[must_use]
    pub fn signed(&self, key: &SigningKey) -> Note {
        let mut note = self.unsigned();
        let public = key.public();
        let name = key_name(&public);
        let mut bytes = key_hash(&name, &public).to_vec();
        bytes.extend(key.sign(note.text.as_bytes()));
        note.lines.push(Line { name, bytes });
        note
    }
}

impl Note {
    /// Reads a note; its signatures are not checked.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError("it is too long"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError("it is not UTF-8"))?;
        let (text, signatures) = whole.split_once("\n\n").ok_or(NoteError("the empty line is missing"))?;
        let mut parts = text.split('\n');
        let mut part = || parts.next().ok_or(NoteError("a line is missing"));
        let origin = part()?.strip_suffix(SUFFIX).ok_or(NoteError("the first line does not end in \"+sha3-256\""))?;
        let size = parse_size(part()?)?;
        let root = parse_root(part()?)?;
        if part().is_ok() {
            return Err(NoteError("there are further lines"));
        }
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root };
        let lines = signatures.split_terminator('\n').map(parse_line).collect::<Result<Vec<Line>, NoteError>>()?;
        if !signatures.is_empty() && !signatures.ends_with('\n') {
            return Err(NoteError("the last line break is missing"));
        }
        Ok(Note { text: checkpoint.text(), checkpoint, lines })
    }

    /// The note as it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("{}\n", self.text);
        for line in &self.lines {
            out.push_str(&format!("{DASH}{} {}\n", line.name, STANDARD.encode(&line.bytes)));
        }
        out.into_bytes()
    }

    /// Whether anybody signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether this key signed.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let is_by = |line: &Line| {
            let (hash, signature) = line.bytes.split_at(4);
            line.name == key_name(key)
                && hash == key_hash(&line.name, key)
                && key.verify(self.text.as_bytes(), signature)
        };
        self.lines.iter().any(is_by)
    }
}

/// What a key is called in notes.
fn key_name(key: &VerifyingKey) -> String {
    format!("chimera-{}", key.id())
}

/// The four bytes that stand before a signature (C2SP signed-note, "Signatures"; 1 stands for Ed25519).
fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest = Digest::of_parts::<Sha256>(&[name.as_bytes(), b"\n\x01", key.as_bytes()]);
    let [a, b, c, d, ..] = *digest.as_bytes();
    [a, b, c, d]
}

fn parse_size(text: &str) -> Result<u64, NoteError> {
    let size: u64 = text.parse().map_err(|_| NoteError("the second line is no size"))?;
    if size.to_string() == text { Ok(size) } else { Err(NoteError("the size is spelled oddly")) }
}

fn parse_root(text: &str) -> Result<Digest, NoteError> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Digest).ok_or(NoteError("the third line is not the base64 of a root"))
}

fn parse_line(line: &str) -> Result<Line, NoteError> {
    let wrong = NoteError("a signature line is not \"\u{2014} NAME BASE64\"");
    let (name, signature) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(wrong.clone())?;
    let bytes = STANDARD.decode(signature).ok().filter(|bytes| bytes.len() > 4 && !name.is_empty()).ok_or(wrong)?;
    Ok(Line { name: name.to_owned(), bytes })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "github.com/acme/site/production".to_owned(), size: 4711, root: Digest::sha3(b"root") }
    }

    #[test]
    fn a_signed_note_is_read_back_and_its_signature_holds() {
        let key = SigningKey::from_seed(&[1; 32]);
        let note = checkpoint().signed(&key);
        let read = Note::parse(&note.to_bytes()).unwrap();
        assert_eq!(read, note);
        assert!(read.is_signed_by(&key.public()));
        assert!(!read.is_signed_by(&SigningKey::from_seed(&[2; 32]).public()));
    }

    #[test]
    fn a_note_without_signatures_says_so() {
        let note = Note::parse(&checkpoint().unsigned().to_bytes()).unwrap();
        assert!(!note.is_signed());
        assert_eq!(note.checkpoint, checkpoint());
    }

    #[test]
    fn no_bit_of_a_signed_note_can_be_flipped() {
        let key = SigningKey::from_seed(&[1; 32]);
        let bytes = checkpoint().signed(&key).to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let holds = Note::parse(&flipped).is_ok_and(|note| note.is_signed_by(&key.public()));
            assert!(!holds, "bit {bit}");
        }
    }

    #[test]
    fn sizes_have_one_spelling() {
        let text = String::from_utf8(checkpoint().unsigned().to_bytes()).unwrap();
        for wrong in ["04711", "+4711", "4711 ", "-1", "99999999999999999999"] {
            assert!(Note::parse(text.replace("4711", wrong).as_bytes()).is_err(), "{wrong}");
        }
    }
}
