//! Rule 3: the approvals name each other by their digests, are about the same things, and follow each other in time.

use serde_json::Value;

use crate::certificate::Approval;
use crate::certificate::bundle::{Bundle, Link};
use crate::digest::Digest;

use super::{Outcome, Refusal, STEP, extension, time};

/// Subjects in which all three must agree.
const SAME: [&str; 2] = ["git:commit", "git:tree"];

pub(super) fn check(bundle: &Bundle) -> Outcome {
    links(bundle).and_then(|()| same(bundle)).and_then(|()| times(bundle)).map_err(|text| (Refusal::Invalid, text))?;
    Ok((true, "each approval names the ones before; same commit, tree and deploy".to_owned()))
}

fn links(bundle: &Bundle) -> Result<(), String> {
    let [arie, truth, hxo] = &bundle.links;
    expect(arie, &[])?;
    expect(truth, &[arie])?;
    expect(hxo, &[arie, truth])
}

fn expect(link: &Link, before: &[&Link]) -> Result<(), String> {
    let title = link.statement.approval.title();
    let named = inputs(link).ok_or_else(|| format!("{title} has no list of digests in \"inputAttestations\""))?;
    if named.len() != before.len() {
        return Err(format!("{title} names {} approvals before it; expected {}", named.len(), before.len()));
    }
    for (digest, link) in named.iter().zip(before) {
        if *digest != link.digest() {
            return Err(format!("{title} names another {} ({digest})", link.statement.approval.title()));
        }
    }
    Ok(())
}

fn inputs(link: &Link) -> Option<Vec<Digest>> {
    let list = link.statement.predicate.get("inputAttestations")?.as_array()?;
    list.iter().map(|input| Digest::parse(input.pointer("/digest/sha3_256")?.as_str()?)).collect()
}

fn same(bundle: &Bundle) -> Result<(), String> {
    let [arie, truth, hxo] = &bundle.links;
    for name in SAME {
        let wanted = hxo.statement.subject(name).ok_or_else(|| format!("there is no subject \"{name}\""))?;
        for link in [arie, truth] {
            if link.statement.subject(name) != Some(wanted) {
                return Err(format!("{} is about another \"{name}\"", link.statement.approval.title()));
            }
        }
    }
    for link in [arie, truth] {
        let mut subjects = link.statement.subjects.iter();
        if subjects.any(|subject| hxo.statement.subject(&subject.name).is_some_and(|other| other != subject)) {
            return Err(format!("{} has other digests", link.statement.approval.title()));
        }
    }
    let key = deploy_key(hxo).ok_or("HXO_FINAL_APPROVAL has no \"deploy_key\"")?;
    match [arie, truth].into_iter().find(|link| deploy_key(link) != Some(key)) {
        Some(link) => Err(format!("{} is for another deploy", link.statement.approval.title())),
        None => Ok(()),
    }
}

fn deploy_key(link: &Link) -> Option<&str> {
    let statement = &link.statement;
    match statement.approval {
        Approval::HxoApproval => extension(statement)?.get("deploy_key").and_then(Value::as_str),
        Approval::ArieHealth | Approval::TruthCertification => statement.text("deploy_key"),
    }
}

fn times(bundle: &Bundle) -> Result<(), String> {
    let mut last = None;
    for link in &bundle.links {
        let title = link.statement.approval.title();
        let now = time(link.statement.text("timeVerified"));
        let now = now.ok_or_else(|| format!("{title} has no time in UTC in \"timeVerified\""))?;
        match last {
            Some(before) if now < before => return Err(format!("{title} is older than the approval before it")),
            Some(before) if now.duration_since(before) > STEP => {
                return Err(format!(
                    "{title} came {} minutes after the approval before it",
                    now.duration_since(before).as_mins()
                ));
            }
            _ => last = Some(now),
        }
    }
    Ok(())
}
