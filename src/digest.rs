//! Digests of bytes: SHA3-256 decides, SHA-256 stands beside it for the tools of others.
//!
//! Names as in-toto's digest sets write them (`spec/v1/digest_set.md`): `sha3_256`, `sha256`.

use std::fmt;

use serde_json::{Value, json};
use sha2::Sha256;
use sha3::Sha3_256;

/// A hash function with 32 bytes of output.
pub trait Algorithm: Clone + Default + Send + Sync {
    /// What digest sets call it.
    const NAME: &'static str;

    /// Takes further bytes.
    fn take(&mut self, bytes: &[u8]);

    /// Ends the text.
    fn end(self) -> Digest;
}

impl Algorithm for Sha3_256 {
    const NAME: &'static str = "sha3_256";

    fn take(&mut self, bytes: &[u8]) {
        sha3::Digest::update(self, bytes);
    }

    fn end(self) -> Digest {
        Digest(sha3::Digest::finalize(self).into())
    }
}

impl Algorithm for Sha256 {
    const NAME: &'static str = "sha256";

    fn take(&mut self, bytes: &[u8]) {
        sha2::Digest::update(self, bytes);
    }

    fn end(self) -> Digest {
        Digest(sha2::Digest::finalize(self).into())
    }
}

/// 32 bytes that stand for others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Hashes the bytes with this function.
    #[must_use]
    pub fn of<H: Algorithm>(bytes: &[u8]) -> Digest {
        Digest::of_parts::<H>(&[bytes])
    }

    /// Hashes the parts one after the other, as if they were one text.
    #[must_use]
    pub fn of_parts<H: Algorithm>(parts: &[&[u8]]) -> Digest {
        let mut hasher = H::default();
        parts.iter().for_each(|part| hasher.take(part));
        hasher.end()
    }

    /// Hashes the bytes with SHA3-256.
    #[must_use]
    pub fn sha3(bytes: &[u8]) -> Digest {
        Digest::of::<Sha3_256>(bytes)
    }

    /// Reads 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Digest> {
        unhex(text)?.try_into().ok().map(Digest)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Digest({self})")
    }
}

/// The same bytes under both functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DigestSet {
    /// The one that decides.
    pub sha3_256: Digest,
    /// The one that other tools know.
    pub sha256: Digest,
}

impl DigestSet {
    /// Hashes the bytes with both functions.
    #[must_use]
    pub fn of(bytes: &[u8]) -> DigestSet {
        DigestSet { sha3_256: Digest::of::<Sha3_256>(bytes), sha256: Digest::of::<Sha256>(bytes) }
    }

    /// The set as in-toto writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({"sha3_256": self.sha3_256.to_string(), "sha256": self.sha256.to_string()})
    }
}

/// Hashes bytes with both functions as they come.
#[derive(Debug, Clone, Default)]
pub struct Hasher {
    sha3: Sha3_256,
    sha2: Sha256,
}

impl Hasher {
    /// Takes further bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha3.take(bytes);
        self.sha2.take(bytes);
    }

    /// Ends the text.
    #[must_use]
    pub fn finish(self) -> DigestSet {
        DigestSet { sha3_256: self.sha3.end(), sha256: self.sha2.end() }
    }
}

/// The bytes as hexadecimal digits in lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads hexadecimal digits in lower case; `None` for anything else.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?));
    bytes.collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// FIPS 202 and the examples published with it, FIPS 180-4: empty, "abc", 448 bits, 200 times 0xa3.
    #[test]
    fn the_published_vectors_come_out() {
        let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        let sha3 = [
            ("", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
            ("abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
            (long, "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376"),
        ];
        for (text, wanted) in sha3 {
            assert_eq!(Digest::sha3(text.as_bytes()).to_string(), wanted, "{text}");
        }
        let bytes = [0xa3; 200];
        let wanted = "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787";
        assert_eq!(Digest::sha3(&bytes).to_string(), wanted);
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of::<Sha256>(b"abc").to_string(), wanted);
    }

    #[test]
    fn pieces_hash_like_the_whole() {
        let mut hasher = Hasher::default();
        [&b"he"[..], b"", b"llo"].into_iter().for_each(|part| hasher.update(part));
        assert_eq!(hasher.finish(), DigestSet::of(b"hello"));
        assert_eq!(Digest::of_parts::<Sha3_256>(&[b"hel", b"lo"]), Digest::sha3(b"hello"));
    }

    #[test]
    fn hexadecimal_digits_are_read_back_and_nothing_else_is() {
        assert_eq!(hex(&[0, 0x1f, 0xff]), "001fff");
        assert_eq!(unhex("001fff"), Some(vec![0, 0x1f, 0xff]));
        for wrong in ["0", "0g", "AB", " 00", "00\n", "é"] {
            assert_eq!(unhex(wrong), None, "{wrong:?}");
        }
        let digest = Digest::sha3(b"x");
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse("00"), None);
    }
}
