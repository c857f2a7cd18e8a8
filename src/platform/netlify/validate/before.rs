//! The passes before normalisation: over each source, over each context, and over what they merge into.

use crate::text::tree::Table;

use super::edge;
use super::shape::{string, table, tables};
use super::violation::Violation;
use super::walk::{Rule, check_all};

const BEFORE_CASE: [Rule; 1] = [Rule::new(&["build"], table)];

const BEFORE_MERGE: [Rule; 2] = [Rule::new(&["build", "command"], string), Rule::new(&["plugins"], tables)];

const CONTEXT: [Rule; 2] = [Rule::new(&["context"], table), Rule::new(&["context", "*"], table)];

const FILE_ONLY: [Rule; 1] = [Rule::new(&["edge_functions", "*"], edge::user_names)];

const BEFORE_NORMALISE: [Rule; 6] = [
    Rule::new(&["build", "command"], string),
    Rule::new(&["plugins"], tables),
    Rule::new(&["functions"], table),
    Rule::new(&["edge_functions"], tables),
    Rule::new(&["database"], table),
    Rule::new(&["database", "migrations"], table),
];

/// Checks a source or a context before its capitalised names are lowered
/// (`PRE_CASE_NORMALIZE_VALIDATIONS` in `config/src/validate/validations.js`).
///
/// # Errors
///
/// The first check that fails.
pub fn before_case(config: &Table) -> Result<(), Violation> {
    check_all(config, &BEFORE_CASE)
}

/// Checks a source or a context before it is merged with others
/// (`PRE_MERGE_VALIDATIONS` in `config/src/validate/validations.js`).
///
/// # Errors
///
/// The first check that fails.
pub fn before_merge(config: &Table) -> Result<(), Violation> {
    check_all(config, &BEFORE_MERGE)
}

/// Checks what only the configuration file, or a context of it, may not say
/// (`CONFIG_FILE_VALIDATIONS` in `config/src/validate/validations.js`); other sources skip it.
///
/// # Errors
///
/// The first check that fails.
pub fn file_only(config: &Table) -> Result<(), Violation> {
    check_all(config, &FILE_ONLY)
}

/// Checks that `context` and all of its children are tables
/// (`PRE_CONTEXT_VALIDATIONS` in `config/src/validate/validations.js`).
///
/// # Errors
///
/// The first check that fails.
pub fn context_shape(config: &Table) -> Result<(), Violation> {
    check_all(config, &CONTEXT)
}

/// Checks the merged configuration before it is normalised
/// (`PRE_NORMALIZE_VALIDATIONS` in `config/src/validate/validations.js`).
///
/// # Errors
///
/// The first check that fails.
pub fn before_normalise(config: &Table) -> Result<(), Violation> {
    check_all(config, &BEFORE_NORMALISE)
}
