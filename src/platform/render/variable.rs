//! What a Blueprint says about one variable of one service.

use crate::text::span::Span;
use crate::text::tree::Node;

use super::blueprint::{Blueprint, EnvEntry, Resource, Text};

/// What a Blueprint says about a variable. The dashboard may add to it: an unset variable is not surely absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting<'a> {
    /// It has this value.
    Value(&'a Text),
    /// It is declared, but its value is not in the file: `sync: false`, `generateValue`, a reference.
    Elsewhere(Span),
    /// The service takes a group that the file does not hold and that may set it.
    Perhaps,
    /// Nothing in the file sets it.
    Unset,
}

impl<'a> Setting<'a> {
    /// The value, if it is written in the file.
    #[must_use]
    pub fn value(self) -> Option<&'a Text> {
        if let Setting::Value(text) = self { Some(text) } else { None }
    }
}

/// Looks a variable up: entries of the service beat those of its groups
/// (github.com/render-oss/skills, `skills/render-env-vars`).
#[must_use]
pub fn setting<'a>(blueprint: &'a Blueprint, service: &'a Resource, name: &str) -> Setting<'a> {
    if let Some(found) = entry(service, name) {
        return found;
    }
    let mut found = Setting::Unset;
    for wanted in group_names(service) {
        let Some(group) = blueprint.groups.iter().find(|group| group.name() == wanted) else {
            if found == Setting::Unset {
                found = Setting::Perhaps;
            }
            continue;
        };
        let Some(inner) = entry(group, name) else { continue };
        // Between two groups the one that was created last wins, which the file does not say.
        found = match (found, inner) {
            (Setting::Unset, inner) => inner,
            (Setting::Value(first), Setting::Value(second)) if first.value == second.value => found,
            (_, Setting::Value(text)) => Setting::Elsewhere(text.span),
            (_, inner) => inner,
        };
    }
    found
}

/// The names of the groups that a service takes, in the order of the file.
pub fn group_names(service: &Resource) -> impl Iterator<Item = &str> {
    service.env.iter().filter_map(|entry| entry.table.get("fromGroup").and_then(Node::as_str))
}

/// Whether every variable of the service is named in the file, but for what the dashboard adds.
#[must_use]
pub fn knows_groups(blueprint: &Blueprint, service: &Resource) -> bool {
    group_names(service).all(|name| blueprint.groups.iter().any(|group| group.name() == name))
}

fn entry<'a>(resource: &'a Resource, name: &str) -> Option<Setting<'a>> {
    let is_it = |entry: &&EnvEntry| entry.key.as_ref().is_some_and(|key| key.value == name);
    let entry = resource.env.iter().rev().find(is_it)?;
    Some(entry.value.as_ref().map_or(Setting::Elsewhere(entry.span), Setting::Value))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::span::FileId;
    use crate::text::yaml;

    fn blueprint(text: &str) -> Blueprint {
        Blueprint::read(yaml::parse(text, FileId(0)).root.as_ref().unwrap(), text)
    }

    fn value(text: &str, name: &str) -> String {
        let blueprint = blueprint(text);
        match setting(&blueprint, &blueprint.services[0], name) {
            Setting::Value(text) => text.value.clone(),
            Setting::Elsewhere(_) => "elsewhere".to_owned(),
            Setting::Perhaps => "perhaps".to_owned(),
            Setting::Unset => "unset".to_owned(),
        }
    }

    const TEXT: &str = "services:\n- type: web\n  envVars:\n  - {key: A, value: 3.10}\n  - {key: B, sync: false}\n  - \
        fromGroup: one\n  - fromGroup: two\nenvVarGroups:\n- name: one\n  envVars: [{key: A, value: x}, {key: C, value: 1}]\n- \
        name: two\n  envVars: [{key: C, value: 2}, {key: D, value: 2}]\n";

    #[test]
    fn entries_of_the_service_beat_those_of_groups() {
        assert_eq!((value(TEXT, "A").as_str(), value(TEXT, "B").as_str()), ("3.10", "elsewhere"));
        assert_eq!((value(TEXT, "D").as_str(), value(TEXT, "E").as_str()), ("2", "unset"));
    }

    #[test]
    fn which_of_two_groups_wins_is_not_known() {
        assert_eq!(value(TEXT, "C"), "elsewhere");
    }

    #[test]
    fn a_group_of_the_workspace_may_hold_anything() {
        let text = TEXT.replace("name: two", "name: other");
        assert_eq!((value(&text, "E").as_str(), value(&text, "A").as_str()), ("perhaps", "3.10"));
        assert_eq!(value(&text, "C"), "1");
    }
}
