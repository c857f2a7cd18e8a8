//! A run on a clock that only the run itself moves, against a fake platform.

#![allow(dead_code, reason = "every test uses a part of it")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chimera::pipeline::drive::{Driver, Ports, Stop};
use chimera::pipeline::guard::{Control, Migration};
use chimera::pipeline::input::{Certified, Healed, Input, Simulated};
use chimera::pipeline::invariant::{self, Outside};
use chimera::pipeline::journal::{Journal, JournalError, Record, replay};
use chimera::pipeline::lease::{LeaseEvent, Lock, Taken, standing};
use chimera::pipeline::limit::Limits;
use chimera::pipeline::order::*;
use chimera::pipeline::platform::{Artifact, Fault, Piece, Platform};
use chimera::pipeline::port::{History, Subject, Verifier, Workshop};
use chimera::pipeline::recovery::{self, Need};
use chimera::pipeline::run::Run;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::pipeline::world::{Millis, World};
use chimera::remote::netlify::{Access, Hook, Netlify};
use chimera::remote::secret::Secret;
use chimera::remote::transport::{Request, Response, Transport, TransportError};

use crate::netlify::{HOOK, SITE, State, TOKEN};

pub(crate) const LATENCY: Millis = 50;
const EPOCH: u64 = 1_790_000_000;

/// The clock, and whether the process lives.
#[derive(Default)]
pub(crate) struct Clock {
    pub(crate) now: Cell<Millis>,
    pub(crate) skew: Cell<i64>,
    pub(crate) seed: Cell<u64>,
    pub(crate) interrupt_at: Cell<Option<Millis>>,
    /// After this nothing that the process does reaches anybody.
    pub(crate) dead: Cell<bool>,
    /// Things that reach the outside until it dies; and whether the last one still does.
    pub(crate) kill_after: Cell<Option<(u32, bool)>>,
    pub(crate) boundaries: Cell<u32>,
}

impl Clock {
    /// A boundary between the process and the outside; says whether what follows happens, and whether anybody hears of it.
    fn cross(&self) -> (bool, bool) {
        if self.dead.get() {
            return (false, false);
        }
        self.boundaries.set(self.boundaries.get() + 1);
        match self.kill_after.get() {
            Some((at, happens)) if self.boundaries.get() >= at => {
                self.dead.set(true);
                (happens, false)
            }
            _ => (true, true),
        }
    }
}

impl World for Clock {
    fn now(&self) -> Millis {
        self.now.get()
    }
    fn unix(&self) -> u64 {
        (EPOCH + self.now.get() / 1_000).saturating_add_signed(self.skew.get())
    }
    fn pause(&self, span: Millis) {
        let until = self.now.get() + span;
        let at = self.interrupt_at.get().filter(|at| *at > self.now.get());
        self.now.set(at.map_or(until, |at| at.min(until)));
    }
    fn is_interrupted(&self) -> bool {
        self.interrupt_at.get().is_some_and(|at| at <= self.now.get())
    }
    fn chance(&self) -> f64 {
        let mut seed = self.seed.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.seed.set(seed);
        seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The wire to the fake.
pub(crate) struct Wire {
    pub(crate) clock: Rc<Clock>,
    pub(crate) state: Rc<RefCell<State>>,
    pub(crate) latency: Millis,
}

impl Transport for Wire {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let (happens, is_heard) = self.clock.cross();
        if !happens {
            return Err(TransportError::Connect);
        }
        self.clock.now.set(self.clock.now.get() + self.latency);
        let mut state = self.state.borrow_mut();
        state.now = self.clock.now.get();
        let answer = state.serve(request);
        if matches!(answer, Err(TransportError::TimedOut)) {
            self.clock.now.set(self.clock.now.get() + request.timeout);
        }
        if is_heard { answer } else { Err(TransportError::Broken) }
    }
}

pub(crate) type Judge = Box<dyn Fn(&Subject, &State) -> Verdict>;

/// Simulates and certifies as it is told.
pub(crate) struct Shop {
    pub(crate) clock: Rc<Clock>,
    pub(crate) simulated: Vec<Simulated>,
    pub(crate) hangs: bool,
    pub(crate) certified: Certified,
    pub(crate) expires_at: Millis,
}

impl Workshop for Shop {
    fn simulate(&mut self, until: Millis) -> Result<Simulated, Fault> {
        if self.hangs {
            self.clock.now.set(until);
            return Ok(Simulated::TimedOut);
        }
        Ok(if self.simulated.is_empty() { Simulated::Clean } else { self.simulated.remove(0) })
    }
    fn heal(&mut self, _: Millis) -> Result<Healed, Fault> {
        Ok(Healed::Applied)
    }
    fn certify(&mut self, _: Millis) -> Result<Certified, Fault> {
        Ok(self.certified.clone())
    }
    fn is_certificate_valid(&self) -> bool {
        self.clock.now() < self.expires_at
    }
}

/// The publish directory.
pub(crate) struct Directory {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) is_changed: bool,
}

