//! A signed certificate, damaged at random: it is refused, or it says byte for byte what was signed.

#![allow(clippy::unwrap_used)]

mod support;

use chimera::certificate::bundle::Bundle;
use chimera::certificate::claim::{Check, Claim, Health, Ruling, Run, Site};
use chimera::certificate::envelope::Signer;
use chimera::certificate::hxo_approval::{Kind, Release};
use chimera::certificate::issue::issue;
use chimera::certificate::statement::Subject;
use chimera::certificate::verify::{Expectation, verify};
use chimera::certificate::{Approval, Level};
use chimera::digest::{Digest, DigestSet};
use chimera::key::public::PublicKey;
use chimera::key::ring::KeyRing;
use chimera::key::signing::SigningKey;
use jiff::Timestamp;
use support::generate::{Random, break_text};

const TARGET: &str = "netlify:site/1";
const DAMAGES: u64 = 12_000;

fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn honest() -> Bundle {
    let subjects = vec![
        Subject::new("git:commit", &DigestSet::of(b"commit")).with("gitCommit", "c0ffee"),
        Subject::new("git:tree", &DigestSet::of(b"tree")).with("gitTree", "aa"),
    ];
    let site = Site {
        platform: "netlify".to_owned(),
        name: ".".to_owned(),
        status: "pass".to_owned(),
        stage: None,
        findings: [0; 4],
    };
    let health = Health { sites: vec![site], is_finished: true, ..Health::default() };
    let claim = Claim {
        verifier: "https://example.org/workflow".to_owned(),
        version: "1".to_owned(),
        rule_set: Digest::sha3(b""),
        models: Vec::new(),
        deploy_key: "dk_1".to_owned(),
        run: Run { id: "1".to_owned(), attempt: 1 },
        environment: "production".to_owned(),
        repository: None,
        subjects: subjects.clone(),
    };
    let ruling = Ruling { allowed: true, mode: "enforce", checks: vec![Check::new("environment", true, "")] };
    let release = Release {
        target: TARGET,
        level: Level::L2,
        ruling: &ruling,
        policy_uri: String::new(),
        policy: DigestSet::of(b""),
        nonce: [7; 16],
        kind: Kind::Source,
        ledger: None,
    };
    issue(&claim, &health, &subjects, &release, [now(); 3], &Signer::Key(Box::new(SigningKey::from_seed(&[7; 32]))))
}

#[test]
fn every_damage_to_a_certificate_is_noticed() {
    let honest = honest();
    let text = honest.to_text();
    let keys = KeyRing::new(vec![PublicKey::new(SigningKey::from_seed(&[7; 32]).public(), None)]);
    let expected = Expectation { target: TARGET, at: now(), keys, ..Expectation::default() };
    assert_eq!(verify(text.as_bytes(), &expected).failure, None);
    let mut random = Random::new(29, 0);
    let mut refused = 0;
    for _ in 0..DAMAGES {
        let broken = break_text(&mut random, text.as_bytes());
        if verify(&broken, &expected).failure.is_some() {
            refused += 1;
            continue;
        }
        let bundle = Bundle::parse(&broken).unwrap();
        for approval in Approval::ALL {
            assert_eq!(bundle.link(approval).envelope.payload, honest.link(approval).envelope.payload);
        }
    }
    assert!(refused > DAMAGES / 2, "only {refused} of {DAMAGES} were damaged at all");
}
