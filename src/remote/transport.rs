//! One request, one answer.

use crate::pipeline::world::Millis;

/// What is done with what the address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads it.
    Get,
    /// Adds to it.
    Post,
    /// Puts something there.
    Put,
}

impl Method {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// The whole address; it may be a credential.
    pub url: String,
    /// Names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// When to give up.
    pub timeout: Millis,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// What came.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The name of the host has no address.
    #[error("the name of the host has no address")]
    Name,
    /// Nobody took the connection: nothing was sent.
    #[error("no connection")]
    Connect,
    /// The certificate of the host is not to be trusted.
    #[error("the connection cannot be trusted: {0}")]
    Insecure(String),
    /// The connection broke; the request may have been done.
    #[error("the connection broke")]
    Broken,
    /// The answer did not come in time; the request may have been done.
    #[error("no answer in time")]
    TimedOut,
    /// The answer is longer than anything that is expected.
    #[error("the answer is too long")]
    TooLong,
}

impl TransportError {
    /// Says whether the other side certainly has not seen the request.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        matches!(self, TransportError::Name | TransportError::Connect | TransportError::Insecure(_))
    }
}

/// Carries requests; repeats nothing.
pub trait Transport {
    /// Sends one request.
    ///
    /// # Errors
    /// When there is no whole answer.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// Sends several requests, some of them at once; the answers come in the order of the requests.
    fn send_all(&self, requests: &[Request], at_once: usize) -> Vec<Result<Response, TransportError>> {
        let _ = at_once;
        requests.iter().map(|request| self.send(request)).collect()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the address nor the headers: both can be credentials.
        formatter.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}
