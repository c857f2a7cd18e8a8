//! The third approval, `HXO_FINAL_APPROVAL`: it may go to this target, now. It is a verification summary as SLSA defines it
//! (`verification_summary.md`, v1), so that others can read it; what is ours hangs under one key of our own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::digest::{Digest, DigestSet};

use super::claim::{self, Claim, Ruling};
use super::statement::Statement;
use super::{Approval, HOME, Level, VALID_MINUTES};

/// Everything that the last approval says beyond the claim.
#[derive(Debug)]
pub struct Release<'a> {
    /// Where it may go.
    pub target: &'a str,
    /// The level that the signature reaches.
    pub level: Level,
    /// What the policy says.
    pub ruling: &'a Ruling,
    /// Where the policy lies.
    pub policy_uri: String,
    /// The policy that was asked.
    pub policy: DigestSet,
    /// 128 random bits.
    pub nonce: [u8; 16],
    /// Whether the artifact is known, or the platform builds it.
    pub kind: Kind,
    /// The size and root of the ledger before this certificate, with its origin.
    pub ledger: Option<(String, u64, Digest)>,
}

/// What is certified: the sources, or the bytes that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The platform builds.
    Source,
    /// The bytes are known.
    Artifact,
}

impl Kind {
    /// The name in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::Artifact => "artifact",
        }
    }
}

/// The key under which our own fields hang.
#[must_use]
pub fn extension_key() -> String {
    format!("{HOME}/v1")
}

/// Writes the approval, passed or failed; `before` are the two approvals before it.
#[must_use]
pub fn statement(
    claim: &Claim,
    release: &Release<'_>,
    before: [&Statement; 2],
    inputs: [Digest; 2],
    at: Timestamp,
) -> Statement {
    let failed = before.iter().find(|statement| statement.text("result") != Some("PASSED"));
    let passed = failed.is_none() && release.ruling.allowed;
    let reason = match failed {
        Some(statement) => Some(statement.approval.title().to_owned()),
        None => release.ruling.refusal().map(|check| format!("policy: {}", check.name)),
    };
    let mut predicate = Map::new();
    predicate.insert("verifier".to_owned(), claim::verifier(claim));
    predicate.insert("timeVerified".to_owned(), json!(at.to_string()));
    predicate.insert("resourceUri".to_owned(), json!(release.target));
    predicate.insert("policy".to_owned(), json!({"uri": release.policy_uri, "digest": release.policy.to_json()}));
    predicate.insert("inputAttestations".to_owned(), claim::attestations(&inputs));
    predicate.insert("verificationResult".to_owned(), json!(claim::result(passed)));
    predicate.insert("verifiedLevels".to_owned(), levels(release.level, passed));
    predicate.insert(extension_key(), extension(claim, release, reason, at));
    Statement { approval: Approval::HxoApproval, subjects: claim.subjects.clone(), predicate }
}

fn levels(level: Level, passed: bool) -> Value {
    if !passed {
        return json!(["FAILED"]);
    }
    let titles = Approval::ALL.into_iter().map(|approval| approval.title().to_owned());
    std::iter::once(level.claim()).chain(titles).collect()
}

fn extension(claim: &Claim, release: &Release<'_>, failed: Option<String>, at: Timestamp) -> Value {
    let not_after = at.saturating_add(SignedDuration::from_mins(VALID_MINUTES)).unwrap_or(at);
    let ledger = release.ledger.as_ref();
    json!({
        "deploy_key": claim.deploy_key,
        "environment": claim.environment,
        "repository": claim.repository,
        "kind": release.kind.name(),
        "nonce": STANDARD.encode(release.nonce),
        "run": {"id": claim.run.id, "attempt": claim.run.attempt},
        "not_after": not_after.to_string(),
        "failed": failed,
        "decision": release.ruling.to_json(),
        "ledger": ledger.map(|(origin, size, root)| json!({"origin": origin, "size": size, "root": root.to_string()})),
    })
}
