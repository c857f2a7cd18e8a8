//! A run on a clock that only the run itself moves, against a fake platform.

#![allow(dead_code, reason = "every test uses a part of it")]

mod port;
mod world;

use std::cell::RefCell;
use std::rc::Rc;

use chimera::pipeline::drive::{Driver, Ports, Stop};
use chimera::pipeline::guard::{Control, Migration};
use chimera::pipeline::input::{Certified, Input};
use chimera::pipeline::invariant::{self, Outside};
use chimera::pipeline::journal::replay;
use chimera::pipeline::lease::{LeaseEvent, Taken, standing};
use chimera::pipeline::limit::Limits;
use chimera::pipeline::order::*;
use chimera::pipeline::platform::Platform;
use chimera::pipeline::port::Subject;
use chimera::pipeline::recovery::{self, Need};
use chimera::pipeline::run::Run;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::pipeline::world::{Millis, World as _};
use chimera::remote::netlify::{Access, Hook, Netlify};
use chimera::remote::secret::Secret;

use crate::netlify::{HOOK, SITE, State, TOKEN};
use port::{Book, Directory, Judge, Latch, Looker, Past, Shop, Writer};
use world::Clock;
pub(crate) use world::{LATENCY, Wire};

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
