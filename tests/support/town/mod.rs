//! A site and its last good deploy on a clock that only requests and waits move.

#![allow(dead_code, reason = "every test uses a part of it")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chimera::pipeline::world::World;
use chimera::verify::answer::{Answer, Failure, Timing};
use chimera::verify::prober::{Errand, Prober};

pub(crate) const LIVE: &str = "https://shop.test";
pub(crate) const PREVIEW: &str = "https://new--shop.test";
pub(crate) const OLD: &str = "https://old--shop.test";
pub(crate) const CONTROL: &str = "https://api.test/";

/// What a deploy answers.
#[derive(Clone)]
pub(crate) struct Deploy {
    /// Paths with their bodies.
    pub(crate) pages: Vec<(String, String)>,
    /// Headers of every page.
    pub(crate) headers: Vec<(String, String)>,
    /// Instead of everything.
    pub(crate) instead: Option<Result<u16, Failure>>,
    /// Answers 500 at these paths.
    pub(crate) broken: Vec<String>,
    /// The part of requests that are answered 503.
    pub(crate) flakes: f64,
    /// Milliseconds in the middle, and how they spread.
    pub(crate) latency: f64,
    pub(crate) sigma: f64,
}

/// Both deploys, and everything around them.
pub(crate) struct Town {
    pub(crate) clock: Rc<dyn World>,
    pub(crate) new: RefCell<Deploy>,
    pub(crate) old: RefCell<Deploy>,
    /// Until then the address of the site still answers with the old deploy.
    pub(crate) switches_at: Cell<u64>,
    /// This machine reaches anything.
    pub(crate) has_network: Cell<bool>,
    pub(crate) asked: Cell<u64>,
    seed: Cell<u64>,
}

impl Deploy {
    pub(crate) fn fine(word: &str) -> Deploy {
        let page = |path: &str| (path.to_owned(), format!("<!doctype html><title>{word}</title>Pay"));
        let pages = vec![page("/"), page("/checkout"), ("/app.js".to_owned(), format!("start(\"{word}\")"))];
        let headers = vec![("x-frame-options".to_owned(), "DENY".to_owned())];
        Deploy { pages, headers, instead: None, broken: Vec::new(), flakes: 0.0, latency: 200.0, sigma: 0.35 }
    }

    fn answer(&self, path: &str, chance: f64) -> Result<(u16, String), Failure> {
        if let Some(instead) = &self.instead {
            return instead.clone().map(|status| (status, "gone".to_owned()));
        }
        if chance < self.flakes {
            return Ok((503, "try again".to_owned()));
        }
        if self.broken.iter().any(|broken| broken == path) {
            return Ok((500, "broken".to_owned()));
        }
        let page = self.pages.iter().find(|(known, _)| known == path);
        Ok(page.map_or((404, "not found".to_owned()), |(_, body)| (200, body.clone())))
    }
}

impl Town {
    pub(crate) fn new(clock: Rc<dyn World>, seed: u64) -> Town {
        Town {
            clock,
            new: RefCell::new(Deploy::fine("new")),
            old: RefCell::new(Deploy::fine("old")),
            switches_at: Cell::new(0),
            has_network: Cell::new(true),
            asked: Cell::new(0),
            seed: Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        }
    }

    pub(crate) fn chance(&self) -> f64 {
        let mut seed = self.seed.get();
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        self.seed.set(seed);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Log-normal, with 2 % of spikes of half a second to two.
    fn latency(&self, deploy: &Deploy) -> f64 {
        if self.chance() < 0.02 {
            return 500.0 + 1_500.0 * self.chance();
        }
        let (one, other) = (self.chance().max(1e-300), self.chance());
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
        deploy.latency * (deploy.sigma * normal).exp()
    }

    fn one(&self, errand: &Errand) -> (Result<Answer, Failure>, f64) {
        self.asked.set(self.asked.get() + 1);
        if !self.has_network.get() {
            return (Err(Failure::Connect), 5.0);
        }
        if errand.url == CONTROL {
            return (Ok(Answer { status: 404, ..Answer::default() }), 50.0);
        }
        let is_old =
            errand.url.starts_with(OLD) || (errand.url.starts_with(LIVE) && self.clock.now() < self.switches_at.get());
        let deploy = if is_old { self.old.borrow() } else { self.new.borrow() };
        let path = errand.url.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |rest| format!("/{rest}"));
        let span = self.latency(&deploy);
        let answer = deploy.answer(&path, self.chance()).map(|(status, body)| Answer {
            status,
            headers: deploy.headers.clone(),
            body: body.into_bytes(),
            url: errand.url.clone(),
            timing: Timing { connect: None, first_byte: (span * 1_000.0) as u64, total: (span * 1_000.0) as u64 },
            tls: Some(certificate()),
            ..Answer::default()
        });
        (answer, span)
    }
}

impl Prober for Town {
    fn ask(&self, errand: &Errand) -> Result<Answer, Failure> {
        let (answer, span) = self.one(errand);
        self.clock.pause(span as u64);
        answer
    }

    /// Eight at once take as long as an eighth of all.
    fn ask_all(&self, errands: &[Errand]) -> Vec<Result<Answer, Failure>> {
        let answers: Vec<_> = errands.iter().map(|errand| self.one(errand)).collect();
        let (sum, longest) =
            answers.iter().fold((0.0, 0.0_f64), |(sum, longest), (_, span)| (sum + span, longest.max(*span)));
        self.clock.pause(longest.max(sum / 8.0) as u64);
        answers.into_iter().map(|(answer, _)| answer).collect()
    }
}

/// Valid from 2026-11-21 to 2057-01-02; made by `openssl req -x509 -newkey ed25519 -nodes -subj /CN=a -days 11000`.
fn certificate() -> chimera::verify::answer::Tls {
    use base64::Engine as _;
    let der = base64::engine::general_purpose::STANDARD.decode(CERTIFICATE).unwrap();
    chimera::verify::answer::Tls { version: "TLSv1.3".to_owned(), certificate: der }
}

const CERTIFICATE: &str = "\
    MIIBLjCB4aADAgECAhRIf7Dr7vMxG6uzFnKcD6gtuwNf1jAFBgMrZXAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjEyMTMwNThaGA8y\
    MDU3MDEwMjIxMzA1OFowDDEKMAgGA1UEAwwBYTAqMAUGAytlcAMhAKqcOBPTGv/JhXZc3BqIGfCWBv5vQLY+ZHRwDLWnpY5No1Mw\
    UTAdBgNVHQ4EFgQUM850+tADxrCUzzzrtkuvGVqhjDEwHwYDVR0jBBgwFoAUM850+tADxrCUzzzrtkuvGVqhjDEwDwYDVR0TAQH/\
    BAUwAwEB/zAFBgMrZXADQQCUGsOAirEsdkTJ4mMc9Xb0QL14qIh1TjNpyCoZGB8N4yRZXWaQGijzPNMHQS7LsklBefH9SIxYo8V3\
    jLsbPGEF";
