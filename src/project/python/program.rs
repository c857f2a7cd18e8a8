//! Which distributions bring which programs and modules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::requirement::Requirement;

/// Entry points and dependencies as the distributions' own metadata state them; ages, see `seen`.
const DATA: &str = include_str!("../data/python-distributions.json");

#[derive(Deserialize, Default)]
struct File {
    programs: BTreeMap<String, Vec<String>>,
    modules: BTreeMap<String, Vec<String>>,
    /// What a distribution, with or without an extra, requires of those that bring programs.
    brings: BTreeMap<String, Vec<String>>,
    /// Distributions that require none of those that bring programs, beside what `brings` says.
    quiet: BTreeSet<String>,
    quiet_extras: BTreeSet<String>,
}

static TABLE: LazyLock<File> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// The distributions that bring a program, any of them, if it is a known one.
#[must_use]
pub fn of_program(program: &str) -> Option<&'static [String]> {
    TABLE.programs.get(program).map(Vec::as_slice)
}

/// The distributions that bring a module that can be run by `python -m`.
#[must_use]
pub fn of_module(module: &str) -> Option<&'static [String]> {
    TABLE.modules.get(module).map(Vec::as_slice)
}

/// Whether a distribution is installed by a requirement, itself or through what it requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Brings {
    /// It is not.
    No,
    /// What the requirement brings is not on record.
    Maybe,
    /// It is.
    Yes,
}

/// Whether a requirement brings one of these distributions.
#[must_use]
pub fn brings(requirement: &Requirement, wanted: &[String]) -> Brings {
    let is_it = |name: &String| wanted.contains(name);
    if is_it(&requirement.name) {
        return Brings::Yes;
    }
    let mut is_known = TABLE.quiet.contains(&requirement.name) || TABLE.brings.contains_key(&requirement.name);
    let mut keys = vec![requirement.name.clone()];
    for extra in &requirement.extras {
        let key = format!("{}[{extra}]", requirement.name);
        is_known &= TABLE.quiet_extras.contains(&key) || TABLE.brings.contains_key(&key);
        keys.push(key);
    }
    if keys.iter().filter_map(|key| TABLE.brings.get(key)).flatten().any(is_it) {
        return Brings::Yes;
    }
    if is_known { Brings::No } else { Brings::Maybe }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::requirement::parse;
    use super::*;

    fn asked(text: &str, wanted: &str) -> Brings {
        brings(&parse(text).unwrap(), &[wanted.to_owned()])
    }

    #[test]
    fn extras_and_dependencies_bring_programs_too() {
        assert_eq!((asked("gunicorn>=1", "gunicorn"), asked("flask", "gunicorn")), (Brings::Yes, Brings::No));
        assert_eq!((asked("fastapi[standard]", "uvicorn"), asked("fastapi", "uvicorn")), (Brings::Yes, Brings::No));
        assert_eq!((asked("fastapi[odd]", "uvicorn"), asked("some-agent", "uvicorn")), (Brings::Maybe, Brings::Maybe));
        assert_eq!(asked("flask-cors", "flask"), Brings::Yes);
    }

    #[test]
    fn every_distribution_in_the_table_is_normalised() {
        let listed = TABLE.quiet.iter().chain(TABLE.programs.values().flatten()).chain(TABLE.brings.values().flatten());
        for name in listed {
            assert_eq!(*name, super::super::name::normal(name));
        }
        assert!(of_program("gunicorn").is_some() && of_module("uvicorn").is_some() && of_program("ls").is_none());
    }
}
