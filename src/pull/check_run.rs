//! A check run: the verdict on a commit, with annotations at the lines that it is about.

use serde::Serialize;

use crate::rule::finding::Level;
use crate::text::escape;

use super::outlook::{self, Threshold};
use super::remark::{Remark, Repair};
use super::{Inspection, RULESET, limit, summary};

/// The name that all our check runs begin with.
pub const NAME: &str = "Chimera: certify";

/// What is said about one folder of a commit.
#[derive(Debug, Clone)]
pub struct CheckRun {
    /// The name that people see.
    pub name: String,
    /// Same for the same folder, commit and rules.
    pub external_id: String,
    /// The commit.
    pub head: String,
    /// The verdict, as GitHub says it.
    pub conclusion: &'static str,
    /// The verdict in words.
    pub title: String,
    /// The long form, in Markdown.
    pub summary: String,
    /// What the rules are about, in Markdown.
    pub text: String,
    /// What stands at lines, worst first.
    pub annotations: Vec<Annotation>,
    /// The remarks that have an annotation or a row of the table.
    pub told: usize,
}

/// A remark at its lines, in the shape of GitHub's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// The file, from the top of the repository.
    pub path: String,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// `notice`, `warning` or `failure`.
    pub annotation_level: &'static str,
    /// What is wrong.
    pub message: String,
    /// The rule.
    pub title: String,
    /// What is known beyond it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub raw_details: String,
}

/// Writes a check run.
#[must_use]
pub fn check_run(
    inspection: &Inspection,
    remarks: &[Remark],
    head: &str,
    threshold: Threshold,
    is_alone: bool,
) -> CheckRun {
    let sites = &inspection.healing.before;
    let outcome = outlook::outcome(sites, threshold);
    let annotations: Vec<Annotation> = remarks.iter().filter_map(annotation).collect();
    CheckRun {
        name: name(inspection.folder(), is_alone),
        external_id: external_id(inspection.folder(), head),
        head: head.to_owned(),
        conclusion: outlook::conclusion(outcome, threshold),
        title: outlook::title(inspection, remarks),
        summary: summary::render(inspection, remarks, limit::CHECK_TEXT),
        text: summary::explanations(remarks, limit::CHECK_TEXT),
        annotations,
        told: remarks.len(),
    }
}

fn name(folder: &str, is_alone: bool) -> String {
    if is_alone { NAME.to_owned() } else { format!("{NAME} ({})", escape::line(folder)) }
}

fn external_id(folder: &str, head: &str) -> String {
    format!("{folder}:{head}:{RULESET}")
}

/// A remark as an annotation; none when there is no file that it could stand at.
#[must_use]
pub fn annotation(remark: &Remark) -> Option<Annotation> {
    let path = remark.path.clone()?;
    let (start_line, end_line) = remark.lines.unwrap_or((1, 1));
    let annotation_level = match remark.level() {
        Level::Error => "failure",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let title = format!("{} {} on {}", remark.rule.id, remark.rule.name, outlook::listed(&remark.platforms));
    let mut details: Vec<String> = remark.details.iter().map(|detail| escape::line(detail).into_owned()).collect();
    if let Repair::Person(title) = &remark.repair {
        details.push(format!("to do: {}", escape::line(title)));
    }
    Some(Annotation {
        path,
        start_line,
        end_line,
        annotation_level,
        message: limit::lines(&escape::line(&remark.message), limit::ANNOTATION_TEXT, "…"),
        title: limit::characters(&title, limit::ANNOTATION_TITLE),
        raw_details: limit::lines(&details.join("\n"), limit::ANNOTATION_TEXT, "…"),
    })
}

/// What is said about several folders, as one: the worst of them gives the title.
#[must_use]
pub fn joined(runs: Vec<CheckRun>) -> CheckRun {
    let mut runs = runs.into_iter();
    let Some(mut all) = runs.next() else { return unfinished("", "", "nothing was looked at", true) };
    for run in runs {
        if run.conclusion == "failure" && all.conclusion != "failure" {
            (all.title, all.conclusion) = (run.title, run.conclusion);
        }
        all.summary = limit::lines(&format!("{}\n{}", all.summary, run.summary), limit::CHECK_TEXT, "…");
        all.annotations.extend(run.annotations);
        all.told += run.told;
    }
    all
}

/// The check run of a run that could not finish; a run that does takes its place.
#[must_use]
pub fn unfinished(folder: &str, head: &str, reason: &str, is_alone: bool) -> CheckRun {
    let title = format!("Chimera could not finish: {}", escape::line(reason));
    CheckRun {
        name: name(folder, is_alone),
        external_id: external_id(folder, head),
        head: head.to_owned(),
        conclusion: "failure",
        title: limit::characters(&title, limit::CHECK_TITLE),
        summary: format!("{}. Nothing is known about the deploy.\n", escape::prose(reason)),
        text: String::new(),
        annotations: Vec::new(),
        told: 0,
    }
}
