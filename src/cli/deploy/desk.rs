//! Everything that a run needs, laid out once: the ledger, the clock, the connections, the site.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::certificate::Level;
use crate::certificate::claim::Ruling;
use crate::certificate::hxo_approval::Kind;
use crate::cli::certify::{Identity, People, read_commit, read_policy};
use crate::cli::verification::{Surroundings, Verification};
use crate::cli::{CliError, input, ledger, random};
use crate::key::signing::SigningKey;
use crate::ledger::secret::Scanner;
use crate::pipeline::drive::{Driver, Ports, Stop};
use crate::pipeline::input::{Input, Survey};
use crate::pipeline::journal::{Journal, JournalError, Record};
use crate::pipeline::lease::{Lock, Taken};
use crate::pipeline::order::Target;
use crate::pipeline::platform::{Artifact, Fault, FaultKind, Platform, Progress};
use crate::pipeline::port::History as _;
use crate::pipeline::rehearsal::Rehearsal;
use crate::pipeline::run::Run;
use crate::pipeline::world::{Millis, World as _};
use crate::policy::ruling::Request;
use crate::policy::{Action, Policy};
use crate::remote::http::HttpTransport;
use crate::remote::netlify::{Access, Netlify};
use crate::remote::prober::SiteProber;
use crate::store::book::Book;
use crate::store::place::Place;
use crate::verify::site::Reference;

use super::chronicle::{self, Chronicle, Scribe};
use super::machine::Machine;
use super::past::{LedgerLock, Past};
use super::shop::Shop;

/// The longest time for a look at the platform.
const LOOK: Millis = 60_000;

/// Everything but the run.
pub(crate) struct Desk {
    pub(crate) root: PathBuf,
    pub(crate) environment: String,
    pub(crate) book: Book,
    pub(crate) machine: Machine,
    transport: HttpTransport,
    prober: SiteProber,
    access: Access,
    key: Option<SigningKey>,
    pub(crate) identity: Identity,
    scanner: Scanner,
    pub(crate) verification: Verification,
    /// States are told on standard error.
    is_talking: bool,
}

/// What a run is given.
pub(crate) struct Supplies<'a> {
    pub(crate) shop: Shop,
    pub(crate) artifact: Option<&'a dyn Artifact>,
    pub(crate) past: Past<'a>,
    pub(crate) is_rehearsal: bool,
}

impl Desk {
    pub(crate) fn open(
        root: &Path,
        (environment, place): (&str, &Place),
        access: Access,
        (key, identity): (Option<SigningKey>, Identity),
        verification: Verification,
        is_talking: bool,
    ) -> Result<Desk, CliError> {
        let machine = Machine::new();
        let unable = |error| CliError::unreadable(format!("no connection can be made: {error}"));
        let transport = HttpTransport::until(machine.stop()).map_err(unable)?;
        let prober = SiteProber::new(verification.manners(), machine.stop()).map_err(unable)?;
        let book = Book::open(root, environment, place).map_err(ledger::error)?;
        book.check_continues().map_err(ledger::error)?;
        Ok(Desk {
            root: root.to_owned(),
            environment: environment.to_owned(),
            book,
            machine,
            transport,
            prober,
            access,
            key,
            identity,
            scanner: ledger::scanner(),
            verification,
            is_talking,
        })
    }

