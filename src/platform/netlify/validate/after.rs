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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::netlify::validate::sample;

    fn property(json: Value) -> Option<String> {
        after_normalise(&sample::table(json)).err().and_then(|violation| violation.property)
    }

    fn function(json: Value) -> Option<String> {
        property(json!({"functions": {"*": {}, "hello": json}}))
    }

    #[test]
    fn each_property_has_its_check() {
        let plugin = |plugin: Value| json!({"plugins": [{"package": "a"}, plugin]});
        let cases = [
            (plugin(json!({"package": "a", "input": {}})), "plugins[1]"),
            (plugin(json!({"inputs": {}})), "plugins[1]"),
            (plugin(json!({"package": 1})), "plugins[1].package"),
            (plugin(json!({"package": "a@1"})), "plugins[1].package"),
            (plugin(json!({"package": "a", "pinned_version": 1})), "plugins[1].pinned_version"),
            (plugin(json!({"package": "a", "inputs": []})), "plugins[1].inputs"),
            (json!({"build": {"base": 1}}), "build.base"),
            (json!({"build": {"publish": 1}}), "build.publish"),
            (json!({"build": {"functions": 1}}), "build.functions"),
            (json!({"build": {"ignore": 1}}), "build.ignore"),
            (json!({"build": {"edge_functions": []}}), "build.edge_functions"),
            (json!({"spa_fallback": "true"}), "spa_fallback"),
            (json!({"functionsDirectory": 1}), "functions.directory"),
            (json!({"database": {"migrations": {"path": 1}}}), "database.migrations.path"),
        ];
        for (config, expected) in cases {
            assert_eq!(property(config.clone()).as_deref(), Some(expected), "{config}");
        }
    }

    #[test]
    fn each_setting_of_a_function_has_its_check() {
        let cases = [
            (json!(30), "functions.hello"),
            (json!({"deno_import_map": 1}), "functions.hello.deno_import_map"),
            (json!({"external_node_modules": "a"}), "functions.hello.external_node_modules"),
            (json!({"ignored_node_modules": [1]}), "functions.hello.ignored_node_modules"),
            (json!({"included_files": [[]]}), "functions.hello.included_files"),
            (json!({"node_bundler": "webpack"}), "functions.hello.node_bundler"),
            (json!({"directory": "x"}), "functions.hello.directory"),
            (json!({"memory": 512}), "functions.hello.memory"),
            (json!({"region": 1}), "functions.hello.region"),
            (json!({"vcpu": "1"}), "functions.hello.vcpu"),
            (json!({"vcpu": 1, "memory": 2048}), "functions.hello"),
            (json!({"schedule": "x"}), "functions.hello.schedule"),
        ];
        for (config, expected) in cases {
            assert_eq!(function(config.clone()).as_deref(), Some(expected), "{config}");
        }
        assert_eq!(property(json!({"functions": {"*": {"directory": "x", "timeout": 1}}})), None);
    }

    #[test]
    fn accepted_configurations_pass() {
        assert_eq!(
            property(json!({
                "plugins": [{"package": "./a"}, {"package": "/b"}, {"package": "@c/d", "origin": "ui", "inputs": {}}],
                "build": {"publish": "dist", "command": 1},
                "functions": {"*": {}, "a": {"node_bundler": "nft", "memory": "1.5gb", "schedule": "@daily"}},
                "spa_fallback": false
            })),
            None
        );
    }

    #[test]
    fn schedules_that_are_false_or_name_an_alias_in_a_list_pass() {
        for schedule in [json!(""), json!(null), json!(false), json!(0), json!(["@daily"]), json!([["@weekly"]])] {
            assert_eq!(function(json!({"schedule": schedule})), None, "{schedule}");
        }
        for schedule in [json!(5), json!(true), json!([]), json!(["* * * * *"]), json!(["@daily", null]), json!({})] {
            assert!(function(json!({"schedule": schedule})).is_some(), "{schedule}");
        }
    }

    #[test]
    fn a_check_of_all_functions_comes_before_the_next_check() {
        let config = json!({"functions": {"a": {"schedule": "x"}, "b": {"memory": 1}}});
        assert_eq!(property(config).as_deref(), Some("functions.b.memory"));
    }

    #[test]
    fn the_place_of_a_default_is_the_table_around_it() {
        let mut config = sample::table(json!({"functions": {"a": {"memory": 1}}}));
        let function =
            config.get_mut("functions").and_then(|functions| functions.as_table_mut()?.get_mut("a")).unwrap();
        function.as_table_mut().unwrap().get_mut("memory").unwrap().span = crate::text::span::Span::NONE;
        let around = function.span;
        assert_eq!(after_normalise(&config).unwrap_err().span, around);
    }

    #[test]
    fn many_functions_are_checked_in_one_go() {
        let many: serde_json::Map<String, Value> =
            (0..20_000).map(|number| (number.to_string(), json!({"memory": 1024}))).collect();
        assert_eq!(property(json!({"functions": many})), None);
    }
}
