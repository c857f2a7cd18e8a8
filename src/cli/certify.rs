//! `chimeractl certify`: three linked approvals of what lies on disk, signed.

mod commit;
mod directory;
mod identity;
mod policy;
mod record;
mod subject;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::certificate::bundle::{Bundle, FILE_NAME};
use crate::certificate::claim::{self, Claim, Health, Run};
use crate::certificate::envelope::Signer;
use crate::certificate::hxo_approval::{Kind, Release};
use crate::certificate::issue::issue;
use crate::certificate::statement::Subject;
use crate::certificate::{HOME, Level};
use crate::config;
use crate::digest::{Digest, DigestSet, hex};
use crate::heal::{self, HEAL_MAX_ATTEMPTS, Healing, Limits};
use crate::platform::model;
use crate::policy::ruling::Request;
use crate::policy::{Action, DEV, Policy};
use crate::project::snapshot::Snapshot;
use crate::report::{Style, certificate as report};
use crate::rule::finding::{Level as FindingLevel, Place};
use crate::rule::registry;
use crate::store::place::Place as Store;
use crate::verdict::SiteVerdict;

use super::input::{self, Plan, Repository};
use super::{CliError, Exit, Outcome, file, random, secret};

pub(super) use commit::read as read_commit;
pub(super) use directory::{hash as hash_directory, list as list_directory};
pub(super) use identity::{Identity, People};
pub(super) use policy::{read as read_policy, text_of as policy_of_branch};
pub(super) use subject::{configuration as configuration_subject, policy as policy_bytes};

use commit::Commit;
use record::Recorded;

/// How long healing may take.
const HEAL_BUDGET: Duration = Duration::from_secs(60);

const GUIDE: &str = "\
What is certified:
  The commit that is checked out, the configuration files that decided the verdict, and the files of --dir
  if it is given, as they lie on disk. --heal tries repairs on a copy in memory and records them, but what is
  only in memory is not certified: \"chimeractl heal --write\" and commit first.

Levels:
  L0  digest: no key is set                     L1  integrity-only: CHIMERA_HMAC_KEY
  L2  signature: CHIMERA_SIGNING_KEY or --key-fd
  L3  signature and ledger: what is signed is recorded, unless --no-ledger is given
  A certificate that failed is written and signed, too, and says what failed.

Policy:
  [roles.*] and [environments.*] of .chimera/config.toml say who may deploy where. What they do not name is
  denied, except for the environment \"dev\".

Exit codes:
  0  certified                            3  could not look: no commit, unreadable input
  2  wrong usage or configuration        10  an approval failed; the certificate says which

Examples:
  chimeractl certify
  chimeractl certify --environment production --target netlify:site/ID --dir dist";

#[derive(Debug, Clone, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    pub(super) path: Option<PathBuf>,
    #[command(flatten)]
    pub(super) simulation: input::Target,
    /// Environment that it is for; decides which policy is asked
    #[arg(long, default_value = DEV, value_name = "NAME")]
    pub(super) environment: String,
    /// Where it may go, as an address; default: platform, repository and environment
    #[arg(long = "target", value_name = "URI")]
    pub(super) target_uri: Option<String>,
    /// Publish directory whose files are certified, too
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Where the certificate goes; "-" prints nothing but the certificate
    #[arg(long, default_value = FILE_NAME, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// Try repairs on a copy in memory, and record what they would change
    #[arg(long)]
    heal: bool,
    /// Let a verdict that the files do not decide fail the certificate
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    pub(super) key: secret::Source,
    #[command(flatten)]
    pub(super) identity: identity::Identity,
    /// Where the ledger of the environment is kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Store::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    pub(super) ledger: Store,
    /// Leave no entry in the ledger
    #[arg(long)]
    pub(super) no_ledger: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
}

