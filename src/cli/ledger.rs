//! `chimeractl ledger`: writes, reads and verifies the log that remembers everything.

mod audit;
mod carry;
mod proof;
mod quarantine;
mod read;
mod topics;
mod verify;
mod write;

pub(super) use write::{actor, run as workflow};

use std::path::PathBuf;

use serde_json::Value;

use crate::ledger::append::AppendError;
use crate::ledger::entry::Entry;
use crate::ledger::reader::Reader;
use crate::ledger::secret::Scanner;
use crate::ledger::store::{StoreError, View};
use crate::project::collect;
use crate::store::book::{Book, BookError};
use crate::store::place::Place;

use super::{CliError, Exit, Outcome};

const GUIDE: &str = "\
What it is:
  One log per environment that only grows. Every entry links to the one before it, a Merkle tree
  (SHA3-256) stands above them, and a checkpoint states its size and root, signed when the ledger
  has a key. Whoever rewrites history is noticed by all who remember an older checkpoint. Entries
  are for ever: what holds a secret is refused.

Examples:
  chimeractl ledger log                            the last entries
  chimeractl ledger verify                         every entry, every hash, every signature
  chimeractl ledger prove 41 --out proof.json      entry 41, provable to anybody without the ledger
  chimeractl ledger topics                         what is recorded, by whom, for whom

Exit codes:
  0  fine            3  the ledger cannot be read or written
  2  wrong usage    33  the ledger is inconsistent";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(subcommand)]
    command: Command,
}

/// Which ledger.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Which {
    /// Folder in the repository whose ledger it is
    #[arg(long, global = true, default_value = ".", value_name = "PATH")]
    repository: PathBuf,
    /// Environment: each has a ledger of its own
    #[arg(long, short, global = true, default_value = "production", value_name = "NAME")]
    environment: String,
    /// Where it is kept: "files" (below the git directory), "git" (branch chimera-ledger/ENVIRONMENT of the repository),
    /// "git:REMOTE" (that branch of a remote), "folder:PATH" (an export, only read) or "postgres://…" (in builds with that
    /// feature; better in CHIMERA_LEDGER, since others see arguments)
    #[arg(long, global = true, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    store: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List entries, newest last
    Log(read::Log),
    /// Show one entry with its hashes
    Show(read::Show),
    /// Append an event; a malformed one goes to quarantine
    Append(write::Append),
    /// Prove that an entry is in the ledger, or check such a proof without the ledger
    Prove(proof::Prove),
    /// Prove that an older state is the beginning of the ledger
    Consistency(proof::Consistency),
    /// Verify everything: entries, links, tree, files, signatures
    Verify(verify::Verify),
    /// Copy the ledger into a folder, where anybody can verify it
    Export(carry::Export),
    /// Append events from a file; those that are recorded already are passed over
    Import(carry::Import),
    /// Compare copies of checkpoints from elsewhere with the ledger
    Audit(audit::Audit),
    /// Malformed events: list, show, release, drop
    Quarantine(quarantine::Quarantine),
    /// Print the SQL that makes the tables in PostgreSQL
    #[cfg(feature = "postgres")]
    Schema,
    /// The topics of events: publisher, subscribers, payload, purpose
    Topics(topics::Topics),
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let which = &arguments.which;
    match &arguments.command {
        Command::Log(command) => read::log(which, command),
        Command::Show(command) => read::show(which, command),
        Command::Append(command) => write::append(which, command),
        Command::Prove(command) => proof::prove(which, command),
        Command::Consistency(command) => proof::consistency(which, command),
        Command::Verify(command) => verify::run(which, command),
        Command::Export(command) => carry::export(which, command),
        Command::Import(command) => carry::import(which, command),
        Command::Audit(command) => audit::run(which, command),
        Command::Quarantine(command) => quarantine::run(which, command),
        #[cfg(feature = "postgres")]
        Command::Schema => Ok((crate::store::postgres::SCHEMA.to_owned(), Exit::Clean)),
        Command::Topics(command) => topics::run(command),
    }
}

impl Which {
    /// Opens the ledger, which need not exist.
    pub(crate) fn open(&self) -> Result<Book, CliError> {
        let root = collect::repository_of(&self.repository).unwrap_or_else(|| self.repository.clone());
        Book::open(&root, &self.environment, &self.store).map_err(error)
    }

