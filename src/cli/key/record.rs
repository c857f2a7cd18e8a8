//! What the ledgers are told of keys that come and go.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::{CliError, ledger, random, secret};
use crate::event::payload::{KeyAdded, KeyRevoked, Payload};
use crate::key::KeyId;
use crate::key::public::VerifyingKey;
use crate::ledger::entry::{Draft, nonce};
use crate::ledger::genesis::GenesisError;
use crate::ledger::history::History;
use crate::ledger::reader::Reader;
use crate::project::collect;
use crate::store::book::Book;
use crate::store::place::{self, Place};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct Ledgers {
    /// Where ledgers are kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    ledger: Place,
    /// Environments whose ledgers are told; default: all that the store lists
    #[arg(long, short, value_name = "NAME")]
    environment: Vec<String>,
    #[command(flatten)]
    key: secret::Source,
    /// Tell no ledger
    #[arg(long)]
    no_ledger: bool,
}

/// Something that happened to a key.
pub(super) enum Event {
    /// It may sign from now on.
    Added(KeyAdded),
    /// It may sign no more.
    Revoked(KeyRevoked),
}

impl Event {
    fn draft(&self) -> Result<Draft, CliError> {
        let (topic, payload) = match self {
            Event::Added(added) => (KeyAdded::TOPIC.name, added.to_map()),
            Event::Revoked(revoked) => (KeyRevoked::TOPIC.name, revoked.to_map()),
        };
        Ok(Draft {
            topic: topic.to_owned(),
            actor: ledger::actor(),
            run: ledger::workflow(),
            deploy_key: None,
            state: None,
            payload,
            nonce: nonce(&random::bytes()?),
        })
    }

    /// How a person does it, who has a key at hand that may.
    fn by_hand(&self, environment: &str) -> Result<String, CliError> {
        let draft = self.draft()?;
        let payload = serde_json::Value::Object(draft.payload);
        let topic = draft.topic;
        Ok(format!("CHIMERA_SIGNING_KEY=… chimeractl ledger append {topic} -e {environment} --payload '{payload}'"))
    }
}

impl Ledgers {
    /// Tells the ledgers that `known` may sign, or the one that is meant; what was told, and what has to be done where that was
    /// not possible.
    ///
    /// A ledger without keys asks nobody for one, so it is left as it is.
    pub(super) fn tell(&self, event: &Event, known: Option<KeyId>) -> Result<String, CliError> {
        let here = PathBuf::from(".");
        let root = collect::repository_of(&here).unwrap_or(here);
        if self.no_ledger {
            return Ok(String::new());
        }
        let listed = || place::environments(&root, &self.ledger).unwrap_or_default();
        let environments = if self.environment.is_empty() { listed() } else { self.environment.clone() };
        let mut meant = Vec::new();
        for environment in environments {
            let book = Book::open(&root, &environment, &self.ledger).map_err(ledger::error)?;
            let keys = active(&book)?;
            if !keys.is_empty() && known.is_none_or(|known| keys.contains(&known)) {
                meant.push(book);
            }
        }
        if known.is_none() && meant.len() > 1 && self.environment.is_empty() {
            // A key for one environment must not get into the others by the way.
            let names: Vec<&str> = meant.iter().map(|book| book.environment.as_str()).collect();
            return Ok(format!(
                "  no ledger knows it yet: name the one that it shall sign with --environment ({})\n",
                names.join(", ")
            ));
        }
        let key = self.key.signing_key()?;
        let mut text = String::new();
        for book in meant {
            let told = match book.publish(vec![event.draft()?], key.as_ref(), &ledger::scanner()) {
                Ok(published) => {
                    let entry = published.appended.entries.first();
                    let number = entry.map(|sealed| sealed.entry.seq.to_string()).unwrap_or_default();
                    format!("recorded as entry {number} of \"{}\"", book.origin)
                }
                Err(error) => format!(
                    "NOT recorded in the ledger of \"{}\": {}; a key that may sign it has to:\n    {}",
                    book.environment,
                    ledger::error(error).message,
                    event.by_hand(&book.environment)?
                ),
            };
            let _ = writeln!(text, "  {told}");
        }
        Ok(text)
    }
}

/// The keys that may sign a ledger now; none when it is not signed, or not there.
fn active(book: &Book) -> Result<Vec<KeyId>, CliError> {
    let Some(view) = book.store().view().map_err(ledger::store_error)? else { return Ok(Vec::new()) };
    let reader = Reader::open(&*view).map_err(ledger::store_error)?;
    let wrong = |error: GenesisError| CliError::unreadable(error.to_string());
    let mut history = History::new(reader.genesis()).map_err(wrong)?;
    for entry in reader.entries(0..reader.size()).map_err(ledger::store_error)? {
        history.apply(&entry);
    }
    Ok(history.active().iter().map(VerifyingKey::id).collect())
}