impl Arguments {
    /// As a step of a workflow certifies what is checked out: for the environment that no policy guards, and without
    /// a ledger, which a pull request has no right to write.
    pub(super) fn of_step(root: &Path, simulation: input::Target, out: PathBuf) -> Arguments {
        Arguments {
            path: Some(root.to_owned()),
            simulation,
            environment: DEV.to_owned(),
            target_uri: None,
            dir: None,
            out,
            heal: false,
            strict: false,
            key: secret::Source::default(),
            identity: Identity::default(),
            ledger: Store::Files,
            no_ledger: true,
            format: Format::Human,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs: docs/schema/certificate.schema.json
    Json,
}

pub(crate) fn run(arguments: &Arguments, colour: bool) -> Outcome {
    let signer = arguments.key.signer()?;
    let root = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    let (bundle, recorded) = certify(arguments, &root, &signer)?;
    let exit = if report::has_passed(&bundle) { Exit::Clean } else { Exit::Rejected };
    if arguments.out == Path::new("-") {
        return Ok((bundle.to_text(), exit));
    }
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&report::json(&bundle)).unwrap_or_default() + "\n",
        Format::Human => human(arguments, &bundle, &recorded, colour),
    };
    Ok((text, exit))
}

fn human(arguments: &Arguments, bundle: &Bundle, recorded: &Recorded, colour: bool) -> String {
    let reason = report::reason(bundle).map(|reason| format!("\nnot certified: {reason}\n")).unwrap_or_default();
    let recorded = match recorded {
        Recorded::Entry(number, origin) => format!(
            "recorded as entry {number} of \"{origin}\"; to prove it: chimeractl ledger prove {number} -e {}",
            arguments.environment
        ),
        Recorded::Nowhere(reason) => format!("not recorded: {reason}"),
    };
    let chain = report::human(bundle, Style { colour, verbose: false });
    format!("{chain}{reason}\nwritten to \"{}\"\n{recorded}\n", arguments.out.display())
}

/// Looks, issues, writes the file and then the ledger: whatever fails late, the certificate is not lost.
pub(super) fn certify(arguments: &Arguments, root: &Path, signer: &Signer) -> Result<(Bundle, Recorded), CliError> {
    let book =
        (!arguments.no_ledger).then(|| record::open(root, &arguments.environment, &arguments.ledger)).transpose()?;
    let repository = input::open(root)?;
    let plan = arguments.simulation.plan(&repository)?;
    let (looked, hashed) = together(arguments, root, &repository, &plan);
    let (commit, mut health, sites) = looked?;
    let directory = match (&arguments.dir, hashed?) {
        (Some(dir), Some(hashed)) => Some(subject::publish(root, dir, &hashed)),
        _ => None,
    };
    let arie_at = random::now();
    let names = subject::configurations(&sites);
    let first = subject::all(&commit, &names, &repository.snapshot, directory.as_ref())?;
    // Everything but the published files was read before the simulation, so it is read anew.
    let fresh = input::open(root)?;
    let later = commit::again(root, &commit)?;
    let again = subject::all(&later, &names, &fresh.snapshot, directory.as_ref())?;
    health.uncommitted = later.uncommitted;
    health.secrets = subject::secrets(&names, &fresh.snapshot);
    let truth_at = random::now();
    let name = identity::repository(&arguments.simulation, &repository);
    let target = target(arguments, name.as_deref(), &sites);
    let claim = claim(arguments, name, &commit, first, &target)?;
    let kind = if directory.is_some() { Kind::Artifact } else { Kind::Source };
    // What is signed and recorded can be proven from the ledger.
    let level = if book.is_some() && signer.level() == Level::L2 { Level::L3 } else { signer.level() };
    let event = arguments.identity.event();
    let asked = policy::read(root, &repository, event.as_deref())?;
    let recent = recent_deploys(arguments, root, &asked.policy)?;
    let ruling = rule(arguments, &asked.policy, event.as_deref(), &commit, (level, kind), recent);
    let release = Release {
        target: &target,
        level: signer.level(),
        ruling: &ruling,
        policy_uri: policy_uri(&claim, asked.branch.as_deref()),
        policy: DigestSet::of(&asked.bytes),
        nonce: random::bytes()?,
        kind,
        ledger: book.as_ref().map(record::head).transpose()?.flatten(),
    };
    let bundle = issue(&claim, &health, &again, &release, [arie_at, truth_at, random::now()], signer);
    if arguments.out != Path::new("-") {
        file::replace(&arguments.out, bundle.to_text().as_bytes())?;
    }
    let actor = arguments.identity.actor();
    let recorded = match &book {
        Some(book) => record::append(book, &actor, &claim, &health, &release, &bundle, signer)?,
        None => Recorded::Nowhere("--no-ledger".to_owned()),
    };
    // The process is about to end: to free 100,000 entries one by one would only cost time.
    std::mem::forget((repository, fresh, sites));
    Ok((bundle, recorded))
}

