//! `chimeractl certificate`: shows a certificate, or verifies it without asking anybody.

mod evidence;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::certificate::Level;
use crate::certificate::bundle::{Bundle, MAX_BYTES};
use crate::certificate::statement::Subject;
use crate::certificate::verify::{Expectation, Refusal, verify};
use crate::digest::Digest;
use crate::key::public::FOLDER;
use crate::key::ring::KeyRing;
use crate::project::collect;
use crate::report::{Style, certificate as report};
use crate::store::place::Place;

use super::certify::{self, Format};
use super::{CliError, Exit, Outcome, input, key, random, secret};

use evidence::Evidence;

const GUIDE: &str = "\
What is asked, in this order:
  1 form       a small file of three envelopes, no key twice
  2 signature  by keys that are trusted for each approval
  3 chain      each approval names the digests of the ones before
  4 subjects   what is on disk is what was certified (--repo, --dir)
  5 binding    for this target, now, passed, under the policy that holds
  6 ledger     its place in a signed ledger (--ledger, --proof)
  7 replay     not used before, and in its own run (--run)
  8 level      it proves as much as it says and as is asked for

Exit codes:
   0  valid                  11  valid, but level too low   14  replayed
   2  wrong usage            12  expired                    15  untrusted key
  10  invalid                13  wrong target                3  could not look

Examples:
  chimeractl certificate show certificate.intoto.jsonl
  chimeractl certificate verify certificate.intoto.jsonl --target netlify:site/ID --repo . --dir dist";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print a certificate as people read it; verifies nothing
    Show {
        /// The certificate; "-" is standard input
        file: PathBuf,
        /// Output format
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Verify a certificate, offline, and name the first rule that fails
    Verify(Box<Verify>),
}

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
struct Verify {
    /// The certificate; "-" is standard input
    file: PathBuf,
    /// Where it is to be used
    #[arg(long, value_name = "URI")]
    target: String,
    /// Repository whose commit, configuration and policy must be those that were certified
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,
    /// Publish directory whose files must be those that were certified
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Folder of the public keys that are trusted; default: .chimera/keys of --repo, else of the repository around
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Ledger that must hold it: "files" (that of --repo, else of the repository around) or "folder:PATH" (an export)
    #[arg(long, value_name = "STORE", conflicts_with = "proof")]
    ledger: Option<Place>,
    /// Proof of its place in a ledger, as "chimeractl ledger prove" writes it
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Verify as of this time: 2026-11-20T10:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
    /// Least level
    #[arg(long, default_value = "L2", value_parser = Level::ALL.map(Level::name))]
    min_level: String,
    /// Run that it must be of, with its attempt
    #[arg(long, value_name = "ID/ATTEMPT", value_parser = run_of)]
    run: Option<(String, u32)>,
    /// Repository on GitHub that it must be of
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no time; write it as 2026-11-20T10:00:00Z"))
}

fn run_of(text: &str) -> Result<(String, u32), String> {
    let (id, attempt) = text.split_once('/').unwrap_or((text, "1"));
    let attempt = attempt.parse().map_err(|_| format!("\"{attempt}\" is no attempt; give ID/ATTEMPT"))?;
    Ok((id.to_owned(), attempt))
}

pub(crate) fn run(arguments: &Arguments, colour: bool) -> Outcome {
    let style = Style { colour, verbose: false };
    match &arguments.command {
        Command::Show { file, format } => show(file, *format, style),
        Command::Verify(arguments) => check(arguments, style),
    }
}

/// Reads a file no further than a bundle may be long.
fn read(place: &Path) -> Result<Vec<u8>, CliError> {
    let failed = |error| CliError::unreadable(format!("\"{}\" cannot be read: {error}", place.display()));
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if place == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(place).map_err(failed)?.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(bytes)
}

fn show(file: &Path, format: Format, style: Style) -> Outcome {
    let bundle = Bundle::parse(&read(file)?);
    let bundle = match bundle {
        Ok(bundle) => bundle,
        Err(error) => {
            let message = format!("\"{}\" is no certificate: {error}", file.display());
            return Err(CliError { exit: Exit::Rejected, message, hint: None });
        }
    };
    let text = match format {
        Format::Human => {
            report::human(&bundle, style) + "\nshown as it is written; \"certificate verify\" verifies it\n"
        }
        Format::Json => serde_json::to_string_pretty(&report::json(&bundle)).unwrap_or_default() + "\n",
    };
    Ok((text, Exit::Clean))
}

