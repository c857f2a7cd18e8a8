//! `chimeractl certify`: three linked approvals of what lies on disk, signed.

mod commit;
mod directory;
mod identity;
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
use crate::policy::{Action, DEV};
use crate::project::snapshot::Snapshot;
use crate::report::{Style, certificate as report};
use crate::rule::finding::{Level as FindingLevel, Place};
use crate::rule::registry;
use crate::verdict::SiteVerdict;

use super::input::{self, Plan, Repository};
use super::{CliError, Exit, Outcome, file, random, secret};

pub(super) use commit::read as read_commit;
pub(super) use directory::{hash as hash_directory, list as list_directory};
pub(super) use identity::Identity;
pub(super) use subject::{configuration as configuration_subject, policy as policy_bytes};

use commit::Commit;

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
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
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
    let bundle = certify(arguments, &root, &signer)?;
    let exit = if report::has_passed(&bundle) { Exit::Clean } else { Exit::Rejected };
    let text = bundle.to_text();
    if arguments.out == Path::new("-") {
        return Ok((text, exit));
    }
    file::replace(&arguments.out, text.as_bytes())?;
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&report::json(&bundle)).unwrap_or_default() + "\n",
        Format::Human => {
            let reason =
                report::reason(&bundle).map(|reason| format!("\nnot certified: {reason}\n")).unwrap_or_default();
            let place = arguments.out.display();
            format!("{}{reason}\nwritten to \"{place}\"\n", report::human(&bundle, Style { colour, verbose: false }))
        }
    };
    Ok((text, exit))
}

pub(super) fn certify(arguments: &Arguments, root: &Path, signer: &Signer) -> Result<Bundle, CliError> {
    let repository = input::open(root)?;
    let plan = arguments.simulation.plan(&repository)?;
    // Files are hashed while the rest is simulated.
    let (looked, hashed) = rayon::join(
        || look(arguments, root, &repository, &plan),
        || arguments.dir.as_deref().map(directory::hash).transpose(),
    );
    let (commit, health, sites) = looked?;
    let directory = match (&arguments.dir, hashed?) {
        (Some(dir), Some(hashed)) => Some(subject::publish(root, dir, &hashed)),
        _ => None,
    };
    let arie_at = random::now();
    let names = subject::configurations(&sites);
    let first = subject::all(&commit, &names, &repository.snapshot, directory.as_ref())?;
    // Everything but the published files was read before the simulation, so it is read anew.
    let fresh = input::open(root)?;
    let again = subject::all(&commit::read(root)?, &names, &fresh.snapshot, directory.as_ref())?;
    let policy = DigestSet::of(&subject::policy(&repository.snapshot)?);
    let truth_at = random::now();
    let name = identity::repository(&arguments.simulation, &repository);
    let target = target(arguments, name.as_deref(), &sites);
    let claim = claim(arguments, name, &commit, first, &target)?;
    let kind = if directory.is_some() { Kind::Artifact } else { Kind::Source };
    let ruling = rule(arguments, &repository, &commit, signer.level(), kind);
    let release = Release {
        target: &target,
        level: signer.level(),
        ruling: &ruling,
        policy_uri: policy_uri(&claim),
        policy,
        nonce: random::bytes()?,
        kind,
        ledger: None,
    };
    let bundle = issue(&claim, &health, &again, &release, [arie_at, truth_at, random::now()], signer);
    // The process is about to end: to free 100,000 entries one by one would only cost time.
    std::mem::forget((repository, fresh, sites));
    Ok(bundle)
}

/// The commit, the verdicts, and what they come to.
fn look(
    arguments: &Arguments,
    root: &Path,
    repository: &Repository,
    plan: &Plan,
) -> Result<(Commit, Health, Vec<SiteVerdict>), CliError> {
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

fn policy_uri(claim: &Claim) -> String {
    match &claim.repository {
        Some(name) => format!("git+https://github.com/{name}#{}", config::PATH),
        None => format!("{HOME}/local#{}", config::PATH),
    }
}

fn rule(arguments: &Arguments, repository: &Repository, commit: &Commit, level: Level, kind: Kind) -> claim::Ruling {
    let (actor, triggering_actor) = arguments.identity.people();
    let reference = identity::variable("GITHUB_REF");
    let event = identity::variable("GITHUB_EVENT_NAME");
    repository.configuration.policy.decide(&Request {
        action: Action::Deploy,
        environment: &arguments.environment,
        actor: &actor,
        triggering_actor: &triggering_actor,
        approver: None,
        author: commit.author.as_deref(),
        at: random::now(),
        reference: arguments.identity.reference.as_deref().or(reference.as_deref()),
        event: arguments.identity.event.as_deref().or(event.as_deref()),
        level,
        kind,
    })
}
