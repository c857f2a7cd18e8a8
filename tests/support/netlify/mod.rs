//! A Netlify of our own: it remembers what it was asked, and fails as it is told.

#![allow(dead_code, reason = "every test uses a part of it")]

mod route;

use std::collections::BTreeMap;

use chimera::remote::transport::{Method, Request, Response, TransportError};
use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "nfp_canary_0123456789";
pub(crate) const SITE: &str = "0a1b2c3d-site";
pub(crate) const HOOK: &str = "/build_hooks/5f0c0ffee5f0c0ffee5f0c0f";

/// A deploy as the fake keeps it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deploy {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) commit: Option<String>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) required: Vec<String>,
    pub(crate) locked: bool,
    pub(crate) error: Option<String>,
    /// Questions until the next state.
    pub(crate) left: u32,
}

/// What was done to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) requests: u32,
    pub(crate) mutating: u32,
    pub(crate) created: u32,
    pub(crate) uploads: u32,
    pub(crate) restores: u32,
    /// How often another deploy became the live one.
    pub(crate) switches: u32,
    pub(crate) locks: u32,
    pub(crate) cancels: u32,
    pub(crate) hooks: u32,
}

/// How a request goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Wrong {
    /// Nothing is done, and this is answered.
    Instead(u16, Vec<(String, String)>, String),
    /// It is done, and this is answered.
    After(u16),
    /// Nothing is done, and there is no answer.
    Unsent(TransportError),
    /// It is done, and there is no answer.
    Lost(TransportError),
}

/// A fault that waits for its request.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) method: Method,
    pub(crate) place: String,
    pub(crate) times: u32,
    pub(crate) wrong: Wrong,
}

type Meanwhile = (Method, String, u32, Box<dyn FnOnce(&mut State) + Send>);

/// The fake.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) deploys: Vec<Deploy>,
    pub(crate) published: Option<String>,
    /// Uploaded bytes by their SHA-1.
    pub(crate) bytes: BTreeMap<String, Vec<u8>>,
    /// Moment at which what was restored becomes the live one.
    pub(crate) switching: Option<(u64, String)>,
    pub(crate) switch_delay: u64,
    pub(crate) now: u64,
    pub(crate) counters: Counters,
    pub(crate) faults: Vec<Fault>,
    pub(crate) meanwhile: Vec<Meanwhile>,
    pub(crate) revoked: bool,
    pub(crate) only_git: bool,
    pub(crate) stop_builds: bool,
    pub(crate) publishes_builds: bool,
    pub(crate) hook_commit: String,
    pub(crate) log: Vec<String>,
    /// Where the pages of the site are; none when nobody can look at them.
    pub(crate) pages: Option<String>,
    /// What else the site says of itself.
    pub(crate) settings: Value,
    /// The environment variables of the site; nobody may read them when they are null.
    pub(crate) variables: Value,
    /// Deploys that answer 500 when they are live.
    pub(crate) bad: Vec<String>,
}

impl State {
    /// A site with one good deploy.
    pub(crate) fn with_site() -> State {
        let old = Deploy {
            id: "old".to_owned(),
            title: "before".to_owned(),
            state: "ready".to_owned(),
            commit: Some("0ldc0mm1t".to_owned()),
            ..Deploy::default()
        };
        State {
            deploys: vec![old],
            published: Some("old".to_owned()),
            hook_commit: "c0ffee".to_owned(),
            ..State::default()
        }
    }

    pub(crate) fn fail(&mut self, method: Method, place: &str, times: u32, wrong: Wrong) {
        self.faults.push(Fault { method, place: place.to_owned(), times, wrong });
    }

    /// Lets something happen after the n-th such request was answered.
    pub(crate) fn meanwhile(
        &mut self,
        method: Method,
        place: &str,
        nth: u32,
        act: impl FnOnce(&mut State) + Send + 'static,
    ) {
        self.meanwhile.push((method, place.to_owned(), nth, Box::new(act)));
    }

    pub(crate) fn deploy(&mut self, id: &str) -> Option<&mut Deploy> {
        self.deploys.iter_mut().find(|deploy| deploy.id == id)
    }

    /// Somebody else publishes something.
    pub(crate) fn publish_foreign(&mut self) {
        let deploy = Deploy { id: "third".to_owned(), state: "ready".to_owned(), ..Deploy::default() };
        self.deploys.insert(0, deploy);
        self.published = Some("third".to_owned());
    }

    /// Serves one request with its fault, if one waits.
    pub(crate) fn serve(&mut self, request: &Request) -> Result<Response, TransportError> {
        let path = route::path_of(&request.url);
        self.counters.requests += 1;
        self.log.push(format!("{} {path}", request.method.name()));
        let is_meant =
            |fault: &&mut Fault| fault.method == request.method && fault.times > 0 && path.contains(&fault.place);
        let wrong = self.faults.iter_mut().find(is_meant).map(|fault| {
            fault.times -= 1;
            fault.wrong.clone()
        });
        let answer = match wrong {
            None => Ok(route::answer(self, request)),
            Some(Wrong::Unsent(error)) => Err(error),
            Some(Wrong::Instead(status, headers, body)) => Ok(Response { status, headers, body: body.into_bytes() }),
            Some(Wrong::Lost(error)) => {
                let _ = route::answer(self, request);
                Err(error)
            }
            Some(Wrong::After(status)) => {
                let _ = route::answer(self, request);
                Ok(refusal(status, "it broke"))
            }
        };
        self.let_happen(request.method, &path);
        answer
    }

    fn let_happen(&mut self, method: Method, path: &str) {
        for (wanted, place, left, _) in &mut self.meanwhile {
            if *wanted == method && path.contains(place.as_str()) {
                *left = left.saturating_sub(1);
            }
        }
        while let Some(at) = self.meanwhile.iter().position(|(.., left, _)| *left == 0) {
            let (.., act) = self.meanwhile.remove(at);
            act(self);
        }
    }
}

pub(crate) fn json_answer(status: u16, value: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: value.to_string().into_bytes() }
}

pub(crate) fn refusal(status: u16, message: &str) -> Response {
    json_answer(status, &json!({"code": status, "message": message}))
}

pub(crate) fn sha1_of(bytes: &[u8]) -> String {
    use sha1::Digest as _;
    sha1::Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
