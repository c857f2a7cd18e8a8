//! Rule 7: it was not used before, and is used in its own run.

use serde_json::Value;

use crate::certificate::Approval;
use crate::certificate::bundle::Bundle;

use super::{Expectation, Outcome, Refusal, extension};

/// A deploy that used a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The certificate that allowed it.
    pub certificate: Option<String>,
    /// The deploy.
    pub deploy_key: String,
    /// Whether it was rolled back.
    pub is_rolled_back: bool,
}

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Outcome {
    let ours = extension(&bundle.link(Approval::HxoApproval).statement);
    let text = |key: &str| ours.and_then(|ours| ours.get(key)).and_then(Value::as_str);
    let refuse = |refusal, evidence: String| Err((refusal, evidence));
    let (Some(_), Some(deploy_key)) = (text("nonce"), text("deploy_key")) else {
        return refuse(Refusal::Invalid, "there is no \"nonce\" or no \"deploy_key\"".to_owned());
    };
    if let Some((id, attempt)) = &expected.run {
        let run = ours.and_then(|ours| ours.get("run"));
        let found = run.and_then(|run| Some((run.get("id")?.as_str()?, run.get("attempt")?.as_u64()?)));
        if found != Some((id.as_str(), u64::from(*attempt))) {
            let found = found.map_or("no run".to_owned(), |(id, attempt)| format!("run {id}, attempt {attempt}"));
            return refuse(Refusal::Replayed, format!("it is of {found}; this is run {id}, attempt {attempt}"));
        }
    }
    let id = bundle.id();
    let is_own = |used: &&Use| used.certificate.as_deref() == Some(&id) || used.deploy_key == deploy_key;
    if let Some(used) = expected.uses.iter().find(is_own) {
        let how = if used.is_rolled_back { "was used, and rolled back" } else { "was used before" };
        return refuse(Refusal::Replayed, format!("the certificate of deploy {} {how}", used.deploy_key));
    }
    let is_asked = expected.run.is_some() || !expected.uses.is_empty();
    let known = expected.uses.len();
    let run = expected.run.as_ref().map_or("any run", |_| "its own run");
    Ok((is_asked, format!("{run}; none of {known} known uses")))
}
