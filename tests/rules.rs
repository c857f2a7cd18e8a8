//! Every rule on its fixtures: `fixtures/rules/ID/broken*` must fire, `fixtures/rules/ID/fixed*` must stay silent.
//!
//! `case.json` beside them may hold `site_settings`, `context`, `branch`, `repository`, `default_branch` and, per variant, as `index` entries that a folder
//! cannot carry, as `day` the day of the build, as `many` a folder with a number of files, and as `files` texts that git would act on
//! (`.gitattributes`). `broken*.txt` is the report as people see it; `UPDATE_SNAPSHOTS=1` rewrites it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chimera::report::{Report, SiteReport, Style, human};
use chimera::rule::finding::{Level, Place};
use chimera::rule::fix::{Applicability, Change};
use chimera::rule::registry;
use chimera::verdict::SiteVerdict;
use libtest_mimic::{Arguments, Failed, Trial};

use support::case::{self, Case};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut trials = vec![Trial::test("every rule has fixtures", every_rule_has_fixtures)];
    for folder in case::folders(&root) {
        let id = folder.file_name().unwrap().to_string_lossy().into_owned();
        for variant in case::folders(&folder) {
            let name = variant.file_name().unwrap().to_string_lossy().into_owned();
            let (id, folder) = (id.clone(), folder.clone());
            trials.push(Trial::test(format!("{id}/{name}"), move || run(&id, &folder, &name)));
        }
    }
    trials.extend(support::shared("failures/cases").into_iter().flat_map(|cases| shared_pairs(&cases)));
    libtest_mimic::run(&arguments, trials).exit();
}

fn every_rule_has_fixtures() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let missing: Vec<String> = registry::rules()
        .flat_map(|rule| ["broken", "fixed"].map(|variant| format!("{}/{variant}", rule.id)))
        .filter(|path| !root.join(path).is_dir())
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no fixture folder: fixtures/rules/{missing:?}").into()) }
}

fn run(id: &str, folder: &Path, name: &str) -> Result<(), Failed> {
    let case = Case::read(folder, name);
    let verdict = case.verdict();
    check_spans(&verdict)?;
    check_same_under_crlf(&case, &verdict)?;
    if name.starts_with("broken") {
        check_fires(id, &verdict, None)?;
        check_safe_fixes(id, &case, &verdict)?;
        check_report(&folder.join(format!("{name}.txt")), verdict)
    } else {
        check_silent(&verdict)
    }
}

/// The pairs of the catalogue, which others wrote.
fn shared_pairs(cases: &Path) -> Vec<Trial> {
    let known = |folder: &PathBuf| registry::find(&folder.file_name().unwrap().to_string_lossy()).is_some();
    let is_ours = |folder: &PathBuf| {
        let text = std::fs::read_to_string(folder.join("case.json")).unwrap_or_default();
        let case = serde_json::from_str(&text).unwrap_or_default();
        !text.contains("\"targets\"") || !case::targets(&case).is_empty()
    };
    let trials = case::folders(cases).into_iter().filter(known).filter(is_ours).flat_map(|folder| {
        let id = folder.file_name().unwrap().to_string_lossy().into_owned();
        ["broken", "fixed"].map(|variant| {
            let (id, folder) = (id.clone(), folder.clone());
            Trial::test(format!("shared/{id}/{variant}"), move || {
                let case = Case::read(&folder, variant);
                let verdict = case.verdict();
                if variant == "fixed" {
                    check_silent(&verdict)
                } else {
                    check_fires(&id, &verdict, case.level.as_deref().filter(|_| !is_contradicted(&id)))
                }
            })
        })
    });
    trials.collect()
}

fn check_fires(id: &str, verdict: &SiteVerdict, level: Option<&str>) -> Result<(), Failed> {
    let found: Vec<_> = verdict.findings.iter().filter(|finding| finding.rule.id == id).collect();
    let others: Vec<&str> =
        verdict.at_level(Level::Error).map(|finding| finding.rule.id).filter(|other| *other != id).collect();
    if found.is_empty() {
        return Err(format!("{id} does not fire; found: {:?}", messages(verdict)).into());
    }
    if !others.is_empty() {
        return Err(format!("{others:?} fire at error level too: {:?}", messages(verdict)).into());
    }
    match level {
        Some(level) if !found.iter().any(|finding| finding.level().name() == level) => {
            Err(format!("{id} fires at another level than {level}").into())
        }
        _ => Ok(()),
    }
}

