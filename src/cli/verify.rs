//! `chimeractl verify`: is what is live the deploy that we published, and is it good?

mod outcome;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::deploy::desk::Desk;
use crate::cli::deploy::machine::Machine;
use crate::cli::deploy::{event, failed, site};
use crate::cli::verification::{Surroundings, Verification};
use crate::pipeline::order::{Gate, Target, Way};
use crate::pipeline::platform::Platform as _;
use crate::pipeline::port::Subject;
use crate::pipeline::state::Check as Phase;
use crate::pipeline::verdict::Grade;
use crate::pipeline::world::{Millis, World as _};
use crate::remote::netlify::API;
use crate::remote::prober::SiteProber;
use crate::store::place::Place;
use crate::verify::finding::Inspection;
use crate::verify::inspector::RUNNER_NETWORK;
use crate::verify::site::{Reference, SiteVerifier};

use super::certify::{self, Format};
use super::{CliError, Exit, Outcome, input, random, secret};
use outcome::{Identity, Report};

const GUIDE: &str = "\
What happens:
  The platform is asked which deploy is live, and the ledger, which one we published. Then the
  site is asked: its entry page, its certificate, the checks of .chimera/verify.toml, the smoke
  tests of .chimera/smoke, and with --dir everything that can be derived from the files that are
  live. A failure counts when it shows three times, each time on a new connection. While the site
  is watched (--bake), it is measured by turns with the good deploy before it.

What it reads:
  NETLIFY_AUTH_TOKEN  a personal access token; without one, --url is looked at, whatever is there
  NETLIFY_SITE_ID     the site, if --site is not given
  HURL_VARIABLE_name  a variable of smoke tests; HURL_SECRET_name is one that is never printed

Exit codes:
   0  good, perhaps with remarks     3  could not look; this machine reaches nothing
   1  it fails, or --fail-on says so 20  nobody could find out whether it is good
   2  wrong usage or configuration  33  the ledger is inconsistent

Examples:
  chimeractl verify --platform netlify --site 0a1b2c3d
  chimeractl verify --url https://shop.example --dir dist --bake 0
  chimeractl verify --url https://shop.example --against https://old--shop.netlify.app";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    /// Platform that the site is on
    #[arg(long, value_enum, default_value_t = input::Platform::Auto)]
    platform: input::Platform,
    /// The site: its id or its domain on Netlify
    #[arg(long, env = "NETLIFY_SITE_ID", value_name = "ID")]
    site: Option<String>,
    /// Address of Netlify's API, for mirrors and tests
    #[arg(long, env = "CHIMERA_NETLIFY_API", default_value = API, hide = true, value_name = "URL")]
    netlify_api: String,
    /// Address that is looked at; default: the one that the platform names
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Address that it is compared with; default: the good deploy before the live one
    #[arg(long, value_name = "URL")]
    against: Option<String>,
    /// Publish directory that is live: its files, redirects and headers are asked for
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Seconds that the site is watched; 60 if there is something to compare it with
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3600))]
    bake: Option<u64>,
    /// Requests a second to each host; 0 does not limit them
    #[arg(long, default_value_t = 50, value_name = "NUMBER")]
    rate: u32,
    /// The best verdict that ends with exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    fail_on: FailOn,
    /// Environment whose ledger is asked
    #[arg(long, default_value = crate::policy::DEV, value_name = "NAME")]
    environment: String,
    /// Where the ledger of the environment is kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    ledger: Place,
    /// Leave no entry in the ledger
    #[arg(long)]
    no_ledger: bool,
    #[command(flatten)]
    key: secret::Source,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Remarks fail it
    Warn,
    /// So does what nobody could find out
    Inconclusive,
    /// A failure does
    Fail,
}