    /// The folder of the repository.
    fn root(&self) -> PathBuf {
        collect::repository_of(&self.repository).unwrap_or_else(|| self.repository.clone())
    }
}

/// The newest state of a ledger that must exist.
fn view(book: &Book) -> Result<Box<dyn View + '_>, CliError> {
    if let Some(view) = book.store().view().map_err(store_error)? {
        return Ok(view);
    }
    // One that was seen here and is gone has been taken away.
    book.check_continues().map_err(error)?;
    Err(CliError::unreadable(format!("there is no ledger of the environment \"{}\" here yet", book.environment))
        .hint("it begins with the first event that is recorded, such as a certification"))
}

fn reader<'a>(view: &'a dyn View) -> Result<Reader<'a>, CliError> {
    Reader::open(view).map_err(store_error)
}

/// Looks at the newest state of a ledger; nothing when there is none yet.
pub(crate) fn look<T>(
    book: &Book,
    work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, CliError> {
    let Some(view) = book.store().view().map_err(store_error)? else { return Ok(None) };
    work(&reader(&*view)?).map(Some).map_err(store_error)
}

/// Entries that are read at a time from the end.
const PAGE: u64 = 256;

/// The entries from this moment on, oldest first; reads no more of the ledger than it must.
pub(crate) fn since(book: &Book, moment: jiff::Timestamp) -> Result<Vec<Entry>, CliError> {
    let Some(view) = book.store().view().map_err(store_error)? else { return Ok(Vec::new()) };
    let reader = reader(&*view)?;
    let (mut end, mut found) = (reader.size(), Vec::new());
    let is_old = |entry: &Entry| entry.time().is_ok_and(|time| time < moment);
    while end > 0 {
        let begin = (end - 1) / PAGE * PAGE;
        let page = reader.entries(begin..end).map_err(store_error)?;
        // Times never go back in a ledger.
        let is_last = page.first().is_some_and(is_old);
        found.extend(page.into_iter().rev().take_while(|entry| !is_old(entry)));
        if is_last {
            break;
        }
        end = begin;
    }
    found.reverse();
    Ok(found)
}

/// An error of a ledger as the command line tells it.
pub(crate) fn error(error: BookError) -> CliError {
    match error {
        BookError::Usage(message) => CliError::usage(message),
        BookError::NoRepository(message) => CliError::unreadable(message)
            .hint("the ledger lies below the git directory; run it in a repository, or name one with --repository"),
        BookError::Disk { .. } => CliError::unreadable(error.to_string()),
        BookError::Inconsistent(message) => inconsistent(message),
        BookError::Append(error) => append_error(error),
        BookError::Store(error) => store_error(error),
    }
}

fn append_error(error: AppendError) -> CliError {
    let message = error.to_string();
    match error {
        AppendError::Store(error) => store_error(error),
        AppendError::Unsigned => inconsistent(message),
        AppendError::NoKey => CliError::unreadable(message).hint("set CHIMERA_SIGNING_KEY"),
        AppendError::Clock { .. } => CliError::unreadable(message),
        AppendError::Genesis(_) | AppendError::ForeignKey(_) | AppendError::Origin { .. } => CliError::usage(message),
        AppendError::Entry { .. } | AppendError::Secret { .. } => CliError::usage(message),
    }
}

pub(crate) fn store_error(error: StoreError) -> CliError {
    match error {
        StoreError::Damaged(_) => inconsistent(error.to_string()),
        StoreError::Conflict => CliError::unreadable("others appended all the time, so this append never had its turn"),
        StoreError::Failed(message) => CliError::unreadable(message),
    }
}

fn inconsistent(message: String) -> CliError {
    CliError { exit: Exit::LedgerInconsistent, message, hint: None }.hint(
        "`chimeractl ledger verify` names everything that is wrong; nothing may be deployed until it is understood",
    )
}

/// Looks for the secrets of this process's environment.
pub(crate) fn scanner() -> Scanner {
    let named =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Scanner::new(named.filter(|(name, value)| Scanner::is_secret_name(name) && !value.starts_with('/')))
}

pub(super) fn json(value: &Value) -> String {
    format!("{value:#}\n")
}
