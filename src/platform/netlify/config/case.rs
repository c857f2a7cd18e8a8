//! Capitalised spellings of `build` and its properties (`config/src/case.js`).

use crate::text::tree::{Entry, Kind, Node, Table};

use super::Failure;
use super::merge::spread;

/// The build properties that may be capitalised, with the capitalised spelling.
const BUILD_PROPERTIES: [(&str, &str); 8] = [
    ("base", "Base"),
    ("command", "Command"),
    ("edge_functions", "Edge_functions"),
    ("environment", "Environment"),
    ("functions", "Functions"),
    ("ignore", "Ignore"),
    ("processing", "Processing"),
    ("publish", "Publish"),
];

/// Lower-cases `Build` and its known properties; the lower-case spelling wins when both exist.
///
/// # Errors
/// When `Build` is null, on which the engine crashes.
pub fn normalise_case(mut config: Table) -> Result<Table, Failure> {
    let capital = config.remove("Build");
    let build = config.remove("build").or(capital);
    let (key_span, span, mut table) = match build {
        None => return Ok(config),
        Some(Entry { value, .. }) if value.is_null() => return Err(Failure::crash(value.span)),
        Some(Entry { key_span, value }) => (key_span, value.span, spread(&value)),
    };
    for (lower, capital) in BUILD_PROPERTIES {
        let capital = table.remove(capital);
        if let Some(entry) = table.remove(lower).or(capital) {
            table.insert(lower, entry.key_span, entry.value);
        }
    }
    config.insert("build", key_span, Node { kind: Kind::Table(table), span });
    Ok(config)
}
