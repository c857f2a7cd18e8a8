//! The contract of whoever asks a site.

use crate::pipeline::world::Millis;
use crate::verify::answer::{Answer, Failure};
use crate::verify::probe::Request;

/// How long an exchange may take, from the first request to the last byte.
pub const PATIENCE: Millis = 10_000;

/// The longest chain of redirects that anybody follows.
pub const MOST_REDIRECTS: u8 = 10;

/// A request that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The whole address.
    pub url: String,
    /// The method in capitals.
    pub method: String,
    /// Names as they are sent; cookies are among them.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// How many redirects are followed.
    pub redirects: u8,
    /// The connection must be a new one: what failed on one connection is not asked again there.
    pub is_fresh: bool,
    /// When to give up.
    pub timeout: Millis,
}

/// Asks sites; repeats nothing, and trusts no certificate that a browser would not trust.
pub trait Prober {
    /// Asks once.
    ///
    /// # Errors
    /// Why there is no whole answer.
    fn ask(&self, errand: &Errand) -> Result<Answer, Failure>;

    /// Asks several times, some of it at once; the answers come in the order of the errands.
    fn ask_all(&self, errands: &[Errand]) -> Vec<Result<Answer, Failure>> {
        errands.iter().map(|errand| self.ask(errand)).collect()
    }
}

impl Errand {
    /// A request to a site below this address; a request for a whole address goes there.
    ///
    /// # Errors
    /// When the two make no address.
    pub fn new(base: &str, request: &Request) -> Result<Errand, Failure> {
        let wrong = || Failure::Address(request.target.clone());
        let base = url::Url::parse(base).map_err(|_| Failure::Address(base.to_owned()))?;
        let url = base.join(&request.target).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong());
        }
        let mut headers = request.headers.clone();
        if !request.cookies.is_empty() {
            let cookies: Vec<String> = request.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(("cookie".to_owned(), cookies.join("; ")));
        }
        Ok(Errand {
            url: url.to_string(),
            method: request.method.clone(),
            headers,
            body: request.body.clone(),
            redirects: request.redirects.min(MOST_REDIRECTS),
            is_fresh: false,
            timeout: PATIENCE,
        })
    }

    /// The same on a connection of its own.
    #[must_use]
    pub fn afresh(mut self) -> Errand {
        self.is_fresh = true;
        self
    }
}
