//! The pass after normalisation.

use crate::text::tree::{Kind, Node, Table};

use super::cron::{is_alias, parse_cron};
use super::edge;
use super::memory::{is_vcpu, parse_memory};
use super::npm_name::check_npm_name;
use super::problem::{Expected, Problem, found};
use super::shape::{boolean, has_one, known_names, not_both, one_of, string, strings, table};
use super::violation::Violation;
use super::walk::{Fault, Rule, Subject, check_all};

/// Names that a plugin may have (`config/src/validate/validations.js`).
pub const PLUGIN_NAMES: [&str; 3] = ["package", "pinned_version", "inputs"];

/// Bundlers of functions (`config/src/functions_config.js`).
pub const BUNDLERS: [&str; 4] = ["esbuild", "nft", "zisi", "none"];

/// The name under which settings of all functions are kept (`config/src/functions_config.js`).
pub const ALL_FUNCTIONS: &str = "*";

const AFTER_NORMALISE: [Rule; 25] = [
    Rule::new(&["plugins", "*"], |plugin| known_names(plugin, &PLUGIN_NAMES, &["origin"])),
    Rule::new(&["plugins", "*"], |plugin| has_one(plugin, &["package"])),
    Rule::new(&["plugins", "*", "package"], string),
    Rule::new(&["plugins", "*", "package"], package),
    Rule::new(&["plugins", "*", "pinned_version"], string),
    Rule::new(&["plugins", "*", "inputs"], table),
    Rule::new(&["build", "base"], string),
    Rule::new(&["build", "publish"], string),
    Rule::new(&["build", "functions"], string),
    Rule::new(&["build", "ignore"], string),
    Rule::new(&["build", "edge_functions"], string),
    Rule::new(&["spa_fallback"], boolean),
    Rule::new(&["functions", "*"], table),
    Rule::new(&["functions", "*", "deno_import_map"], string),
    Rule::new(&["functions", "*", "external_node_modules"], strings),
    Rule::new(&["functions", "*", "ignored_node_modules"], strings),
    Rule::new(&["functions", "*", "included_files"], strings),
    Rule::new(&["functions", "*", "node_bundler"], |bundler| one_of(bundler, &BUNDLERS)),
    Rule::new(&["functions", "*", "directory"], directory),
    Rule::new(&["functions", "*", "memory"], memory),
    Rule::new(&["functions", "*", "region"], string),
    Rule::new(&["functions", "*", "vcpu"], vcpu),
    Rule::new(&["functions", "*"], |function| not_both(function, "memory", "vcpu")),
    Rule::new(&["functions", "*", "schedule"], schedule),
    Rule::new(&["functionsDirectory"], string).shown_as(["functions", "directory"]),
];

const DATABASE: [Rule; 1] = [Rule::new(&["database", "migrations", "path"], string)];

/// Checks the merged and normalised configuration
/// (`POST_NORMALIZE_VALIDATIONS` in `config/src/validate/validations.js`).
///
/// # Errors
///
/// The first check that fails.
pub fn after_normalise(config: &Table) -> Result<(), Violation> {
    [AFTER_NORMALISE.as_slice(), &DATABASE, &edge::RULES].into_iter().try_for_each(|rules| check_all(config, rules))
}

fn package(subject: &Subject<'_>) -> Result<(), Fault> {
    let name = subject.value.as_str().ok_or(Fault::Crash)?;
    if name.starts_with(['.', '/']) {
        return Ok(());
    }
    check_npm_name(name).map_err(|error| Fault::new(Problem::NpmName(error)))
}

fn directory(subject: &Subject<'_>) -> Result<(), Fault> {
    let is_main = subject.second_key() == Some(ALL_FUNCTIONS);
    if is_main { Ok(()) } else { Err(Fault::new(Problem::MisplacedDirectory)) }
}

fn memory(subject: &Subject<'_>) -> Result<(), Fault> {
    parse_memory(subject.value).map(|_| ()).map_err(|error| Fault::new(Problem::Memory(error)))
}

fn vcpu(subject: &Subject<'_>) -> Result<(), Fault> {
    let fault = || Fault::new(Problem::Kind { found: found(subject.value), expected: Expected::Vcpu });
    if is_vcpu(subject.value) { Ok(()) } else { Err(fault()) }
}

/// What is false in JavaScript counts as no schedule, and a list is looked up among the aliases as its text.
fn schedule(subject: &Subject<'_>) -> Result<(), Fault> {
    match &subject.value.kind {
        Kind::String(text) => parse_cron(text).map(|_| ()).map_err(|error| Fault::new(Problem::Cron(error))),
        Kind::Null | Kind::Bool(false) => Ok(()),
        Kind::Number(number) if *number == 0.0 || number.is_nan() => Ok(()),
        Kind::Array(items) if lone_text(items).is_some_and(is_alias) => Ok(()),
        _ => Err(Fault::new(Problem::Kind { found: found(subject.value), expected: Expected::Cron })),
    }
}

/// The string in a list of one, or in a list in such a list.
fn lone_text(mut items: &[Node]) -> Option<&str> {
    while let [item] = items {
        match &item.kind {
            Kind::Array(inner) => items = inner,
            Kind::String(text) => return Some(text),
            _ => return None,
        }
    }
    None
}
