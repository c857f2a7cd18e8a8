//! A service behind a transport: every request with patience, every refusal with a name.

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::pipeline::platform::{Fault, FaultKind};
use crate::pipeline::world::{Millis, World};
use crate::remote::retry::{self, Next, Trouble};
use crate::remote::secret::Secret;
use crate::remote::transport::{Method, Request, Response, Transport, TransportError};

/// The longest time for one answer.
const SILENCE: Millis = 10_000;
/// Failures in a row after which a host is left alone, and for how long.
const MOST_FAILURES: u32 = 5;
const REST: Millis = 30_000;
/// Requests that are kept for what is urgent.
const RESERVE: u64 = 20;
/// What must be done within this is urgent.
const URGENT: Millis = 15_000;
/// Letters of a foreign message that are passed on.
const MOST_LETTERS: usize = 200;

/// What is sent.
#[derive(Debug, Clone)]
pub enum Payload {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Value),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One thing that a service is asked.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it does, completing "the token may not …".
    pub what: &'static str,
    /// How.
    pub method: Method,
    /// The address below that of the service, with its query.
    pub path: String,
    /// What is sent.
    pub payload: Payload,
}

/// Tells whether what was asked for exists already.
pub type Finder<'f, T> = &'f dyn Fn() -> Result<Option<T>, Fault>;

/// A service.
pub struct Client<'a> {
    transport: &'a dyn Transport,
    world: &'a dyn World,
    name: &'static str,
    base: String,
    token: Option<Secret>,
    /// What must not be seen in messages.
    secrets: Vec<Secret>,
    failures: Cell<u32>,
    closed_until: Cell<Millis>,
    /// Requests that are left, and when there are more, in seconds since 1970.
    budget: Cell<Option<(u64, u64)>>,
}

