//! Laws of redirects and headers that hold for any input.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use chimera::platform::netlify::routing::{
    FileText, Form, Header, Redirect, SideFile, case_clash, parse_headers, parse_redirects,
};
use chimera::text::span::{FileId, Span};
use chimera::text::tree::{Kind, Node, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

const FRAGMENTS: [&str; 36] = [
    "/",
    "/a",
    "/*",
    "/b/*",
    ":",
    "X-A: b",
    "x-a: c",
    "http://é.com/",
    "https://x/.netlify",
    "/.netlify",
    " ",
    "\n",
    "\n",
    "\n/a",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "#",
    "=",
    "k=v",
    "signed=K",
    "Role=a,b",
    "200",
    " 200!",
    " 301",
    "0x1f",
    "constructor: x",
    "__proto__=y",
    "undefined:",
    "*(",
    "[a-",
    "\\",
    "é",
    ",",
    "99999999999999999999999",
];

fn text() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        4 => prop::sample::select(&FRAGMENTS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|parts| parts.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..600).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    let keys = [
        "from",
        "to",
        "status",
        "conditions",
        "query",
        "headers",
        "force",
        "signed",
        "for",
        "values",
        "Role",
        "role",
        "toString",
        "__proto__",
        "0",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let object = prop::collection::btree_map(prop::sample::select(keys.to_vec()), inner.clone(), 0..6)
            .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Value>());
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Value::from), object]
    })
}

/// A configuration: mostly a list of tables that hold the required properties.
fn config() -> impl Strategy<Value = Value> {
    let required = (text(), text(), prop_oneof![Just(json!(200)), Just(json!("301!")), value()]);
    let rule = (value(), required, prop::option::of(("[ -~é]{0,4}", text()))).prop_map(
        |(rest, (from, to, status), header)| {
            let mut rule = json!({ "from": from, "for": from, "to": to, "status": status, "values": {} });
            if let Some((name, value)) = header {
                rule["values"][name] = json!(value);
            } else if let Value::Object(rest) = rest {
                rule.as_object_mut().unwrap().extend(rest);
            }
            rule
        },
    );
    prop_oneof![1 => value(), 9 => prop::collection::vec(rule, 0..5).prop_map(Value::from)]
}

fn node(value: &Value) -> Node {
    Node::default_of(match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(number) => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Kind::String(text.clone()),
        Value::Array(items) => Kind::Array(items.iter().map(node).collect()),
        Value::Object(object) => {
            let mut table = Table::default();
            for (key, value) in object {
                table.insert(key.as_str(), Span::NONE, node(value));
            }
            Kind::Table(table)
        }
    })
}

fn side_file(text: &str) -> SideFile<'_> {
    SideFile::Text(FileText { text, file: FileId(0) })
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).expect("a span inside the file and on character boundaries")
}

/// What remains of a printed rule when derived properties are taken away: the form of a resolved configuration.
fn minimal(rule: &Redirect) -> Value {
    let mut rule = rule.to_json();
    for key in ["scheme", "host", "path", "proxy"] {
        rule.as_object_mut().unwrap().remove(key);
    }
    rule
}

proptest! {
    #[test]
    fn spans_of_redirects_are_what_was_written(text in text()) {
        let found = parse_redirects(side_file(&text), None).unwrap();
        for rule in &found.rules {
            prop_assert_eq!(slice(&text, rule.from.span), &rule.from.text);
            prop_assert!(slice(&text, rule.span).starts_with(&rule.from.text));
            if rule.to.span().is_written() {
                prop_assert_eq!(Some(slice(&text, rule.to.span())), rule.to_text());
            }
        }
        for error in &found.errors {
            prop_assert!(!slice(&text, error.span).contains('\n'));
            prop_assert!(!error.to_string().is_empty());
        }
        prop_assert!(found.rules.len() + found.errors.len() <= text.split('\n').count());
    }

    #[test]
    fn spans_of_headers_are_what_was_written(text in text()) {
        let found = parse_headers(side_file(&text), None, Form::Complete).unwrap();
        for rule in &found.rules {
            prop_assert_eq!(slice(&text, rule.span), &rule.path.text);
            prop_assert!(rule.pattern().is_some());
            for (name, value) in &rule.values {
                prop_assert!(value.spans.iter().all(|span| slice(&text, *span).starts_with(name.as_str())));
            }
        }
        let _clash = case_clash::find(&found.rules);
    }

    #[test]
    fn redirects_read_once_more_are_the_same(text in text(), config in config()) {
        let Ok(found) = parse_redirects(side_file(&text), Some(&node(&config))) else { return Ok(()) };
        let again = node(&found.rules.iter().map(minimal).collect());
        let again = parse_redirects(SideFile::Absent, Some(&again)).unwrap();
        prop_assert!(again.errors.is_empty());
        let print = |rules: &[Redirect]| rules.iter().map(Redirect::to_json).collect::<Vec<_>>();
        prop_assert_eq!(print(&again.rules), print(&found.rules));
    }

    #[test]
    fn headers_read_once_more_are_the_same(text in text(), config in config()) {
        let Ok(found) = parse_headers(side_file(&text), Some(&node(&config)), Form::Complete) else { return Ok(()) };
        let print = |rules: &[Header]| rules.iter().map(Header::to_json).collect::<Value>();
        let again = parse_headers(SideFile::Absent, Some(&node(&print(&found.rules))), Form::Complete).unwrap();
        prop_assert!(again.errors.is_empty());
        prop_assert_eq!(print(&again.rules), print(&found.rules));
    }
}

#[test]
fn a_hundred_thousand_rules_are_merged() {
    let mut text = String::new();
    for index in 0..100_000 {
        writeln!(text, "/{index} /new/{} 301 Country=us", index % 7).unwrap();
    }
    let config: Value = (0..100_000)
        .map(|index| json!({ "from": format!("/{index}"), "to": "/new/0", "status": 301, "conditions": { "country": "us" } }))
        .collect();
    let found = parse_redirects(side_file(&text), Some(&node(&config))).unwrap();
    assert_eq!(found.errors.len(), 0);
    assert_eq!(found.rules.len(), 200_000 - 100_000_usize.div_ceil(7));
}

#[test]
fn long_lines_are_read_in_one_pass() {
    let spaces = " ".repeat(3_000_000);
    let file = format!("{spaces}/a{spaces}k=v{spaces}/b{spaces}200{spaces}Role={}", "a,".repeat(200_000));
    let found = parse_redirects(side_file(&file), None).unwrap();
    let roles = found.rules[0].conditions.as_ref().unwrap().get("Role").unwrap();
    assert_eq!(roles.as_array().unwrap().len(), 200_001);
    let file = format!("/a\n{}", "X: y\n".repeat(300_000));
    let found = parse_headers(side_file(&file), None, Form::Complete).unwrap();
    assert_eq!(found.rules[0].values["X"].spans.len(), 300_000);
}
