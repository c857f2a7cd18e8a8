//! Answers in GitHub's shape: the examples of its description, with our values in them.

use std::sync::OnceLock;

use serde_json::Value;

/// The description, cut to the operations that are used.
pub(crate) const DESCRIPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/github/github-subset.json");

fn description() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(&std::fs::read_to_string(DESCRIPTION).unwrap()).unwrap())
}

/// The example of an answer; of a list, its first item.
pub(crate) fn of(method: &str, path: &str, status: &str) -> Value {
    let responses = &description()["paths"][path][method]["responses"];
    let content = &responses[status]["content"]["application/json"];
    let examples = content["examples"].as_object().unwrap();
    let mut example = examples.values().next().unwrap().clone();
    if let Some(name) = example["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        example = description().pointer(pointer).unwrap().clone();
    }
    let value = example["value"].clone();
    value.as_array().and_then(|list| list.first()).cloned().unwrap_or(value)
}

/// Puts our values into an example, member by member.
pub(crate) fn with(mut example: Value, ours: Value) -> Value {
    merge(&mut example, ours);
    example
}

fn merge(target: &mut Value, ours: Value) {
    match (target, ours) {
        (Value::Object(target), Value::Object(ours)) => {
            for (name, value) in ours {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, ours) => *target = ours,
    }
}