/// How long everything but the watch may take.
const LOOK: Millis = 150_000;
/// The longest time for a question to the platform.
const QUESTION: Millis = 60_000;

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if !matches!(arguments.platform, input::Platform::Auto | input::Platform::Netlify) {
        return Err(CliError::usage("verify knows the platform \"netlify\" so far"));
    }
    for (name, url) in [("--url", &arguments.url), ("--against", &arguments.against)] {
        if let Some(url) = url.as_deref().filter(|url| !is_address(url)) {
            let text = format!("{name} \"{}\" is no address of HTTP", url.escape_debug());
            return Err(CliError::usage(text).hint("write it as https://example.org"));
        }
    }
    let root = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    let mut verification = Verification::read(&root, arguments.bake)?;
    verification.per_second = Some(arguments.rate);
    verification.smoke(&arguments.environment, None)?;
    if let Some(dir) = &arguments.dir {
        verification.derive(&root, dir, arguments.site.as_deref().unwrap_or_default(), None)?;
    }
    let report = match (&arguments.site, site::Site::has_token()) {
        (Some(site), true) => of_platform(arguments, &root, site, verification)?,
        _ => of_address(arguments, verification)?,
    };
    let text = match arguments.format {
        Format::Human => outcome::human(&report),
        Format::Json => format!("{:#}\n", outcome::json(&report)),
    };
    Ok((text, exit(&report.inspection, arguments.fail_on)))
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn exit(inspection: &Inspection, fail_on: FailOn) -> Exit {
    match (inspection.grade, fail_on) {
        (Grade::Fail, _) | (Grade::Warn, FailOn::Warn) => Exit::Findings,
        (Grade::Inconclusive, FailOn::Warn | FailOn::Inconclusive) => Exit::Findings,
        (Grade::Inconclusive, FailOn::Fail) if inspection.reason == RUNNER_NETWORK => Exit::CouldNotLook,
        (Grade::Inconclusive, FailOn::Fail) => Exit::Unproven,
        (Grade::Pass | Grade::Warn, _) => Exit::Clean,
    }
}

/// Looks at an address, whatever is there.
fn of_address(arguments: &Arguments, verification: Verification) -> Result<Report, CliError> {
    let Some(url) = arguments.url.clone() else {
        return Err(CliError::unreadable("NETLIFY_AUTH_TOKEN or the site is not set, and --url names no address")
            .hint("set the variable and --site, or name the address with --url"));
    };
    let machine = Machine::new();
    verification.heed(machine.stop());
    let prober = SiteProber::new(verification.manners(), machine.stop())
        .map_err(|error| CliError::unreadable(format!("no connection can be made: {error}")))?;
    let is_talking = arguments.format == Format::Human;
    let tell = |line: &str| Desk::say(is_talking, line);
    let last_good = || given(arguments);
    let surroundings = Surroundings {
        prober: &prober,
        world: &machine,
        control: Some(arguments.netlify_api.clone()),
        last_good: &last_good,
        tell: &tell,
    };
    let mut verifier = verification.verifier(surroundings);
    let started = machine.now();
    let inspection = examine(&mut verifier, arguments, "(unknown)", &url);
    let identity = Identity { expected: None, found: None };
    let gaps = verification.gaps;
    Ok(Report { site: None, url, gaps, identity, inspection, milliseconds: machine.now() - started, recorded: None })
}

