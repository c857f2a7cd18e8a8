//! Smoke files as checks of a site: each is a journey, asked as often as the judge wants.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use jiff::Timestamp;

use super::ast::{CertificateField, Directives, Entry, Phases, Piece, SmokeFile, Weight};
use super::fault::{Fault, position};
use super::parse::parse;
use super::port::{Answer, Certificate, Field, Millis, Sent, World};
use super::run::{Outcome, Run, Trouble, TroubleKind, run, weight_of};
use super::variable::Variables;
use crate::verify::answer::{self, Failure};
use crate::verify::check::{Attempt, Ground, Journey, Label};
use crate::verify::judgement::{self, Mismatch};
use crate::verify::probe::{self, Kind, Origin, Scope};
use crate::verify::prober::{Errand, Prober};
use crate::verify::x509;

/// The folder of smoke files, below the root of the repository.
pub const FOLDER: &str = ".chimera/smoke";
/// How the name of a smoke file ends.
pub const ENDING: &str = ".hurl";

/// What a smoke test needs besides answers.
pub trait Clock {
    /// The time.
    fn now(&self) -> Timestamp;
    /// Milliseconds on the clock of the run.
    fn millis(&self) -> Millis;
    /// Waits.
    fn sleep(&self, time: Millis);
    /// Bytes that nobody knows before.
    fn random(&self) -> [u8; 16];
    /// Reads a file below [`FOLDER`].
    ///
    /// # Errors
    /// Why it cannot be read, in one clause.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// A smoke file that was read.
pub struct SmokeTest {
    /// Its path in the repository.
    path: String,
    text: String,
    file: SmokeFile,
    /// What it begins with, besides the addresses.
    variables: Variables,
    clock: Rc<dyn Clock>,
}

/// A smoke file, as far as one weight goes.
pub struct SmokeJourney {
    test: Rc<SmokeTest>,
    weight: Weight,
    label: Label,
}

impl SmokeTest {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(path: &str, text: String, variables: Variables, clock: Rc<dyn Clock>) -> Result<SmokeTest, Fault> {
        let file = parse(&text)?;
        compared(&file)?;
        Ok(SmokeTest { path: path.to_owned(), text, file, variables, clock })
    }

    /// Its checks: one for each weight that its requests have.
    #[must_use]
    pub fn journeys(self) -> Vec<SmokeJourney> {
        let test = Rc::new(self);
        let has = |weight: Weight| test.file.entries.iter().any(|entry| weight_of(&test.file, entry) == weight);
        let weights = [Weight::Blocking, Weight::Advisory, Weight::Shadow].into_iter().filter(|weight| has(*weight));
        let weights: Vec<Weight> = weights.collect();
        let is_split = weights.len() > 1;
        weights.into_iter().map(|weight| SmokeJourney::new(&test, weight, is_split)).collect()
    }

    /// Paths whose answers are measured beside those of the last good deploy.
    #[must_use]
    pub fn routes(&self) -> Vec<String> {
        compared(&self.file).unwrap_or_default()
    }
}

/// The paths of requests whose times are compared.
pub(super) fn compared(file: &SmokeFile) -> Result<Vec<String>, Fault> {
    let is_all = file.directives.is_latency_compared;
    let mut routes = Vec::new();
    for entry in file.entries.iter().filter(|entry| is_all || entry.directives.is_latency_compared) {
        match route(entry) {
            Some(route) => routes.push(route),
            None if is_all => {}
            None => {
                let message = "only the times of a GET of a path below \"{{base_url}}\" can be compared";
                return Err(Fault::syntax(entry.request.span.clone(), message));
            }
        }
    }
    Ok(routes)
}

fn route(entry: &Entry) -> Option<String> {
    let request = &entry.request;
    let base = super::ast::Expression::Variable("base_url".to_owned());
    let is_base = |piece: &Piece| matches!(piece, Piece::Placeholder(found) if found.expression == base);
    let path = match &request.url.pieces[..] {
        [first] if is_base(first) => "/",
        [first, Piece::Text(path)] if is_base(first) && path.starts_with('/') => path,
        _ => return None,
    };
    (request.method == "GET" && request.query.is_empty()).then(|| path.to_owned())
}

impl SmokeJourney {
    fn new(test: &Rc<SmokeTest>, weight: Weight, is_split: bool) -> SmokeJourney {
        let told = match weight {
            Weight::Blocking => probe::Weight::Blocking,
            Weight::Advisory => probe::Weight::Advisory,
            Weight::Shadow => probe::Weight::Shadow,
        };
        let entries = || test.file.entries.iter().filter(|entry| weight_of(&test.file, entry) == weight);
        let first = entries().next().map_or(0, |entry| entry.request.span.start);
        let of = |wanted: fn(Phases) -> bool| {
            entries().any(|entry| phases(entry.directives, test.file.directives).is_none_or(wanted))
        };
        let note = if is_split { format!(", {} requests", told.name()) } else { String::new() };
        let label = Label {
            name: format!("smoke test \"{}\"{note}", test.path),
            origin: Origin::line(test.path.clone(), position(&test.text, first).line),
            weight: told,
            scope: Scope { preview: of(|phases| phases.preview), live: of(|phases| phases.live) },
            kind: Kind::Check,
        };
        SmokeJourney { test: Rc::clone(test), weight, label }
    }