impl Artifact for Directory {
    fn pieces(&self) -> Result<Vec<Piece>, Fault> {
        let piece = |(path, bytes): &(String, Vec<u8>)| Piece {
            path: path.clone(),
            sha1: crate::netlify::sha1_of(bytes),
            size: bytes.len() as u64,
        };
        Ok(self.files.iter().map(piece).collect())
    }
    fn read(&self, piece: &Piece) -> Result<Vec<u8>, Fault> {
        Ok(self.files.iter().find(|(path, _)| *path == piece.path).map(|(_, bytes)| bytes.clone()).unwrap_or_default())
    }
    fn is_as_certified(&self) -> Result<bool, Fault> {
        Ok(!self.is_changed)
    }
}

struct Looker {
    clock: Rc<Clock>,
    state: Rc<RefCell<State>>,
    judge: Judge,
    control: Control,
    looks: Cell<u32>,
}

impl Verifier for Looker {
    fn verify(&self, subject: &Subject, until: Millis) -> Verdict {
        self.looks.set(self.looks.get() + 1);
        self.clock.pause((until - self.clock.now()).min(5_000));
        (self.judge)(subject, &self.state.borrow())
    }
    fn control(&self, _: &Subject, _: Millis) -> Control {
        self.control
    }
}

/// What the ledger knows.
#[derive(Clone)]
pub(crate) struct Past {
    pub(crate) last_good: Option<String>,
    pub(crate) recent_returns: u32,
    pub(crate) is_used: bool,
    pub(crate) may_return: bool,
    pub(crate) migration: Migration,
}

impl History for Past {
    fn last_good(&self, _: &Target) -> Result<Option<String>, Fault> {
        Ok(self.last_good.clone())
    }
    fn recent_returns(&self, _: &Target) -> Result<u32, Fault> {
        Ok(self.recent_returns)
    }
    fn is_used(&self, _: &str) -> Result<bool, Fault> {
        Ok(self.is_used)
    }
    fn is_superseded(&self, _: &str) -> Result<bool, Fault> {
        Ok(false)
    }
    fn is_ours(&self, _: &str) -> Result<bool, Fault> {
        Ok(true)
    }
    fn may_return(&self, _: &str) -> bool {
        self.may_return
    }
    fn migration_since(&self, _: &str) -> Migration {
        self.migration
    }
}

/// Records, until it cannot.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) records: Vec<Record>,
    pub(crate) fails_at: Option<usize>,
}

struct Writer {
    clock: Rc<Clock>,
    book: Rc<RefCell<Book>>,
}

impl Journal for Writer {
    fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        let (happens, _) = self.clock.cross();
        if !happens {
            return Err(JournalError("dead".to_owned()));
        }
        let mut book = self.book.borrow_mut();
        if book.fails_at.is_some_and(|at| book.records.len() >= at) {
            return Err(JournalError("full".to_owned()));
        }
        book.records.extend(records.iter().cloned());
        Ok(())
    }
}

/// The lock of the environment.
pub(crate) struct Latch {
    pub(crate) clock: Rc<Clock>,
    pub(crate) events: Rc<RefCell<Vec<LeaseEvent>>>,
}