impl<'a> Client<'a> {
    /// A service of this name below this address.
    #[must_use]
    pub fn new(
        name: &'static str,
        base: &str,
        token: Option<Secret>,
        transport: &'a dyn Transport,
        world: &'a dyn World,
    ) -> Client<'a> {
        Client {
            transport,
            world,
            name,
            base: base.trim_end_matches('/').to_owned(),
            secrets: token.iter().cloned().collect(),
            token,
            failures: Cell::new(0),
            closed_until: Cell::new(0),
            budget: Cell::new(None),
        }
    }

    /// Something else that must not be seen in messages.
    #[must_use]
    pub fn hiding(mut self, secret: Secret) -> Client<'a> {
        self.secrets.push(secret);
        self
    }

    /// The clock.
    #[must_use]
    pub fn world(&self) -> &'a dyn World {
        self.world
    }

    /// Asks for something that may be asked for twice.
    ///
    /// # Errors
    /// When the service refuses, or does not answer in time.
    pub fn ask<T: DeserializeOwned>(&self, call: &Call, until: Millis) -> Result<T, Fault> {
        self.repeat(call, until, None, &|response| self.read(response))
    }

    /// Asks for something that may not be done twice: before it is asked for again, `find` looks whether it is there.
    ///
    /// # Errors
    /// When the service refuses, or does not answer in time.
    pub fn create<T: DeserializeOwned>(&self, call: &Call, until: Millis, find: Finder<'_, T>) -> Result<T, Fault> {
        self.repeat(call, until, Some(find), &|response| self.read(response))
    }

    /// Asks for something whose answer says nothing.
    ///
    /// # Errors
    /// When the service refuses, or does not answer in time.
    pub fn trigger(&self, call: &Call, until: Millis, find: Finder<'_, ()>) -> Result<(), Fault> {
        self.repeat(call, until, Some(find), &|_| Ok(()))
    }

    fn repeat<T>(
        &self,
        call: &Call,
        until: Millis,
        find: Option<Finder<'_, T>>,
        read: &dyn Fn(&Response) -> Result<T, String>,
    ) -> Result<T, Fault> {
        let mut tries = 0;
        loop {
            self.await_turn(call, until)?;
            tries += 1;
            let trouble = match self.once(call, until) {
                Ok(response) => match Trouble::of(&response, self.world.unix()) {
                    Some(trouble) => trouble,
                    None if !(200..300).contains(&response.status) => return Err(self.refusal(call, &response)),
                    None => match read(&response) {
                        Ok(value) => {
                            self.failures.set(0);
                            return Ok(value);
                        }
                        Err(what) => Trouble::Garbled(what),
                    },
                },
                Err(error) => Trouble::Transport(error),
            };
            self.count(&trouble);
            let left = until.saturating_sub(self.world.now());
            let next = retry::next(&trouble, tries, left, self.world.chance());
            if let Next::Repeat(wait) = next {
                self.pause(wait)?;
            }
            // Even when it is not repeated: what was done must not be lost. And what may be there is not made again.
            if let Some(find) = find.filter(|_| !trouble.is_undone())
                && let Some(found) = find()?
            {
                return Ok(found);
            }
            if !matches!(next, Next::Repeat(_)) {
                return Err(self.exhausted(call, &trouble, next, tries));
            }
        }
    }

    /// Sends it once.
    fn once(&self, call: &Call, until: Millis) -> Result<Response, TransportError> {
        let response = self.transport.send(&self.request(call, until))?;
        self.note_budget(&response);
        Ok(response)
    }

    fn request(&self, call: &Call, until: Millis) -> Request {
        let mut headers = vec![
            ("user-agent", concat!("chimeractl/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        headers.extend(self.token.as_ref().map(|token| ("authorization", format!("Bearer {}", token.expose()))));
        let body = match &call.payload {
            Payload::Nothing => Vec::new(),
            Payload::Json(value) => {
                headers.push(("content-type", "application/json".to_owned()));
                value.to_string().into_bytes()
            }
            Payload::Bytes(bytes) => {
                headers.push(("content-type", "application/octet-stream".to_owned()));
                bytes.clone()
            }
        };
        let timeout = until.saturating_sub(self.world.now()).clamp(1, SILENCE);
        Request { method: call.method, url: format!("{}{}", self.base, call.path), headers, body, timeout }
    }

    /// Asks for many things that may be asked for twice, some at once.
    ///
    /// # Errors
    /// The first that could not be done.
    pub fn ask_all(&self, calls: &[Call], at_once: usize, until: Millis) -> Result<(), Fault> {
        let requests: Vec<Request> = calls.iter().map(|call| self.request(call, until)).collect();
        let answers = self.transport.send_all(&requests, at_once);
        for (call, answer) in calls.iter().zip(answers) {
            let is_done = answer.is_ok_and(|response| (200..300).contains(&response.status));
            if !is_done {
                self.repeat(call, until, None, &|_| Ok(()))?;
            }
        }
        Ok(())
    }

    /// Waits while the host is left alone, or while the last requests are kept for what is urgent.
    fn await_turn(&self, call: &Call, until: Millis) -> Result<(), Fault> {
        let now = self.world.now();
        if now < self.closed_until.get() {
            if self.closed_until.get() >= until {
                let text = format!("{} fails again and again and is left alone for {} s", self.name, REST / 1_000);
                return Err(Fault::new(FaultKind::Exhausted, text));
            }
            self.pause(self.closed_until.get() - now)?;
        }
        let is_patient = call.method == Method::Get && until.saturating_sub(now) > URGENT;
        if let Some((left, reset)) = self.budget.get()
            && is_patient
            && left <= RESERVE
        {
            let wait = (reset.saturating_sub(self.world.unix()) * 1_000).min(60_000);
            if self.world.now() + wait < until {
                self.pause(wait)?;
            }
            self.budget.set(None);
        }
        Ok(())
    }

    fn note_budget(&self, response: &Response) {
        let number = |name: &str| response.header(name)?.trim().parse::<u64>().ok();
        self.budget.set(number("x-ratelimit-remaining").zip(number("x-ratelimit-reset")));
    }

    fn count(&self, trouble: &Trouble) {
        if matches!(trouble, Trouble::Status(429, _)) {
            return;
        }
        self.failures.set(self.failures.get() + 1);
        if self.failures.get() >= MOST_FAILURES {
            self.failures.set(0);
            self.closed_until.set(self.world.now() + REST);
        }
    }

    fn pause(&self, wait: Millis) -> Result<(), Fault> {
        self.world.pause(wait);
        if self.world.is_interrupted() {
            return Err(Fault::new(FaultKind::Interrupted, "interrupted"));
        }
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, response: &Response) -> Result<T, String> {
        let is_html = response.header("content-type").is_some_and(|kind| kind.contains("html"))
            || response.body.trim_ascii_start().first() == Some(&b'<');
        if is_html {
            return Err("an HTML page came instead of JSON; is the address that of the API?".to_owned());
        }
        serde_json::from_slice(&response.body).map_err(|_| "the answer is not the JSON that was expected".to_owned())
    }

    fn exhausted(&self, call: &Call, trouble: &Trouble, next: Next, tries: u32) -> Fault {
        let Client { name, .. } = self;
        if let Trouble::Transport(error @ TransportError::Insecure(_)) = trouble {
            return Fault::new(FaultKind::Insecure, self.clean(&format!("{name}: {error}")));
        }
        let text = match next {
            Next::TooLong(wait) => {
                format!("{name} wants {} s of waiting before it lets us {}", wait.div_ceil(1_000), call.what)
            }
            _ => format!("{name} did not let us {} in {tries} tries: {trouble}", call.what),
        };
        Fault::new(FaultKind::Exhausted, self.clean(&text))
    }

    fn refusal(&self, call: &Call, response: &Response) -> Fault {
        let Client { name, .. } = self;
        let said = serde_json::from_slice::<Value>(&response.body).ok();
        let said = said.as_ref().and_then(|value| value["message"].as_str().or(value["error"].as_str()));
        let said = said.map(|text| format!(" (\"{text}\")")).unwrap_or_default();
        let what = call.what;
        let (kind, text) = match response.status {
            401 => (FaultKind::Unauthorised, format!("{name} does not accept the token: it is wrong or was revoked")),
            403 => (FaultKind::Forbidden, format!("the token for {name} may not {what}{said}")),
            404 | 410 => {
                (FaultKind::Missing, format!("{name} cannot {what}: it does not exist, or not for this token{said}"))
            }
            status => (FaultKind::Refused, format!("{name} refuses to {what}: status {status}{said}")),
        };
        Fault::new(kind, self.clean(&text))
    }

    /// A text without secrets, control characters and endless tails.
    fn clean(&self, text: &str) -> String {
        let text = self.secrets.iter().fold(text.to_owned(), |text, secret| secret.mask(&text));
        let mut out: String = text.chars().filter(|letter| !letter.is_control()).take(MOST_LETTERS).collect();
        if text.chars().count() > MOST_LETTERS {
            out.push('…');
        }
        out
    }
}