/// Looks at the live deploy of a site, after it was asked for its name.
fn of_platform(arguments: &Arguments, root: &Path, name: &str, verification: Verification) -> Result<Report, CliError> {
    let site = site::Site::named(name.to_owned(), arguments.netlify_api.clone());
    let (access, target) = (site.access(Way::Upload, None)?, site.target(Gate::Strict, Way::Upload));
    let kept = (arguments.environment.as_str(), &arguments.ledger);
    let is_talking = arguments.format == Format::Human;
    let signer = (arguments.key.signing_key()?, certify::Identity::default());
    let desk = Desk::open(root, kept, access, signer, verification, is_talking)?;
    let started = desk.machine.now();
    let past = desk.past("", false);
    let live = desk.netlify().live(started + QUESTION).map_err(failed)?;
    let published = past.published(&target).map_err(failed)?;
    let good = past.good(&target).map_err(failed)?;
    let before = good.iter().rev().map(|(id, _)| id.clone()).find(|id| live.id.as_ref() != Some(id));
    let identity = Identity { expected: published.as_ref().map(|(id, _)| id.clone()), found: live.id.clone() };
    let Some(url) = arguments.url.clone().or(live.address) else {
        return Err(CliError::unreadable("the platform names no address of the site").hint("name it with --url"));
    };
    let last_good = || given(arguments).or_else(|| desk.reference(before.as_deref()));
    let tell = |line: &str| desk.progress(line);
    let inspection = match identity.wrong() {
        Some(wrong) => Inspection::only(Grade::Fail, wrong),
        None => {
            let mut verifier = desk.verification.verifier(desk.surroundings(&last_good, &tell));
            examine(&mut verifier, arguments, live.id.as_deref().unwrap_or("(none)"), &url)
        }
    };
    let milliseconds = desk.machine.now() - started;
    let run = published.filter(|(id, _)| live.id.as_ref() == Some(id) && !arguments.no_ledger).map(|(_, key)| key);
    let recorded = run.map(|key| record(&desk, &target, &key, &inspection, milliseconds)).transpose()?;
    let gaps = desk.verification.gaps.clone();
    Ok(Report { site: Some(event::uri(&target)), url, gaps, identity, inspection, milliseconds, recorded })
}

/// What the command line says it is compared with.
fn given(arguments: &Arguments) -> Option<Reference> {
    arguments.against.clone().map(|address| Reference { deploy: "(given)".to_owned(), address })
}

/// All phases that belong to a live site.
fn examine(verifier: &mut SiteVerifier<'_>, arguments: &Arguments, deploy: &str, url: &str) -> Inspection {
    let is_compared = verifier.has_reference(verifier.world.now() + QUESTION);
    if !is_compared && arguments.bake.is_none() {
        verifier.bake = 0;
    }
    let look = |phase: Phase, span: Millis| {
        let subject = Subject { deploy: deploy.to_owned(), address: Some(url.to_owned()), is_live: true, check: phase };
        verifier.look(&subject, verifier.world.now() + span)
    };
    let mut whole = look(Phase::Critical, LOOK);
    if whole.grade < Grade::Inconclusive {
        whole = whole.and(look(Phase::Full, LOOK));
    }
    if whole.grade < Grade::Inconclusive && verifier.bake > 0 {
        whole = whole.and(look(Phase::Bake, verifier.bake + LOOK));
    }
    whole
}

/// Tells the ledger, as events of the run that published the deploy.
fn record(desk: &Desk, target: &Target, key: &str, inspection: &Inspection, span: Millis) -> Result<String, CliError> {
    let scribe = desk.scribe();
    let name = format!("verify {}", random::now().as_millisecond());
    let (uri, failed) = (event::uri(target), inspection.findings.iter().filter(|finding| finding.grade == Grade::Fail));
    let failed: Vec<String> = failed.map(|finding| event::plain(&finding.check)).collect();
    let verdict = match inspection.grade {
        Grade::Pass => "pass",
        Grade::Warn => "warn",
        Grade::Inconclusive => "inconclusive",
        Grade::Fail => "fail",
    };
    let started = json!({"target": uri});
    let ended = json!({"verdict": verdict, "target": uri, "failed": failed, "duration_ms": span});
    let drafts = vec![
        scribe.draft("chimera.verify.start", key, started, &name),
        scribe.draft("chimera.verify.complete", key, ended, &name),
    ];
    let told = scribe.publish(drafts).map(|()| key.to_owned());
    told.map_err(|error| CliError::unreadable(format!("the verification cannot be recorded: {error}")))
}
