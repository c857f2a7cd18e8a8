//! The verifier of a run: which checks are asked in which phase (VERIFICATION, 3).

use std::cell::RefCell;

use crate::pipeline::guard::Control;
use crate::pipeline::plan::NEW;
use crate::pipeline::port::{Subject, Verifier};
use crate::pipeline::state::Check as Phase;
use crate::pipeline::verdict::{Grade, Verdict};
use crate::pipeline::world::{Millis, World};
use crate::verify::bake::{Baker, Watch};
use crate::verify::check::{Check, Ground};
use crate::verify::entry;
use crate::verify::finding::Inspection;
use crate::verify::inspector::Inspector;
use crate::verify::probe::{Kind, Request, Weight};
use crate::verify::prober::{Errand, MOST_REDIRECTS, Prober};
use crate::verify::setting::Settings;

/// How long the last good deploy may take to answer when a return waits for it.
const URGENT: Millis = 1_000;

/// The last good deploy, as it can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The platform's name for it.
    pub deploy: String,
    /// Its own address.
    pub address: String,
}

/// Verifies one site.
pub struct SiteVerifier<'a> {
    /// Carries the requests.
    pub prober: &'a dyn Prober,
    /// The clock.
    pub world: &'a dyn World,
    /// What people want.
    pub settings: Settings,
    /// What was derived from the deploy.
    pub checks: Vec<Check>,
    /// How long the live site is watched.
    pub bake: Millis,
    /// An address that has nothing to do with the site and always answers.
    pub control: Option<String>,
    /// Finds the last good deploy.
    pub last_good: &'a dyn Fn() -> Option<Reference>,
    /// Is told what is going on, a line each.
    pub tell: &'a dyn Fn(&str),
    /// What was learned so far.
    pub memory: RefCell<Memory>,
}

/// What a verifier remembers from phase to phase.
#[derive(Debug, Default)]
pub struct Memory {
    /// The last good deploy; none while nobody has looked for it.
    reference: Option<Option<Reference>>,
    /// What it answers at its entry page.
    before: Option<u16>,
    /// What the last phase showed.
    last: Option<Inspection>,
}

impl SiteVerifier<'_> {
    /// Looks at a deploy as one phase does, and tells everything that was found.
    pub fn look(&self, subject: &Subject, until: Millis) -> Inspection {
        if subject.deploy == NEW {
            return Inspection::only(Grade::Pass, "nothing is there yet");
        }
        let Some(address) = &subject.address else {
            return Inspection::only(Grade::Inconclusive, "the platform names no address");
        };
        let reference = self.reference(until);
        // A deploy that came back is not compared with itself.
        let is_return = reference.as_ref().is_some_and(|reference| reference.deploy == subject.deploy);
        let ground = Ground {
            base: address.clone(),
            deploy: (!subject.is_live).then(|| address.clone()),
            last_good: reference.filter(|_| !is_return).map(|reference| reference.address),
            is_live: subject.is_live,
            until,
        };
        let inspection = match subject.check {
            Phase::Bake => self.watch(&ground, self.bake),
            Phase::Extended => self.watch(&ground, 2 * self.bake),
            Phase::Identity => Inspection::only(Grade::Pass, "the platform names the live deploy"),
            Phase::Critical => self.ask(&ground, self.critical(&ground, is_return)),
            Phase::Full if subject.is_live => self.ask(&ground, self.others()),
            Phase::Full => {
                let mut checks = self.critical(&ground, is_return);
                checks.extend(self.others());
                self.ask(&ground, checks)
            }
        };
        self.memory.borrow_mut().last = Some(inspection.clone());
        inspection
    }

    /// Says whether there is a last good deploy to compare with.
    pub fn has_reference(&self, until: Millis) -> bool {
        self.reference(until).is_some()
    }

    /// What people notice at once.
    fn critical(&self, ground: &Ground, is_return: bool) -> Vec<Check> {
        let before = self.memory.borrow().before;
        let probes = entry::probes(&ground.base, before).into_iter().chain(self.settings.checks.iter().cloned());
        let derived = self.checks.iter().filter(|check| !is_return && check.label().kind == Kind::Critical);
        probes.map(Check::Probe).chain(derived.cloned()).collect()
    }

    fn others(&self) -> Vec<Check> {
        self.checks.iter().filter(|check| check.label().kind != Kind::Critical).cloned().collect()
    }

    fn ask(&self, ground: &Ground, checks: Vec<Check>) -> Inspection {
        if checks.is_empty() {
            return Inspection::only(Grade::Pass, "nothing more is to be asked");
        }
        let count = checks.len();
        (self.tell)(&format!("asking {count} checks at {}", ground.base));
        let inspection = self.inspector().inspect(ground, checks);
        (self.tell)(&format!("{} of {} checks hold", inspection.held, inspection.asked));
        inspection
    }

    fn watch(&self, ground: &Ground, span: Millis) -> Inspection {
        let watch = Watch { routes: self.settings.routes.clone(), measure: self.settings.measure, span };
        (self.tell)(&format!("watching {} for {} s", ground.base, span / 1_000));
        let inspector = self.inspector();
        // What is advisory was told before; while watching, only what would bring the last good deploy back is asked.
        let blocking = |check: &Check| check.label().weight == Weight::Blocking;
        let recheck = || {
            let checks = self.critical(ground, false).into_iter().filter(blocking).collect();
            inspector.inspect(ground, checks)
        };
        Baker { prober: self.prober, world: self.world }.bake(ground, &watch, recheck)
    }

    fn inspector(&self) -> Inspector<'_> {
        let (confirm, control) = (self.settings.confirm, self.control.as_deref());
        Inspector { prober: self.prober, world: self.world, confirm, control }
    }

    /// The last good deploy; looked for once, and asked for its entry page.
    fn reference(&self, until: Millis) -> Option<Reference> {
        if let Some(known) = &self.memory.borrow().reference {
            return known.clone();
        }
        let found = (self.last_good)();
        let before = found.as_ref().and_then(|reference| self.entry_of(&reference.address, until));
        let mut memory = self.memory.borrow_mut();
        memory.reference = Some(found.clone());
        memory.before = before;
        found
    }

    fn entry_of(&self, address: &str, until: Millis) -> Option<u16> {
        let mut request = Request::get("/");
        request.redirects = MOST_REDIRECTS;
        let errand = Errand::new(address, &request).ok()?;
        let timeout = errand.timeout.min(until.saturating_sub(self.world.now())).max(1);
        self.prober.ask(&Errand { timeout, ..errand }).ok().map(|answer| answer.status)
    }
}

impl Verifier for SiteVerifier<'_> {
    fn verify(&self, subject: &Subject, until: Millis) -> Verdict {
        self.look(subject, until).verdict()
    }

    fn control(&self, last_good: &Subject, until: Millis) -> Control {
        let memory = self.memory.borrow();
        let Some(last) = &memory.last else {
            drop(memory);
            let Some(address) = &last_good.address else { return Control::Unknown };
            return match self.entry_of(address, until.min(self.world.now() + URGENT)) {
                Some(500..) => Control::Fails,
                Some(_) => Control::Passes,
                None => Control::Unknown,
            };
        };
        // The last good deploy was asked the same in the wave that decided.
        let bad = last.findings.iter().filter(|finding| finding.grade == Grade::Fail);
        let shared: Vec<Option<bool>> = bad.map(|finding| finding.is_shared).collect();
        match () {
            () if shared.is_empty() || shared.contains(&Some(false)) => Control::Passes,
            () if shared.contains(&Some(true)) => Control::Fails,
            () => Control::Unknown,
        }
    }
}
