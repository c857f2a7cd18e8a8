//! All rules, in the order of their ids.

use super::{Rule, netlify, own, pages, project, render};

/// Every rule of every platform.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let platforms = netlify::RULES.iter().chain(project::RULES).chain(render::RULES).chain(pages::RULES);
    own::RULES.iter().chain(platforms).copied()
}

/// The rule with this id or name, in any case.
#[must_use]
pub fn find(id_or_name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id.eq_ignore_ascii_case(id_or_name) || rule.name.eq_ignore_ascii_case(id_or_name))
}

/// The rule whose id or name is nearest to what was written.
#[must_use]
pub fn nearest(written: &str) -> Option<&'static Rule> {
    let written = written.to_lowercase();
    let distance = |rule: &Rule| {
        strsim::osa_distance(&written, &rule.id.to_lowercase()).min(strsim::osa_distance(&written, rule.name))
    };
    rules().min_by_key(|rule| distance(rule)).filter(|rule| distance(rule) <= 2.max(written.len() / 4))
}
