//! What a certification leaves in the ledger of its environment.

use std::path::Path;

use crate::certificate::bundle::Bundle;
use crate::certificate::claim::{Claim, Health};
use crate::certificate::envelope::Signer;
use crate::certificate::hxo_approval::Release;
use crate::cli::{CliError, ledger, random};
use crate::digest::Digest;
use crate::event::kind::{GitObject, Sha3, Simulated};
use crate::event::payload::{DeployCertified, DeployStart, Payload, SimulateComplete, SimulateStart};
use crate::ledger::append::AppendError;
use crate::ledger::entry::{Draft, Entry, Run, nonce};
use crate::ledger::reader::Reader;
use crate::report::certificate as report;
use crate::store::book::{Book, BookError};
use crate::store::place::Place;

/// Where the certificate stands.
pub(crate) enum Recorded {
    /// In this entry of the ledger of this name.
    Entry(u64, String),
    /// Nowhere, and why.
    Nowhere(String),
}

/// Opens the ledger of an environment, which need not exist.
pub(super) fn open(root: &Path, environment: &str, place: &Place) -> Result<Book, CliError> {
    Book::open(root, environment, place).map_err(ledger::error)
}

/// Name, size and root of the ledger as it is now.
pub(super) fn head(book: &Book) -> Result<Option<(String, u64, Digest)>, CliError> {
    let failed = |error| ledger::error(BookError::Store(error));
    let Some(view) = book.store().view().map_err(failed)? else { return Ok(None) };
    let reader = Reader::open(&*view).map_err(failed)?;
    Ok(Some((reader.genesis().origin.clone(), reader.size(), reader.root())))
}

/// How many deploys began to publish within the last hour.
pub(super) fn recent_deploys(book: &Book) -> Result<u32, CliError> {
    let since = random::now().saturating_sub(jiff::SignedDuration::from_hours(1)).unwrap_or_default();
    let entries = ledger::since(book, since)?;
    let is_one = |entry: &&Entry| {
        entry.topic == DeployStart::TOPIC.name && entry.payload.get("step").is_some_and(|step| step == "publish")
    };
    Ok(u32::try_from(entries.iter().filter(is_one).count()).unwrap_or(u32::MAX))
}

/// Appends that it was simulated, and whether it was certified.
pub(super) fn append(
    book: &Book,
    actor: &str,
    claim: &Claim,
    health: &Health,
    release: &Release<'_>,
    bundle: &Bundle,
    signer: &Signer,
) -> Result<Recorded, CliError> {
    let run = claim.run.id.parse().ok().map(|id| Run { id, attempt: u64::from(claim.run.attempt) });
    let draft = |topic: &str, payload, nonce| Draft {
        topic: topic.to_owned(),
        actor: actor.to_owned(),
        run,
        deploy_key: Some(claim.deploy_key.clone()),
        state: None,
        payload,
        nonce,
    };
    let (start, complete, certified) = (started(claim, health), simulated(health), certified(claim, release, bundle));
    let events = vec![
        draft(SimulateStart::TOPIC.name, start.to_map(), nonce(&random::bytes()?)),
        draft(SimulateComplete::TOPIC.name, complete.to_map(), nonce(&random::bytes()?)),
        draft(DeployCertified::TOPIC.name, certified.to_map(), nonce(&release.nonce)),
    ];
    let key = if let Signer::Key(key) = signer { Some(&**key) } else { None };
    match book.publish(events, key, &ledger::scanner()) {
        // Without a key in hand, nothing can be added to what keys protect.
        Err(BookError::Append(error @ AppendError::NoKey)) => Ok(Recorded::Nowhere(error.to_string())),
        Err(error) => Err(ledger::error(error)),
        Ok(published) => {
            let entries = &published.appended.entries;
            let own = entries.iter().find(|sealed| sealed.entry.topic == DeployCertified::TOPIC.name);
            match own {
                Some(sealed) => Ok(Recorded::Entry(sealed.entry.seq, book.origin.clone())),
                None => Err(CliError::unreadable("the ledger did not take the event \"deploy.certified\"")),
            }
        }
    }
}

fn object(claim: &Claim, name: &str, algorithm: &str) -> Option<GitObject> {
    let subject = claim.subjects.iter().find(|subject| subject.name == name)?;
    subject.digests.get(algorithm).cloned().map(GitObject)
}

fn started(claim: &Claim, health: &Health) -> SimulateStart {
    let mut platforms: Vec<String> = health.sites.iter().map(|site| site.platform.clone()).collect();
    platforms.sort();
    platforms.dedup();
    SimulateStart { platforms, tree: object(claim, "git:tree", "gitTree") }
}

fn simulated(health: &Health) -> SimulateComplete {
    let is = |status: &str| health.sites.iter().any(|site| site.status == status);
    let status = match (is("fail"), is("unknown")) {
        (true, _) => Simulated::Fail,
        (false, true) => Simulated::Unknown,
        (false, false) => Simulated::Pass,
    };
    let count = |at: usize| health.sites.iter().map(|site| site.findings[at] as u64).sum();
    SimulateComplete {
        status,
        critical: count(0),
        high: count(1),
        medium: count(2),
        low: count(3),
        unknown: health.sites.iter().filter(|site| site.status == "unknown").count() as u64,
        duration_ms: Some(health.duration_ms),
    }
}

fn certified(claim: &Claim, release: &Release<'_>, bundle: &Bundle) -> DeployCertified {
    let failed = report::reason(bundle);
    DeployCertified {
        certified: report::has_passed(bundle),
        certificate: Some(bundle.id()),
        level: release.level.name().to_owned(),
        target: Some(release.target.to_owned()),
        commit: object(claim, "git:commit", "gitCommit"),
        digest: Some(Sha3(bundle.links[2].digest().to_string())),
        nonce: Some(nonce(&release.nonce)),
        not_after: report::extension_text(bundle, "not_after"),
        failed: report::extension_text(bundle, "failed"),
        reason: failed,
        r#override: None,
    }
}