/// Pairs whose level a real build contradicts, with the reason.
const CONTRADICTED: [(&str, &str); 5] = [
    (
        "GHP001",
        "the site may have a domain in the settings, for which Pages reads no file, and is right at the root then",
    ),
    ("PRJ003", "Netlify runs `npm install` first, which writes the lock file that `npm ci` then finds"),
    ("PRJ005", "pnpm 7 passes over a lock file of version 9.0 and goes on (measured)"),
    ("PRJ033", "Bundler adds the missing platform unless it is frozen"),
    ("RND020", "Render takes the old names of a Blueprint"),
];

fn is_contradicted(id: &str) -> bool {
    CONTRADICTED.iter().any(|(known, _)| *known == id)
}

fn check_silent(verdict: &SiteVerdict) -> Result<(), Failed> {
    let loud = verdict.findings.iter().any(|finding| finding.level() >= Level::Warning);
    if loud { Err(format!("not silent: {:?}", messages(verdict)).into()) } else { Ok(()) }
}

fn messages(verdict: &SiteVerdict) -> Vec<String> {
    verdict.findings.iter().map(|finding| format!("{} {}", finding.rule.id, finding.message)).collect()
}

/// Every span lies inside its text, on character boundaries.
fn check_spans(verdict: &SiteVerdict) -> Result<(), Failed> {
    for finding in &verdict.findings {
        let own = if let Place::Span(span) = finding.place { Some(span) } else { None };
        let edits = finding.fixes.iter().flat_map(|fix| &fix.changes).filter_map(|change| match change {
            Change::Edit { span, .. } => Some(*span),
            Change::Create { .. } | Change::Rename { .. } => None,
        });
        for span in own.into_iter().chain(finding.related.iter().map(|label| label.span)).chain(edits) {
            if verdict.sources.slice(span).is_none() {
                return Err(format!("{}: {span:?} does not fit its text", finding.rule.id).into());
            }
        }
    }
    Ok(())
}

/// Windows line ends change nothing.
fn check_same_under_crlf(case: &Case, verdict: &SiteVerdict) -> Result<(), Failed> {
    let ids =
        |verdict: &SiteVerdict| -> BTreeSet<&str> { verdict.findings.iter().map(|finding| finding.rule.id).collect() };
    let other = case.with_crlf().verdict();
    if ids(verdict) == ids(&other) { Ok(()) } else { Err(format!("with CRLF: {:?}", messages(&other)).into()) }
}

/// A safe fix removes its finding and brings no new one of error level.
fn check_safe_fixes(id: &str, case: &Case, verdict: &SiteVerdict) -> Result<(), Failed> {
    for finding in verdict.findings.iter().filter(|finding| finding.rule.id == id) {
        for fix in
            finding.fixes.iter().filter(|fix| fix.applicability == Applicability::Safe && !fix.changes.is_empty())
        {
            let after = case.with_fix(fix, &verdict.sources).verdict();
            let count = |verdict: &SiteVerdict| verdict.findings.iter().filter(|one| one.rule.id == id).count();
            let errors = |verdict: &SiteVerdict| verdict.at_level(Level::Error).count();
            if count(&after) >= count(verdict) || errors(&after) > errors(verdict) {
                return Err(format!("the fix \"{}\" does not help: {:?}", fix.title, messages(&after)).into());
            }
        }
    }
    Ok(())
}

fn check_report(snapshot: &Path, verdict: SiteVerdict) -> Result<(), Failed> {
    let report = Report {
        sites: vec![SiteReport { root: ".".to_owned(), prefix: String::new(), verdict, milliseconds: None }],
        ..Report::default()
    };
    let text = human::render(&report, Style { colour: false, verbose: true });
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(snapshot, &text)?;
    }
    let expected = std::fs::read_to_string(snapshot).unwrap_or_default();
    if text == expected { Ok(()) } else { Err(format!("{} differs; now:\n{text}", snapshot.display()).into()) }
}
