//! The formats that other programs show: SARIF against its official schema, workflow commands, Markdown within a limit.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use boon::{Compiler, Schemas};
use chimera::report::anchor::{self, Site};
use chimera::report::markdown::{self, Summary};
use chimera::report::{FORMATS, Report, SiteReport, Style, github, json, sarif};
use serde_json::Value;
use support::case::{self, Case};

fn reports() -> Vec<(String, Report)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let broken = case::folders(&root).into_iter().filter(|rule| rule.join("broken").is_dir());
    broken
        .map(|rule| {
            let verdict = Case::read(&rule, "broken").verdict();
            let site = SiteReport { root: ".".to_owned(), prefix: "site dir".to_owned(), verdict, milliseconds: None };
            (
                rule.display().to_string(),
                Report { sites: vec![site], notices: vec!["a notice".to_owned()], ..Report::default() },
            )
        })
        .collect()
}

fn report_of(files: &[(&str, &str)]) -> Report {
    use chimera::config::Configuration;
    use chimera::project::snapshot::Snapshot;
    use chimera::verdict::registry::{Question, chosen};
    let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
    let (configuration, question) = (Configuration::default(), Question::default());
    let mut report = Report::default();
    for platform in chosen(None, &snapshot, &configuration) {
        for target in (platform.targets)(&snapshot, &question, &configuration) {
            let verdict = (platform.judge)(&snapshot, &target, &configuration);
            report.sites.push(SiteReport { root: ".".to_owned(), prefix: String::new(), verdict, milliseconds: None });
        }
    }
    report
}

/// A site with many findings: `count` redirects that lead nowhere.
fn crowded(count: usize) -> Report {
    let text: String = (0..count).map(|number| format!("/a{number} nowhere{number}\n")).collect();
    report_of(&[
        ("netlify.toml", "[build]\npublish = \"public\"\n"),
        ("public/index.html", "x"),
        ("public/_redirects", &text),
    ])
}

fn findings(report: &Report) -> usize {
    anchor::worst_first(report.sites.iter().map(SiteReport::site)).len()
}

#[test]
fn a_json_report_is_the_text_of_its_document_whoever_renders_the_sites() {
    let mut reports = vec![report_of(&[]), Report::default(), crowded(3)];
    reports.push(Report { notices: vec!["\n  \"sites\": []".to_owned()], ..Report::default() });
    let folders = ["a", "b", "c"].map(|dir| (format!("{dir}/netlify.toml"), "[build]\npublish = \"dist\"\n"));
    reports.push(report_of(&folders.each_ref().map(|(path, text)| (path.as_str(), *text))));
    assert_eq!(reports.last().map(|report| report.sites.len()), Some(3));
    for mut report in reports {
        let expected = serde_json::to_string_pretty(&json::document(&report)).unwrap() + "\n";
        assert_eq!(json::render(&report, Style::default()), expected);
        report.pieces = report.sites.iter().map(json::piece).collect();
        assert_eq!(json::render(&report, Style::default()), expected);
    }
}

#[test]
fn every_sarif_document_obeys_the_official_schema() {
    let text = include_str!("../fixtures/sarif/sarif-schema-2.1.0.json");
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource(sarif::SCHEMA_URI, serde_json::from_str::<Value>(text).unwrap()).unwrap();
    let index = compiler.compile(sarif::SCHEMA_URI, &mut schemas).unwrap();
    let reports = reports();
    assert!(reports.len() > 100, "there are fixtures");
    for (name, report) in &reports {
        if let Err(error) = schemas.validate(&sarif::document(report), index) {
            unreachable!("{name}: {error}");
        }
    }
    let mut document = sarif::document(&reports[0].1);
    document["runs"][0]["results"][0]["levell"] = Value::from("error");
    assert!(schemas.validate(&document, index).is_err(), "the schema sees a misspelt key");
}

#[test]
fn a_result_says_where_from_the_top_of_the_work_tree_and_points_at_its_rule() {
    for (name, report) in reports() {
        let document = sarif::document(&report);
        let run = &document["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let rule = result["ruleIndex"].as_u64().unwrap();
            assert_eq!(
                run["tool"]["driver"]["rules"][usize::try_from(rule).unwrap()]["id"],
                result["ruleId"],
                "{name}"
            );
            let file = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let is_inside = file["uri"].as_str().unwrap().starts_with("site%20dir/");
            assert!(is_inside || file["uri"] == ".", "{name}: {file}");
            assert_eq!(file["uriBaseId"], "%SRCROOT%");
        }
    }
}

