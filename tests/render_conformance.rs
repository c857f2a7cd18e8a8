//! Every Blueprint of the shared corpus against its label: what npm's `yaml` and `ajv` say of it.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the counters are what this test is for")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chimera::platform::render::schema;
use chimera::text::source::Source;
use chimera::text::span::{FileId, Span};
use chimera::text::yaml;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    let trials = support::shared("render/corpus").map(|root| Trial::test("shared corpus", move || compare_all(&root)));
    libtest_mimic::run(&arguments, trials.into_iter().collect()).exit();
}

/// Folders with a label, in order.
fn cases(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        if folder.join("expected.json").is_file() {
            found.push(folder);
            continue;
        }
        let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        open.extend(entries.filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

/// How many of the cases agree in one respect.
#[derive(Default)]
struct Counter {
    agreeing: usize,
    all: usize,
}

impl Counter {
    fn add(&mut self, agrees: bool) {
        self.agreeing += usize::from(agrees);
        self.all += 1;
    }

    fn print(&self, name: &str) {
        println!("{name:<34} {} of {}", self.agreeing, self.all);
    }
}

type Places = BTreeSet<(String, u64)>;

fn labelled(errors: &Value) -> Places {
    let place =
        |error: &Value| (error["path"].as_str().unwrap_or_default().to_owned(), error["line"].as_u64().unwrap());
    errors.as_array().unwrap().iter().map(place).collect()
}

fn compare_all(root: &Path) -> Result<(), Failed> {
    let (mut yaml_ok, mut yaml_lines, mut valid, mut errors) =
        (Counter::default(), Counter::default(), Counter::default(), Counter::default());
    let mut faults = Vec::new();
    for case in cases(root) {
        let label: Value = serde_json::from_slice(&std::fs::read(case.join("expected.json")).unwrap()).unwrap();
        let path = case.join("files").join(label["blueprint"].as_str().unwrap());
        let source = Source::new("render.yaml", true, std::fs::read_to_string(path).unwrap());
        let line = |span: Span| u64::from(source.position(span.start).line);
        let document = yaml::parse(&source.text, FileId(0));
        let is_ok = label["yaml"]["ok"] == Value::Bool(true);
        yaml_ok.add(document.is_ok() == is_ok);
        if !is_ok {
            let ours: Places = document.errors.iter().map(|error| (String::new(), line(error.span))).collect();
            let theirs = labelled(&label["yaml"]["errors"]);
            yaml_lines.add(ours == theirs);
            if ours != theirs {
                faults.push(format!("{}: lines {ours:?}, labelled {theirs:?}", case.display()));
            }
            continue;
        }
        let judgement = schema::judge(&document, &source.text, FileId(0));
        let agrees = Value::Bool(judgement.is_valid) == label["schemaValid"];
        valid.add(agrees);
        let ours: Places = judgement.violations.iter().map(|it| (it.path.clone(), line(it.place))).collect();
        let theirs = labelled(&label["schemaErrors"]);
        theirs.union(&ours).for_each(|place| errors.add(ours.contains(place) && theirs.contains(place)));
        if ours != theirs || !agrees {
            let more: Vec<_> = ours.difference(&theirs).collect();
            let less: Vec<_> = theirs.difference(&ours).collect();
            faults.push(format!("{}: only ours {more:?}, only labelled {less:?}", case.display()));
        }
    }
    yaml_ok.print("yaml: accepted or not");
    yaml_lines.print("yaml: lines of the errors");
    valid.print("schema: valid or not");
    errors.print("schema: violations by path and line");
    match () {
        () if yaml_ok.all == 0 => Err("the corpus is empty".into()),
        () if !faults.is_empty() => Err(faults.join("\n").into()),
        () => Ok(()),
    }
}
