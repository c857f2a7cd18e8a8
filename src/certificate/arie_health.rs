//! The first approval, `ARIE_HEALTH_PASS`: the configuration is healthy.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Approval;
use super::claim::{self, Check, Claim, Health, SIMULATION_LIMIT_MS};
use super::statement::Statement;

/// What must hold: the simulation ended in time, nothing critical or high is left, healing kept to its bounds.
#[must_use]
pub fn checks(health: &Health) -> Vec<Check> {
    let sites = health.sites.len();
    let is_in_time = health.is_finished && health.duration_ms < SIMULATION_LIMIT_MS;
    let critical = health.issues.iter().filter(|issue| issue.severity == "critical").count();
    let left = format!("{critical} critical, {} high", health.issues.len() - critical);
    vec![
        Check::new(
            "simulation_complete",
            is_in_time && sites > 0,
            format!(
                "{sites} site{} in {} ms, of at most {SIMULATION_LIMIT_MS}",
                if sites == 1 { "" } else { "s" },
                health.duration_ms
            ),
        ),
        Check::new("no_issues_left", health.issues.is_empty(), issues(health, &left)),
        healing(health),
    ]
}

fn issues(health: &Health, count: &str) -> String {
    let named = health.issues.iter().take(3).map(|issue| format!("{}[{}] {}", issue.rule, issue.name, issue.place));
    let named: Vec<String> = named.collect();
    if named.is_empty() { count.to_owned() } else { format!("{count}: {}", named.join("; ")) }
}

fn healing(health: &Health) -> Check {
    let Some(healing) = &health.healing else {
        return Check::new("healing_within_bounds", true, "not asked for");
    };
    let is_within = healing.attempts_at_one <= healing.limit;
    let evidence = format!(
        "{} attempts, at most {} at one finding of {}; {} files would change",
        healing.attempts,
        healing.attempts_at_one,
        healing.limit,
        healing.files.len(),
    );
    Check::new("healing_within_bounds", is_within, evidence)
}

/// Writes the approval, passed or failed.
#[must_use]
pub fn statement(claim: &Claim, health: &Health, at: Timestamp) -> Statement {
    let mut predicate = claim::head(claim, at, &checks(health), &[]);
    predicate.insert("simulation".to_owned(), simulation(health));
    predicate.insert("issues".to_owned(), health.issues.iter().map(issue).collect());
    predicate.insert("healing".to_owned(), healing_value(health));
    Statement { approval: Approval::ArieHealth, subjects: claim.subjects.clone(), predicate }
}

fn simulation(health: &Health) -> Value {
    let site = |site: &claim::Site| {
        let [critical, high, medium, low] = site.findings;
        json!({
            "platform": site.platform,
            "name": site.name,
            "status": site.status,
            "stage": site.stage,
            "findings": {"critical": critical, "high": high, "medium": medium, "low": low},
        })
    };
    json!({
        "finished": health.is_finished,
        "duration_ms": health.duration_ms,
        "limit_ms": SIMULATION_LIMIT_MS,
        "sites": health.sites.iter().map(site).collect::<Vec<_>>(),
    })
}

fn issue(issue: &claim::Issue) -> Value {
    json!({"rule": issue.rule, "name": issue.name, "severity": issue.severity, "place": issue.place})
}

fn healing_value(health: &Health) -> Value {
    let Some(healing) = &health.healing else { return Value::Null };
    let digest = |text: &String| json!({"sha3_256": text});
    let file = |(path, before, after): &(String, Option<String>, String)| json!({"path": path, "before": before.as_ref().map(digest), "after": digest(after)});
    json!({
        "attempts": healing.attempts,
        "attempts_at_one": healing.attempts_at_one,
        "rules": healing.rules,
        "would_change": healing.files.iter().map(file).collect::<Vec<_>>(),
        "on_disk": false,
    })
}
