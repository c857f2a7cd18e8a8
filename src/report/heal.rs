//! What healing came to, for people and programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::heal::{Applied, Healing, Refused, Reverted, Subject, Write};
use crate::project::path;
use crate::rule::finding::Level;
use crate::text::escape;
use crate::verdict::{SiteVerdict, Status};

use super::Style;
use super::human::{Paint, notices, plural};
use super::{diff, mask};

/// Version of the shape: the first number changes when something is taken away or means something else.
pub const SCHEMA_VERSION: &str = "1.0";

/// Address of the published schema.
pub const SCHEMA_URI: &str = concat!(env!("CARGO_PKG_NAME"), ":schema/heal/1");

/// What a run of healing came to, and what was done with it.
#[derive(Debug)]
pub struct HealReport<'a> {
    /// The repository, as it was named by the caller.
    pub root: String,
    /// Path from the top of the work tree to the repository's root that was looked at.
    pub prefix: String,
    /// What came of it.
    pub healing: &'a Healing,
    /// Whether the files were written.
    pub is_written: bool,
    /// Where a patch was written to.
    pub patch: Option<String>,
    /// What a reader should know about the repository as a whole.
    pub notices: Vec<String>,
}

impl HealReport<'_> {
    /// The diffs of all files: a patch, without the secrets that stand in it.
    #[must_use]
    pub fn patch_text(&self, colour: bool) -> String {
        let files = self.healing.files.iter();
        let text: String =
            files.map(|file| diff::unified(file, &self.healing.fixes_applied, &self.prefix, colour)).collect();
        self.masked(&text)
    }

    /// A text without the secrets that were found.
    fn masked(&self, text: &str) -> String {
        mask::masked(text, &self.healing.secrets)
    }
}

/// The report for people.
#[must_use]
pub fn human(report: &HealReport<'_>, style: Style) -> String {
    let healing = report.healing;
    let paint = Paint(style.colour);
    let mut out = notices(&report.notices);
    let patch = report.patch_text(style.colour);
    if !patch.is_empty() {
        out.push_str(&patch);
        out.push('\n');
    }
    healing.fixes_applied.iter().for_each(|applied| out.push_str(&healed(applied, paint)));
    healing.reverted.iter().for_each(|reverted| out.push_str(&taken_back(reverted, paint)));
    healing.refused.iter().for_each(|refused| out.push_str(&left(refused, paint)));
    if !(healing.fixes_applied.is_empty() && healing.refused.is_empty() && healing.reverted.is_empty()) {
        out.push('\n');
    }
    for before in &healing.before {
        let after = healing.after().iter().find(|after| is_same(before, after));
        out.push_str(&format!("before  {}\n", verdict(before, paint)));
        if let Some(after) = after.filter(|_| healing.healed.is_some()) {
            out.push_str(&format!("after   {}\n", verdict(after, paint)));
        }
    }
    out.push_str(&summary(report));
    escape::lines(out)
}

fn is_same(one: &SiteVerdict, other: &SiteVerdict) -> bool {
    one.platform.name == other.platform.name && one.name == other.name
}

fn place(subject: &Subject) -> String {
    match (&subject.path, subject.line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        (Some(path), None) => path.clone(),
        (None, _) => subject.site.clone(),
    }
}

fn head(word: &str, subject: &Subject) -> String {
    format!("{word} {}[{}]: {}\n", subject.severity.level().name(), subject.rule.id, subject.message)
}

fn healed(applied: &Applied, paint: Paint) -> String {
    let word = paint.green("healed");
    let trust = applied.applicability.name();
    format!("{}  {}: {} ({trust})\n", head(&word, &applied.subject), place(&applied.subject), applied.title)
}

fn taken_back(reverted: &Reverted, paint: Paint) -> String {
    let word = paint.yellow("taken back");
    let title = &reverted.title;
    format!(
        "{}  {}: {title}, attempt {}: {}\n",
        head(&word, &reverted.subject),
        place(&reverted.subject),
        reverted.attempt,
        reverted.reason
    )
}

fn left(refused: &Refused, paint: Paint) -> String {
    let word = paint.red("left");
    let title = refused.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
    format!("{}  {}: {title}{}\n", head(&word, &refused.subject), place(&refused.subject), refused.reason)
}