#[test]
fn regions_cut_the_very_text_that_the_finding_is_about() {
    let line_of = |text: &str, line: u32| text.split('\n').nth(line as usize - 1).unwrap().to_owned();
    let mut seen = 0;
    for (name, report) in reports() {
        let site = report.sites[0].site();
        for (_, finding, anchor) in anchor::worst_first([site].into_iter()) {
            let chimera::rule::finding::Place::Span(span) = &finding.place else { continue };
            let (Some(source), Some(region)) = (site.verdict.sources.get(span.file), anchor.region) else { continue };
            if region.start.0 != region.end.0 || !source.is_file {
                continue;
            }
            let line = line_of(&source.text, region.start.0);
            let columns = region.start.1 as usize - 1..region.end.1 as usize - 1;
            let cut: String = line.chars().skip(columns.start).take(columns.len()).collect();
            assert_eq!(cut, source.text[span.range()], "{name}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn fingerprints_survive_lines_that_are_added_above() {
    let site = |head: &str| {
        report_of(&[("netlify.toml", &format!("{head}[build]\nbase = \"nowhere\"\n")), ("index.html", "x")])
    };
    let prints = |report: &Report| sarif::document(report)["runs"][0]["results"][0]["partialFingerprints"].clone();
    assert_eq!(prints(&site("")), prints(&site("# a\n# b\n")));
    assert!(prints(&site("")).is_object());
}

#[test]
fn ten_findings_become_annotations_and_the_rest_is_counted_and_listed() {
    let report = crowded(30);
    let all = findings(&report);
    assert!(all >= 30, "{all}");
    let text = github::render(&report, Style::default());
    assert_eq!(text.lines().filter(|line| line.starts_with("::")).count(), 10);
    assert!(text.contains(&format!("and {} more findings:\n", all - 10)), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("  error[") || line.starts_with("  warning[")).count(),
        all - 10
    );
}

#[test]
fn a_summary_keeps_to_its_limit_and_closes_what_it_opens() {
    let report = crowded(300);
    let sites: Vec<Site<'_>> = report.sites.iter().map(SiteReport::site).collect();
    let summary = Summary { sites, notices: &[], repairs: None, fates: Default::default() };
    let whole = markdown::summary(&summary, markdown::SUMMARY_LIMIT);
    assert!(whole.len() > 30_000 && !whole.contains("more |"), "{}", whole.len());
    for limit in (1_000..whole.len()).step_by(997) {
        let text = markdown::summary(&summary, limit);
        assert!(text.len() <= limit, "{limit}: {}", text.len());
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count(), "{limit}");
        let rows = text.lines().filter(|line| line.contains("**NTL")).count();
        assert!(text.contains(&format!("| and {} more |", findings(&report) - rows)), "{limit}: {rows} rows\n{text}");
    }
}

#[test]
fn a_report_without_sites_says_so() {
    let text = markdown::render(&Report::default(), Style::default());
    assert_eq!(text, "**Nothing to check: no site was found.** 0 errors, 0 warnings, 0 notes.\n");
}

#[test]
fn every_format_says_the_same_twice() {
    for format in &FORMATS {
        let render = || (format.render)(&crowded(3), Style::default());
        assert_eq!(render(), render(), "{}", format.name);
    }
}

#[test]
fn what_several_platforms_find_at_one_place_is_told_once() {
    let blueprint = "services:\n  - type: web\n    name: a\n    runtime: static\n    staticPublishPath: public\n";
    let report = report_of(&[
        ("netlify.toml", "[build]\npublish = \"public\"\n"),
        ("render.yaml", blueprint),
        ("public/index.html", "x"),
        ("src/Card.js", "export {}\n"),
        ("src/card.js", "export {}\n"),
    ]);
    let found: usize = report.sites.iter().map(|site| site.verdict.findings.len()).sum();
    assert_eq!((report.sites.len(), found, findings(&report)), (2, 2, 1));
    let text = markdown::render(&report, Style::default());
    assert_eq!(text.matches("**PRJ019**").count(), 1, "{text}");
}

#[test]
fn what_is_missing_hangs_at_the_configuration_that_wants_it() {
    let report = report_of(&[
        ("netlify.toml", "[build]\npublish = \"public\"\ncommand = \"sh build.sh\"\n"),
        ("index.html", "x"),
    ]);
    let sites = report.sites.iter().map(SiteReport::site);
    let anchors: Vec<_> =
        anchor::worst_first(sites).into_iter().map(|(_, finding, anchor)| (finding, anchor)).collect();
    assert!(!anchors.is_empty());
    for (finding, anchor) in anchors {
        assert_eq!(anchor.path.as_deref(), Some("netlify.toml"), "{finding:?}");
    }
}
