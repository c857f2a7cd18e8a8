//! What an answer has to be.

use std::fmt;

use crate::digest::Digest;
use crate::pipeline::world::Millis;

/// Something that has to hold of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// The status is one of these.
    Status(Vec<u16>),
    /// The status is of this class: 2 for 200 to 299.
    StatusClass(u8),
    /// The status is not of this class: 5 for 500 to 599.
    StatusNotClass(u8),
    /// The header is there with this value; several of one name are joined by commas, and white space at commas does not count.
    HeaderEquals {
        /// In small letters.
        name: String,
        /// The whole value.
        value: String,
    },
    /// The header is there, and this stands in it.
    HeaderContains {
        /// In small letters.
        name: String,
        /// A part of the value.
        part: String,
    },
    /// The header is there; the name is in small letters.
    HeaderPresent(String),
    /// The header is not there; the name is in small letters.
    HeaderAbsent(String),
    /// The redirect leads here: a path, or a whole address. Both are compared as they resolve.
    Location(String),
    /// The media type is one of these, in small letters, without parameters.
    MediaType(Vec<String>),
    /// The body has this digest.
    Body(BodyDigest),
    /// This stands in the body.
    BodyContains(String),
    /// This does not stand in the body.
    BodyLacks(String),
    /// The body is not empty.
    NotEmpty,
    /// The body is no page: neither its media type nor its beginning is that of HTML.
    NotHtml,
    /// The title of the page is this, white space aside.
    Title(String),
    /// The body is JSON.
    Json,
    /// The answer was whole within this time.
    Within(Millis),
    /// The certificate of the host is valid for so many days more.
    ValidFor {
        /// Days.
        days: u32,
    },
    /// The connection is TLS of this version or a later one: 12 or 13.
    TlsAtLeast(u8),
}

/// How the bytes of a body are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BodyDigest {
    /// Length and SHA3-256.
    Sha3 {
        /// Bytes.
        length: Option<u64>,
        /// Of them.
        digest: Digest,
    },
    /// SHA-256, as certificates and lock files of others name it.
    Sha256 {
        /// Bytes.
        length: Option<u64>,
        /// Of them.
        digest: Digest,
    },
    /// SHA-384 or SHA-512 as subresource integrity writes it, such as `sha384-…`; several are alternatives.
    Integrity(String),
}

impl fmt::Display for Expectation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Status(all) => write!(out, "status {}", alternatives(all.iter().map(u16::to_string))),
            Expectation::StatusClass(class) => write!(out, "status {class}xx"),
            Expectation::StatusNotClass(class) => write!(out, "any status but {class}xx"),
            Expectation::HeaderEquals { name, value } => write!(out, "header \"{name}\" is \"{value}\""),
            Expectation::HeaderContains { name, part } => write!(out, "header \"{name}\" contains \"{part}\""),
            Expectation::HeaderPresent(name) => write!(out, "header \"{name}\""),
            Expectation::HeaderAbsent(name) => write!(out, "no header \"{name}\""),
            Expectation::Location(target) => write!(out, "a redirect to \"{target}\""),
            Expectation::MediaType(all) => write!(out, "media type {}", alternatives(all.iter().cloned())),
            Expectation::Body(digest) => write!(out, "a body with {digest}"),
            Expectation::BodyContains(part) => write!(out, "\"{part}\" in the body"),
            Expectation::BodyLacks(part) => write!(out, "no \"{part}\" in the body"),
            Expectation::NotEmpty => out.write_str("a body"),
            Expectation::NotHtml => out.write_str("anything but a page"),
            Expectation::Title(title) => write!(out, "the title \"{title}\""),
            Expectation::Json => out.write_str("JSON"),
            Expectation::Within(span) => write!(out, "an answer within {span} ms"),
            Expectation::ValidFor { days } => write!(out, "a certificate that is valid for {days} days"),
            Expectation::TlsAtLeast(version) => write!(out, "TLS {}.{} or later", version / 10, version % 10),
        }
    }
}

impl fmt::Display for BodyDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, length, digest) = match self {
            BodyDigest::Sha3 { length, digest } => ("SHA3-256", length, digest),
            BodyDigest::Sha256 { length, digest } => ("SHA-256", length, digest),
            BodyDigest::Integrity(text) => return write!(out, "integrity \"{text}\""),
        };
        write!(out, "{name} {digest}")?;
        length.map_or(Ok(()), |length| write!(out, " and {length} bytes"))
    }
}

fn alternatives(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" or ")
}
