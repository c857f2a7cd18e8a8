//! Rule 5: for this target, now, passed, and under the policy that holds.

use serde_json::Value;

use crate::certificate::Approval;
use crate::certificate::bundle::Bundle;
use crate::certificate::statement::Statement;
use crate::digest::Digest;

use super::{Expectation, Outcome, Refusal, SKEW, extension, time};

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Outcome {
    target(bundle, expected)?;
    passed(bundle)?;
    let remaining = in_time(bundle, expected)?;
    repository(bundle, expected)?;
    policy(bundle, expected)?;
    Ok((true, format!("for \"{}\", {remaining}", expected.target)))
}

fn target(bundle: &Bundle, expected: &Expectation<'_>) -> Result<(), (Refusal, String)> {
    let target = bundle.link(Approval::HxoApproval).statement.text("resourceUri");
    let target = target.ok_or((Refusal::Invalid, "there is no \"resourceUri\"".to_owned()))?;
    if target == expected.target {
        return Ok(());
    }
    Err((Refusal::Target, format!("it is for \"{target}\", not for \"{}\"", expected.target)))
}

fn passed(bundle: &Bundle) -> Result<(), (Refusal, String)> {
    for link in &bundle.links {
        let statement = &link.statement;
        let is_last = statement.approval == Approval::HxoApproval;
        let result = statement.text(if is_last { "verificationResult" } else { "result" });
        if result != Some("PASSED") {
            let failed = || extension(statement).and_then(|ours| ours.get("failed"))?.as_str().map(str::to_owned);
            let why = failed_check(statement).or_else(failed).map(|why| format!(" ({why})")).unwrap_or_default();
            return Err((
                Refusal::Invalid,
                format!("{} says {}{why}", statement.approval.title(), result.unwrap_or("nothing")),
            ));
        }
    }
    Ok(())
}

/// The first check of an approval that does not hold, with its evidence.
fn failed_check(statement: &Statement) -> Option<String> {
    let checks = statement.predicate.get("checks")?.as_array()?;
    let failed = checks.iter().find(|check| check.get("passed").and_then(Value::as_bool) != Some(true))?;
    let text = |key: &str| failed.get(key).and_then(Value::as_str);
    Some(format!("{}: {}", text("name")?, text("evidence")?))
}

fn in_time(bundle: &Bundle, expected: &Expectation<'_>) -> Result<String, (Refusal, String)> {
    let statement = &bundle.link(Approval::HxoApproval).statement;
    let invalid = |text: &str| (Refusal::Invalid, text.to_owned());
    let made = time(statement.text("timeVerified")).ok_or_else(|| invalid("there is no \"timeVerified\" in UTC"))?;
    let ours = extension(statement).ok_or_else(|| invalid("our part of the approval is missing"))?;
    let last = time(ours.get("not_after").and_then(Value::as_str));
    let last = last.ok_or_else(|| invalid("there is no \"not_after\" in UTC"))?;
    if made.duration_since(expected.at) > SKEW {
        return Err((Refusal::Invalid, format!("it was made at {made}, which is yet to come")));
    }
    if expected.at.duration_since(last) > SKEW {
        return Err((Refusal::Expired, format!("it ended at {last}")));
    }
    Ok(format!("until {last}"))
}

fn repository(bundle: &Bundle, expected: &Expectation<'_>) -> Result<(), (Refusal, String)> {
    let Some(wanted) = expected.repository else { return Ok(()) };
    let ours = extension(&bundle.link(Approval::HxoApproval).statement);
    let certified = ours.and_then(|ours| ours.get("repository")).and_then(Value::as_str).unwrap_or("none");
    if certified.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err((Refusal::Invalid, format!("it is of repository \"{certified}\", not \"{wanted}\"")))
}

fn policy(bundle: &Bundle, expected: &Expectation<'_>) -> Result<(), (Refusal, String)> {
    let Some(wanted) = expected.policy else { return Ok(()) };
    let statement = &bundle.link(Approval::HxoApproval).statement;
    let digest = statement.predicate.get("policy").and_then(|policy| policy.pointer("/digest/sha3_256"));
    if digest.and_then(Value::as_str).and_then(Digest::parse) == Some(wanted) {
        return Ok(());
    }
    Err((Refusal::Invalid, "it was approved under another policy than the one that holds".to_owned()))
}
