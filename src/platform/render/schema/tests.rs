use super::*;
use crate::text::yaml;

fn violations(text: &str) -> Vec<Violation> {
    let document = yaml::parse(text, FileId(0));
    assert!(document.is_ok(), "{:?}", document.errors);
    let judgement = judge(&document, text, FileId(0));
    assert_eq!(judgement.is_valid, judgement.violations.is_empty());
    judgement.violations
}

fn messages(text: &str) -> Vec<String> {
    violations(text).into_iter().map(|violation| violation.message).collect()
}

#[test]
fn the_judge_knows_every_keyword_of_the_schema() {
    assert_eq!(SCHEMA.unknown, Vec::<String>::new());
    assert!(SCHEMA.service.is_some() && SCHEMA.variable.is_some());
    let forms =
        ["redisServer", "cronService", "serverService", "staticService", "workflowService", "envVarFromKeyValue"];
    for name in forms.iter().chain(&["envVarFromDatabase", "envVarFromService", "envVarFromGroup"]) {
        assert!(SCHEMA.definition(name).is_some(), "{name}");
    }
    assert!(SOURCE.contains(&format!("\"bytes\": {},", DATA.len())));
    assert_eq!(seen().len(), "2026-10-02".len());
}

#[test]
fn a_sound_service_breaks_nothing_and_a_wrong_type_is_named() {
    let service = |kind: &str| {
        format!(
            "services:\n  - type: {kind}\n    name: shop\n    runtime: node\n    buildCommand: npm ci\n    startCommand: npm start\n"
        )
    };
    assert_eq!(messages(&service("web")), Vec::<String>::new());
    let found = messages(&service("webb"));
    assert!(found.iter().any(|message| message.contains("webb")), "{found:?}");
}
