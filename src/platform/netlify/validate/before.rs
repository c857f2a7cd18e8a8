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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::netlify::validate::ViolationKind;
    use crate::platform::netlify::validate::sample;

    type Pass = fn(&Table) -> Result<(), Violation>;

    fn property(pass: Pass, json: Value) -> Option<String> {
        pass(&sample::table(json)).err().map(|violation| violation.property.unwrap_or_else(|| "crash".to_owned()))
    }

    #[test]
    fn each_pass_names_the_property_that_fails() {
        let cases: [(Pass, Value, Option<&str>); 12] = [
            (before_case, json!({"build": "x"}), Some("build")),
            (before_case, json!({"Build": "x"}), None),
            (before_merge, json!({"build": {"command": ["a"]}, "plugins": 1}), Some("build.command")),
            (before_merge, json!({"plugins": [{}, "x"]}), Some("plugins")),
            (context_shape, json!({"context": []}), Some("context")),
            (context_shape, json!({"context": {"b c": {}, "a": null}}), Some("context.a")),
            (file_only, json!({"edge_functions": [{"path": "/"}, {"generator": "x"}]}), Some("edge_functions[1]")),
            (file_only, json!({"edge_functions": {"a": {"x": 1}}}), Some("edge_functions.a")),
            (file_only, json!({"edge_functions": ["x", 1]}), None),
            (before_normalise, json!({"functions": []}), Some("functions")),
            (before_normalise, json!({"database": {"migrations": "x"}}), Some("database.migrations")),
            (before_normalise, json!({"database": {}, "edge_functions": [{}]}), None),
        ];
        for (pass, config, expected) in cases {
            assert_eq!(property(pass, config.clone()).as_deref(), expected, "{config}");
        }
    }

    #[test]
    fn values_that_cannot_be_printed_are_classified_as_such() {
        let violation = before_merge(&sample::table(json!({"build": {"command": ["a", 1]}}))).unwrap_err();
        assert_eq!(violation.kind, ViolationKind::UnprintableValue);
        let violation = before_merge(&sample::table(json!({"build": {"command": {"": 1}}}))).unwrap_err();
        assert_eq!(violation.property.as_deref(), Some("<root>"));
        assert_eq!(violation.name, "build.command");
    }

    #[test]
    fn null_where_children_are_listed_is_a_crash_of_the_engine() {
        let violation = file_only(&sample::table(json!({"edge_functions": null}))).unwrap_err();
        assert_eq!((violation.kind.as_str(), violation.kind.error_type()), ("engine-crash", "resolveConfig"));
        assert_eq!(violation.property, None);
    }

    #[test]
    fn contexts_named_by_numbers_are_checked_in_numeric_order() {
        let config = json!({"context": {"production": 1, "10": 1, "9": 1}});
        assert_eq!(property(context_shape, config).as_deref(), Some("context.9"));
    }

    #[test]
    fn the_place_is_the_wrong_item_and_the_key_is_its_list() {
        let config = sample::table(json!({"plugins": [{}, "x"]}));
        let plugins = config.get("plugins").unwrap().as_array().unwrap();
        let violation = before_merge(&config).unwrap_err();
        assert_eq!(violation.span, plugins[1].span);
        assert_eq!(violation.key_span, config.key_span("plugins"));
        assert_eq!(violation.to_string(), "\"plugins\" has the string \"x\" as item 2, should be a list of tables");
    }
}