fn check(arguments: &Verify, style: Style) -> Outcome {
    let bytes = read(&arguments.file)?;
    let (subjects, policy) = on_disk(arguments, &bytes)?;
    if let Some(folder) = arguments.keys.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(CliError::unreadable(format!("--keys: \"{}\" is no folder", folder.display())));
    }
    let keys = key::ring(&keys(arguments))?;
    let evidence = evidence(arguments, &bytes, &keys)?;
    let found = verify(
        &bytes,
        &Expectation {
            target: &arguments.target,
            at: arguments.at.unwrap_or_else(random::now),
            keys,
            secret: secret::shared()?,
            min_level: Level::parse(&arguments.min_level).unwrap_or_default(),
            subjects,
            policy,
            run: arguments.run.clone(),
            repository: arguments.repository.as_deref(),
            ledger: evidence.inclusion,
            uses: evidence.uses,
        },
    );
    let text = match arguments.format {
        Format::Human => report::verification_human(&found, style),
        Format::Json => serde_json::to_string_pretty(&report::verification_json(&found)).unwrap_or_default() + "\n",
    };
    Ok((text, found.failure.map_or(Exit::Clean, |failure| exit_of(failure.refusal))))
}

fn exit_of(refusal: Refusal) -> Exit {
    match refusal {
        Refusal::Invalid => Exit::Rejected,
        Refusal::Level => Exit::LevelTooLow,
        Refusal::Expired => Exit::Expired,
        Refusal::Target => Exit::WrongTarget,
        Refusal::Replayed => Exit::Replayed,
        Refusal::Untrusted => Exit::Untrusted,
    }
}

fn root(arguments: &Verify) -> PathBuf {
    arguments.repo.clone().unwrap_or_else(|| {
        let here = PathBuf::from(".");
        collect::repository_of(&here).unwrap_or(here)
    })
}

fn keys(arguments: &Verify) -> PathBuf {
    arguments.keys.clone().unwrap_or_else(|| root(arguments).join(FOLDER))
}

/// What a ledger shows; one that was named must hold the certificate.
fn evidence(arguments: &Verify, bytes: &[u8], keys: &KeyRing) -> Result<Evidence, CliError> {
    let Ok(bundle) = Bundle::parse(bytes) else { return Ok(Evidence::default()) };
    if let Some(path) = &arguments.proof {
        return Ok(Evidence { inclusion: Some(evidence::of_proof(path, keys)?), uses: Vec::new() });
    }
    let Some(place) = &arguments.ledger else { return Ok(Evidence::default()) };
    let found = evidence::of_ledger(&root(arguments), place, &bundle, keys)?;
    if found.inclusion.is_some() {
        return Ok(found);
    }
    let message = format!("the ledger does not hold certificate {}", bundle.id());
    Err(CliError { exit: Exit::Rejected, message, hint: None })
}

/// What lies on disk of all that the certificate is about.
fn on_disk(arguments: &Verify, bytes: &[u8]) -> Result<(Vec<Subject>, Option<Digest>), CliError> {
    let mut subjects = Vec::new();
    let mut policy = None;
    // A file that is no bundle is refused by the first rule, whatever lies on disk.
    let Ok(bundle) = Bundle::parse(bytes) else { return Ok((subjects, policy)) };
    let certified = &bundle.links[2].statement.subjects;
    if let Some(root) = &arguments.repo {
        let repository = input::open(root)?;
        let commit = certify::read_commit(root)?;
        subjects.extend(commit.subjects);
        for name in certified.iter().filter_map(|subject| subject.name.strip_prefix("config:")) {
            subjects.extend(certify::configuration_subject(name, &repository.snapshot)?);
        }
        let bytes = match policy_branch(&bundle) {
            Some(branch) => certify::policy_of_branch(root, &branch)?,
            None => certify::policy_bytes(&repository.snapshot)?,
        };
        policy = Some(Digest::sha3(&bytes));
    }
    if let Some(dir) = &arguments.dir {
        let hashed = certify::hash_directory(dir)?;
        let mut published = certified.iter().filter(|subject| subject.name.starts_with("publish:"));
        let name = published.next().map(|subject| subject.name.clone());
        let name = name.unwrap_or_else(|| format!("publish:{}", dir.display()));
        subjects.push(Subject::new(&name, &hashed));
    }
    Ok((subjects, policy))
}

/// The branch whose policy was asked, if it was not that of the checkout.
fn policy_branch(bundle: &Bundle) -> Option<String> {
    let uri = bundle.links[2].statement.predicate.get("policy")?.get("uri")?.as_str()?;
    let (_, rest) = uri.rsplit_once("@refs/heads/")?;
    Some(rest.rsplit_once('#')?.0.to_owned())
}
