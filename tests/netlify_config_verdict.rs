//! What the configuration engine rejects is predicted to fail at the stage `config`, by one finding; what it accepts
//! is not.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;

use chimera::config::Configuration;
use chimera::platform::netlify::config::Options;
use chimera::platform::netlify::oracle;
use chimera::platform::netlify::site::NetlifySite;
use chimera::project::collect::{self, Scope};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::{Finding, Level};
use chimera::sim::stage::Stage;
use chimera::text::source::Sources;
use chimera::verdict::{self, SiteVerdict, Status};
use serde_json::{Value, json};

/// The engine takes an environment that is no table; the platform around it does not.
const BEYOND_THE_ENGINE: &str = "NTL004";

/// The runs of a case: name and options.
fn runs(folder: &Path) -> Vec<(String, Value)> {
    let Ok(text) = std::fs::read_to_string(folder.join("case.json")) else {
        return vec![(String::new(), json!({}))];
    };
    let case: Value = serde_json::from_str(&text).unwrap();
    let runs = case.get("runs").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![json!({})]);
    let options = |run: &Value| run.get("options").cloned().unwrap_or_else(|| json!({}));
    runs.iter().map(|run| (run["name"].as_str().unwrap_or_default().to_owned(), options(run))).collect()
}

fn expected(folder: &Path, name: &str) -> Option<Value> {
    let file = if name.is_empty() { "expected.json".to_owned() } else { format!("expected.{name}.json") };
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).ok()?).ok()
}

fn verdict(folder: &Path, options: &Value) -> SiteVerdict {
    let snapshot = collect::collect(folder, Scope::Everything).unwrap();
    let line = json!({"dir": "", "options": options}).to_string();
    let given = oracle::parse_case(&line).unwrap().options;
    let options = oracle::options(&given, &std::path::absolute(folder).unwrap().to_string_lossy());
    let site = NetlifySite::with_options(&snapshot, &options, Sources::default());
    verdict::netlify::judge(site, &options.context, &Configuration::default())
}

fn describe(findings: &[&Finding]) -> String {
    findings.iter().map(|finding| format!("{} {}", finding.rule.id, finding.message)).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_verdict_on_every_configuration_is_that_of_the_engine() {
    let Some(corpus) = support::shared("netlify/corpus") else { return };
    let mut problems = Vec::new();
    let mut counts = [0, 0];
    for folder in support::case::folders(&corpus) {
        for (name, options) in runs(&folder) {
            let Some(expected) = expected(&folder, &name) else { continue };
            let verdict = verdict(&folder, &options);
            let is_at_fault = |finding: &&Finding| finding.stage == Stage::Config && finding.level() == Level::Error;
            let found: Vec<&Finding> = verdict.findings.iter().filter(is_at_fault).collect();
            let is_right = if expected["ok"] == true {
                counts[0] += 1;
                found.iter().all(|finding| finding.rule.id == BEYOND_THE_ENGINE)
            } else {
                counts[1] += 1;
                found.len() == 1 && verdict.status == Status::Fail && verdict.stage == Some(Stage::Config)
            };
            if !is_right {
                let slug = folder.file_name().unwrap().to_string_lossy().into_owned();
                problems.push(format!("{slug} {name}: ok {}, found: {}", expected["ok"], describe(&found)));
            }
        }
    }
    assert!(problems.is_empty(), "{} of {counts:?}:\n{}", problems.len(), problems.join("\n"));
    assert!(counts[0] > 1000 && counts[1] > 300, "the corpus is smaller than it was: {counts:?}");
}

/// Cases from this number on are public repositories as they were; those that the engine accepts are taken to build.
const FIRST_REAL: u32 = 2001;

#[test]
fn no_real_site_that_the_engine_accepts_has_a_finding_at_error_level() {
    let Some(corpus) = support::shared("netlify/corpus") else { return };
    let number = |folder: &Path| folder.file_name().and_then(|name| name.to_str()?.get(..4)?.parse::<u32>().ok());
    let (mut seen, mut alarms) = (0, Vec::new());
    for folder in support::case::folders(&corpus).into_iter().filter(|it| number(it) >= Some(FIRST_REAL)) {
        for (name, options) in runs(&folder) {
            if expected(&folder, &name).is_none_or(|expected| expected["ok"] != true) {
                continue;
            }
            seen += 1;
            let verdict = verdict(&folder, &options);
            let found: Vec<&Finding> = verdict.at_level(Level::Error).collect();
            if !found.is_empty() || verdict.status == Status::Fail {
                alarms.push(format!("{} {name}: {}", folder.display(), describe(&found)));
            }
        }
    }
    assert!(alarms.is_empty(), "false alarms on {seen} real sites:\n{}", alarms.join("\n"));
    assert!(seen >= 60, "the corpus is smaller than it was: {seen} real sites");
}

#[test]
fn the_log_is_that_of_the_plugin_which_the_engine_looks_for_first() {
    let text = "[[plugins]]\npackage = \"not-listed\"\n\n[[plugins]]\npackage = \"./plugins/gone\"\n";
    let snapshot =
        Snapshot::in_memory([("netlify.toml", text.as_bytes()), ("index.html", b"<h1>Hello</h1>".as_slice())]);
    let site = NetlifySite::with_options(&snapshot, &Options::default(), Sources::default());
    let verdict = verdict::netlify::judge(site, "production", &Configuration::default());
    assert_eq!(verdict.at_level(Level::Error).map(|finding| finding.rule.id).collect::<Vec<_>>(), ["NTL021", "NTL022"]);
    assert_eq!(verdict.stage, Some(Stage::PluginResolution));
    assert!(verdict.log_line.unwrap().contains("using local path: ./plugins/gone"));
}