fn verdict(site: &SiteVerdict, paint: Paint) -> String {
    let status = match site.status {
        Status::Pass => paint.green("PASS"),
        Status::Fail => paint.red("FAIL"),
        Status::Unknown => paint.yellow("UNKNOWN"),
    };
    let stage = site.stage.map(|stage| format!(" at stage {}", stage.name())).unwrap_or_default();
    let count = |level| site.at_level(level).count();
    let errors = plural(count(Level::Error), "error");
    format!(
        "{status}{stage}  {} on {}: {errors}, {}",
        site.name,
        site.platform.title,
        plural(count(Level::Warning), "warning")
    )
}

fn summary(report: &HealReport<'_>) -> String {
    let healing = report.healing;
    let mut out = format!(
        "{}, {} left",
        plural(healing.fixes_applied.len(), "repair"),
        plural(healing.refused.len(), "finding"),
    );
    if healing.is_out_of_time {
        out.push_str("; the time was over before the work");
    }
    let files = plural(healing.files.len(), "file");
    let what = match (healing.files.is_empty(), report.is_written) {
        (true, _) => "nothing to write".to_owned(),
        (false, true) => format!("{files} written"),
        (false, false) => format!("nothing is written: --write changes {files}"),
    };
    let _ = write!(out, "; {what}");
    if let Some(patch) = &report.patch {
        let _ = write!(out, "; the patch is in {patch}");
    }
    out + "\n"
}

/// The report for programs. Its shape is published in `docs/schema/heal.schema.json`.
#[must_use]
pub fn json(report: &HealReport<'_>) -> Value {
    let healing = report.healing;
    let sites = healing.before.iter().map(|before| {
        let after = healing.after().iter().find(|after| is_same(before, after));
        json!({
            "name": before.name,
            "platform": before.platform.name,
            "context": before.context,
            "before": state(before),
            "after": after.map(state),
        })
    });
    let files = healing.files.iter().map(|file| {
        let (before, after) = file.digests();
        let before = before.map(|digest| json!({"sha3_256": digest, "bytes": file.before.as_ref().map(|it| it.len())}));
        json!({
            "path": path::display(&file.path),
            "renamed_from": file.from,
            "before": before,
            "after": {"sha3_256": after, "bytes": file.after.len()},
        })
    });
    json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")},
        "notices": report.notices,
        "root": report.root,
        "written": report.is_written,
        "out_of_time": healing.is_out_of_time,
        "attempts": healing.attempts,
        "sites": sites.collect::<Vec<_>>(),
        "fixes_applied": healing.fixes_applied.iter().map(|it| applied(it, report)).collect::<Vec<_>>(),
        "refused": healing.refused.iter().map(refused).collect::<Vec<_>>(),
        "reverted": healing.reverted.iter().map(reverted).collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "patch": report.patch_text(false),
    })
}

fn state(site: &SiteVerdict) -> Value {
    json!({
        "status": site.status.name(),
        "deploy": site.deploy.name(),
        "stage": site.stage.map(crate::sim::stage::Stage::name),
        "errors": site.at_level(Level::Error).count(),
        "warnings": site.at_level(Level::Warning).count(),
    })
}

fn finding(subject: &Subject) -> Value {
    json!({
        "fingerprint": subject.fingerprint,
        "rule": subject.rule.id,
        "name": subject.rule.name,
        "severity": subject.severity.name(),
        "level": subject.severity.level().name(),
        "message": subject.message,
        "platform": subject.platform,
        "site": subject.site,
        "path": subject.path,
        "line": subject.line,
    })
}

fn applied(applied: &Applied, report: &HealReport<'_>) -> Value {
    let edit = |write: &Write| {
        let range = write.range.as_ref();
        json!({
            "kind": match (range, &write.from) {
                (Some(_), _) => "edit",
                (None, Some(_)) => "rename",
                (None, None) => "create",
            },
            "path": write.path,
            "from": write.from,
            "line": write.line,
            "start": range.map(|range| range.start),
            "end": range.map(|range| range.end),
            "text": report.masked(&write.text),
        })
    };
    json!({
        "finding": finding(&applied.subject),
        "title": applied.title,
        "applicability": applied.applicability.name(),
        "attempt": applied.attempt,
        "edits": applied.writes.iter().map(edit).collect::<Vec<_>>(),
    })
}

fn refused(refused: &Refused) -> Value {
    json!({
        "finding": finding(&refused.subject),
        "title": refused.title,
        "reason": refused.reason.name(),
        "explanation": refused.reason.to_string(),
    })
}

fn reverted(reverted: &Reverted) -> Value {
    json!({
        "finding": finding(&reverted.subject),
        "title": reverted.title,
        "attempt": reverted.attempt,
        "explanation": reverted.reason.to_string(),
    })
}
