//! One question at a time, with patience and within a budget.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::header::{ACCEPT, HeaderMap, HeaderValue, LINK, LOCATION, USER_AGENT};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Limited};
use octocrab::{OctoBody, Octocrab};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::error::GitHubError;
use super::patience::{self, Next, Patience, Signs};

/// The public address of the API.
pub const API: &str = "https://api.github.com";
/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 64 << 20;
/// Requests of one run; a token of Actions has 1,000 an hour for the whole repository.
const MOST_CALLS: u32 = 600;
/// How long a connection may take, and how long it may be silent.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// Renamed repositories that are followed to.
const MOST_MOVES: usize = 3;

const JSON: &str = "application/vnd.github+json";
/// The media type of a diff.
pub(super) const DIFF: &str = "application/vnd.github.diff";

/// Where GitHub is, and who asks.
#[derive(Debug, Clone)]
pub struct Access {
    /// Address of the API, with its path.
    pub api: String,
    /// The token; it stands in no message.
    pub token: String,
    /// `OWNER/NAME`.
    pub repository: String,
    /// What may be spent on waiting.
    pub patience: Patience,
}

/// A connection to one repository.
pub struct Client {
    octocrab: Octocrab,
    runtime: Runtime,
    repository: String,
    patience: Patience,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waited: Duration,
    last_write: Option<Instant>,
    calls: u32,
}

/// What came back.
pub(super) struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// What is asked.
pub(super) struct Question {
    /// What it does, completing "the token may not …".
    pub(super) what: &'static str,
    pub(super) method: Method,
    /// The address below the API.
    pub(super) route: String,
    pub(super) accept: &'static str,
    pub(super) body: Option<Value>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("repository", &self.repository).finish_non_exhaustive()
    }
}

