//! `chimeractl drift`: what the platform says of a site against the repository and against what was recorded.

mod memory;
mod proposal;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::drift::live::Live;
use crate::drift::{self, Drift, Field, Kind, Standing, mac, setting};
use crate::pipeline::order::Way;
use crate::pipeline::platform::Artifact as _;
use crate::pipeline::world::World as _;
use crate::platform::netlify::setting as dashboard;
use crate::platform::netlify::site::{self, Dashboard, NetlifySite, Request, Site};
use crate::remote::http::HttpTransport;
use crate::remote::netlify::Netlify;
use crate::report::drift::{DriftReport, human, json};
use crate::store::book::Book;
use crate::store::place::Place;

use super::deploy::artifact::Directory;
use super::deploy::failed;
use super::deploy::machine::Machine;
use super::deploy::site::Site as Named;
use super::input::{self, Repository};
use super::{CliError, Exit, Outcome, ledger, random, secret};
use memory::{Memory, Scribe};

/// The longest time for a look at the platform.
const LOOK: u64 = 60_000;

const GUIDE: &str = "\
What is compared:
  The settings of the site and its environment variables on the platform with netlify.toml, and
  with what `--record` noted when the site was good. Of variables only names, contexts, scopes and
  keyed hashes (HMAC-SHA3-256) are kept; their values are neither shown nor stored.

How a field stands:
  equal      both say the same
  changed    the platform says another thing; without effect where the file wins over the dashboard
  unmanaged  only the platform says anything about it

What is done about it:
  Nothing on the platform, ever. Drift is recorded in the ledger. With `heal_on_detected_drift =
  true` in .chimera/config.toml a patch is proposed that writes settings of the dashboard into
  netlify.toml, simulated before and after.

What it reads:
  NETLIFY_AUTH_TOKEN   a personal access token
  NETLIFY_SITE_ID      the site, if --site is not given
  CHIMERA_HMAC_KEY, else CHIMERA_SIGNING_KEY   the secret that the key of the hashes is made of

Exit codes:
   0  compared, whatever was found    3  could not look, or not at everything
   2  wrong usage                    12  drift, with --fail-on-drift

Examples:
  chimeractl drift --record             note what the platform says of the good site
  chimeractl drift --fail-on-drift      in a scheduled workflow";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    /// Platform that is asked
    #[arg(long, value_enum, default_value_t = input::Platform::Auto)]
    platform: input::Platform,
    #[command(flatten)]
    site: Named,
    /// Environment whose ledger is asked
    #[arg(long, short, default_value = crate::policy::DEV, value_name = "NAME")]
    environment: String,
    /// Exit with 12 if anything drifted
    #[arg(long)]
    fail_on_drift: bool,
    /// Note what the platform says now; later looks are compared with it
    #[arg(long)]
    record: bool,
    /// Publish directory whose files must be those that are live, compared by the platform's own list
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Leave no entry in the ledger
    #[arg(long, conflicts_with = "record")]
    no_ledger: bool,
    /// Where the ledger of the environment is kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    ledger: Place,
    #[command(flatten)]
    key: secret::Source,
    /// Output format
    #[arg(long, value_enum, default_value_t = super::certify::Format::Human)]
    format: super::certify::Format,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if !matches!(arguments.platform, input::Platform::Auto | input::Platform::Netlify) {
        return Err(CliError::usage("drift knows the platform \"netlify\" so far"));
    }
    let root = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    let access = arguments.site.access(Way::Upload, None)?;
    let book = Book::open(&root, &arguments.environment, &arguments.ledger).map_err(ledger::error)?;
    book.check_continues().map_err(ledger::error)?;
    let repository = input::open(&root)?;
    input::check_read(&root, &repository)?;
    let (key, is_lasting) = key(arguments, &book)?;
    if arguments.record && !is_lasting {
        return Err(CliError::usage("--record needs a key, so that the hashes can be compared later")
            .hint("set CHIMERA_HMAC_KEY or CHIMERA_SIGNING_KEY"));
    }
    let machine = Machine::new();
    let transport = HttpTransport::until(machine.stop())
        .map_err(|error| CliError::unreadable(format!("no connection can be made: {error}")))?;
    let netlify = Netlify::new(&access, &transport, &machine);
    let live = netlify.observe(&key, machine.now() + LOOK).map_err(failed)?;
    let content = match &arguments.dir {
        Some(dir) => Some(content(dir, &netlify.files(machine.now() + LOOK).map_err(failed)?)?),
        None => None,
    };
    look(arguments, &book, &repository, &key, &live, content)
}

/// The publish directory against the files that are live.
fn content(dir: &Path, theirs: &[(String, String)]) -> Result<Field, CliError> {
    let pieces = Directory::new(dir, String::new()).pieces().map_err(failed)?;
    let ours: Vec<(String, String)> = pieces.into_iter().map(|piece| (piece.path, piece.sha1)).collect();
    Ok(drift::content::compare(&ours, theirs))
}

