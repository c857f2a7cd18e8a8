//! What a certificate is made of: who certifies what, in which run, and what the simulation found.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::digest::Digest;
use crate::text::canonical::{self, CanonicalError};

use super::short;
use super::statement::Subject;

/// How long a simulation may take, in milliseconds.
pub const SIMULATION_LIMIT_MS: u64 = 300_000;

/// What all three approvals say alike.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Who certifies: the address of a workflow, or of the program.
    pub verifier: String,
    /// Version of the program.
    pub version: String,
    /// Digest over all rules: their names, severities and texts.
    pub rule_set: Digest,
    /// Digests of the platforms' tables, by platform.
    pub models: Vec<(String, Digest)>,
    /// Name of the deploy: see [`deploy_key`].
    pub deploy_key: String,
    /// The run.
    pub run: Run,
    /// Name of the environment.
    pub environment: String,
    /// The repository, `OWNER/NAME`, if it is known.
    pub repository: Option<String>,
    /// What is certified.
    pub subjects: Vec<Subject>,
}

/// A run of a workflow, or of the program on somebody's machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number; a random one outside of workflows.
    pub id: String,
    /// Which attempt at it, from 1.
    pub attempt: u32,
}

/// The name of a deploy: the same inputs have the same name, and a run that is repeated has another.
///
/// # Errors
/// When an input has no canonical form.
pub fn deploy_key(
    repository: &str,
    environment: &str,
    commit: &str,
    configuration: &Digest,
    targets: &[&str],
    run: &Run,
) -> Result<String, CanonicalError> {
    let value = json!({
        "repo_id": repository,
        "environment": environment,
        "commit": commit,
        "config_digest": configuration.to_string(),
        "targets": targets,
        "run_id": run.id,
        "run_attempt": run.attempt,
    });
    Ok(format!("dk_{}", short(&Digest::sha3(canonical::write(&value)?.as_bytes()))))
}

/// What a simulation and its healing came to.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// What became of each site.
    pub sites: Vec<Site>,
    /// What is wrong, at severity high or above.
    pub issues: Vec<Issue>,
    /// How long it took.
    pub duration_ms: u64,
    /// Whether every site was looked at to the end.
    pub is_finished: bool,
    /// Whether a verdict that the files do not decide counts as a failure.
    pub is_strict: bool,
    /// What healing did, if it was asked for.
    pub healing: Option<Healing>,
    /// Tracked files that differ from the commit.
    pub uncommitted: Vec<String>,
    /// Certified files that hold a secret, and what it is, never itself.
    pub secrets: Vec<(String, String)>,
}

/// One site of a simulation.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name of the platform.
    pub platform: String,
    /// Name of the site.
    pub name: String,
    /// `pass`, `fail` or `unknown`.
    pub status: String,
    /// The first stage that fails or is unknown.
    pub stage: Option<String>,
    /// How many findings of each severity, worst first: critical, high, medium, low.
    pub findings: [usize; 4],
}

/// A finding, without its message: that may quote what is in a file.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Id of the rule.
    pub rule: String,
    /// Name of the rule.
    pub name: String,
    /// Its severity.
    pub severity: String,
    /// The file, with its line.
    pub place: String,
}

/// What healing would change.
#[derive(Debug, Clone, Default)]
pub struct Healing {
    /// How many repairs were tried.
    pub attempts: u32,
    /// The most attempts at one finding.
    pub attempts_at_one: u32,
    /// The most that are allowed.
    pub limit: u32,
    /// Files with the digests before and after; none of them is written.
    pub files: Vec<(String, Option<String>, String)>,
    /// Rules of the repairs.
    pub rules: Vec<String>,
}

/// Something that was looked at, and what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was seen.
    pub evidence: String,
}

impl Check {
    /// A check and its outcome.
    #[must_use]
    pub fn new(name: &str, passed: bool, evidence: impl Into<String>) -> Check {
        Check { name: name.to_owned(), passed, evidence: evidence.into() }
    }

    /// The check as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({"name": self.name, "passed": self.passed, "evidence": self.evidence})
    }
}

/// What a policy says about a request, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it may be done.
    pub allowed: bool,
    /// `enforce`, `warn` or `off`.
    pub mode: &'static str,
    /// Every rule that was asked, with what it saw.
    pub checks: Vec<Check>,
}

impl Ruling {
    /// The first rule that refuses.
    #[must_use]
    pub fn refusal(&self) -> Option<&Check> {
        self.checks.iter().find(|check| !check.passed)
    }

    /// The ruling as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let checks: Value = self.checks.iter().map(Check::to_json).collect();
        json!({"allowed": self.allowed, "mode": self.mode, "rules": checks})
    }
}

/// The word of verification summaries.
#[must_use]
pub fn result(passed: bool) -> &'static str {
    if passed { "PASSED" } else { "FAILED" }
}

/// What the predicates of the first two approvals begin with.
#[must_use]
pub fn head(claim: &Claim, at: Timestamp, checks: &[Check], inputs: &[Digest]) -> Map<String, Value> {
    let passed = checks.iter().all(|check| check.passed);
    let models = claim.models.iter().map(|(name, digest)| (name.clone(), json!({"sha3_256": digest.to_string()})));
    let mut map = Map::new();
    map.insert("verifier".to_owned(), verifier(claim));
    map.insert("timeVerified".to_owned(), json!(at.to_string()));
    map.insert("deploy_key".to_owned(), json!(claim.deploy_key));
    map.insert("environment".to_owned(), json!(claim.environment));
    map.insert("run".to_owned(), json!({"id": claim.run.id, "attempt": claim.run.attempt}));
    map.insert("rule_set".to_owned(), json!({"sha3_256": claim.rule_set.to_string()}));
    map.insert("models".to_owned(), Value::Object(models.collect()));
    map.insert("result".to_owned(), json!(result(passed)));
    map.insert("checks".to_owned(), checks.iter().map(Check::to_json).collect());
    map.insert("inputAttestations".to_owned(), attestations(inputs));
    map
}

/// Who certifies.
#[must_use]
pub fn verifier(claim: &Claim) -> Value {
    json!({"id": claim.verifier, "version": {"chimeractl": claim.version}})
}

/// The approvals that one rests on.
#[must_use]
pub fn attestations(inputs: &[Digest]) -> Value {
    let one = |(at, digest): (usize, &Digest)| json!({"uri": format!("bundle:#{at}"), "digest": {"sha3_256": digest.to_string()}});
    inputs.iter().enumerate().map(one).collect()
}
