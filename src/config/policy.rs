//! The tables `[roles.*]` and `[environments.*]`: who may do what, where and when.

use crate::certificate::Level;
use crate::certificate::hxo_approval::Kind;
use crate::policy::environment::{Environment, Mode, Reference};
use crate::policy::freeze::{self, Freeze};
use crate::policy::role::{Permission, Role, is_built_in};
use crate::policy::{Action, Policy};
use crate::text::suggest;
use crate::text::tree::{Node, Table};

use super::{ConfigurationError, Reader};

const ROLE_KEYS: [&str; 3] = ["github_permission", "teams", "users"];

const ENVIRONMENT_KEYS: [&str; 15] = [
    "approve",
    "deploy",
    "events",
    "fallback",
    "freeze",
    "identity",
    "kind",
    "max_age",
    "max_per_hour",
    "min_level",
    "mode",
    "refs",
    "resume",
    "rollback",
    "two_person",
];

/// Platforms by their names on the command line.
const PLATFORMS: [&str; 4] = ["netlify", "render", "pages", "node"];

const FREEZE_KEYS: [&str; 4] = ["allow", "from", "to", "tz"];

type Read<T> = Result<T, ConfigurationError>;

/// Reads both tables; roles first, since environments name them.
pub(super) fn read(reader: &Reader, root: &Table) -> Read<Policy> {
    let mut policy = Policy::default();
    for (name, node) in tables(reader, root.get("roles"), "role as [roles.NAME]")? {
        policy.roles.insert(name.to_owned(), role(reader, node)?);
    }
    for (name, node) in tables(reader, root.get("environments"), "environment as [environments.NAME]")? {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            let message = format!("\"{name}\" is no name of an environment (accepted: letters, digits, - _ .)");
            return Err(reader.error(node.span.start, message));
        }
        policy.environments.insert(name.to_owned(), environment(reader, &policy, node)?);
    }
    Ok(policy)
}

fn tables<'a>(reader: &Reader, node: Option<&'a Node>, shape: &str) -> Read<Vec<(&'a str, &'a Node)>> {
    let Some(node) = node else { return Ok(Vec::new()) };
    let table = node.as_table().ok_or_else(|| reader.error(node.span.start, format!("write each {shape}")))?;
    Ok(table.iter().map(|(name, entry)| (name, &entry.value)).collect())
}

fn role(reader: &Reader, node: &Node) -> Read<Role> {
    let mut role = Role::default();
    for (key, value) in entries(reader, node, "a table", &ROLE_KEYS)? {
        match key {
            "github_permission" => {
                let read = |(text, at): (String, u32)| {
                    Permission::parse(&text)
                        .ok_or_else(|| unknown(reader, at, "permission", &text, Permission::ALL.map(Permission::name)))
                };
                role.permissions = texts(reader, value)?.into_iter().map(read).collect::<Read<_>>()?;
            }
            "teams" => {
                let read = |(text, at): (String, u32)| match text.split_once('/') {
                    Some((organisation, team)) if !organisation.is_empty() && !team.is_empty() => Ok(text),
                    _ => Err(reader.error(at, format!("\"{text}\" is no team; write it as ORGANISATION/TEAM"))),
                };
                role.teams = texts(reader, value)?.into_iter().map(read).collect::<Read<_>>()?;
            }
            _ => role.users = texts(reader, value)?.into_iter().map(|(text, _)| text).collect(),
        }
    }
    if role == Role::default() {
        return Err(reader.error(node.span.start, "nobody holds this role: give github_permission, teams or users"));
    }
    Ok(role)
}

fn environment(reader: &Reader, policy: &Policy, node: &Node) -> Read<Environment> {
    let mut environment = Environment::default();
    for (key, value) in entries(reader, node, "a table", &ENVIRONMENT_KEYS)? {
        let at = value.span.start;
        match key {
            "deploy" => environment.deploy = roles(reader, policy, value)?,
            "rollback" => environment.rollback = roles(reader, policy, value)?,
            "approve" => environment.approve = roles(reader, policy, value)?,
            "resume" => environment.resume = roles(reader, policy, value)?,
            "min_level" => {
                environment.min_level = one_of(reader, value, "level", Level::ALL.map(|level| (level.name(), level)))?;
            }
            "kind" => {
                let kinds = [Kind::Source, Kind::Artifact].map(|kind| (kind.name(), kind));
                environment.kind = Some(one_of(reader, value, "kind", kinds)?);
            }
            "mode" => environment.mode = one_of(reader, value, "mode", Mode::ALL.map(|mode| (mode.name(), mode)))?,
            "identity" => {
                let accepted = [("verified", false), ("claimed", true)];
                environment.accepts_claims = one_of(reader, value, "identity", accepted)?;
            }
            "refs" => environment.refs = references(reader, value)?,
            "events" => environment.events = texts(reader, value)?.into_iter().map(|(text, _)| text).collect(),
            "two_person" => environment.two_person = reader.truth(value)?,
            "max_per_hour" => environment.max_per_hour = Some(count(reader, value)?),
            "fallback" => environment.fallback = platforms(reader, value)?,
            "max_age" => environment.max_age_minutes = Some(minutes(reader, value)?),
            _ => {
                let list = value.as_array();
                let list = list.ok_or_else(|| reader.error(at, "expected a list of { from, to, tz, allow }"))?;
                environment.freeze = list.iter().map(|item| freeze(reader, item)).collect::<Read<_>>()?;
            }
        }
    }
    Ok(environment)
}