impl Lock for Latch {
    fn take(&mut self, holder: &str, span: Millis) -> Result<Taken, Fault> {
        let mut events = self.events.borrow_mut();
        let lease = standing(events.iter());
        if let Some(lease) = lease.filter(|lease| !lease.is_over(self.clock.unix()) && lease.holder != holder) {
            return Ok(Taken::Busy(lease.holder));
        }
        if !self.clock.cross().0 {
            return Ok(Taken::Ours(0));
        }
        let fence = events.len() as u64 + 1;
        let at = self.clock.unix();
        events.push(LeaseEvent::Taken { holder: holder.to_owned(), fence, at, until: at + span / 1_000 });
        Ok(Taken::Ours(fence))
    }
    fn renew(&mut self, fence: u64, _: Millis) -> Result<bool, Fault> {
        Ok(standing(self.events.borrow().iter()).is_some_and(|lease| lease.fence == fence))
    }
    fn release(&mut self, fence: u64) -> Result<(), Fault> {
        if self.clock.cross().0 {
            let mut events = self.events.borrow_mut();
            let ours = standing(events.iter()).filter(|lease| lease.fence == fence).map(|lease| lease.holder);
            events.extend(ours.map(|holder| LeaseEvent::Released { holder }));
        }
        Ok(())
    }
}

/// Everything around a run.
pub(crate) struct Scene {
    pub(crate) clock: Rc<Clock>,
    pub(crate) state: Rc<RefCell<State>>,
    pub(crate) book: Rc<RefCell<Book>>,
    pub(crate) lock: Rc<RefCell<Vec<LeaseEvent>>>,
    pub(crate) order: Order,
    pub(crate) shop: Shop,
    pub(crate) directory: Directory,
    pub(crate) judge: Option<Judge>,
    pub(crate) control: Control,
    pub(crate) past: Past,
    pub(crate) latency: Millis,
    pub(crate) states: Vec<(Millis, String)>,
}

/// How a run ended.
pub(crate) struct Ending {
    pub(crate) run: Run,
    pub(crate) stop: Stop,
}

impl Ending {
    pub(crate) fn name(&self) -> String {
        self.run.state.to_string()
    }
    pub(crate) fn reason(&self) -> String {
        self.run.end().and_then(|end| end.reason()).unwrap_or_default().to_owned()
    }
    pub(crate) fn code(&self) -> Option<u8> {
        self.run.end().map(chimera::pipeline::state::End::exit_code)
    }
}

pub(crate) fn pass() -> Verdict {
    Verdict::new(Grade::Pass, "all checks hold")
}

pub(crate) fn order() -> Order {
    let target = Target {
        platform: "netlify".to_owned(),
        site: SITE.to_owned(),
        gate: Gate::Strict,
        way: Way::Upload,
        has_preview: true,
    };
    Order {
        deploy_key: "dk_abcdefghijklmnopqrstuvwxyz".to_owned(),
        environment: "production".to_owned(),
        commit: "c0ffee".to_owned(),
        wish: Wish::Deploy,
        targets: vec![target],
        is_healing: true,
        accepts_no_last_good: false,
        doubt: Doubt::Keep,
        contain: Contain::StopAutodeploy,
        limits: Limits::NETLIFY,
    }
}

impl Scene {
    pub(crate) fn new() -> Scene {
        let clock = Rc::new(Clock::default());
        clock.now.set(1_000);
        let shop = Shop {
            clock: Rc::clone(&clock),
            simulated: Vec::new(),
            hangs: false,
            certified: Certified::Granted { certificate: "chc_test".to_owned() },
            expires_at: 3_600_000,
        };
        let files = vec![
            ("index.html".to_owned(), b"<h1>new</h1>".to_vec()),
            ("css/a b.css".to_owned(), b"h1{}".to_vec()),
            ("copy.html".to_owned(), b"<h1>new</h1>".to_vec()),
        ];
        Scene {
            state: Rc::new(RefCell::new(State::with_site())),
            book: Rc::default(),
            lock: Rc::default(),
            order: order(),
            shop,
            directory: Directory { files, is_changed: false },
            judge: None,
            control: Control::Passes,
            past: Past {
                last_good: Some("old".to_owned()),
                recent_returns: 0,
                is_used: false,
                may_return: true,
                migration: Migration::Compatible,
            },
            latency: LATENCY,
            states: Vec::new(),
            clock,
        }
    }

    pub(crate) fn judge(&mut self, judge: impl Fn(&Subject, &State) -> Verdict + 'static) {
        self.judge = Some(Box::new(judge));
    }

