//! What is left on the machine: the log, the job's summary, the outputs for later steps, the report files.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::CliError;
use crate::pull::outlook::Outcome;
use crate::pull::{Inspection, command, limit, summary};
use crate::report::markdown::SUMMARY_LIMIT;
use crate::report::{FORMATS, Report, SiteReport, Style};
use crate::rule::finding::Level;
use crate::text::escape;

use super::examine::Examined;
use super::setting::{Settings, Variables};
use super::tell::Told;

pub(super) fn skipped(variables: &Variables) -> Result<(), CliError> {
    write_outputs(variables, &[("verdict", Outcome::Skipped.name().to_owned())])
}

/// Writes everything, and returns the log.
pub(super) fn write(
    settings: &Settings,
    variables: &Variables,
    examined: Vec<Examined>,
    told: &Told,
    outcome: Outcome,
) -> Result<String, CliError> {
    let inspections: Vec<Inspection> = examined.into_iter().map(|one| one.inspection).collect();
    let mut log = String::new();
    for (inspection, remarks) in inspections.iter().zip(&told.remarks) {
        log.push_str(&command::log(inspection, remarks));
    }
    let summary = job_summary(&inspections, told);
    append(variables.get("GITHUB_STEP_SUMMARY"), &summary)?;
    let patch: String = inspections.iter().map(summary::patch).collect();
    let count = |level| told.remarks.iter().flatten().filter(|remark| remark.level() == level).count().to_string();
    let healed = told.remarks.iter().flatten().filter(|remark| remark.repair.is_ready()).count();
    let files = write_files(settings.report_path.as_deref(), inspections, &patch, &summary)?;
    let page = |page: &Option<String>| page.clone().unwrap_or_default();
    let mut outputs = vec![
        ("verdict", outcome.name().to_owned()),
        ("errors", count(Level::Error)),
        ("warnings", count(Level::Warning)),
        ("notes", count(Level::Note)),
        ("healed", healed.to_string()),
        ("check-run-url", page(&told.check_run)),
        ("review-url", page(&told.review)),
        ("heal-commit", page(&told.commit)),
        ("heal-pull-request", page(&told.pull_request)),
        ("certificate", told.certificate.as_ref().map(|path| path.display().to_string()).unwrap_or_default()),
        ("sinks", told.sinks.clone()),
    ];
    outputs.extend(files);
    write_outputs(variables, &outputs)?;
    for note in &told.notes {
        log.push_str(&format!("::notice title=Chimera::{}\n", escape::command_message(note)));
    }
    log.push_str(&told.commands);
    log.push_str(&format!("told: {}\n", told.sinks));
    Ok(log)
}

fn job_summary(inspections: &[Inspection], told: &Told) -> String {
    let mut out = String::new();
    for (inspection, remarks) in inspections.iter().zip(&told.remarks) {
        if inspections.len() > 1 {
            out.push_str(&format!("## {}\n\n", escape::code(inspection.folder())));
        }
        out.push_str(&summary::render(inspection, remarks, SUMMARY_LIMIT / inspections.len()));
    }
    for note in &told.notes {
        out.push_str(&format!("{}\n\n", escape::prose(note)));
    }
    limit::lines(&out, SUMMARY_LIMIT, "… the rest is in the report files.")
}

/// Appends to a file that the runner named.
fn append(path: Option<&str>, text: &str) -> Result<(), CliError> {
    let Some(path) = path else { return Ok(()) };
    let written = OpenOptions::new().create(true).append(true).open(path);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| cannot(Path::new(path), &error))
}

fn cannot(path: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be written: {error}", path.display()))
}

/// Outputs are single lines, so that none of them can begin another.
fn write_outputs(variables: &Variables, outputs: &[(&str, String)]) -> Result<(), CliError> {
    let text: String = outputs.iter().map(|(name, value)| format!("{name}={}\n", escape::line(value))).collect();
    append(variables.get("GITHUB_OUTPUT"), &text)
}

type Files = Vec<(&'static str, String)>;

/// Writes the report files; the outputs that name them.
fn write_files(
    folder: Option<&Path>,
    inspections: Vec<Inspection>,
    patch: &str,
    summary: &str,
) -> Result<Files, CliError> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    let report = report(inspections);
    let rendered = |name: &str| {
        let format = FORMATS.iter().find(|format| format.name == name);
        format.map(|format| (format.render)(&report, Style::default())).unwrap_or_default()
    };
    let wanted = [
        ("report", "report.json", rendered("json")),
        ("sarif", "report.sarif", rendered("sarif")),
        ("patch", "heal.patch", patch.to_owned()),
        ("", "summary.md", summary.to_owned()),
    ];
    let mut outputs = Vec::new();
    for (output, name, text) in wanted {
        let path: PathBuf = folder.join(name);
        if text.is_empty() {
            // What an earlier run has left would be taken for this one's.
            let _ = fs::remove_file(&path);
            continue;
        }
        fs::write(&path, text).map_err(|error| cannot(&path, &error))?;
        if !output.is_empty() {
            outputs.push((output, path.display().to_string()));
        }
    }
    Ok(outputs)
}

fn report(inspections: Vec<Inspection>) -> Report {
    let mut report = Report::default();
    for inspection in inspections {
        let (root, prefix) = (inspection.folder().to_owned(), inspection.prefix.clone());
        report.notices.extend(inspection.notices);
        let sites = inspection.healing.before.into_iter();
        report.sites.extend(sites.map(|verdict| SiteReport {
            root: root.clone(),
            prefix: prefix.clone(),
            verdict,
            milliseconds: None,
        }));
    }
    report
}