fn entries<'a>(reader: &Reader, node: &'a Node, shape: &str, keys: &[&str]) -> Read<Vec<(&'a str, &'a Node)>> {
    let table = node.as_table().ok_or_else(|| reader.error(node.span.start, format!("expected {shape}")))?;
    let known = |(key, entry): (&'a str, &'a crate::text::tree::Entry)| {
        if keys.contains(&key) { Ok((key, &entry.value)) } else { Err(reader.unknown(key, entry.key_span.start, keys)) }
    };
    table.iter().map(known).collect()
}

/// The texts of a list, each with its place.
fn texts(reader: &Reader, node: &Node) -> Read<Vec<(String, u32)>> {
    let wrong = |node: &Node| reader.error(node.span.start, "expected a list of texts that are not empty");
    let text = |item: &Node| {
        let text = item.as_str().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| (text.to_owned(), item.span.start)).ok_or_else(|| wrong(item))
    };
    node.as_array().ok_or_else(|| wrong(node))?.iter().map(text).collect()
}

fn roles(reader: &Reader, policy: &Policy, node: &Node) -> Read<Vec<String>> {
    let known = |(name, at): (String, u32)| {
        if policy.roles.contains_key(&name) || is_built_in(&name) {
            return Ok(name);
        }
        let built_in = ["admiral", "auto", "anyone", "read", "triage", "write", "maintain", "admin"];
        let names = policy.roles.keys().map(String::as_str).chain(built_in);
        let hint = suggest::nearest(&name, names).map(|name| format!(", did you mean \"{name}\"?")).unwrap_or_default();
        Err(reader.error(at, format!("\"{name}\" is no role{hint} (define it as [roles.{name}])")))
    };
    texts(reader, node)?.into_iter().map(known).collect()
}

fn references(reader: &Reader, node: &Node) -> Read<Vec<Reference>> {
    let read = |(text, at): (String, u32)| {
        Reference::parse(&text).ok_or_else(|| {
            let hint = if text.starts_with("refs/") { "" } else { "; write a branch as refs/heads/NAME" };
            reader.error(at, format!("\"{text}\" is no pattern of references{hint}"))
        })
    };
    texts(reader, node)?.into_iter().map(read).collect()
}

fn one_of<T: Copy, const N: usize>(reader: &Reader, node: &Node, what: &str, all: [(&str, T); N]) -> Read<T> {
    let text = node.as_str().unwrap_or_default();
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| unknown(reader, node.span.start, what, text, all.map(|(name, _)| name)))
}

fn unknown<const N: usize>(reader: &Reader, at: u32, what: &str, text: &str, all: [&str; N]) -> ConfigurationError {
    reader.error(at, format!("\"{text}\" is no {what} (accepted: {})", all.join(", ")))
}

fn minutes(reader: &Reader, node: &Node) -> Read<u32> {
    let wrong = || reader.error(node.span.start, "expected a time such as \"90m\" or \"24h\"");
    let text = node.as_str().ok_or_else(wrong)?;
    let (number, factor) = match (text.strip_suffix('m'), text.strip_suffix('h')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 60),
        _ => return Err(wrong()),
    };
    number.parse::<u32>().ok().and_then(|number| number.checked_mul(factor)).filter(|all| *all > 0).ok_or_else(wrong)
}

fn count(reader: &Reader, node: &Node) -> Read<u32> {
    let wrong = || reader.error(node.span.start, "expected a whole number from 1");
    let is_count = |number: &f64| number.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(number);
    node.as_number().filter(is_count).map(|number| number as u32).ok_or_else(wrong)
}

fn platforms(reader: &Reader, node: &Node) -> Read<Vec<String>> {
    let known = |(name, at): (String, u32)| {
        if PLATFORMS.contains(&name.as_str()) {
            Ok(name)
        } else {
            Err(unknown(reader, at, "platform", &name, PLATFORMS))
        }
    };
    texts(reader, node)?.into_iter().map(known).collect()
}

fn freeze(reader: &Reader, node: &Node) -> Read<Freeze> {
    let (mut from, mut to, mut zone, mut allow) = (None, None, None, Vec::new());
    for (key, value) in entries(reader, node, "{ from, to, tz, allow }", &FREEZE_KEYS)? {
        let text = value.as_str().unwrap_or_default();
        let at = value.span.start;
        let moment = || {
            let wrong = format!("\"{text}\" is no moment; write \"Fri 16:00\" or \"2026-12-24 12:00\"");
            freeze::moment(text).ok_or_else(|| reader.error(at, wrong))
        };
        match key {
            "from" => from = Some((text, moment()?)),
            "to" => to = Some((text, moment()?)),
            "tz" => {
                let wrong = format!("\"{text}\" is no time zone; write it as \"Europe/Berlin\" or \"UTC\"");
                zone = Some((text, freeze::zone(text).ok_or_else(|| reader.error(at, wrong))?));
            }
            _ => {
                let read = |(text, at): (String, u32)| {
                    Action::parse(&text)
                        .ok_or_else(|| unknown(reader, at, "action", &text, Action::ALL.map(Action::name)))
                };
                allow = texts(reader, value)?.into_iter().map(read).collect::<Read<_>>()?;
            }
        }
    }
    let missing = |name: &str| reader.error(node.span.start, format!("the freeze needs \"{name}\""));
    let (first, begin) = from.ok_or_else(|| missing("from"))?;
    let (last, end) = to.ok_or_else(|| missing("to"))?;
    let (name, zone) = zone.ok_or_else(|| missing("tz"))?;
    let wrong = "the freeze would be empty: \"from\" and \"to\" are of one form, and \"to\" comes later";
    let window = freeze::window(begin, end).ok_or_else(|| reader.error(node.span.start, wrong))?;
    Ok(Freeze { written: format!("\"{first}\" to \"{last}\" in {name}"), window, zone, allow })
}

#[cfg(test)]
mod tests;
