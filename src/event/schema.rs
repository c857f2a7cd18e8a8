//! The shape of payloads as JSON Schema.

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::topic::Topic;
use crate::text::canonical::MAX_INTEGER;

/// The JSON Schema (2020-12) of a topic's payload.
#[must_use]
pub fn of(topic: &Topic) -> Value {
    let property = |kind: Kind, meaning: &str| {
        let mut schema = of_kind(kind);
        schema["description"] = json!(meaning);
        schema
    };
    let properties: Map<String, Value> =
        topic.fields.iter().map(|field| (field.name.to_owned(), property(field.kind, field.meaning))).collect();
    let required: Vec<&str> = topic.fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
    json!({
        "title": topic.name,
        "description": topic.purpose,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn of_kind(kind: Kind) -> Value {
    const TEXT: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
    match kind {
        Kind::Text => json!({"type": "string", "pattern": TEXT}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Count => json!({"type": "integer", "minimum": 0, "maximum": MAX_INTEGER}),
        Kind::GitObject => json!({"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"}),
        Kind::Sha3 => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        Kind::PublicKey => json!({"type": "string", "pattern": "^.{43}=$"}),
        Kind::Word(words) => json!({"enum": words}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string", "pattern": TEXT}}),
    }
}