fn look(
    arguments: &Arguments,
    book: &Book,
    repository: &Repository,
    key: &mac::Key,
    live: &Live,
    content: Option<Field>,
) -> Outcome {
    let target = arguments.site.uri();
    let memory = Memory::read(book, &target)?;
    let request = request(live)?;
    let site = chosen(repository, &request, live);
    let netlify = NetlifySite::new(&repository.snapshot, site.clone(), &request);
    let mut notices = Vec::new();
    if let Err(failure) = &netlify.resolution.outcome {
        notices.push(format!(
            "the configuration is rejected, so the repository says nothing: {}",
            first_line(&failure.to_string())
        ));
    }
    let mut drift = drift::compare(&netlify, live, memory.record.as_ref(), key);
    if memory.has_locked {
        drift.fields.iter_mut().filter(|field| field.name == setting::LOCKED).for_each(expect_lock);
    }
    drift.fields.splice(0..0, live_deploy(&memory, live).into_iter().chain(content));
    let heals = repository.configuration.heal.on_detected_drift;
    let is_repairable = drift.fields.iter().any(drift::repair::is_repairable);
    let proposal = if heals && is_repairable {
        proposal::propose(repository, &site, &request, live)
    } else {
        proposal::Proposal::default()
    };
    if is_repairable && !heals {
        notices.push("heal_on_detected_drift = true in .chimera/config.toml proposes to write what only the dashboard says into netlify.toml".to_owned());
    }
    let mut written = Vec::new();
    let scribe = Scribe { book, key: arguments.key.signing_key()?, target: &target };
    if !arguments.no_ledger {
        written.extend(scribe.detected(&memory, live, &drift)?);
    }
    if arguments.record {
        written.extend(scribe.recorded(live, key)?);
    }
    let report = DriftReport {
        platform: "netlify",
        target: &target,
        drift: &drift,
        record: memory.entry,
        written,
        repairs: proposal.titles,
        patch: proposal.patch,
        notices,
    };
    let text = match arguments.format {
        super::certify::Format::Human => human(&report),
        super::certify::Format::Json => format!("{:#}\n", json(&report)),
    };
    Ok((text, exit(arguments, &drift)))
}

fn exit(arguments: &Arguments, drift: &Drift) -> Exit {
    match (drift.changed().next().is_some(), drift.gaps.is_empty()) {
        (true, _) if arguments.fail_on_drift => Exit::DRIFTED,
        (_, false) => Exit::CouldNotLook,
        _ => Exit::Clean,
    }
}

/// The key of the repository, and whether it is the same the next time.
fn key(arguments: &Arguments, book: &Book) -> Result<(mac::Key, bool), CliError> {
    let purpose = format!("chimera-drift {}", book.origin);
    let of = |secret: &[u8]| mac::Key::derived(secret, &purpose);
    let shared = secret::shared()?.map(|secret| secret.sign(b"chimera-drift").to_vec());
    let signed = || Ok(arguments.key.signing_key()?.map(|key| key.sign(b"chimera-drift").to_vec()));
    let lasting = match shared {
        Some(bytes) => Some(bytes),
        None => signed()?,
    };
    let fresh = random::bytes::<32>()?;
    let key = of(lasting.as_deref().unwrap_or(&fresh));
    let key = key.ok_or_else(|| CliError::usage("the secret is too short to make a key of"))?;
    Ok((key, lasting.is_some()))
}

/// What the dashboard says, as the simulation takes it.
fn request(live: &Live) -> Result<Request, CliError> {
    let base = live.setting("base directory").unwrap_or_default();
    let below = |folder: &str| {
        let folder = folder.trim_start_matches('/');
        let inner = folder.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')).filter(|_| !base.is_empty());
        inner.unwrap_or(folder).to_owned()
    };
    let mut settings = json!({});
    let given = [
        ("command", live.setting(setting::COMMAND).map(str::to_owned)),
        ("publish", live.setting(setting::PUBLISH).map(below)),
        ("functions", live.setting(setting::FUNCTIONS).map(below)),
        ("base", Some(base.to_owned()).filter(|base| !base.is_empty())),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            settings[name] = json!(value);
        }
    }
    let settings = dashboard::parse(&settings.to_string())
        .map_err(|error| CliError::unreadable(format!("what the platform says cannot be understood: {error}")))?;
    Ok(Request { dashboard: Dashboard::Given(settings), ..Request::default() })
}

/// The site of the repository that the platform builds: that of the base directory, else the first.
fn chosen(repository: &Repository, request: &Request, live: &Live) -> Site {
    let sites = site::find(&repository.snapshot, request);
    let base = live.setting("base directory").unwrap_or_default().trim_matches('/');
    let own = sites.iter().find(|site| site.directory == base);
    own.or(sites.first()).cloned().unwrap_or_default()
}

/// The deploy that is live against the one that the ledger knows to be live.
fn live_deploy(memory: &Memory, live: &Live) -> Option<Field> {
    let expected = memory.deploy.clone()?;
    let is_same = live.deploy.as_deref() == Some(&*expected);
    Some(Field {
        kind: Kind::Setting,
        name: "live deploy".to_owned(),
        standing: if is_same { Standing::Equal } else { Standing::Changed },
        has_effect: !is_same,
        repository: Some(expected),
        platform: live.deploy.clone(),
        note: (!is_same).then(|| "another deploy was published than the last one of ours".to_owned()),
    })
}

/// A lock that came with a return of ours is no drift.
fn expect_lock(field: &mut Field) {
    if field.standing == Standing::Changed && field.platform.as_deref() == Some("true") {
        field.standing = Standing::Equal;
        field.has_effect = false;
        field.note = Some("a return of ours locked it".to_owned());
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
