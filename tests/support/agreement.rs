//! How far two conformance documents agree.

use serde_json::Value;

/// The first strength at which two documents part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// One accepts what the other rejects.
    Outcome,
    /// The kind or the property of a rejection; the line of a syntax error.
    Kind,
    /// A resolved value, or the number or first line of redirect and header errors.
    Document,
}

#[derive(Debug, Clone)]
pub(crate) struct Disagreement {
    pub(crate) strength: Strength,
    /// What differs: place, ours, theirs.
    pub(crate) details: Vec<String>,
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.strength, self.details.join("\n  "))
    }
}

/// Compares our document with that of the reference.
pub(crate) fn compare(ours: &Value, theirs: &Value) -> Result<(), Disagreement> {
    let part = |strength, detail: String| Err(Disagreement { strength, details: vec![detail] });
    if ours["ok"] != theirs["ok"] {
        return part(Strength::Outcome, difference("/error", &ours["error"], &theirs["error"]));
    }
    if theirs["ok"] == Value::Bool(false) {
        return match rejection(&ours["error"]) == rejection(&theirs["error"]) {
            true => Ok(()),
            false => part(Strength::Kind, difference("/error", &ours["error"], &theirs["error"])),
        };
    }
    let mut details = Vec::new();
    walk("", &comparable(ours), &comparable(theirs), &mut details);
    match details.is_empty() {
        true => Ok(()),
        false => Err(Disagreement { strength: Strength::Document, details }),
    }
}

/// What of an error must agree.
fn rejection(error: &Value) -> Vec<&Value> {
    let kind = error["kind"].as_str().unwrap_or_default();
    match kind {
        "engine-crash" => vec![&error["kind"]],
        "toml-syntax" => vec![&error["kind"], &error["type"], &error["line"]],
        _ => vec![&error["kind"], &error["type"], &error["property"]],
    }
}

/// The document with what is worded freely reduced to what must agree.
fn comparable(document: &Value) -> Value {
    let mut document = document.clone();
    if let Some(fields) = document.as_object_mut() {
        fields.remove("dir");
        fields
            .entry("warnings")
            .and_modify(|warnings| *warnings = Value::from(warnings.as_array().map_or(0, Vec::len)));
        for key in ["redirectErrors", "headerErrors"] {
            fields.entry(key).and_modify(first_lines);
        }
    }
    let side_files = document["sideFiles"].as_object_mut();
    for file in side_files.into_iter().flat_map(|files| files.values_mut()) {
        first_lines(&mut file["errors"]);
    }
    document
}

fn first_lines(errors: &mut Value) {
    for error in errors.as_array_mut().into_iter().flatten() {
        let line = error.as_str().and_then(|text| text.split('\n').next()).unwrap_or_default();
        *error = Value::from(line);
    }
}

const DETAILS_SHOWN: usize = 6;

fn walk(place: &str, ours: &Value, theirs: &Value, details: &mut Vec<String>) {
    if details.len() >= DETAILS_SHOWN || same(ours, theirs) {
        return;
    }
    match (ours, theirs) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let place = format!("{place}/{key}");
                match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => walk(&place, one, other, details),
                    (one, other) => details.push(format!("{place}: ours {}, theirs {}", shown(one), shown(other))),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                walk(&format!("{place}/{index}"), one, other, details);
            }
        }
        _ => details.push(difference(place, ours, theirs)),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

fn difference(place: &str, ours: &Value, theirs: &Value) -> String {
    format!("{place}: ours {ours}, theirs {theirs}")
}

/// Equality of JSON values; numbers are doubles, as in the reference.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|((a, one), (b, other))| a == b && same(one, other))
        }
        _ => one == other,
    }
}
