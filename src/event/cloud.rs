//! Entries as others read them: CloudEvents 1.0 in JSON.

use serde_json::{Value, json};

use super::topic;
use crate::ledger::entry::Entry;

/// Beginning of the "type" attribute, which by the specification of CloudEvents is a reversed domain name.
const TYPE_PREFIX: &str = "dev.chimera.";

/// The entry as a CloudEvent; `origin` names its ledger, `home` is the address below which our schemas hang.
///
/// The pair ("source", "id") names one entry for ever, as CloudEvents asks. Names of extensions may hold lower-case letters
/// and digits only.
#[must_use]
pub fn envelope(entry: &Entry, origin: &str, home: &str) -> Value {
    let mut event = json!({
        "specversion": "1.0",
        "id": entry.seq.to_string(),
        "source": format!("https://{origin}"),
        "type": format!("{TYPE_PREFIX}{}", entry.topic),
        "time": entry.at,
        "datacontenttype": "application/json",
        "dataschema": format!("{home}/event/{}/v1", entry.topic),
        "data": entry.payload,
        "actor": entry.actor,
        "nonce": entry.nonce,
    });
    let mut extension = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            event[name] = json!(value);
        }
    };
    extension("subject", entry.deploy_key.clone());
    extension("runid", entry.run.map(|run| run.id.to_string()));
    extension("runattempt", entry.run.map(|run| run.attempt.to_string()));
    extension("statefrom", entry.state.as_ref().map(|state| state.from.clone()));
    extension("stateto", entry.state.as_ref().map(|state| state.to.clone()));
    extension("cdeventstype", topic::find(&entry.topic).and_then(|topic| topic.cdevents).map(str::to_owned));
    event
}
