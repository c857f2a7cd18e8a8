//! The table of topics against the specification, its own types and JSON Schema.

#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::payload::{self, DeployCertified, Payload as _};
use super::quarantine::{Admission, admit};
use super::topic::{Malformed, check};
use super::{TOPICS, Topic, schema};
use crate::ledger::entry::{Draft, nonce};

#[test]
fn the_nine_topics_of_the_specification_are_spelled_as_it_spells_them() {
    let names: Vec<&str> = TOPICS.iter().filter(|topic| topic.is_specified).map(|topic| topic.name).collect();
    let wanted = [
        "deploy.initiated",
        "deploy.heal.intent",
        "deploy.heal.complete",
        "deploy.certified",
        "chimera.simulate.start",
        "chimera.simulate.complete",
        "chimera.deploy.start",
        "chimera.deploy.complete",
        "chimera.rollback.triggered",
    ];
    assert_eq!(names, wanted);
    let ours: Vec<&str> = TOPICS.iter().filter(|topic| !topic.is_specified).map(|topic| topic.name).collect();
    let wanted = [
        "deploy.rejected",
        "chimera.verify.start",
        "chimera.verify.complete",
        "chimera.rollback.complete",
        "chimera.drift.detected",
        "chimera.drift.recorded",
        "chimera.lock.acquired",
        "chimera.lock.released",
        "chimera.recovered",
        "chimera.run.recorded",
        "key.added",
        "key.revoked",
        "policy.changed",
    ];
    assert_eq!(ours, wanted);
}

#[test]
fn nobody_talks_to_itself_and_somebody_listens() {
    for topic in TOPICS {
        assert!(!topic.subscribers.is_empty() && !topic.subscribers.contains(&topic.publisher), "{}", topic.name);
    }
}

/// A value that fits, and some that do not.
fn samples(kind: Kind) -> (Value, Vec<Value>) {
    match kind {
        Kind::Text => (json!("größer"), vec![json!(1), json!("a\nb"), json!(null)]),
        Kind::Flag => (json!(true), vec![json!("true"), json!(1)]),
        Kind::Count => (json!(7), vec![json!(-1), json!(1.5), json!("7"), json!(9_007_199_254_740_992_u64)]),
        Kind::GitObject => {
            (json!("a".repeat(40)), vec![json!("a".repeat(39)), json!("G".repeat(40)), json!("A".repeat(64))])
        }
        Kind::Sha3 => (json!("0".repeat(64)), vec![json!("0".repeat(40)), json!("x".repeat(64))]),
        Kind::PublicKey => (json!(format!("{}=", "A".repeat(43))), vec![json!("AAAA"), json!("A".repeat(44))]),
        Kind::Word(words) => (json!(words[0]), vec![json!("word"), json!(words.len())]),
        Kind::Texts => (json!(["a", "b"]), vec![json!("a"), json!([1]), json!(["a\u{7}"])]),
    }
}

fn full(topic: &Topic) -> Map<String, Value> {
    topic.fields.iter().map(|field| (field.name.to_owned(), samples(field.kind).0)).collect()
}

fn is_valid(topic: &Topic, payload: &Map<String, Value>) -> bool {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("schema.json", schema::of(topic)).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    schemas.validate(&Value::Object(payload.clone()), index).is_ok()
}

#[test]
fn types_and_table_say_the_same() {
    for topic in TOPICS {
        let payload = full(topic);
        assert_eq!(check(topic.name, &payload), Ok(*topic));
        assert_eq!(payload::round_trip(topic.name, &payload).as_ref(), Some(&payload), "{}", topic.name);
        let required = topic.fields.iter().filter(|field| field.is_required).map(|field| field.name);
        let least: Map<String, Value> = required.map(|name| (name.to_owned(), payload[name].clone())).collect();
        assert_eq!(payload::round_trip(topic.name, &least).as_ref(), Some(&least), "{}", topic.name);
        for field in topic.fields {
            let mut without = payload.clone();
            without.remove(field.name);
            let is_read = payload::round_trip(topic.name, &without).is_some();
            assert_eq!((check(topic.name, &without).is_ok(), is_read), (!field.is_required, !field.is_required));
        }
    }
}

#[test]
fn schema_and_table_refuse_the_same() {
    for topic in TOPICS {
        let payload = full(topic);
        assert!(is_valid(topic, &payload), "{}", topic.name);
        for field in topic.fields {
            for wrong in samples(field.kind).1 {
                let mut changed = payload.clone();
                changed.insert(field.name.to_owned(), wrong.clone());
                let found = check(topic.name, &changed).unwrap_err();
                assert!(matches!(found[..], [Malformed::Kind { name, .. }] if name == field.name), "{found:?}");
                assert!(!is_valid(topic, &changed), "{} {}: {wrong}", topic.name, field.name);
            }
        }
        let mut strange = payload.clone();
        strange.insert("strange".to_owned(), json!(1));
        assert_eq!(check(topic.name, &strange), Err(vec![Malformed::Unexpected("strange".to_owned())]));
        assert!(!is_valid(topic, &strange));
    }
}

#[test]
fn a_misspelled_topic_is_told_its_name() {
    let found = check("deploy.certifed", &Map::new()).unwrap_err();
    assert_eq!(found[0].to_string(), "the topic \"deploy.certifed\" is unknown; did you mean \"deploy.certified\"?");
}

fn draft(topic: &str, payload: Map<String, Value>) -> Draft {
    let (topic, actor) = (topic.to_owned(), "octocat".to_owned());
    Draft { topic, actor, run: None, deploy_key: Some("dk_a".to_owned()), state: None, payload, nonce: nonce(&[1; 16]) }
}

#[test]
fn a_malformed_event_is_held_with_all_that_is_wrong() {
    let payload = json!({"certified": "yes", "levle": "L2"});
    let held = admit(draft("deploy.certified", payload.as_object().unwrap().clone()), "2026-11-20T10:00:00Z");
    let Admission::Held(held) = held else { panic!("admitted") };
    assert_eq!(
        held.wrong,
        [
            "\"certified\" must be true or false",
            "\"level\" is missing",
            "\"levle\" is no member of this topic's payload"
        ]
    );
}

#[test]
fn an_entry_is_a_cloud_event() {
    let certified = full(DeployCertified::TOPIC);
    let sealed = draft("deploy.certified", certified)
        .seal("2026-11-20T10:00:00Z".parse().unwrap(), 4, &crate::digest::Digest::sha3(b""))
        .unwrap();
    let event = super::cloud::envelope(&sealed.entry, "github.com/acme/site/production", "https://example.org");
    let wanted = [
        ("specversion", "1.0"),
        ("id", "4"),
        ("source", "https://github.com/acme/site/production"),
        ("type", "dev.chimera.deploy.certified"),
        ("subject", "dk_a"),
        ("time", "2026-11-20T10:00:00Z"),
        ("dataschema", "https://example.org/event/deploy.certified/v1"),
        ("cdeventstype", "dev.cdevents.artifact.signed"),
    ];
    for (name, value) in wanted {
        assert_eq!(event[name], value, "{name}");
    }
    // Names of attributes: lower-case letters and digits (CloudEvents 1.0, "Naming conventions").
    let names = event.as_object().unwrap().keys();
    assert!(names.into_iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
}
