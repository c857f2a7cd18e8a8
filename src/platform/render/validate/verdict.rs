//! What Render's validator does with the whole file.

use std::collections::{BTreeSet, HashSet};

use crate::platform::render::schema::Violation;

use super::{Engine, Grade, Remark};

/// What the validator does with a file, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it does.
    pub engine: Engine,
    /// The remarks that decide it by name, and keywords of the schema as `schema:enum`; sorted.
    pub because: Vec<String>,
}

/// What the validator does, by what was said and by what the schema objects to.
#[must_use]
pub fn verdict(remarks: &[Remark], violations: &[Violation]) -> Verdict {
    let of = |engine: Engine| {
        let decides = move |remark: &&Remark| {
            remark.engine == engine && (engine == Engine::Rejects || remark.grade == Grade::Error)
        };
        remarks.iter().filter(decides).map(|remark| remark.rule.to_owned())
    };
    let refused: BTreeSet<String> = of(Engine::Rejects).collect();
    if !refused.is_empty() {
        return Verdict { engine: Engine::Rejects, because: refused.into_iter().collect() };
    }
    let schema = unexplained(remarks, violations).map(|violation| format!("schema:{}", violation.keyword));
    let open: BTreeSet<String> = of(Engine::Unknown).chain(schema).collect();
    let engine = if open.is_empty() { Engine::Accepts } else { Engine::Unknown };
    Verdict { engine, because: open.into_iter().collect() }
}

/// The violations of the schema of which nobody knows whether Render minds them: no remark says more about the place.
pub fn unexplained<'a>(
    remarks: &'a [Remark],
    violations: &'a [Violation],
) -> impl Iterator<Item = &'a Violation> + use<'a> {
    let says_more = |remark: &&Remark| {
        remark.engine != Engine::Unknown
            || remark.grade == Grade::Error
            || matches!(remark.rule, "env-bool-value" | "deprecated-field")
    };
    let remarks = || remarks.iter().filter(says_more).map(|remark| remark.path.as_str());
    let (places, sorted): (HashSet<&str>, BTreeSet<&str>) = (remarks().collect(), remarks().collect());
    violations.iter().filter(move |violation| {
        let path = violation.path.as_str();
        let is_below = || sorted.range(path..).next().is_some_and(|place| place.starts_with(path));
        !(places.contains(path) || places.contains(entry(path)) || violation.keyword == "required" && is_below())
    })
}

/// The entry that a path is a key of.
fn entry(path: &str) -> &str {
    match path.rfind('.') {
        Some(at) if at + 1 < path.len() && !path[at..].contains(['[', ']']) => &path[..at],
        _ => path,
    }
}
