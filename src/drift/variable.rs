//! Environment variables: names, contexts, scopes and keyed hashes.

use std::collections::BTreeSet;

use crate::platform::netlify::site::NetlifySite;

use super::live::Variable;
use super::mac::Key;
use super::record::{Noted, Record, of_variable};
use super::{Field, Kind, Standing};

/// Contexts whose values count for production.
const PRODUCTION: [&str; 2] = ["all", "production"];

/// Compares all variables.
#[must_use]
pub fn compare(site: &NetlifySite<'_>, live: &[Variable], record: Option<&Record>, key: &Key) -> Vec<Field> {
    let record = record.filter(|record| record.has_variables);
    let mut fields: Vec<Field> = live.iter().map(|variable| one(site, variable, record, key)).collect();
    let labels: BTreeSet<String> = live.iter().map(Variable::label).collect();
    let gone = record.into_iter().flat_map(|record| record.variables.keys()).filter(|label| !labels.contains(*label));
    fields.extend(gone.map(|label| {
        Field::new(Kind::Variable, label.as_str(), Standing::Changed)
            .note("it was set when it was recorded, and is not any more")
    }));
    let environment = site.plan.iter().flat_map(|plan| &plan.environment);
    for (name, _) in environment.filter(|(name, _)| live.iter().all(|variable| variable.name != *name)) {
        fields.push(
            Field::new(Kind::Variable, name.as_str(), Standing::Equal)
                .note("the file sets it, and the platform nothing else"),
        );
    }
    fields
}

fn one(site: &NetlifySite<'_>, live: &Variable, record: Option<&Record>, key: &Key) -> Field {
    let label = live.label();
    if let Some(field) = against_file(site, live, key) {
        return field;
    }
    let Some(record) = record else { return Field::new(Kind::Variable, label, Standing::Unmanaged) };
    match record.variables.get(&label) {
        None => Field::new(Kind::Variable, label, Standing::Changed).note("it was not set when it was recorded"),
        Some(noted) => match differences(noted, live) {
            differences if differences.is_empty() => Field::new(Kind::Variable, label, Standing::Equal),
            differences => Field::new(Kind::Variable, label, Standing::Changed).note(differences.join(", ")),
        },
    }
}

/// A variable that the file sets, too: in builds the file wins, and elsewhere only the platform's value is to be had.
fn against_file(site: &NetlifySite<'_>, live: &Variable, key: &Key) -> Option<Field> {
    if !PRODUCTION.contains(&live.context.as_str()) {
        return None;
    }
    let value = &site.plan.as_ref()?.variable(&live.name)?.value;
    let theirs = live.mac?;
    if theirs == of_variable(key, &live.name, value) {
        return Some(Field::new(Kind::Variable, live.label(), Standing::Equal));
    }
    let mut field = Field::new(Kind::Variable, live.label(), Standing::Changed);
    let elsewhere: Vec<&str> = live.scopes.iter().map(String::as_str).filter(|scope| *scope != "builds").collect();
    field.has_effect = !elsewhere.is_empty();
    let note = "the file has another value, which wins in builds";
    Some(field.note(match elsewhere.as_slice() {
        [] => note.to_owned(),
        scopes => format!("{note}; {} have the platform's", scopes.join(", ")),
    }))
}

/// What is no longer as it was noted.
fn differences(noted: &Noted, live: &Variable) -> Vec<String> {
    let mut found = Vec::new();
    match (noted.mac, live.mac) {
        (Some(before), Some(now)) if before != now => found.push("it has another value than was recorded".to_owned()),
        // Of a value that nobody is told only the time is known.
        (None, None) if noted.updated_at != live.updated_at => {
            found.push("it was set anew since it was recorded".to_owned())
        }
        _ => {}
    }
    if noted.scopes != live.scopes {
        found.push(format!("its scopes were \"{}\" and are \"{}\"", noted.scopes.join(", "), live.scopes.join(", ")));
    }
    match (noted.is_secret, live.is_secret) {
        (true, false) => found.push("it is no longer marked as secret".to_owned()),
        (false, true) => found.push("it is marked as secret now".to_owned()),
        _ => {}
    }
    found
}
