//! Rule 2: every envelope is signed by a key that is trusted for its approval. The name of the key is a hint and no more.

use jiff::Timestamp;

use crate::certificate::Level;
use crate::certificate::bundle::{Bundle, Link};
use crate::key::KeyId;
use crate::key::mac::PREFIX;
use crate::key::ring::Signed;

use super::{Expectation, Refusal, time};

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Result<(Level, String), (Refusal, String)> {
    let mut level = Level::L4;
    let mut signers = Vec::new();
    for link in &bundle.links {
        let (reached, signer) = signer(bundle, link, expected)?;
        level = level.min(reached);
        if !signers.contains(&signer) {
            signers.push(signer);
        }
    }
    Ok((level, format!("{} ({})", signers.join(", "), level.promise())))
}

/// Without a place in the ledger, the time is what the signer says; so a revoked key is never trusted then.
fn judged_at(link: &Link, expected: &Expectation<'_>) -> Timestamp {
    time(link.statement.text("timeVerified")).unwrap_or(expected.at)
}

fn signer(bundle: &Bundle, link: &Link, expected: &Expectation<'_>) -> Result<(Level, String), (Refusal, String)> {
    let approval = link.statement.approval;
    if link.envelope.signatures.is_empty() {
        return Ok((Level::L0, format!("{} is not signed", approval.title())));
    }
    let bytes = link.envelope.signed_bytes();
    let at = judged_at(link, expected);
    let mut refusal = (Refusal::Untrusted, format!("no trusted key signed {}", approval.title()));
    for signature in &link.envelope.signatures {
        if let Some(secret) = expected.secret.as_ref().filter(|secret| secret.verify(&bytes, &signature.sig)) {
            return Ok((Level::L1, secret.id()));
        }
        refusal = match expected.keys.verify(approval.name(), at, &bytes, &signature.sig) {
            Signed::By(id) => match revoked(id, bundle, expected) {
                Some(reason) => (Refusal::Untrusted, reason),
                None => return Ok((Level::L2, format!("key {id}"))),
            },
            Signed::Untrusted(reason) => (Refusal::Untrusted, reason),
            Signed::ByNone => explain(&signature.keyid, expected, approval.title()).unwrap_or(refusal),
        };
    }
    Err(refusal)
}

/// A thief can date back what he signs, but not its place in the ledger.
fn revoked(id: KeyId, bundle: &Bundle, expected: &Expectation<'_>) -> Option<String> {
    let (since, reason) = expected.keys.find(id)?.revoked.as_ref()?;
    let appended = expected.ledger.as_ref().and_then(|inclusion| inclusion.appended(bundle));
    if appended.is_some_and(|appended| appended < *since) {
        return None;
    }
    let place = if appended.is_some() { "the ledger has it after that" } else { "no ledger shows it is older" };
    Some(format!("key {id} is revoked since {since} ({reason}), and {place}"))
}

/// What a key's name lets us say about a signature that did not verify.
fn explain(keyid: &str, expected: &Expectation<'_>, title: &str) -> Option<(Refusal, String)> {
    if keyid.starts_with(PREFIX) {
        return match &expected.secret {
            Some(secret) if secret.id() == keyid => Some((Refusal::Invalid, broken(title, keyid))),
            Some(_) => Some((Refusal::Untrusted, format!("{title} was made with another shared secret"))),
            None => Some((Refusal::Untrusted, format!("{title} was made with a shared secret that is not given"))),
        };
    }
    let id = KeyId::parse(keyid)?;
    match expected.keys.find(id) {
        Some(_) => Some((Refusal::Invalid, broken(title, &format!("key {id}")))),
        None => Some((Refusal::Untrusted, format!("{title} names key {id}, which is not trusted"))),
    }
}

fn broken(title: &str, keyid: &str) -> String {
    format!("the signature of {title} by {keyid} does not fit its payload")
}