    fn variables(&self, ground: &Ground) -> Variables {
        let mut variables = self.test.variables.clone();
        let plain = |url: &str| url.trim_end_matches('/').to_owned();
        variables.set_text("base_url", plain(&ground.base));
        match &ground.deploy {
            Some(url) => variables.set_text("deploy_url", plain(url)),
            None => variables.leave_out("deploy_url", "the own address of the deploy is not asked here"),
        }
        match &ground.last_good {
            Some(url) => variables.set_text("lkg_url", plain(url)),
            None => variables.leave_out("lkg_url", "there is no last good deploy"),
        }
        variables
    }

    fn mismatch(&self, trouble: &Trouble) -> Mismatch {
        let line = position(&self.test.text, trouble.span.start).line;
        let expected = trouble.expected.as_deref().unwrap_or("the request to hold");
        Mismatch { expected: format!("{expected} (line {line})"), found: trouble.message.clone() }
    }
}

fn phases(own: Directives, file: Directives) -> Option<Phases> {
    own.phases.or(file.phases)
}

impl Journey for SmokeJourney {
    fn label(&self) -> &Label {
        &self.label
    }

    fn attempt(&self, ground: &Ground, prober: &dyn Prober, is_fresh: bool) -> Attempt {
        let clock = &*self.test.clock;
        let left = ground.until.saturating_sub(clock.millis());
        let mut world = Asked { prober, clock, is_fresh, failure: RefCell::new(None), requests: Cell::new(0) };
        let run_of = Run {
            text: &self.test.text,
            variables: self.variables(ground),
            is_live: Some(ground.is_live),
            weight: Some(self.weight),
            limit: left,
        };
        let outcome: Outcome = run(&self.test.file, run_of, &mut world);
        let kind = outcome.worst().map(|trouble| trouble.kind);
        let mismatches = || outcome.troubles.iter().map(|trouble| self.mismatch(trouble)).collect();
        let found = match kind {
            None => judgement::Outcome::Passed,
            Some(TroubleKind::Failed) => judgement::Outcome::Wrong(mismatches()),
            Some(TroubleKind::Silent) => match world.failure.take() {
                Some(failure) => judgement::Outcome::Silent(failure),
                None => judgement::Outcome::Wrong(mismatches()),
            },
            Some(TroubleKind::Unknown) => judgement::Outcome::Unknown(
                outcome
                    .worst()
                    .map(|trouble| {
                        let line = position(&self.test.text, trouble.span.start).line;
                        format!("line {line}: {}", trouble.told())
                    })
                    .unwrap_or_default(),
            ),
        };
        Attempt::gone(found, outcome.status, outcome.retry_after)
    }

    fn by_hand(&self, ground: &Ground) -> String {
        let mut line = format!("hurl --variable base_url={}", ground.base.trim_end_matches('/'));
        for (name, url) in [("deploy_url", &ground.deploy), ("lkg_url", &ground.last_good)] {
            if let Some(url) = url.as_ref().filter(|_| self.test.text.contains(name)) {
                line.push_str(&format!(" --variable {name}={}", url.trim_end_matches('/')));
            }
        }
        format!("{line} {}", self.test.path)
    }
}

/// The world of a smoke test: a prober and a clock.
struct Asked<'a> {
    prober: &'a dyn Prober,
    clock: &'a dyn Clock,
    is_fresh: bool,
    /// Why there was no answer to the last request.
    failure: RefCell<Option<Failure>>,
    requests: Cell<usize>,
}

impl World for Asked<'_> {
    fn send(&mut self, request: &Sent) -> Result<Answer, String> {
        let is_first = self.requests.replace(self.requests.get() + 1) == 0;
        let errand = Errand {
            url: request.url.clone(),
            method: request.method.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            redirects: 0,
            is_fresh: self.is_fresh && is_first,
            timeout: request.timeout,
        };
        match self.prober.ask(&errand) {
            Ok(answer) => Ok(of_answer(answer)),
            Err(failure) => {
                let reason = failure.to_string();
                self.failure.replace(Some(failure));
                Err(reason)
            }
        }
    }

    fn speaks(&self, version: &str) -> bool {
        matches!(version, "HTTP/1.0" | "HTTP/1.1")
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn sleep(&mut self, time: Millis) {
        if time > 0 {
            self.clock.sleep(time);
        }
    }

    fn random(&mut self) -> [u8; 16] {
        self.clock.random()
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.clock.read(path)
    }
}

fn of_answer(answer: answer::Answer) -> Answer {
    let certificate = match &answer.tls {
        None => Certificate::Missing,
        Some(tls) => x509::read(&tls.certificate).map_or(Certificate::Opaque, |validity| {
            let moment = |seconds| Timestamp::from_second(seconds).ok().map(Field::Moment);
            let fields = [
                (CertificateField::StartDate, moment(validity.not_before)),
                (CertificateField::ExpireDate, moment(validity.not_after)),
            ];
            Certificate::Known(fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
        }),
    };
    Answer {
        version: answer.version,
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
        is_decoded: false,
        duration: answer.timing.total / 1000,
        ip: answer.peer,
        certificate,
    }
}

#[cfg(test)]
mod tests;
