//! `chimeractl rollback`: an earlier deploy comes back, by its name, and stays.

use std::path::PathBuf;

use crate::certificate::short;
use crate::digest::Digest;
use crate::pipeline::drive::Stop;
use crate::pipeline::limit::Limits;
use crate::pipeline::order::{Contain, Doubt, Gate, Order, Way, Wish};
use crate::pipeline::plan;
use crate::pipeline::run::Run;
use crate::policy::Action;
use crate::store::place::Place;

use super::certify::{self, Format};
use super::deploy::desk::{Desk, Supplies};
use super::deploy::shop::Shop;
use super::deploy::{failed, site, told};
use super::verification::Verification;
use super::{CliError, Outcome, input, random, secret};

const GUIDE: &str = "\
What happens:
  The target is named, the platform is asked whether it still has it, and every guard is asked.
  Then it is made the live deploy, looked at, and locked, so that no push replaces it. Asking
  again changes nothing.

Exit codes:
   0  nothing to do                30  the deploy is live again and was looked at
   2  wrong usage                  31  it could not be brought back: the text says what to do by hand
   3  could not look               32  a guard refuses: not_ours, no_lkg, not_authorised
  33  the ledger is inconsistent   40  nothing was changed

Examples:
  chimeractl rollback --reason \"checkout fails\"
  chimeractl rollback --to 5f1b2c3d --reason \"checkout fails\" --environment production";

#[derive(Debug, clap::Args)]
#[command(after_help = GUIDE)]
pub(crate) struct Arguments {
    /// Root folder of a repository; without one, the repository around the current folder
    path: Option<PathBuf>,
    #[command(flatten)]
    site: site::Site,
    /// What comes back: the platform's id of a deploy, a commit, or "previous": the last good one before the live one
    #[arg(long, default_value = "previous", value_name = "ID|COMMIT|previous")]
    to: String,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Environment whose ledger and policy are asked
    #[arg(long, default_value = crate::policy::DEV, value_name = "NAME")]
    environment: String,
    /// Undo what is live even if no run of ours published it
    #[arg(long)]
    even_if_not_ours: bool,
    /// Change nothing: ask the platform, and print what would happen
    #[arg(long)]
    dry_run: bool,
    /// Where the ledger of the environment is kept: "files" (below the git directory), or as "chimeractl ledger" knows it
    #[arg(long, default_value_t = Place::Files, env = "CHIMERA_LEDGER", hide_env_values = true, value_name = "STORE")]
    ledger: Place,
    #[command(flatten)]
    key: secret::Source,
    #[command(flatten)]
    identity: certify::Identity,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.reason.trim().is_empty() || arguments.reason.contains(char::is_control) {
        return Err(CliError::usage("--reason is empty or has more than one line"));
    }
    let root = input::roots(&arguments.path.iter().cloned().collect::<Vec<_>>());
    let root = root.first().cloned().unwrap_or_default();
    let access = arguments.site.access(Way::Upload, None)?;
    let is_talking = arguments.format == Format::Human;
    let kept = (arguments.environment.as_str(), &arguments.ledger);
    let signer = (arguments.key.signing_key()?, arguments.identity.clone());
    let desk = Desk::open(&root, kept, access, signer, Verification::read(&root, Some(0))?, is_talking)?;
    let (run, stop, plan) = go(arguments, &desk)?;
    Ok(told(&run, stop, Some(&plan), arguments.dry_run, arguments.format))
}

fn go(arguments: &Arguments, desk: &Desk) -> Result<(Run, Stop, plan::Plan), CliError> {
    let deploy_key = format!("rb_{}", short(&Digest::sha3(&random::bytes::<16>()?)));
    let target = arguments.site.target(Gate::Strict, Way::Upload);
    if !arguments.dry_run {
        desk.settle()?;
    }
    let mut past = desk.past(&deploy_key, is_allowed(desk)?);
    past.is_anything_ours = arguments.even_if_not_ours;
    let live = desk.survey(&target, &past).map_err(failed)?.live.id;
    let good = past.good(&target).map_err(failed)?;
    let to = choose(&arguments.to, &good, live.as_deref())?;
    past.named = Some(to.clone());
    let survey = desk.survey(&target, &past).map_err(failed)?;
    if !survey.is_restorable {
        return Err(CliError::usage(format!("--to: the platform has no deploy \"{to}\" of this site that is ready"))
            .hint("name another one; the platform deletes old deploys after a while"));
    }
    let order = Order {
        deploy_key,
        environment: arguments.environment.clone(),
        commit: certify::read_commit(&desk.root)?.id,
        wish: Wish::Return { to, reason: arguments.reason.clone() },
        targets: vec![target],
        is_healing: false,
        accepts_no_last_good: false,
        doubt: Doubt::Keep,
        contain: Contain::Report,
        limits: Limits::NETLIFY,
    };
    let plan = plan::plan(&order, &survey);
    let shop = Shop::closed(None);
    let supplies = Supplies { shop, artifact: None, past, is_rehearsal: arguments.dry_run };
    let (run, stop) = desk.begin(Run::new(order), supplies)?;
    Ok((run, stop, plan))
}

/// The deploy that is meant; a commit means the newest good deploy of it.
fn choose(to: &str, good: &[(String, String)], live: Option<&str>) -> Result<String, CliError> {
    if to == "previous" {
        let before = good.iter().rev().find(|(id, _)| Some(id.as_str()) != live);
        return before
            .map(|(id, _)| id.clone())
            .ok_or_else(|| CliError::usage("no good deploy is known besides the live one").hint("name one with --to"));
    }
    if to.is_empty() || to.contains(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-') {
        return Err(CliError::usage("--to is neither the id of a deploy nor a commit nor \"previous\""));
    }
    let is_commit = |commit: &str| to.len() >= 7 && commit.starts_with(to);
    let found = good.iter().rev().find(|(id, commit)| id == to || is_commit(commit));
    Ok(found.map_or_else(|| to.to_owned(), |(id, _)| id.clone()))
}

fn is_allowed(desk: &Desk) -> Result<bool, CliError> {
    desk.decide(Action::Rollback).map(|ruling| ruling.allowed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn good() -> Vec<(String, String)> {
        [("a1", "1111111aaa"), ("b2", "2222222bbb"), ("c3", "1111111aaa")]
            .map(|(id, commit)| (id.to_owned(), commit.to_owned()))
            .to_vec()
    }

    #[test]
    fn previous_is_the_newest_good_deploy_that_is_not_live() {
        assert_eq!(choose("previous", &good(), Some("c3")).unwrap(), "b2");
        assert_eq!(choose("previous", &good(), Some("other")).unwrap(), "c3");
        assert!(choose("previous", &[], Some("c3")).is_err());
    }

    #[test]
    fn a_commit_means_its_newest_good_deploy_and_an_id_itself() {
        assert_eq!(choose("1111111", &good(), None).unwrap(), "c3");
        assert_eq!(choose("a1", &good(), None).unwrap(), "a1");
        assert_eq!(choose("unknown", &good(), None).unwrap(), "unknown");
        assert!(choose("../x", &good(), None).is_err());
    }
}
