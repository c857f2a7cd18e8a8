//! `chimeractl status`: what is live, what is certified, the last deploys.

use std::fmt::Write as _;

use serde_json::json;

use crate::ledger::reader::Reader;
use crate::ledger::status::{Deploy, Live, Status};
use crate::store::book::Book;

use super::ledger::{self, Which};
use super::{CliError, Exit, Outcome};

const GUIDE: &str = "\
Answers from an index beside the ledger, which is built anew whenever it is missing or old. The
ledger is what counts: `chimeractl ledger verify` checks it.

Examples:
  chimeractl status                    what is live, what is certified, the last deploys
  chimeractl status dk_abc             one deploy
  chimeractl status -e staging --format json";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Key of a deploy
    deploy_key: Option<String>,
    #[command(flatten)]
    which: Which,
    /// "human" or "json"
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    format: String,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let book = arguments.which.open()?;
    let is_json = arguments.format == "json";
    let Some(view) = book.store().view().map_err(ledger::store_error)? else {
        return Ok((nothing(&book, is_json), Exit::Clean));
    };
    let reader = Reader::open(&*view).map_err(ledger::store_error)?;
    let index = book.index();
    if let Some(key) = &arguments.deploy_key {
        let deploy = index.deploy(&reader, key).map_err(ledger::store_error)?;
        let deploy =
            deploy.ok_or_else(|| CliError::usage(format!("no deploy \"{key}\" is recorded in \"{}\"", book.origin)))?;
        let text = if is_json { ledger::json(&json!({"schema_version": 1, "deploy": deploy})) } else { one(&deploy) };
        return Ok((text, Exit::Clean));
    }
    let status = index.status(&reader).map_err(ledger::store_error)?;
    let text = if is_json {
        let (origin, size) = (&reader.genesis().origin, reader.size());
        ledger::json(&json!({"schema_version": 1, "origin": origin, "entries": size, "status": status}))
    } else {
        human(&status, &reader)
    };
    Ok((text, Exit::Clean))
}

fn nothing(book: &Book, is_json: bool) -> String {
    if is_json {
        return ledger::json(
            &json!({"schema_version": 1, "origin": book.origin, "entries": 0, "status": Status::default()}),
        );
    }
    format!("{}: nothing is recorded yet\n", book.origin)
}

fn human(status: &Status, reader: &Reader<'_>) -> String {
    let mut text = String::new();
    let (origin, size) = (&reader.genesis().origin, reader.size());
    let _ = writeln!(text, "{origin}: {} deploys, {size} entries", status.deploys);
    for (target, live) in &status.live {
        let _ = writeln!(text, "live       {target}{}", about(live));
    }
    if status.live.is_empty() {
        text.push_str("live       nothing that was deployed from here\n");
    }
    match &status.certified {
        Some(deploy) => {
            let (certificate, level) = (deploy.certificate.as_deref(), deploy.level.as_deref());
            let certificate = certificate.unwrap_or("without a name");
            let _ = writeln!(text, "certified  {certificate}, {}, {}", level.unwrap_or("no level"), deploy.at);
        }
        None => text.push_str("certified  nothing yet\n"),
    }
    for (at, deploy) in status.recent.iter().enumerate() {
        let head = if at == 0 { "deploys" } else { "" };
        let _ = writeln!(text, "{head:<10} {}", row(deploy));
    }
    text
}

fn about(live: &Live) -> String {
    let mut text = String::new();
    let mut part = |what: &str, value: Option<&str>| {
        value.iter().for_each(|value| {
            let _ = write!(text, ", {what}{value}");
        });
    };
    part("deploy ", live.deploy_id.as_deref());
    part(if live.rolled_back { "returned to " } else { "since " }, Some(&live.since));
    part("verified: ", live.verdict.as_deref());
    part("", live.url.as_deref());
    text
}

fn certified(deploy: &Deploy) -> &'static str {
    match deploy.certified {
        Some(true) => "certified",
        Some(false) => "refused",
        None => "-",
    }
}

fn row(deploy: &Deploy) -> String {
    let commit = deploy.commit.as_deref().map_or("-", |commit| commit.get(..10).unwrap_or(commit));
    let state = deploy.state.as_deref().unwrap_or(&deploy.topic);
    format!("{}  {}  {commit:<10}  {:<9}  {state}  {}", deploy.at, deploy.key, certified(deploy), deploy.actor)
}

fn one(deploy: &Deploy) -> String {
    let state = deploy.state.as_deref().unwrap_or("-");
    format!(
        "deploy     {}\nbegan      {}, by {}\nlast       {}, {}\nstate      {state}\ncommit     {}\ncertified  {}\n",
        deploy.key,
        deploy.began,
        deploy.actor,
        deploy.at,
        deploy.topic,
        deploy.commit.as_deref().unwrap_or("-"),
        certified(deploy)
    )
}