impl Client {
    /// Prepares a connection; asks nothing yet.
    ///
    /// # Errors
    /// When the address or the token cannot be one.
    pub fn new(access: &Access) -> Result<Client, GitHubError> {
        let no_address = || GitHubError::Address(access.api.clone());
        let uri: Uri = access.api.trim_end_matches('/').parse().map_err(|_| no_address())?;
        if !matches!(uri.scheme_str(), Some("https" | "http")) || uri.host().is_none() || uri.query().is_some() {
            return Err(no_address());
        }
        HeaderValue::from_str(&format!("Bearer {}", access.token)).map_err(|_| GitHubError::MalformedToken)?;
        if !is_repository(&access.repository) {
            return Err(GitHubError::NotFound(format!("a repository \"{}\"", access.repository)));
        }
        let unreachable = |error: &dyn std::error::Error| GitHubError::Unreachable(reason(error));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| unreachable(&error))?;
        let octocrab = {
            let _inside = runtime.enter();
            let agent = concat!("chimeractl/", env!("CARGO_PKG_VERSION")).to_owned();
            Octocrab::builder()
                .base_uri(uri)
                .map_err(|_| no_address())?
                .personal_token(access.token.clone())
                .add_header(USER_AGENT, agent)
                .set_connect_timeout(Some(CONNECT))
                .set_read_timeout(Some(SILENCE))
                .set_write_timeout(Some(SILENCE))
                .build()
                .map_err(|error| unreachable(&error))?
        };
        let repository = access.repository.clone();
        Ok(Client { octocrab, runtime, repository, patience: access.patience, state: Mutex::default() })
    }

    /// The repository, `OWNER/NAME`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// How many requests were sent.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).calls
    }

    /// The address of something of the repository.
    pub(super) fn route(&self, rest: &str) -> String {
        format!("/repos/{}/{rest}", self.repository)
    }

    pub(super) fn get<T: DeserializeOwned>(&self, what: &'static str, route: String) -> Result<T, GitHubError> {
        self.get_page(what, route).map(|(found, _)| found)
    }

    /// An answer, and the address of the next page.
    pub(super) fn get_page<T: DeserializeOwned>(
        &self,
        what: &'static str,
        route: String,
    ) -> Result<(T, Option<String>), GitHubError> {
        let question = Question { what, method: Method::GET, route, accept: JSON, body: None };
        let answer = self.ask(&question)?;
        Ok((answer.json(&question)?, answer.next_page()))
    }

    pub(super) fn get_text(
        &self,
        what: &'static str,
        route: String,
        accept: &'static str,
    ) -> Result<String, GitHubError> {
        let answer = self.ask(&Question { what, method: Method::GET, route, accept, body: None })?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    pub(super) fn write<T: DeserializeOwned>(
        &self,
        what: &'static str,
        method: Method,
        route: String,
        body: &impl Serialize,
    ) -> Result<T, GitHubError> {
        let body = serde_json::to_value(body)
            .map_err(|error| GitHubError::Nonsense { what: what.to_owned(), reason: error.to_string() })?;
        let question = Question { what, method, route, accept: JSON, body: Some(body) };
        self.ask(&question)?.json(&question)
    }

    pub(super) fn delete(&self, what: &'static str, route: String) -> Result<(), GitHubError> {
        self.ask(&Question { what, method: Method::DELETE, route, accept: JSON, body: None }).map(|_| ())
    }

    /// Asks until there is an answer that stands.
    fn ask(&self, question: &Question) -> Result<Answer, GitHubError> {
        let is_read = question.method == Method::GET;
        let mut route = question.route.clone();
        let mut moves = 0;
        for attempt in 1.. {
            self.count(is_read)?;
            let got = self.runtime.block_on(self.send(question, &route));
            if !is_read {
                self.lock().last_write = Some(Instant::now());
            }
            if let Some(place) = got.as_ref().ok().and_then(Answer::moved).filter(|_| is_read && moves < MOST_MOVES) {
                moves += 1;
                route = place;
                continue;
            }
            let message = got.as_ref().map(Answer::message).unwrap_or_default();
            let signs = got.as_ref().map_or_else(|_| Signs::default(), |answer| answer.signs(&message));
            let left = self.patience.waits.saturating_sub(self.lock().waited);
            match patience::next(&signs, is_read, attempt, left, chance()) {
                Next::Take => return got.map_err(GitHubError::Unreachable)?.judged(question, message),
                Next::GiveUp(wait) => return Err(GitHubError::Limited(wait)),
                Next::Wait(wait) => {
                    std::thread::sleep(wait);
                    self.lock().waited += wait;
                }
            }
        }
        Err(GitHubError::Unreachable("no attempt was left".to_owned()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and keeps writes apart.
    fn count(&self, is_read: bool) -> Result<(), GitHubError> {
        let mut state = self.lock();
        if state.calls >= MOST_CALLS {
            return Err(GitHubError::Unreachable(format!("{MOST_CALLS} requests were made, which must do for a run")));
        }
        state.calls += 1;
        let since = state.last_write.map(|last| last.elapsed()).filter(|_| !is_read);
        drop(state);
        if let Some(pause) = since.and_then(|since| self.patience.spacing.checked_sub(since)) {
            std::thread::sleep(pause);
        }
        Ok(())
    }

    async fn send(&self, question: &Question, route: &str) -> Result<Answer, String> {
        let uri: Uri = route.parse().map_err(|_| format!("\"{route}\" is no address"))?;
        let request = Request::builder().method(question.method.clone()).uri(uri).header(ACCEPT, question.accept);
        let request = self.octocrab.build_request(request, question.body.as_ref()).map_err(|error| reason(&error))?;
        let request: Request<OctoBody> = request;
        let response = self.octocrab.execute(request).await.map_err(|error| reason(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| reason(&*error))?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes().to_vec() })
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    fn signs<'a>(&self, message: &'a str) -> Signs<'a> {
        let remaining = self.number("x-ratelimit-remaining");
        // GitHub: the moment counts when nothing is left ("Rate limits for the REST API").
        let demanded = crate::patience::demanded(|name| self.header(name), remaining == Some(0), now());
        Signs { status: Some(self.status), demanded, remaining, message }
    }

    /// What a refusal says, on one line.
    fn message(&self) -> String {
        if self.status < 400 {
            return String::new();
        }
        let value: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let mut parts: Vec<&str> = value.get("message").and_then(Value::as_str).into_iter().collect();
        for error in value.get("errors").and_then(Value::as_array).into_iter().flatten() {
            parts.extend(error.as_str().or_else(|| error.get("message").and_then(Value::as_str)));
        }
        let text = crate::text::escape::line(&parts.join("; ")).into_owned();
        crate::pull::limit::characters(&text, 300)
    }

    /// The address, below ours, that a renamed repository is at; nothing on another host, which would get the token.
    fn moved(&self) -> Option<String> {
        if !matches!(self.status, 301 | 302 | 307 | 308) {
            return None;
        }
        let place = self.headers.get(LOCATION)?.to_str().ok()?;
        let at = place.find("/repositories/").or_else(|| place.find("/repos/"))?;
        Some(place[at..].to_owned())
    }

    /// The address of the next page, from the `link` header.
    fn next_page(&self) -> Option<String> {
        let links = self.headers.get(LINK)?.to_str().ok()?;
        let next = links.split(',').find(|link| link.contains("rel=\"next\""))?;
        let place = next.split(['<', '>']).nth(1)?;
        let at = place.find("/repositories/").or_else(|| place.find("/repos/"))?;
        Some(place[at..].to_owned())
    }

    fn judged(self, question: &Question, message: String) -> Result<Answer, GitHubError> {
        let needed = || self.header("x-accepted-github-permissions").map(|text| text.chars().take(200).collect());
        let is_read = question.method == Method::GET;
        match self.status {
            200..300 => Ok(self),
            401 => Err(GitHubError::BadToken),
            403 => Err(GitHubError::MissingRight { what: question.what, needed: needed() }),
            404 if !is_read => Err(GitHubError::MissingRight { what: question.what, needed: needed() }),
            404 | 410 => Err(GitHubError::NotFound(question.what.to_owned())),
            500.. => Err(GitHubError::Unreachable(format!("it answers {} {message}", self.status).trim().to_owned())),
            status => Err(GitHubError::Refused { status, message }),
        }
    }

    fn json<T: DeserializeOwned>(&self, question: &Question) -> Result<T, GitHubError> {
        serde_json::from_slice(&self.body).map_err(|error| GitHubError::Nonsense {
            what: format!("\"{}\"", question.what),
            reason: error.to_string(),
        })
    }
}

/// A failure and its causes on one line; octocrab's own words name neither.
fn reason(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    crate::pull::limit::characters(&crate::text::escape::line(&last.to_string()), 200)
}

fn is_repository(text: &str) -> bool {
    let is_name = |part: &str| {
        let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_character)
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// A part of an address.
pub(super) fn segment(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A number from 0 to 1, so that runs that failed together do not come back together.
fn chance() -> f64 {
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    f64::from(nanoseconds % 1000) / 1000.0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn access(api: &str, token: &str, repository: &str) -> Access {
        let patience = Patience { waits: Duration::ZERO, spacing: Duration::ZERO };
        Access { api: api.to_owned(), token: token.to_owned(), repository: repository.to_owned(), patience }
    }

    #[test]
    fn what_is_no_address_no_token_or_no_repository_is_said() {
        for api in ["api.github.com", "", "ftp://x", "https://", "https://x/?a=b"] {
            let error = Client::new(&access(api, "t", "octo/site")).unwrap_err();
            assert_eq!(error, GitHubError::Address(api.to_owned()));
        }
        let error = Client::new(&access(API, "to\nken-c4n4ry", "octo/site")).unwrap_err();
        assert_eq!(error, GitHubError::MalformedToken);
        assert!(!format!("{error} {error:?}").contains("c4n4ry"));
        for repository in ["octo", "octo/../x", "octo/", "octo/a b", "octo/.."] {
            assert!(Client::new(&access(API, "t", repository)).is_err(), "{repository}");
        }
    }

    #[test]
    fn a_server_that_is_not_there_is_unreachable() {
        let client = Client::new(&access("http://127.0.0.1:9", "c4n4ry", "octo/site")).unwrap();
        let error = client.get::<Value>("read", client.route("pulls/1")).unwrap_err();
        assert!(error.is_open() && !error.to_string().contains("c4n4ry"), "{error}");
        assert!(!format!("{client:?}").contains("c4n4ry"));
    }

    #[test]
    fn a_segment_leaves_its_place_in_no_address() {
        assert_eq!(segment("heads/a b?#%é"), "heads%2Fa%20b%3F%23%25%C3%A9");
    }
}
