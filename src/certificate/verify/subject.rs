//! Rule 4: what is certified is what lies on disk. SHA3-256 alone decides.

use crate::certificate::bundle::Bundle;

use super::{Expectation, Outcome, Refusal};

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Outcome {
    let certified = &bundle.links[2].statement;
    let refuse = |evidence: String| Err((Refusal::Invalid, evidence));
    for found in &expected.subjects {
        let name = &found.name;
        let Some(subject) = certified.subject(name) else {
            return refuse(format!("\"{name}\" is there, but not certified"));
        };
        if subject.sha3().is_none() || subject.sha3() != found.sha3() {
            return refuse(format!("\"{name}\" is not what was certified"));
        }
        for algorithm in ["gitCommit", "gitTree"] {
            if let (Some(one), Some(other)) = (subject.digests.get(algorithm), found.digests.get(algorithm))
                && one != other
            {
                return refuse(format!("\"{name}\" is {other}, and {one} was certified"));
            }
        }
    }
    if expected.subjects.is_empty() {
        return Ok((false, "not compared with any file".to_owned()));
    }
    // Whoever looks at a repository has looked at all of its configurations.
    let looked = |name: &str| expected.subjects.iter().any(|subject| subject.name == name);
    let gone = certified.subjects.iter().find(|one| one.name.starts_with("config:") && !looked(&one.name));
    if let Some(gone) = gone.filter(|_| looked("git:commit")) {
        return refuse(format!("\"{}\" was certified, but is not there", gone.name));
    }
    let (same, all) = (expected.subjects.len(), certified.subjects.len());
    Ok((true, format!("{same} of {all} subjects computed from disk, all the same")))
}
