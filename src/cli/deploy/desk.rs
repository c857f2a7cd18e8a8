//! Everything that a run needs, laid out once: the ledger, the clock, the connections, the site.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::certificate::Level;
use crate::certificate::claim::Ruling;
use crate::certificate::hxo_approval::Kind;
use crate::cli::certify::{Identity, People, read_commit, read_policy};
use crate::cli::verification::{Surroundings, Verification};
use crate::cli::{CliError, Exit, input, ledger, random};
use crate::key::signing::SigningKey;
use crate::ledger::secret::Scanner;
use crate::pipeline::drive::{Driver, Ports, Stop};
use crate::pipeline::input::{Input, Survey};
use crate::pipeline::journal::{Journal, JournalError, Record, replay};
use crate::pipeline::lease::{Lease, Lock, Taken};
use crate::pipeline::limit::Limits;
use crate::pipeline::order::Target;
use crate::pipeline::platform::{Artifact, Fault, FaultKind, Platform, Progress};
use crate::pipeline::port::History as _;
use crate::pipeline::recovery::{self, Need};
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
use super::past::{self, LedgerLock, Past};
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
        verification.heed(machine.stop());
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
        let Some((mut journal, _)) = Chronicle::open(&path, &scribe, &[])? else {
            return Err(CliError::unreadable(format!("run \"{}\" is driven by another process", run.order.deploy_key)));
        };
        let mut lock = LedgerLock { scribe: &scribe, world: &self.machine, holder: run.order.deploy_key.clone() };
        let netlify = self.netlify();
        Ok(self.with_ports((supplies, &target), &netlify, &mut journal, &mut lock, |ports| {
            Driver::begin(run, ports).drive()
        }))
    }

    /// The lock, if this run had it last and did not give it back.
    fn lease_of(&self, key: &str) -> Result<Option<Lease>, CliError> {
        Ok(past::lease(&self.book, self.machine.unix())?.filter(|lease| lease.holder == key))
    }

    /// Takes up a run that was cut off, from its file or from what the ledger has of it.
    fn take_up(&self, path: &Path, is_to_continue: bool) -> Result<Taking, CliError> {
        let key = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let (local, _) = chronicle::read(&std::fs::read(path).unwrap_or_default());
        let needs = |records: &[Record]| replay(records).map(|found| recovery::need(&found));
        // A run that ended here ended everywhere.
        if needs(&local) == Some(Need::Nothing) {
            return Ok(Taking::Nothing);
        }
        let told = chronicle::told(&self.book, &key)?;
        let is_ahead = !local.is_empty() && local.starts_with(&told);
        let need = needs(if is_ahead { &local } else { &told }).unwrap_or(Need::Nothing);
        if need == Need::Nothing {
            return Ok(Taking::Nothing);
        }
        if !is_ahead {
            // The ledger is written first: whoever is cut off right then leaves a file that is behind. Another machine that took
            // the run up would have the lock under another number.
            let fence = replay(&local).and_then(|found| found.run.facts.fence);
            match self.lease_of(&key)? {
                Some(lease) if !lease.is_over(self.machine.unix()) && fence != Some(lease.fence) => {
                    return Ok(Taking::Later { key, until: lease.until });
                }
                // It ended on another machine, which tidied up after it.
                None if need == Need::Tidying => return Ok(Taking::Nothing),
                _ => {}
            }
        }
        let scribe = self.scribe();
        let Some((mut journal, records)) = Chronicle::open(path, &scribe, &told)? else { return Ok(Taking::Nothing) };
        let Some(replayed) = replay(&records) else { return Ok(Taking::Nothing) };
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
        taken.map(|(run, stop)| Taking::Done(Box::new(run), stop)).map_err(|fault: Fault| {
            let error = CliError::unreadable(format!("run \"{key}\" cannot be taken up: {fault}"));
            match fault.by_hand {
                Some(hint) => error.hint(hint),
                None => error,
            }
        })
    }

    /// Takes up every run of the environment that was cut off, on whichever machine; those that another machine may still drive
    /// are named.
    pub(crate) fn recover(&self, wanted: Option<&str>, is_to_continue: bool) -> Result<Recovered, CliError> {
        let mut paths = BTreeSet::new();
        for entry in
            std::fs::read_dir(chronicle::folder(&self.root, &self.environment)?).into_iter().flatten().flatten()
        {
            paths.insert(entry.path());
        }
        let known = ledger::look(&self.book, |reader| self.book.index().past(reader))?.unwrap_or_default();
        for key in known.open.iter().filter(|key| is_key(key)) {
            paths.insert(self.path(key)?);
        }
        paths.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
        paths.retain(|path| wanted.is_none_or(|key| path.file_stem().is_some_and(|name| name == key)));
        let mut recovered = Recovered::default();
        for path in paths {
            match self.take_up(&path, is_to_continue)? {
                Taking::Nothing => {}
                Taking::Done(run, stop) => recovered.ended.push((*run, stop)),
                Taking::Later { key, until } => recovered.later.push((key, until)),
            }
        }
        Ok(recovered)
    }

    /// Brings everything that was cut off to its end before a run begins; waits for runs whose machine may still live.
    pub(crate) fn settle(&self) -> Result<(), CliError> {
        let until = self.machine.now() + Limits::NETLIFY.lock_wait;
        loop {
            let recovered = self.recover(None, false)?;
            let Some((key, end)) = recovered.later.first() else { return Ok(()) };
            if self.machine.now() >= until || self.machine.is_interrupted() {
                let message = format!("run \"{key}\" has the lock on another machine; nothing was changed");
                return Err(CliError { exit: Exit::Aborted, message, hint: None });
            }
            self.tell(&format!("waiting for run \"{key}\", which has the lock until {}", random::text_of(*end)));
            self.machine.pause((end.saturating_sub(self.machine.unix()) * 1_000).clamp(1_000, 15_000));
        }
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

/// What came of taking up a run.
enum Taking {
    /// It needs nothing, or another process of this machine drives it.
    Nothing,
    /// It was brought to its end.
    Done(Box<Run>, Stop),
    /// A machine that may still drive it has the lock until then, in seconds since 1970.
    Later { key: String, until: u64 },
}

/// What came of taking up runs.
#[derive(Default)]
pub(crate) struct Recovered {
    /// Those that were brought to their end.
    pub(crate) ended: Vec<(Run, Stop)>,
    /// Those that another machine may still drive, and until when.
    pub(crate) later: Vec<(String, u64)>,
}

/// Keys become names of files, and a ledger may say anything.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
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