    pub(crate) fn past(&self, deploy_key: &str, may_return: bool) -> Past<'_> {
        Past {
            book: &self.book,
            deploy_key: deploy_key.to_owned(),
            named: None,
            is_anything_ours: false,
            may_return,
            now: self.machine.unix(),
        }
    }

    /// The policy that guards the environment, which what is deployed cannot change.
    pub(crate) fn policy(&self) -> Result<Policy, CliError> {
        let event = self.identity.event();
        Ok(read_policy(&self.root, &input::open(&self.root)?, event.as_deref())?.policy)
    }

    /// Everybody who has a part in what is done here.
    pub(crate) fn people(&self, policy: &Policy) -> Result<People, CliError> {
        let is_guarded = policy.environments.contains_key(&self.environment);
        let commit = read_commit(&self.root)?;
        Ok(self.identity.people(&self.environment, &commit.id, commit.author.as_deref(), is_guarded))
    }

    /// Whether the policy lets whoever asks do this with what was deployed.
    pub(crate) fn decide(&self, action: Action) -> Result<Ruling, CliError> {
        let policy = self.policy()?;
        let people = self.people(&policy)?;
        Ok(policy.decide(&Request {
            action,
            environment: &self.environment,
            actor: &people.actor,
            triggering_actor: &people.triggering_actor,
            approver: None,
            author: None,
            at: random::now(),
            reference: None,
            event: None,
            level: Level::L0,
            kind: Kind::Artifact,
            recent_deploys: None,
        }))
    }

    pub(crate) fn netlify(&self) -> Netlify<'_> {
        Netlify::new(&self.access, &self.transport, &self.machine)
    }

    pub(crate) fn scribe(&self) -> Scribe<'_> {
        Scribe {
            book: &self.book,
            key: self.key.as_ref(),
            scanner: &self.scanner,
            actor: self.identity.actor(),
            workflow: ledger::workflow(),
        }
    }

    /// Says something to people, beside the report.
    pub(crate) fn tell(&self, text: &str) {
        if self.is_talking {
            let _ = writeln!(std::io::stderr().lock(), "note: {text}");
        }
    }

    /// What the platform says before anything is changed.
    pub(crate) fn survey(&self, target: &Target, past: &Past<'_>) -> Result<Survey, Fault> {
        let until = self.machine.now() + LOOK;
        let platform = self.netlify();
        let live = platform.live(until)?;
        let last_good = past.last_good(target)?;
        let found = last_good.as_deref().map(|id| platform.deploy(id, until)).transpose()?.flatten();
        Ok(Survey {
            live,
            is_restorable: found.is_some_and(|deploy| deploy.progress == Progress::Ready),
            last_good,
            is_superseded: false,
            is_replayed: false,
            recent_returns: past.recent_returns(target)?,
        })
    }

    /// Drives a run from its beginning.
    pub(crate) fn begin(&self, run: Run, supplies: Supplies<'_>) -> Result<(Run, Stop), CliError> {
        let target = run.target().clone();
        if supplies.is_rehearsal {
            let netlify = self.netlify();
            let rehearsal = Rehearsal::new(&netlify);
            let (mut journal, mut lock) = (Nowhere, Free);
            return Ok(self.with_ports((supplies, &target), &rehearsal, &mut journal, &mut lock, |ports| {
                Driver::begin(run, ports).drive()
            }));
        }
        let path = self.path(&run.order.deploy_key)?;
        let scribe = self.scribe();
        let Some((mut journal, _)) = Chronicle::open(&path, &scribe)? else {
            return Err(CliError::unreadable(format!("run \"{}\" is driven by another process", run.order.deploy_key)));
        };
        let mut lock = LedgerLock { scribe: &scribe, world: &self.machine, holder: run.order.deploy_key.clone() };
        let netlify = self.netlify();
        Ok(self.with_ports((supplies, &target), &netlify, &mut journal, &mut lock, |ports| {
            Driver::begin(run, ports).drive()
        }))
    }

    /// Takes up a run that was cut off; nothing when it needs nothing, or another process drives it.
    pub(crate) fn take_up(&self, path: &Path, is_to_continue: bool) -> Result<Option<(Run, Stop)>, CliError> {
        use crate::pipeline::journal::replay;
        use crate::pipeline::recovery::{self, Need};
        let bytes = std::fs::read(path).unwrap_or_default();
        let is_open = replay(&chronicle::read(&bytes).0).is_some_and(|found| recovery::need(&found) != Need::Nothing);
        let scribe = self.scribe();
        let opened = if is_open { Chronicle::open(path, &scribe)? } else { None };
        let Some((mut journal, records)) = opened else { return Ok(None) };
        let Some(replayed) = replay(&records) else { return Ok(None) };
        let key = replayed.run.order.deploy_key.clone();
        let target = replayed.run.target().clone();
        let mut lock = LedgerLock { scribe: &scribe, world: &self.machine, holder: key.clone() };
        let past = self.past(&key, super::may_return_by_itself(&self.policy()?, &self.environment));
        let not_after = past.not_after(&key).map_err(|fault| CliError::unreadable(fault.message))?;
        let supplies = Supplies { shop: Shop::closed(not_after.as_deref()), artifact: None, past, is_rehearsal: false };
        let netlify = self.netlify();
        let taken = self.with_ports((supplies, &target), &netlify, &mut journal, &mut lock, |ports| {
            let fence = match ports.lock.take(&key, replayed.run.order.limits.lease)? {
                Taken::Ours(fence) => fence,
                Taken::Busy(holder) => {
                    return Err(Fault::new(FaultKind::Refused, format!("the lock is with \"{holder}\"")));
                }
            };
            let input = match recovery::need(&replayed) {
                Need::Resumption => {
                    let until = ports.world.now() + LOOK;
                    Input::Resumed(recovery::look(&replayed, ports, fence, is_to_continue, until)?)
                }
                Need::Tidying | Need::Nothing => Input::Locked { fence },
            };
            let mut driver = Driver::take_up(replayed.run.clone(), ports);
            driver.feed(&input);
            Ok(driver.drive())
        });
        taken.map(Some).map_err(|fault: Fault| {
            let error = CliError::unreadable(format!("run \"{key}\" cannot be taken up: {fault}"));
            match fault.by_hand {
                Some(hint) => error.hint(hint),
                None => error,
            }
        })
    }

    /// Takes up every run of the environment that was cut off.
    pub(crate) fn recover(&self, wanted: Option<&str>, is_to_continue: bool) -> Result<Vec<(Run, Stop)>, CliError> {
        let folder = chronicle::folder(&self.root, &self.environment)?;
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
        paths.retain(|path| wanted.is_none_or(|key| path.file_stem().is_some_and(|name| name == key)));
        paths.sort();
        let mut done = Vec::new();
        for path in paths {
            done.extend(self.take_up(&path, is_to_continue)?);
        }
        Ok(done)
    }

    /// What a verifier needs of the world.
    pub(crate) fn surroundings<'a>(
        &'a self,
        last_good: &'a dyn Fn() -> Option<Reference>,
        tell: &'a dyn Fn(&str),
    ) -> Surroundings<'a> {
        let control = Some(self.access.api.clone());
        Surroundings { prober: &self.prober, world: &self.machine, control, last_good, tell }
    }

    /// A deploy that is ready, with its own address.
    pub(crate) fn reference(&self, id: Option<&str>) -> Option<Reference> {
        let until = self.machine.now() + LOOK;
        let deploy = self.netlify().deploy(id?, until).ok().flatten()?;
        let address = deploy.address.filter(|_| deploy.progress == Progress::Ready)?;
        Some(Reference { deploy: deploy.id, address })
    }

    /// Tells people what is going on.
    pub(crate) fn progress(&self, line: &str) {
        Desk::say(self.is_talking, line);
    }

    /// Says a line with its time, if anything is to be said.
    pub(crate) fn say(is_talking: bool, line: &str) {
        if is_talking {
            let _ = writeln!(std::io::stderr().lock(), "{}  {line}", random::now().strftime("%H:%M:%S"));
        }
    }

    fn path(&self, deploy_key: &str) -> Result<PathBuf, CliError> {
        Ok(chronicle::folder(&self.root, &self.environment)?.join(format!("{deploy_key}.jsonl")))
    }

    fn with_ports<T>(
        &self,
        (mut supplies, target): (Supplies<'_>, &Target),
        platform: &dyn Platform,
        journal: &mut dyn Journal,
        lock: &mut dyn Lock,
        go: impl FnOnce(&mut Ports<'_>) -> T,
    ) -> T {
        let last_good = || self.reference(supplies.past.last_good(target).ok().flatten().as_deref());
        let tell = |line: &str| self.progress(line);
        let verifier = self.verification.verifier(self.surroundings(&last_good, &tell));
        let mut last = String::new();
        let mut watcher = |run: &Run| {
            let state = run.state.to_string();
            if state != last {
                self.progress(&state);
            }
            last = state;
        };
        let mut ports = Ports {
            world: &self.machine,
            platforms: vec![platform],
            artifact: supplies.artifact,
            workshop: &mut supplies.shop,
            verifier: &verifier,
            history: &supplies.past,
            lock,
            journal,
            watcher: &mut watcher,
        };
        go(&mut ports)
    }
}

/// A journal for what does not happen.
struct Nowhere;

impl Journal for Nowhere {
    fn append(&mut self, _: &[Record]) -> Result<(), JournalError> {
        Ok(())
    }
}

/// A lock for what does not happen.
struct Free;

impl Lock for Free {
    fn take(&mut self, _: &str, _: Millis) -> Result<Taken, Fault> {
        Ok(Taken::Ours(0))
    }

    fn renew(&mut self, _: u64, _: Millis) -> Result<bool, Fault> {
        Ok(true)
    }

    fn release(&mut self, _: u64) -> Result<(), Fault> {
        Ok(())
    }
}
