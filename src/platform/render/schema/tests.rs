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
fn an_unknown_key_is_compared_with_the_form_that_was_meant() {
    let text =
        "services:\n- type: web\n  name: a\n  env: node\n  enviroment: []\n  nodeVersion: 20\n  ipAllowlist: []\n";
    assert_eq!(
        messages(text),
        [
            "\"runtime\" is missing in services[0]; it takes \"docker\", \"elixir\", \"go\", \"image\", \"node\", \"python\", \
             \"ruby\", \"rust\" or \"static\"",
            "services[0] has no key \"env\"; did you mean \"runtime\"?",
            "services[0] has no key \"enviroment\"; did you mean \"envVars\"?",
            "services[0] has no key \"nodeVersion\"",
            "services[0] has no key \"ipAllowlist\"; did you mean \"ipAllowList\"?",
        ]
    );
    let text =
        "services:\n- {type: web, name: a, runtime: static, staticPublishPath: a, plan: free}\nstartCommand: x\n";
    assert_eq!(
        messages(text),
        [
            "services[0] has no key \"plan\"; only other types of service take it",
            "the Blueprint has no key \"startCommand\"; it is a key of services"
        ]
    );
}

#[test]
fn a_wrong_value_says_what_is_accepted() {
    let text = "version: 1\nservices:\n- type: web\n  name: a\n  runtime: Node\n  plan: huge\n  numInstances: 0\n  envVars:\n  \
                - {key: A, value: true}\n  - {key: B, fromDatabase: {name: d, property: url}}\n  - {fromGroup: g, key: x}\n  \
                buildFilter: {}\n  maintenanceMode: {uri: a b}\n";
    let found = messages(text);
    let starts = [
        "version must be a text, not the number 1",
        "services[0].runtime cannot be the text \"Node\"; did you mean \"node\"?",
        "services[0].plan must be \"free\", \"starter\", ",
        "services[0].numInstances must be at least 1, not the number 0",
        "services[0].envVars[0].value must be a text or a number, not true without quotes",
        "services[0].envVars[1].fromDatabase.property must be \"connectionString\", ",
        "services[0].envVars[2] has no key \"key\"; it takes \"fromGroup\"",
        "\"paths\" or \"ignoredPaths\" is missing in services[0].buildFilter",
        "services[0].maintenanceMode.uri must be a URL",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (message, start) in found.iter().zip(starts) {
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn places_are_keys_and_items_and_follow_aliases_but_not_merges() {
    let text = "x: &x {plan: nope}\nservices:\n- <<: *x\n  type: worker\n  name: a\n  runtime: go\n- *y\n"
        .replace("- *y\n", "");
    let found = violations(&text);
    let lines: Vec<(&str, usize)> =
        found.iter().map(|it| (it.path.as_str(), text[..it.place.start as usize].matches('\n').count() + 1)).collect();
    assert_eq!(lines, [("x", 1), ("services[0].plan", 3)]);
}

#[test]
fn a_schema_with_unknown_keywords_says_so() {
    let schema = Schema::compile(r#"{"type": "object", "patternProperties": {}, "$ref": "other.json"}"#);
    assert_eq!(schema.unknown.len(), 2);
}

#[test]
fn values_and_keys_of_the_schema_can_be_asked_for() {
    assert!(values("region").iter().any(|region| region == "frankfurt"));
    assert!(keys("staticService").contains(&"staticPublishPath"));
    assert!(values("nothing").is_empty() && keys("nothing").is_empty());
}
