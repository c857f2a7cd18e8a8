//! `ledger quarantine`: events that do not fit their topics.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Format, Which, write};
use crate::cli::{CliError, Exit, Outcome, secret};
use crate::event::quarantine::Held;
use crate::store::book::Book;

#[derive(Debug, clap::Args)]
pub(super) struct Quarantine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the events that wait
    List {
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show an event and what is wrong with it
    Show {
        /// Name of the event
        id: String,
    },
    /// Record an event after all; it must fit its topic by now
    Release {
        /// Name of the event
        id: String,
        /// Another payload in place of the malformed one: a JSON object, or a file that holds one
        #[arg(long, value_name = "JSON|FILE")]
        payload: Option<String>,
        #[command(flatten)]
        key: secret::Source,
    },
    /// Throw an event away
    Drop {
        /// Name of the event
        id: String,
    },
}

pub(super) fn run(which: &Which, arguments: &Quarantine) -> Outcome {
    let book = which.open()?;
    match &arguments.command {
        Command::List { format } => list(&book, *format),
        Command::Show { id } => {
            let held = find(&book, id)?;
            Ok((super::json(&json!(held)), Exit::Clean))
        }
        Command::Release { id, payload, key } => release(&book, id, payload.as_deref(), key),
        Command::Drop { id } => {
            let held = find(&book, id)?;
            book.drop_held(id).map_err(super::error)?;
            Ok((format!("thrown away: {} of {}\n", held.event.topic, held.at), Exit::Clean))
        }
    }
}

fn find(book: &Book, id: &str) -> Result<Held, CliError> {
    let held = book.held().map_err(super::error)?;
    let found = held.into_iter().find(|(name, _)| name == id).map(|(_, held)| held);
    found.ok_or_else(|| {
        CliError::usage(format!("no event \"{id}\" is in quarantine"))
            .hint("`chimeractl ledger quarantine list` lists them")
    })
}

fn list(book: &Book, format: Format) -> Outcome {
    let held = book.held().map_err(super::error)?;
    if format == Format::Json {
        let list: Vec<Value> = held.iter().map(|(id, held)| json!({"id": id, "held": held})).collect();
        return Ok((super::json(&json!({"schema_version": 1, "quarantined": list})), Exit::Clean));
    }
    let mut text = String::new();
    for (id, held) in &held {
        let _ = writeln!(text, "{id}  {}  {}  {}", held.at, held.event.topic, held.wrong.join("; "));
    }
    if held.is_empty() {
        text.push_str("nothing is in quarantine\n");
    }
    Ok((text, Exit::Clean))
}

/// The released event keeps its nonce, so that it is recorded once however often it is released.
fn release(book: &Book, id: &str, payload: Option<&str>, key: &secret::Source) -> Outcome {
    let mut event = find(book, id)?.event;
    if let Some(payload) = payload {
        event.payload = write::payload(payload)?;
    }
    let key = key.signing_key()?;
    let published = book.publish(vec![event], key.as_ref(), &super::scanner()).map_err(super::error)?;
    if published.held.is_empty() {
        book.drop_held(id).map_err(super::error)?;
        return Ok((write::human(&published), Exit::Clean));
    }
    Ok((write::human(&published), Exit::Findings))
}
