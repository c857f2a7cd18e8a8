//! `ledger log` and `ledger show`.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha3::Sha3_256;

use super::{Format, Which};
use crate::certificate::HOME;
use crate::cli::{CliError, Exit, Outcome};
use crate::digest::Digest;
use crate::event::cloud;
use crate::ledger::entry::Entry;
use crate::ledger::merkle;
use crate::ledger::reader::Reader;

/// Entries that are read at a time when some are looked for.
const AT_A_TIME: u64 = 2048;

#[derive(Debug, clap::Args)]
pub(super) struct Log {
    /// How many entries, counted from the end; 0 for all
    #[arg(long, short = 'n', default_value_t = 20, value_name = "N")]
    limit: u64,
    /// Only entries of this topic
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Only entries of this deploy
    #[arg(long, value_name = "KEY")]
    deploy_key: Option<String>,
    /// "json" prints one CloudEvent a line
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// Number of the entry
    seq: u64,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn log(which: &Which, arguments: &Log) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let mut text = String::new();
    for entry in wanted(&reader, arguments)? {
        match arguments.format {
            Format::Human => line(&entry, &mut text),
            Format::Json => {
                let event = cloud::envelope(&entry, &reader.genesis().origin, HOME);
                let _ = writeln!(text, "{event}");
            }
        }
    }
    Ok((text, Exit::Clean))
}

/// Looks from the end, as far as it must.
fn wanted(reader: &Reader<'_>, arguments: &Log) -> Result<Vec<Entry>, CliError> {
    let limit = if arguments.limit == 0 { usize::MAX } else { usize::try_from(arguments.limit).unwrap_or(usize::MAX) };
    let is_wanted = |entry: &Entry| {
        arguments.topic.as_ref().is_none_or(|topic| *topic == entry.topic)
            && arguments.deploy_key.as_ref().is_none_or(|key| entry.deploy_key.as_ref() == Some(key))
    };
    let mut found = Vec::new();
    let mut end = reader.size();
    while end > 0 && found.len() < limit {
        let start = end.saturating_sub(AT_A_TIME);
        let entries = reader.entries(start..end).map_err(super::store_error)?;
        found.extend(entries.into_iter().rev().filter(|entry| is_wanted(entry)));
        end = start;
    }
    found.truncate(limit);
    found.reverse();
    Ok(found)
}

fn line(entry: &Entry, out: &mut String) {
    let state = entry.state.as_ref().map(|state| format!("  {} -> {}", state.from, state.to)).unwrap_or_default();
    let deploy = entry.deploy_key.as_deref().map(|key| format!("  {key}")).unwrap_or_default();
    let Entry { seq, at, topic, actor, .. } = entry;
    let _ = writeln!(out, "{seq:>6}  {at:<24}  {topic:<26}  {actor}{deploy}{state}");
}

pub(super) fn show(which: &Which, arguments: &Show) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let seq = arguments.seq;
    let lines = if seq < reader.size() { reader.lines(seq..seq + 1).map_err(super::store_error)? } else { Vec::new() };
    let Some(line) = lines.first() else { return Err(no_entry(seq, reader.size())) };
    let entry = Entry::parse(line);
    let entry = entry.map_err(|error| super::inconsistent(format!("entry {seq} cannot be read: {error}")))?;
    let (leaf, digest) = (merkle::leaf::<Sha3_256>(line), Digest::sha3(line));
    let text = match arguments.format {
        Format::Json => super::json(&json!({"entry": entry, "leaf": leaf.to_string(), "sha3_256": digest.to_string()})),
        Format::Human => human(&entry, &leaf, &digest),
    };
    Ok((text, Exit::Clean))
}

pub(super) fn no_entry(seq: u64, size: u64) -> CliError {
    CliError::usage(format!("there is no entry {seq}; the ledger has {size}, from 0 to {}", size.saturating_sub(1)))
}

fn human(entry: &Entry, leaf: &Digest, digest: &Digest) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {value}");
    };
    row("entry", &entry.seq.to_string());
    row("topic", &entry.topic);
    row("at", &entry.at);
    row("actor", &entry.actor);
    if let Some(run) = &entry.run {
        row("run", &format!("{}, attempt {}", run.id, run.attempt));
    }
    if let Some(key) = &entry.deploy_key {
        row("deploy key", key);
    }
    if let Some(state) = &entry.state {
        row("state", &format!("{} -> {}", state.from, state.to));
    }
    row("nonce", &entry.nonce);
    row("sha3-256", &digest.to_string());
    row("leaf hash", &leaf.to_string());
    row("links to", &entry.prev);
    let payload = Value::Object(entry.payload.clone());
    text + &format!("{payload:#}\n")
}
