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
        let target = &request.target;
        let wrong = || Failure::Address(target.clone());
        let is_path = target.starts_with('/') && !target.starts_with("//");
        // A site may lie below a path of its host.
        let whole = if is_path { format!("{}{target}", base.trim_end_matches('/')) } else { target.clone() };
        let url = url::Url::parse(&whole).map_err(|_| wrong())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_below_the_site_and_an_address_stands_for_itself() {
        let url = |base: &str, target: &str| Errand::new(base, &Request::get(target)).map(|errand| errand.url).ok();
        assert_eq!(url("https://a.test", "/x?y=1"), Some("https://a.test/x?y=1".to_owned()));
        assert_eq!(url("https://a.test/repo/", "/x y"), Some("https://a.test/repo/x%20y".to_owned()));
        assert_eq!(url("https://a.test", "https://b.test/z"), Some("https://b.test/z".to_owned()));
        for wrong in ["x", "//b.test/", "ftp://b.test/", "javascript:alert(1)", ""] {
            assert_eq!(url("https://a.test", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn cookies_are_sent_as_one_header() {
        let mut request = Request::get("/");
        request.cookies = vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
        let errand = Errand::new("https://a.test", &request);
        assert_eq!(errand.map(|errand| errand.headers), Ok(vec![("cookie".to_owned(), "a=1; b=2".to_owned())]));
    }
}
