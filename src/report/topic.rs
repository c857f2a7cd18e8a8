//! The table of topics, for people, for programs and as a page of the documentation.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::event::topic::{Engine, Field, Topic};
use crate::event::{TOPICS, schema};

fn names(engines: &[Engine]) -> String {
    engines.iter().map(|engine| engine.name()).collect::<Vec<_>>().join(", ")
}

fn need(field: &Field) -> &'static str {
    if field.is_required { "required" } else { "optional" }
}

/// The table for a terminal.
#[must_use]
pub fn human() -> String {
    let mut text = String::new();
    for topic in TOPICS {
        let origin = if topic.is_specified { "" } else { " (addition)" };
        let _ = writeln!(text, "{}{origin}", topic.name);
        let _ = writeln!(text, "  {}", topic.purpose);
        let _ = writeln!(text, "  {} -> {}", topic.publisher.name(), names(topic.subscribers));
        if let Some(cdevents) = topic.cdevents {
            let _ = writeln!(text, "  CDEvents: {cdevents}");
        }
        let member =
            |field: &Field| if field.is_required { field.name.to_owned() } else { format!("[{}]", field.name) };
        let _ = writeln!(text, "  payload: {}\n", topic.fields.iter().map(member).collect::<Vec<_>>().join(" "));
    }
    text
}

/// The table for programs; schemas hang under `home`.
#[must_use]
pub fn json(home: &str) -> Value {
    let one = |topic: &&Topic| {
        json!({
            "topic": topic.name,
            "specified": topic.is_specified,
            "publisher": topic.publisher.name(),
            "subscribers": topic.subscribers.iter().map(|engine| engine.name()).collect::<Vec<_>>(),
            "purpose": topic.purpose,
            "cdevents": topic.cdevents,
            "dataschema": format!("{home}/event/{}/v1", topic.name),
            "schema": schema::of(topic),
        })
    };
    json!({"schema_version": 1, "topics": TOPICS.iter().map(one).collect::<Vec<_>>()})
}

const INTRODUCTION: &str = "\
# Events

Written by a test from `src/event/payload.rs`; change it there and run `UPDATE_SNAPSHOTS=1 cargo test --test ledger_command`.

Every event is an entry of the ledger of its environment. `chimeractl ledger log --format json` prints entries as
[CloudEvents 1.0](https://github.com/cloudevents/spec), one a line: \"source\" and \"id\" name the ledger and the entry, \"type\" is
`dev.chimera.` and the topic, \"subject\" is the deploy key, and \"cdeventstype\" names the event of
[CDEvents](https://cdevents.dev) 0.5 that says the same, where there is one. `chimeractl ledger topics --format json` prints
the JSON Schema of every payload.

An event that does not fit its topic is not recorded and drives nothing: it waits in quarantine until it is released
(`chimeractl ledger quarantine`).

";

/// The page of the documentation.
#[must_use]
pub fn markdown() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("| topic | publisher | subscribers | purpose | CDEvents |\n|---|---|---|---|---|\n");
    for topic in TOPICS {
        let mark = if topic.is_specified { "" } else { " \\*" };
        let (publisher, subscribers) = (topic.publisher.name(), names(topic.subscribers));
        let cdevents = topic.cdevents.map(|name| format!("`{name}`")).unwrap_or_default();
        let _ =
            writeln!(text, "| `{}`{mark} | {publisher} | {subscribers} | {} | {cdevents} |", topic.name, topic.purpose);
    }
    text.push_str("\n\\* an addition to the nine topics of the specification\n");
    for topic in TOPICS {
        let _ = writeln!(
            text,
            "\n## {}\n\n{}.\n\n| member | holds | | meaning |\n|---|---|---|---|",
            topic.name, topic.purpose
        );
        for field in topic.fields {
            let (kind, need) = (field.kind.describe(), need(field));
            let _ = writeln!(text, "| `{}` | {kind} | {need} | {} |", field.name, field.meaning);
        }
    }
    text
}
