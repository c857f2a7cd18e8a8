//! The JSON report against its published schema, on every fixture of every rule.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use boon::{Compiler, Schemas};
use chimera::report::{Report, SiteReport, json};
use serde_json::Value;
use support::case::{self, Case};

fn compiled() -> (Schemas, boon::SchemaIndex) {
    let text = include_str!("../docs/schema/report.schema.json");
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.add_resource("https://example.org/report", serde_json::from_str::<Value>(text).unwrap()).unwrap();
    let index = compiler.compile("https://example.org/report", &mut schemas).unwrap();
    (schemas, index)
}

fn documents() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let variants = case::folders(&root)
        .into_iter()
        .flat_map(|rule| case::folders(&rule).into_iter().map(move |variant| (rule.clone(), variant)));
    variants
        .map(|(rule, variant)| {
            let verdict = Case::read(&rule, &variant.file_name().unwrap().to_string_lossy()).verdict();
            let site = SiteReport { root: ".".to_owned(), prefix: String::new(), verdict, milliseconds: Some(0.5) };
            let report = Report { sites: vec![site], notices: vec!["a notice".to_owned()], ..Report::default() };
            (variant.display().to_string(), json::document(&report))
        })
        .collect()
}

#[test]
fn every_report_obeys_the_published_schema() {
    let (schemas, index) = compiled();
    let documents = documents();
    assert!(documents.len() > 3, "there are fixtures");
    for (name, document) in documents {
        if let Err(error) = schemas.validate(&document, index) {
            unreachable!("{name}: {error}");
        }
    }
}

#[test]
fn the_schema_is_strict_enough_to_reject_a_misspelt_key() {
    let (schemas, index) = compiled();
    let (_, mut document) = documents().swap_remove(0);
    document["sites"][0]["statuss"] = Value::from("pass");
    assert!(schemas.validate(&document, index).is_err());
}
