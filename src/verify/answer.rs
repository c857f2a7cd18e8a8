//! What a site answers, or why there is no answer.

use crate::pipeline::world::Millis;

/// An answer, after all redirects that were to be followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The version of the protocol, such as `HTTP/1.1`.
    pub version: String,
    /// Names in small letters, in the order in which they came; a name may come more than once.
    pub headers: Vec<(String, String)>,
    /// The body, with its content encoding taken away.
    pub body: Vec<u8>,
    /// The address that gave this answer.
    pub url: String,
    /// The redirects that led there.
    pub hops: Vec<Hop>,
    /// The address of the machine, without the port.
    pub peer: Option<String>,
    /// How long it took.
    pub timing: Timing,
    /// What the handshake showed; none without TLS.
    pub tls: Option<Tls>,
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The address that redirected.
    pub url: String,
    /// Its status.
    pub status: u16,
    /// Where it led.
    pub location: String,
}

/// How long the parts of an exchange took, of its last request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timing {
    /// Until the connection stood, with its handshake; none on a connection that stood already.
    pub connect: Option<Micros>,
    /// From the request to the first byte of the answer.
    pub first_byte: Micros,
    /// From the first request to the last byte of the last answer.
    pub total: Micros,
}

/// A span in millionths of a second.
pub type Micros = u64;

/// What a handshake showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// The certificate of the host, as DER.
    pub certificate: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Failure {
    /// The name of the host has no address.
    #[error("the name of the host has no address")]
    Name,
    /// Nobody took the connection.
    #[error("no connection")]
    Connect,
    /// The connection cannot be trusted.
    #[error("the connection cannot be trusted: {0}")]
    Tls(TlsFailure),
    /// The connection or the answer did not come in time.
    #[error("no answer within {0} ms")]
    TimedOut(Millis),
    /// The connection broke before the answer was whole.
    #[error("the connection broke")]
    Reset,
    /// What came is no HTTP.
    #[error("the answer is no HTTP")]
    Protocol,
    /// The answer is longer than anything that is looked at.
    #[error("the answer is too long")]
    TooLong,
    /// More redirects than are followed.
    #[error("more than {0} redirects")]
    TooManyRedirects(u8),
    /// The address is none that can be asked.
    #[error("\"{0}\" is no address of HTTP")]
    Address(String),
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TlsFailure {
    /// It is no longer valid.
    #[error("the certificate has expired")]
    Expired,
    /// It is not valid yet.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// It is for another host.
    #[error("the certificate is for another host")]
    WrongName,
    /// Nobody that is trusted signed it.
    #[error("the certificate is signed by nobody that is trusted")]
    UnknownIssuer,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

impl Answer {
    /// The first value of a header; the name is in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// All values of a header; the name is in small letters.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a header as one, joined by commas as HTTP allows; the name is in small letters.
    #[must_use]
    pub fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.values(name).collect();
        if values.is_empty() { None } else { Some(values.join(", ")) }
    }

    /// The media type without its parameters, in small letters; empty when none is given.
    #[must_use]
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}