    pub(crate) fn access(&self) -> Access {
        let hook = Hook { url: Secret::new(format!("https://api.netlify.com{HOOK}")), branch: Some("main".to_owned()) };
        let target = &self.order.targets[0];
        Access {
            api: "https://api.netlify.com/api/v1".to_owned(),
            token: Secret::new(TOKEN),
            site: target.site.clone(),
            way: target.way,
            hook: Some(hook),
        }
    }

    /// Runs to the end.
    pub(crate) fn run(&mut self) -> Ending {
        let order = self.order.clone();
        self.act(|ports| {
            let (run, stop) = Driver::begin(Run::new(order), ports).drive();
            Ending { run, stop }
        })
    }

    /// Takes up what was cut off, as a new process.
    pub(crate) fn recover(&mut self, is_to_continue: bool) -> Option<Ending> {
        self.clock.kill_after.set(None);
        self.clock.dead.set(false);
        self.clock.interrupt_at.set(None);
        let replayed = replay(&self.book.borrow().records)?;
        let holder = replayed.run.order.deploy_key.clone();
        let ending = self.act(|ports| {
            let need = recovery::need(&replayed);
            if need == Need::Nothing {
                return Ending { run: replayed.run.clone(), stop: Stop::Over };
            }
            let Ok(Taken::Ours(fence)) = ports.lock.take(&holder, 900_000) else { unreachable!("the lock is ours") };
            let until = ports.world.now() + 60_000;
            let reality = (need == Need::Resumption)
                .then(|| recovery::look(&replayed, ports, fence, is_to_continue, until).ok())
                .flatten();
            let mut driver = Driver::take_up(replayed.run.clone(), ports);
            driver.feed(&match reality {
                Some(reality) => Input::Resumed(reality),
                None => Input::Locked { fence },
            });
            let (run, stop) = driver.drive();
            Ending { run, stop }
        });
        Some(ending)
    }

    pub(crate) fn act<T>(&mut self, go: impl FnOnce(&mut Ports<'_>) -> T) -> T {
        let wire = Wire { clock: Rc::clone(&self.clock), state: Rc::clone(&self.state), latency: self.latency };
        let clock = Rc::clone(&self.clock);
        let netlify = Netlify::new(&self.access(), &wire, &*clock);
        self.act_on(&netlify, go)
    }

    /// The same with another platform.
    pub(crate) fn act_on<T>(&mut self, platform: &dyn Platform, go: impl FnOnce(&mut Ports<'_>) -> T) -> T {
        let clock = Rc::clone(&self.clock);
        let looker = Looker {
            clock: Rc::clone(&clock),
            state: Rc::clone(&self.state),
            judge: self.judge.take().unwrap_or_else(|| Box::new(|_, _| pass())),
            control: self.control,
            looks: Cell::new(0),
        };
        let mut writer = Writer { clock: Rc::clone(&clock), book: Rc::clone(&self.book) };
        let mut latch = Latch { clock: Rc::clone(&clock), events: Rc::clone(&self.lock) };
        let states = &mut self.states;
        let mut watcher = |run: &Run| states.push((clock.now(), run.state.to_string()));
        let mut ports = Ports {
            world: &*clock,
            platforms: vec![platform],
            artifact: Some(&self.directory),
            workshop: &mut self.shop,
            verifier: &looker,
            history: &self.past,
            lock: &mut latch,
            journal: &mut writer,
            watcher: &mut watcher,
        };
        let result = go(&mut ports);
        drop(ports);
        self.judge = Some(looker.judge);
        result
    }

    /// What does not hold.
    pub(crate) fn violations(&self, run: &Run) -> Vec<String> {
        let state = self.state.borrow();
        let mark = self.order.mark();
        let made = state.deploys.iter().filter(|deploy| deploy.title == mark).map(|deploy| deploy.id.clone());
        let outside = Outside {
            before: Some("old".to_owned()),
            live: state.published.clone(),
            made: made.collect(),
            is_disturbed: state.deploys.iter().any(|deploy| deploy.id == "third"),
            is_unlocked: standing(self.lock.borrow().iter()).is_none(),
        };
        invariant::violations(run, &self.book.borrow().records, &outside)
    }

    /// When a state was entered first.
    pub(crate) fn entered(&self, state: &str) -> Option<Millis> {
        self.states.iter().find(|(_, name)| name == state).map(|(at, _)| *at)
    }
}
