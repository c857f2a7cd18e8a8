//! `chimeractl deploy`: from a certified commit to a site that is looked at, or back.

pub(super) mod artifact;
pub(super) mod chronicle;
pub(super) mod desk;
pub(super) mod event;
pub(super) mod machine;
pub(super) mod outcome;
pub(super) mod past;
pub(super) mod shop;
pub(super) mod site;

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::certificate::bundle::Bundle;
use crate::certificate::{Approval, Level};
use crate::pipeline::drive::Stop;
use crate::pipeline::order::{Contain, Doubt, Gate, Order, Way, Wish};
use crate::pipeline::plan;
use crate::pipeline::platform::{Artifact, Fault, FaultKind};
use crate::pipeline::run::Run;
use crate::pipeline::world::{Millis, World as _};
use crate::policy::role::AUTO;
use crate::policy::{Action, DEV, Policy};
use crate::report::certificate as report;

use super::certify::{self, Format};
use super::verification::Verification;
use super::{CliError, Exit, Outcome, STACK_BYTES, input, random};
use artifact::Directory;
use desk::{Desk, Recovered, Supplies};
use shop::Shop;

/// How long the simulation and the certification may take.
const SIMULATION: Duration = Duration::from_secs(300);

/// How long the list of the files that are live is waited for.
const LISTING: Millis = 10_000;

const GUIDE: &str = "\
What happens:
  The commit is simulated and certified. The publish directory (--dir) is uploaded as a draft,
  looked at on its own address, published, and looked at again. If it is bad, the last good
  deploy comes back and is locked. Without --dir the build hook is called, and the deploy that it
  made is followed. docs/DEPLOY.md has it all.

What it reads:
  NETLIFY_AUTH_TOKEN  a personal access token
  NETLIFY_SITE_ID     the site, if --site is not given
  NETLIFY_BUILD_HOOK  the address of a build hook

Exit codes:
   0  live and looked at          20  live, nobody could find out whether it is good
   2  wrong usage                 30  the last good deploy is live again
   3  could not look              31  the last good deploy could not be brought back
  10  not certified, not live     32  a guard refused to bring it back; a person has to look
  33  the ledger is inconsistent  40  nothing was changed

Examples:
  chimeractl deploy --platform netlify --certify --dir dist
  chimeractl deploy --platform netlify --certify --dir dist --dry-run
  chimeractl deploy --resume";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
