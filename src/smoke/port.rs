//! What a smoke test needs of the world.

use jiff::Timestamp;

use super::ast::CertificateField;

/// A span in thousandths of a second.
pub type Millis = u64;

/// A request that is ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Headers, with names as they were written.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// When to give up.
    pub timeout: Millis,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Addresses, headers and bodies can be credentials.
        formatter.debug_struct("Sent").field("method", &self.method).finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The version, such as `HTTP/1.1`.
    pub version: String,
    /// The status.
    pub status: u16,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether what its content encoding did was undone.
    pub is_decoded: bool,
    /// From the request to the end of the answer.
    pub duration: Millis,
    /// The address of the machine that answered, if it is known.
    pub ip: Option<String>,
    /// What is known of its certificate.
    pub certificate: Certificate,
}

/// What is known of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Certificate {
    /// There is none, as the connection is not secured.
    #[default]
    Missing,
    /// There is one, of which nothing is known.
    Opaque,
    /// These fields of it are known; dates are moments.
    Known(Vec<(CertificateField, Field)>),
}

/// A field of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A text.
    Text(String),
    /// A moment.
    Moment(Timestamp),
}

impl Answer {
    /// The values of a header, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let name = name.to_lowercase();
        self.headers.iter().filter(move |(known, _)| known.to_lowercase() == name).map(|(_, value)| value.as_str())
    }
}

/// What a smoke test needs of the world.
pub trait World {
    /// Sends a request; redirects are not followed.
    ///
    /// # Errors
    /// Why there is no whole answer, in one clause.
    fn send(&mut self, request: &Sent) -> Result<Answer, String>;

    /// Says whether answers can come by a version, such as `HTTP/2`.
    fn speaks(&self, version: &str) -> bool;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&mut self, time: Millis);

    /// Bytes that nobody knows before.
    fn random(&mut self) -> [u8; 16];

    /// Reads a file below the folder of the test; the path has slashes, and no way out.
    ///
    /// # Errors
    /// Why it cannot be read, in one clause.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String>;
}
