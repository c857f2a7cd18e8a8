//! `ledger append`.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Format, Which};
use crate::cli::{CliError, Exit, Outcome, random, secret};
use crate::ledger::entry::{self, Draft, Run, Transition};
use crate::store::book::Published;
use crate::text::canonical;

#[derive(Debug, clap::Args)]
pub(super) struct Append {
    /// Topic of the event; `chimeractl ledger topics` lists them
    topic: String,
    /// Its payload: a JSON object, or a file that holds one
    #[arg(long, value_name = "JSON|FILE")]
    payload: String,
    /// Who caused it; without it GITHUB_ACTOR, else the name of the user
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// The deploy that it belongs to
    #[arg(long, value_name = "KEY")]
    deploy_key: Option<String>,
    /// State before, if it is a step of a deploy
    #[arg(long, value_name = "STATE", requires = "to")]
    from: Option<String>,
    /// State after
    #[arg(long, value_name = "STATE", requires = "from")]
    to: Option<String>,
    /// Base64 of 16 bytes that name this event: repeated with the same nonce, it is recorded once
    #[arg(long, value_name = "BASE64")]
    nonce: Option<String>,
    #[command(flatten)]
    key: secret::Source,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn append(which: &Which, arguments: &Append) -> Outcome {
    let state = arguments.from.clone().zip(arguments.to.clone()).map(|(from, to)| Transition { from, to });
    let draft = Draft {
        topic: arguments.topic.clone(),
        actor: arguments.actor.clone().unwrap_or_else(actor),
        run: run(),
        deploy_key: arguments.deploy_key.clone(),
        state,
        payload: payload(&arguments.payload)?,
        nonce: arguments.nonce.clone().map_or_else(fresh_nonce, Ok)?,
    };
    let key = arguments.key.signing_key()?;
    let published = which.open()?.publish(vec![draft], key.as_ref(), &super::scanner()).map_err(super::error)?;
    let exit = if published.held.is_empty() { Exit::Clean } else { Exit::Findings };
    let text = match arguments.format {
        Format::Json => super::json(&to_json(&published)),
        Format::Human => human(&published),
    };
    Ok((text, exit))
}

/// Who acts: on a runner the person who started it, else the user of this machine.
pub(crate) fn actor() -> String {
    let of = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    of("GITHUB_ACTOR").or_else(|| of("USER")).or_else(|| of("USERNAME")).unwrap_or_else(|| "unknown".to_owned())
}

/// The run of the workflow, on a runner.
pub(crate) fn run() -> Option<Run> {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    Some(Run { id: number("GITHUB_RUN_ID")?, attempt: number("GITHUB_RUN_ATTEMPT")? })
}

pub(super) fn fresh_nonce() -> Result<String, CliError> {
    Ok(entry::nonce(&random::bytes()?))
}

pub(super) fn payload(given: &str) -> Result<Map<String, Value>, CliError> {
    let text = if given.trim_start().starts_with(['{', '[']) {
        given.to_owned()
    } else {
        std::fs::read_to_string(given)
            .map_err(|error| CliError::usage(format!("--payload: \"{given}\" cannot be read: {error}")))?
    };
    match canonical::parse(text.as_bytes()) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(CliError::usage("--payload: a JSON object is accepted")),
        Err(error) => Err(CliError::usage(format!("--payload: {error}"))),
    }
}

pub(super) fn to_json(published: &Published) -> Value {
    let entries: Vec<Value> = published.appended.entries.iter().map(|sealed| json!(sealed.entry)).collect();
    let held: Vec<Value> = published.held.iter().map(|(name, held)| json!({"id": name, "wrong": held.wrong})).collect();
    json!({"appended": entries, "known": published.appended.known, "quarantined": held})
}

pub(super) fn human(published: &Published) -> String {
    let mut text = String::new();
    for sealed in &published.appended.entries {
        let _ = writeln!(text, "recorded as entry {}: {}", sealed.entry.seq, sealed.entry.topic);
    }
    if published.appended.known > 0 {
        let _ = writeln!(text, "recorded before: {}", published.appended.known);
    }
    for (name, held) in &published.held {
        let _ = writeln!(text, "in quarantine as {name}: {}", held.event.topic);
        for wrong in &held.wrong {
            let _ = writeln!(text, "  {wrong}");
        }
    }
    text
}