// The certificate brings a group of this name.
#[group(skip)]
pub(crate) struct Arguments {
    #[command(flatten)]
    certificate: certify::Arguments,
    #[command(flatten)]
    site: site::Site,
    /// Certify before anything is deployed; policies ask for it
    #[arg(long)]
    certify: bool,
    /// Change nothing: ask the platform, and print what would happen
    #[arg(long)]
    dry_run: bool,
    /// Go on with runs that were cut off: all, or the one with this key
    #[arg(long, value_name = "KEY", num_args = 0..=1, default_missing_value = "", conflicts_with = "dry_run")]
    resume: Option<String>,
    /// Deploy although no good deploy is known that could come back, as the first time
    #[arg(long)]
    accept_no_last_good: bool,
    /// What happens when nobody could find out whether the deploy is good
    #[arg(long, value_enum)]
    on_inconclusive: Option<OnDoubt>,
    /// Seconds that the deploy is watched after it was found good; 60, unless .chimera/verify.toml says otherwise
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3600))]
    bake: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OnDoubt {
    /// The deploy stays live
    Keep,
    /// The last good deploy comes back
    Rollback,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let root = input::roots(&arguments.certificate.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    if !matches!(arguments.certificate.simulation.platform, input::Platform::Auto | input::Platform::Netlify) {
        return Err(CliError::usage("deploy knows the platform \"netlify\" so far"));
    }
    if let Some(key) = &arguments.resume {
        let desk = desk(arguments, &root, Way::Upload)?;
        let ruling = desk.decide(Action::Resume)?;
        if let Some(check) = ruling.refusal().filter(|_| !ruling.allowed) {
            let message = format!("the policy of \"{}\" lets nothing be resumed: {}", desk.environment, check.evidence);
            return Err(CliError { exit: Exit::Rejected, message, hint: None }
                .hint("\"chimeractl recover\" brings the run to its end without publishing anything"));
        }
        return resumed(&desk, Some(key.as_str()).filter(|key| !key.is_empty()), true, arguments.certificate.format);
    }
    let way = if arguments.certificate.dir.is_some() { Way::Upload } else { Way::Hook };
    let mut desk = desk(arguments, &root, way)?;
    deploy(arguments, &mut desk, way)
}

fn desk(arguments: &Arguments, root: &Path, way: Way) -> Result<Desk, CliError> {
    let branch = Some(arguments.certificate.simulation.branch.clone());
    let access = arguments.site.access(way, branch)?;
    let key = arguments.certificate.key.signing_key()?;
    let is_talking = arguments.certificate.format == Format::Human;
    let kept = (arguments.certificate.environment.as_str(), &arguments.certificate.ledger);
    let identity = arguments.certificate.identity.clone();
    let mut verification = Verification::read(root, arguments.bake)?;
    let commit = certify::read_commit(root).ok().map(|commit| commit.id);
    verification.smoke(&arguments.certificate.environment, commit.as_deref())?;
    Desk::open(root, kept, access, (key, identity), verification, is_talking)
}

fn deploy(arguments: &Arguments, desk: &mut Desk, way: Way) -> Outcome {
    let policy = desk.policy()?;
    let is_waived = !arguments.certify;
    if is_waived && !may_go_without(&policy, &desk.environment) {
        let text = format!("the policy of \"{}\" lets nothing be deployed without a certificate", desk.environment);
        return Err(CliError::usage(text).hint("add --certify"));
    }
    for name in policy.environments.get(&desk.environment).into_iter().flat_map(|found| &found.fallback) {
        desk.tell(&format!("the policy names \"{name}\" as a fallback, and deploy knows no way there yet"));
    }
    // Asked once, so that the certificate and the records name the same people.
    desk.people(&policy)?;
    let bundle = certified(arguments, desk)?;
    let document = report::json(&bundle);
    let text = |name: &str| document[name].as_str().map(str::to_owned);
    let deploy_key = text("deploy_key").unwrap_or_default();
    if let Some(dir) = arguments.certificate.dir.as_ref().filter(|_| !arguments.dry_run) {
        let root = desk.root.clone();
        // What changed is asked for whole; without the list only samples are.
        let before = desk.netlify().files(desk.machine.now() + LISTING).ok();
        desk.verification.derive(&root, dir, &deploy_key, before.as_deref())?;
    }
    let desk = &*desk;
    let mut shop = Shop::new(&bundle, issues(&bundle), text("not_after").as_deref());
    if is_waived {
        shop = shop.waived();
    }
    let mut past = desk.past(&deploy_key, may_return_by_itself(&policy, &desk.environment));
    let netlify = arguments.site.target(Gate::Strict, way);
    if !arguments.dry_run {
        desk.settle()?;
        past = desk.past(&deploy_key, past.may_return);
    }
    let survey = desk.survey(&netlify, &past).map_err(failed)?;
    let gate = match way {
        _ if survey.live.is_pinned => Gate::Hold,
        Way::Upload => Gate::Strict,
        Way::Hook => Gate::Observe,
    };
    let order = Order {
        deploy_key,
        environment: desk.environment.clone(),
        commit: certify::read_commit(&desk.root)?.id,
        wish: Wish::Deploy,
        targets: vec![arguments.site.target(gate, way)],
        is_healing: false,
        accepts_no_last_good: arguments.accept_no_last_good,
        doubt: match arguments.on_inconclusive {
            Some(OnDoubt::Keep) => Doubt::Keep,
            Some(OnDoubt::Rollback) => Doubt::Return,
            None => desk.verification.settings.doubt.unwrap_or(Doubt::Keep),
        },
        contain: Contain::StopAutodeploy,
        limits: desk.verification.limits(),
    };
    let plan = plan::plan(&order, &survey);
    let directory = directory(arguments, &bundle);
    let artifact = directory.as_ref().map(|directory| directory as &dyn Artifact);
    let supplies = Supplies { shop, artifact, past, is_rehearsal: arguments.dry_run };
    let (run, stop) = desk.begin(Run::new(order), supplies)?;
    Ok(told(&run, stop, Some(&plan), arguments.dry_run, arguments.certificate.format))
}

/// Tells how a run ended.
pub(super) fn told(
    run: &Run,
    stop: Stop,
    plan: Option<&plan::Plan>,
    is_rehearsal: bool,
    format: Format,
) -> (String, Exit) {
    let text = match format {
        Format::Human => outcome::human(run, stop, plan, is_rehearsal),
        Format::Json => format!("{:#}\n", outcome::json(run, stop, plan, is_rehearsal)),
    };
    (text, outcome::exit(run, stop))
}

/// Takes up what was cut off, and tells how it ended; the worst end decides.
pub(super) fn resumed(desk: &Desk, key: Option<&str>, is_to_continue: bool, format: Format) -> Outcome {
    let Recovered { ended, later } = desk.recover(key, is_to_continue)?;
    for (key, until) in &later {
        desk.tell(&format!("run \"{key}\" has the lock on another machine until {}", random::text_of(*until)));
    }
    let exit = ended.iter().map(|(run, stop)| outcome::exit(run, *stop)).max();
    let exit = exit.unwrap_or(if later.is_empty() { Exit::Clean } else { Exit::Aborted });
    let text = match format {
        Format::Json => format!("{:#}\n", outcome::all(&ended)),
        Format::Human if ended.is_empty() && !later.is_empty() => "no run was taken up yet\n".to_owned(),
        Format::Human if ended.is_empty() => "no run was cut off\n".to_owned(),
        Format::Human => ended.iter().map(|(run, stop)| outcome::human(run, *stop, None, false)).collect(),
    };
    Ok((text, exit))
}

pub(super) fn failed(fault: Fault) -> CliError {
    let error = match fault.kind {
        FaultKind::Refused => CliError { exit: Exit::Aborted, message: fault.message, hint: None },
        _ => CliError::unreadable(fault.message),
    };
    match fault.by_hand {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Simulates and certifies, within its time.
fn certified(arguments: &Arguments, desk: &Desk) -> Result<Bundle, CliError> {
    let mut wanted = arguments.certificate.clone();
    wanted.identity = desk.identity.clone();
    wanted.simulation.platform = input::Platform::Netlify;
    wanted.target_uri.get_or_insert_with(|| arguments.site.uri());
    if arguments.dry_run {
        wanted.no_ledger = true;
        wanted.out = PathBuf::from("-");
    }
    let signer = wanted.key.signer()?;
    let (sender, receiver) = mpsc::channel();
    let root = desk.root.clone();
    let work = move || {
        let _ = sender.send(certify::certify(&wanted, &root, &signer).map(|(bundle, _)| bundle));
    };
    let started = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    started.map_err(|error| CliError::unreadable(format!("no thread can be started: {error}")))?;
    receiver.recv_timeout(SIMULATION).unwrap_or_else(|_| {
        let message = format!("the simulation did not end within {} s; nothing was changed", SIMULATION.as_secs());
        Err(CliError { exit: Exit::Aborted, message, hint: None })
    })
}

/// How many findings of severity critical or high there are.
fn issues(bundle: &Bundle) -> usize {
    let health = &bundle.link(Approval::ArieHealth).statement.predicate;
    health.get("issues").and_then(serde_json::Value::as_array).map_or(0, Vec::len)
}

fn directory(arguments: &Arguments, bundle: &Bundle) -> Option<Directory> {
    let dir: &PathBuf = arguments.certificate.dir.as_ref()?;
    let subjects = &bundle.link(Approval::HxoApproval).statement.subjects;
    let certified = subjects.iter().find(|subject| subject.name.starts_with("publish:"))?.sha3()?;
    Some(Directory::new(dir, certified.to_string()))
}

/// Whether the policy asks for no certificate.
fn may_go_without(policy: &Policy, environment: &str) -> bool {
    policy.environments.get(environment).map_or(environment == DEV, |found| found.min_level == Level::L0)
}

/// Whether the policy lets a bad deploy go back without a person.
fn may_return_by_itself(policy: &Policy, environment: &str) -> bool {
    let roles =
        |found: &crate::policy::environment::Environment| found.roles(Action::Rollback).iter().any(|role| role == AUTO);
    policy.environments.get(environment).map_or(environment == DEV, roles)
}
