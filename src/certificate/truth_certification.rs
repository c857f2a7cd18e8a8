//! The second approval, `TRUTH_CERTIFICATION_PASS`: what was looked at is what lies on disk, and its build can be certified.

use jiff::Timestamp;

use crate::digest::Digest;

use super::Approval;
use super::claim::{self, Check, Claim, Health};
use super::statement::{Statement, Subject};

/// The stages in which the platforms read their configuration.
const CONFIGURATION: [&str; 3] = ["config", "blueprint", "workflow"];

/// The four checks of the specification, each with what was seen, and two of ours: that no secret is committed, and that
/// nothing changed meanwhile.
#[must_use]
pub fn checks(claim: &Claim, health: &Health, again: &[Subject]) -> Vec<Check> {
    let critical = health.issues.iter().filter(|issue| issue.severity == "critical").count();
    vec![
        simulated(health),
        Check::new("no_critical_issues", critical == 0, format!("{critical} critical of {}", health.issues.len())),
        healed(health),
        configured(health),
        silent(health),
        unchanged(claim, again),
    ]
}

/// What the files do not decide is certified as just that, unless it was asked to be strict.
fn simulated(health: &Health) -> Check {
    let of = |status: &str| health.sites.iter().filter(|site| site.status == status).map(told).collect::<Vec<_>>();
    let (failing, unknown) = (of("fail"), of("unknown"));
    let refused = if health.is_strict && failing.is_empty() { &unknown } else { &failing };
    let passing = health.sites.len() - failing.len() - unknown.len();
    let evidence = match refused.first() {
        Some(first) if refused.len() == 1 => first.clone(),
        Some(first) => format!("{first}, and {} more", refused.len() - 1),
        None if health.sites.is_empty() => "there is no site".to_owned(),
        None => format!("{passing} pass, {} unknown", unknown.len()),
    };
    Check::new("simulation_passed", refused.is_empty() && !health.sites.is_empty(), evidence)
}

fn told(site: &claim::Site) -> String {
    let stage = site.stage.as_ref().map(|stage| format!(" at stage {stage}")).unwrap_or_default();
    format!("\"{}\" on {}: {}{stage}", site.name, site.platform, site.status)
}

/// Repairs in memory are not on disk, and what is certified is on disk.
fn healed(health: &Health) -> Check {
    let name = "healing_successful";
    let unwritten = health.healing.iter().flat_map(|healing| &healing.files).count();
    if unwritten > 0 {
        return Check::new(
            name,
            false,
            format!("repairs of {unwritten} files are not written, so they are not certified"),
        );
    }
    let left = health.issues.len();
    let evidence = if left == 0 { "nothing is left to heal".to_owned() } else { format!("{left} findings are left") };
    Check::new(name, left == 0, evidence)
}

fn configured(health: &Health) -> Check {
    let is_rejected = |site: &&claim::Site| {
        site.status == "fail" && site.stage.as_deref().is_some_and(|stage| CONFIGURATION.contains(&stage))
    };
    let rejected = health.sites.iter().filter(is_rejected);
    let rejected: Vec<String> = rejected.map(told).collect();
    let evidence = match (rejected.is_empty(), health.uncommitted.as_slice()) {
        (false, _) => rejected.join("; "),
        (true, []) => "every configuration is accepted, and is the one of the commit".to_owned(),
        (true, [first]) => format!("\"{first}\" differs from the commit"),
        (true, [first, rest @ ..]) => format!("\"{first}\" and {} more differ from the commit", rest.len()),
    };
    Check::new("configuration_valid", rejected.is_empty() && health.uncommitted.is_empty(), evidence)
}

fn silent(health: &Health) -> Check {
    let told = |(file, what): &(String, String)| format!("\"{file}\" holds {what}");
    let told: Vec<String> = health.secrets.iter().map(told).collect();
    let evidence = if told.is_empty() { "no configuration holds one".to_owned() } else { told.join("; ") };
    Check::new("no_secrets", told.is_empty(), evidence)
}

fn unchanged(claim: &Claim, again: &[Subject]) -> Check {
    let differs = |subject: &&Subject| again.iter().find(|other| other.name == subject.name) != Some(*subject);
    let name = "subjects_recomputed";
    match claim.subjects.iter().find(differs) {
        Some(subject) => Check::new(name, false, format!("\"{}\" changed while it was certified", subject.name)),
        None if claim.subjects.len() != again.len() => Check::new(name, false, "there are other subjects than before"),
        None => Check::new(name, true, format!("{} subjects, computed twice", again.len())),
    }
}

/// Writes the approval, passed or failed; `again` are the subjects as they were computed anew, `arie` is the digest of the first
/// approval's payload.
#[must_use]
pub fn statement(claim: &Claim, health: &Health, again: &[Subject], arie: Digest, at: Timestamp) -> Statement {
    let mut checks = checks(claim, health, again);
    let failing: Vec<String> =
        super::arie_health::checks(health).into_iter().filter(|check| !check.passed).map(|check| check.name).collect();
    let evidence = if failing.is_empty() { "passed".to_owned() } else { format!("failed: {}", failing.join(", ")) };
    checks.push(Check::new("arie_health", failing.is_empty(), evidence));
    let predicate = claim::head(claim, at, &checks, &[arie]);
    Statement { approval: Approval::TruthCertification, subjects: claim.subjects.clone(), predicate }
}