type Looked = Result<(Commit, Health, Vec<SiteVerdict>), CliError>;

/// Hashes files while the rest is simulated.
fn together(
    arguments: &Arguments,
    root: &Path,
    repository: &Repository,
    plan: &Plan,
) -> (Looked, Result<Option<DigestSet>, CliError>) {
    std::thread::scope(|scope| {
        // Folders nest as deeply as they like.
        let hash = || arguments.dir.as_deref().map(directory::hash).transpose();
        let hashing = std::thread::Builder::new().stack_size(super::STACK_BYTES).spawn_scoped(scope, hash);
        let looked = look(arguments, root, repository, plan);
        let failed = || CliError::unreadable("the publish directory could not be hashed");
        let hashed = hashing.map_err(|_| failed()).and_then(|thread| thread.join().map_err(|_| failed()));
        (looked, hashed.and_then(std::convert::identity))
    })
}

/// The commit, the verdicts, and what they come to.
fn look(arguments: &Arguments, root: &Path, repository: &Repository, plan: &Plan) -> Looked {
    let commit = commit::read(root)?;
    let started = Instant::now();
    let judge = |snapshot: &Snapshot| {
        let sites = plan.sites(snapshot, &repository.configuration);
        input::map_all(sites, |(platform, target)| (platform.judge)(snapshot, &target, &repository.configuration))
    };
    let (sites, healing) = if arguments.heal {
        let limits = Limits::default();
        let healing = heal::heal(&repository.snapshot, &judge, &limits, &|| started.elapsed() >= HEAL_BUDGET);
        let recorded = healed(&healing);
        (healing.before, Some(recorded))
    } else {
        (judge(&repository.snapshot), None)
    };
    input::check_read(root, repository)?;
    let issues = |site: &SiteVerdict| {
        site.at_level(FindingLevel::Error).map(|finding| issue_of(site, finding)).collect::<Vec<_>>()
    };
    let health = Health {
        sites: sites.iter().map(site_of).collect(),
        issues: sites.iter().flat_map(issues).collect(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        is_finished: true,
        is_strict: arguments.strict,
        healing,
        uncommitted: commit.uncommitted.clone(),
        secrets: Vec::new(),
    };
    Ok((commit, health, sites))
}

fn site_of(site: &SiteVerdict) -> claim::Site {
    let mut findings = [0; 4];
    for finding in &site.findings {
        findings[3 - finding.severity as usize] += 1;
    }
    claim::Site {
        platform: site.platform.name.to_owned(),
        name: site.name.clone(),
        status: site.status.name().to_owned(),
        stage: site.stage.map(|stage| stage.name().to_owned()),
        findings,
    }
}

fn issue_of(site: &SiteVerdict, finding: &crate::rule::finding::Finding) -> claim::Issue {
    let place = match &finding.place {
        Place::Span(span) => site
            .sources
            .get(span.file)
            .map_or(String::new(), |source| format!("{}:{}", source.name, source.position(span.start).line)),
        Place::Path(path) | Place::Missing(path) => crate::project::path::display(path).to_owned(),
        Place::Site => site.name.clone(),
    };
    claim::Issue {
        rule: finding.rule.id.to_owned(),
        name: finding.rule.name.to_owned(),
        severity: finding.severity.name().to_owned(),
        place,
    }
}

fn healed(healing: &Healing) -> claim::Healing {
    let kept = healing.fixes_applied.iter().map(|applied| applied.attempt);
    let taken_back = healing.reverted.iter().map(|reverted| reverted.attempt);
    let file = |file: &heal::HealedFile| {
        let (before, after) = file.digests();
        (file.path.clone(), before, after)
    };
    claim::Healing {
        attempts: healing.attempts,
        attempts_at_one: kept.chain(taken_back).max().unwrap_or_default(),
        limit: HEAL_MAX_ATTEMPTS,
        files: healing.files.iter().map(file).collect(),
        rules: healing.fixes_applied.iter().map(|applied| applied.subject.rule.id.to_owned()).collect(),
    }
}

fn claim(
    arguments: &Arguments,
    repository: Option<String>,
    commit: &Commit,
    subjects: Vec<Subject>,
    target: &str,
) -> Result<Claim, CliError> {
    let run = run_of()?;
    let environment = &arguments.environment;
    let owner = repository.as_deref().unwrap_or_default();
    let key = claim::deploy_key(owner, environment, &commit.id, &subject::digest(&subjects), &[target], &run)
        .map_err(|error| CliError::usage(format!("--environment or --target: {error}")))?;
    let tables = |platform: &'static str| {
        let texts: String = model::tables(platform)
            .map(|table| format!("{} {}\n", table.name, Digest::sha3(table.text.as_bytes())))
            .collect();
        (platform.to_owned(), Digest::sha3(texts.as_bytes()))
    };
    let rule = |rule: &crate::rule::Rule| {
        format!("{} {} {} {}\n", rule.id, rule.name, rule.severity.name(), Digest::sha3(rule.docs.as_bytes()))
    };
    let rules: String = registry::rules().map(rule).collect();
    Ok(Claim {
        verifier: identity::verifier(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rule_set: Digest::sha3(rules.as_bytes()),
        models: crate::verdict::registry::PLATFORMS.iter().map(|platform| tables(platform.profile.name)).collect(),
        deploy_key: key,
        run,
        environment: environment.clone(),
        repository,
        subjects,
    })
}

/// The run of the workflow, else a random one: no two runs by hand are the same.
fn run_of() -> Result<Run, CliError> {
    let number = |name: &str| identity::variable(name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let attempt = number("GITHUB_RUN_ATTEMPT").and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(match number("GITHUB_RUN_ID") {
        Some(id) => Run { id, attempt },
        None => Run { id: format!("local-{}", hex(&random::bytes::<8>()?)), attempt: 1 },
    })
}

fn target(arguments: &Arguments, repository: Option<&str>, sites: &[SiteVerdict]) -> String {
    arguments.target_uri.clone().unwrap_or_else(|| {
        let platform = sites.first().map_or("none", |site| site.platform.name);
        format!("{platform}:{}?environment={}", repository.unwrap_or("local"), arguments.environment)
    })
}

fn policy_uri(claim: &Claim, branch: Option<&str>) -> String {
    let branch = branch.map(|branch| format!("@refs/heads/{branch}")).unwrap_or_default();
    match &claim.repository {
        Some(name) => format!("git+https://github.com/{name}{branch}#{}", config::PATH),
        None => format!("{HOME}/local{branch}#{}", config::PATH),
    }
}

/// How many deploys began within an hour, where the policy wants to know.
fn recent_deploys(arguments: &Arguments, root: &Path, policy: &Policy) -> Result<Option<u32>, CliError> {
    let environment = policy.environments.get(&arguments.environment);
    if environment.is_none_or(|environment| environment.max_per_hour.is_none()) {
        return Ok(None);
    }
    record::recent_deploys(&record::open(root, &arguments.environment, &arguments.ledger)?).map(Some)
}

fn rule(
    arguments: &Arguments,
    policy: &Policy,
    event: Option<&str>,
    commit: &Commit,
    (level, kind): (Level, Kind),
    recent_deploys: Option<u32>,
) -> claim::Ruling {
    let is_guarded = policy.environments.contains_key(&arguments.environment);
    let author = commit.author.as_deref();
    let people = arguments.identity.people(&arguments.environment, &commit.id, author, is_guarded);
    let reference = arguments.identity.reference();
    policy.decide(&Request {
        action: Action::Deploy,
        environment: &arguments.environment,
        actor: &people.actor,
        triggering_actor: &people.triggering_actor,
        approver: people.approver.as_ref().map(|(person, at)| (person, *at)),
        author: people.author.as_deref(),
        at: random::now(),
        reference: reference.as_deref(),
        event,
        level,
        kind,
        recent_deploys,
    })
}
