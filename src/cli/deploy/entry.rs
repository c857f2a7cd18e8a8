//! The least that can be verified: the deploy answers at its entry page.
//!
//! What is not looked at is not said to be good: a page that needs a password, or a site without an entry page, is
//! inconclusive.

use crate::pipeline::guard::Control;
use crate::pipeline::plan::NEW;
use crate::pipeline::port::{Subject, Verifier};
use crate::pipeline::state::Check;
use crate::pipeline::verdict::{Grade, Verdict};
use crate::pipeline::world::{Millis, World};
use crate::remote::transport::{Method, Request, Transport};

/// Attempts until a failure counts (VERIFICATION: k of n).
const ATTEMPTS: u32 = 3;
/// Time between two attempts, and between two looks while it bakes.
const PAUSE: Millis = 1_000;
const BAKE_PAUSE: Millis = 15_000;
/// The longest time for one answer.
const SILENCE: Millis = 10_000;

/// Looks at the entry page.
pub(crate) struct EntryPage<'a> {
    /// Carries the requests.
    pub(crate) transport: &'a dyn Transport,
    /// The clock.
    pub(crate) world: &'a dyn World,
    /// How long is looked after the first looks.
    pub(crate) bake: Millis,
}

impl EntryPage<'_> {
    fn look(&self, address: &str, until: Millis) -> Verdict {
        let mut last = Verdict::new(Grade::Inconclusive, "nothing was looked at");
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                self.world.pause(PAUSE);
            }
            last = self.attempt(address, until);
            if last.grade != Grade::Fail || self.world.is_interrupted() {
                break;
            }
        }
        last
    }

    fn attempt(&self, address: &str, until: Millis) -> Verdict {
        let url = format!("{}/", address.trim_end_matches('/'));
        let timeout = until.saturating_sub(self.world.now()).clamp(1, SILENCE);
        let agent = concat!("chimera-verify/", env!("CARGO_PKG_VERSION")).to_owned();
        let headers = vec![("user-agent", agent), ("cache-control", "no-cache".to_owned())];
        let request = Request { method: Method::Get, url: url.clone(), headers, body: Vec::new(), timeout };
        let (grade, reason) = match self.transport.send(&request) {
            Err(error) => (Grade::Inconclusive, error.to_string()),
            Ok(answer) => match answer.status {
                200..=299 if answer.body.is_empty() => (Grade::Fail, "the entry page is empty".to_owned()),
                200..=399 => (Grade::Pass, "the entry page answers; nothing else was looked at".to_owned()),
                status @ 500.. => (Grade::Fail, format!("the entry page answers {status}")),
                status => (Grade::Inconclusive, format!("the entry page answers {status}")),
            },
        };
        let evidence = if grade == Grade::Fail { vec![format!("GET {url}: {reason}")] } else { Vec::new() };
        Verdict { grade, reason, evidence }
    }
}

impl Verifier for EntryPage<'_> {
    fn verify(&self, subject: &Subject, until: Millis) -> Verdict {
        if subject.deploy == NEW {
            return Verdict::new(Grade::Pass, "nothing is there yet");
        }
        let Some(address) = &subject.address else {
            return Verdict::new(Grade::Inconclusive, "the platform names no address");
        };
        let end = match subject.check {
            Check::Bake => until.min(self.world.now() + self.bake),
            Check::Extended => until.min(self.world.now() + 2 * self.bake),
            Check::Critical | Check::Full | Check::Identity => self.world.now(),
        };
        loop {
            let verdict = self.look(address, until);
            let left = end.saturating_sub(self.world.now());
            if !verdict.is_good() || left == 0 || self.world.is_interrupted() {
                return verdict;
            }
            self.world.pause(left.min(BAKE_PAUSE));
        }
    }

    fn control(&self, last_good: &Subject, until: Millis) -> Control {
        let Some(address) = &last_good.address else { return Control::Unknown };
        // The return is urgent: one look.
        match self.attempt(address, until.min(self.world.now() + PAUSE)).grade {
            Grade::Pass | Grade::Warn => Control::Passes,
            Grade::Fail => Control::Fails,
            Grade::Inconclusive => Control::Unknown,
        }
    }
}
