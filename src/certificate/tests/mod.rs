#![allow(clippy::unwrap_used, clippy::wildcard_imports)]

mod form;
mod rule;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha3::Sha3_256;

use super::bundle::Bundle;
use super::claim::{Check, Claim, Health, Ruling, Run, Site, deploy_key};
use super::envelope::Signer;
use super::hxo_approval::{Kind, Release};
use super::issue::issue;
use super::statement::Subject;
use super::verify::{Expectation, Inclusion, Refusal, Report, Rule, verify};
use super::{Approval, Level};
use crate::digest::{Digest, DigestSet};
use crate::key::public::PublicKey;
use crate::key::ring::KeyRing;
use crate::key::signing::SigningKey;
use crate::ledger::entry::{Draft, nonce};
use crate::ledger::merkle;

const TARGET: &str = "netlify:site/1f2e?context=production";
const NOW: &str = "2026-11-20T10:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn subjects(commit: &str) -> Vec<Subject> {
    vec![
        Subject::new("git:commit", &DigestSet::of(commit.as_bytes())).with("gitCommit", commit),
        Subject::new("git:tree", &DigestSet::of(b"tree")).with("gitTree", "aa"),
        Subject::new("config:netlify.toml", &DigestSet::of(b"[build]\n")),
    ]
}

/// What goes into a certificate; every test changes a part of it.
struct Case {
    commit: &'static str,
    repository: &'static str,
    environment: &'static str,
    target: &'static str,
    run: (&'static str, u32),
    level: Level,
    policy: &'static [u8],
    nonce: u8,
    health: Health,
    allowed: bool,
    signer: Signer,
}

impl Default for Case {
    fn default() -> Case {
        let site = |status: &str| Site {
            platform: "netlify".to_owned(),
            name: ".".to_owned(),
            status: status.to_owned(),
            stage: None,
            findings: [0; 4],
        };
        let health = Health { sites: vec![site("pass")], duration_ms: 12, is_finished: true, ..Health::default() };
        Case {
            commit: "c0ffee",
            repository: "acme/site",
            environment: "production",
            target: TARGET,
            run: ("17", 1),
            level: Level::L2,
            policy: b"policy",
            nonce: 1,
            health,
            allowed: true,
            signer: Signer::Key(Box::new(key(7))),
        }
    }
}

impl Case {
    fn claim(&self) -> Claim {
        let run = Run { id: self.run.0.to_owned(), attempt: self.run.1 };
        let configuration = Digest::sha3(b"[build]\n");
        Claim {
            verifier: "https://github.com/acme/site/.github/workflows/deploy.yml@refs/heads/main".to_owned(),
            version: "1.0.0".to_owned(),
            rule_set: Digest::sha3(b"rules"),
            models: vec![("netlify".to_owned(), Digest::sha3(b"tables"))],
            deploy_key: deploy_key(
                self.repository,
                self.environment,
                self.commit,
                &configuration,
                &[self.target],
                &run,
            )
            .unwrap(),
            run,
            environment: self.environment.to_owned(),
            repository: Some(self.repository.to_owned()),
            subjects: subjects(self.commit),
        }
    }

    fn bundle(&self) -> Bundle {
        let now = at(NOW);
        self.bundle_at([now, now, now])
    }

    fn bundle_at(&self, times: [Timestamp; 3]) -> Bundle {
        let checks = vec![Check::new("environment", self.allowed, "as the test wants it")];
        let ruling = Ruling { allowed: self.allowed, mode: "enforce", checks };
        let release = Release {
            target: self.target,
            level: self.level,
            ruling: &ruling,
            policy_uri: "git+https://github.com/acme/site#.chimera/config.toml".to_owned(),
            policy: DigestSet::of(self.policy),
            nonce: [self.nonce; 16],
            kind: Kind::Source,
            ledger: None,
        };
        issue(&self.claim(), &self.health, &subjects(self.commit), &release, times, &self.signer)
    }
}

/// Everything that a deployer knows about the certificate of the plain [`Case`].
fn expectation() -> Expectation<'static> {
    Expectation {
        target: TARGET,
        at: at("2026-11-20T10:05:00Z"),
        keys: KeyRing::new(vec![PublicKey::new(key(7).public(), None)]),
        subjects: subjects("c0ffee"),
        policy: Some(Digest::sha3(b"policy")),
        run: Some(("17".to_owned(), 1)),
        repository: Some("acme/site"),
        ..Expectation::default()
    }
}

fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Report {
    verify(bundle.to_text().as_bytes(), expected)
}

fn failure(report: &Report) -> (Rule, Refusal) {
    let failure = report.failure.as_ref().unwrap_or_else(|| unreachable!("it is accepted: {report:?}"));
    (failure.rule, failure.refusal)
}

/// The entry of a ledger of three about this certificate, appended at that time.
fn inclusion(bundle: &Bundle, appended: &str) -> Inclusion {
    let payload = json!({"certificate": bundle.id(), "digest": bundle.links[2].digest().to_string()});
    let draft = Draft {
        topic: "deploy.certified".to_owned(),
        actor: "nelson".to_owned(),
        run: None,
        deploy_key: None,
        state: None,
        payload: payload.as_object().unwrap().clone(),
        nonce: nonce(&[1; 16]),
    };
    let bytes = draft.seal(at(appended), 1, &Digest::sha3(b"before")).unwrap().bytes;
    let leaves: Vec<Digest> = [&b"a"[..], &bytes, b"c"].into_iter().map(merkle::leaf::<Sha3_256>).collect();
    let ranges = merkle::inclusion(1, 3).unwrap();
    let of = |range: std::ops::Range<u64>| {
        merkle::root::<Sha3_256>(&leaves[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()])
    };
    Inclusion {
        origin: "github.com/acme/site/production".to_owned(),
        bytes,
        index: 1,
        size: 3,
        root: merkle::root::<Sha3_256>(&leaves),
        proof: ranges.into_iter().map(of).collect(),
        signer: Some(key(7).id()),
    }
}
