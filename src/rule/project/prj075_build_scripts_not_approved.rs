//! PRJ075: dependencies with install scripts that pnpm 11 wants approved.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::platform::toolbox::release;
use crate::project::lockfile::Lock;
use crate::project::path::{child, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::command;

/// pnpm 11 or 12 is pinned, and `allowBuilds` says nothing about a dependency with an install script.
pub(super) static RULE: Rule = Rule {
    id: "PRJ075",
    name: "build-scripts-not-approved",
    summary: "pnpm 11 stops at install scripts that nobody has approved",
    docs: "\
## What happens

The installation ends with an error that lists the packages whose scripts were passed over.

## Why

pnpm 10 only warned about install scripts that nobody has approved. Since pnpm 11 the installation fails, and \
the answers are read from `allowBuilds` in `pnpm-workspace.yaml`; `onlyBuiltDependencies` and the field `pnpm` \
of `package.json` are no longer read.

## How to mend it

Write every such package into `allowBuilds`, with `true` or `false`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/ConservationMetrics/gc-explorer/issues/628", "2026-11-21"),
        observed("https://github.com/jamezrin/lurkloot/pull/54", "2026-11-21"),
        observed("https://github.com/nhost/nhost/issues/4409", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in job.installations.iter().filter(|it| it.manager == "pnpm" && !it.ignores_scripts()) {
        judge(job, installation, out);
    }
}

fn judge(job: &Job<'_>, installation: &Installation, out: &mut Sink) {
    let known = |major: &u64| release::approves_builds(*major);
    let (Some(major), Some(file)) = (installation.major.filter(known), &installation.lock) else { return };
    let Lock::Pnpm(lock) = &file.lock else { return };
    let root = parent(&file.path).unwrap_or_default();
    let path = child(root, "pnpm-workspace.yaml");
    let text = job.snapshot.text(&path).unwrap_or_default();
    let is_off = |line: &str| {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        line == "strictDepBuilds:false" || line == "dangerouslyAllowAllBuilds:true"
    };
    let by_setting = installation.setting("strict-dep-builds") == Some("false")
        || installation.setting("dangerously-allow-all-builds") == Some("true");
    if text.lines().any(is_off) || by_setting {
        return;
    }
    let Some(answered) = answered(&text) else { return };
    let has_script = |(name, version): &&(String, String)| release::has_build_script(name, version);
    let names = lock.releases.iter().filter(has_script).map(|(name, _)| name.as_str());
    let mut missing: Vec<&str> = names.filter(|name| !answered.iter().any(|known| known == name)).collect();
    missing.dedup();
    let Some(first) = missing.first() else { return };
    let list: Vec<String> = missing.iter().map(|name| format!("\"{name}\"")).collect();
    let finding = RULE
        .finding(format!("pnpm {major} wants to know whether the install scripts of {} may run", list.join(", ")))
        .severity(command::severity(job))
        .log_line(format!("ERR_PNPM_IGNORED_BUILDS  Ignored build scripts: {first}@"))
        .help("answer with true or false in \"allowBuilds\" of \"pnpm-workspace.yaml\"");
    let finding = match super::manager::pin(job, &installation.dir, "pnpm") {
        Some(pin) => finding.at_path(file.path.clone()).at(pin.span).label("wants answers"),
        None => finding.at_path(file.path.clone()),
    };
    out.report(finding.maybe_fix(fix(job, &path, &text, &missing)));
}

/// The packages that `allowBuilds` has an answer for; none when it is written in a way that is not read here.
fn answered(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.trim_start().starts_with('#')) {
        if !line.starts_with([' ', '\t']) {
            is_inside = line.starts_with("allowBuilds:");
            if is_inside && line.len() > "allowBuilds:".len() {
                return None;
            }
        } else if is_inside {
            let (name, _) = line.trim().rsplit_once(':')?;
            let name = name.trim().trim_matches(['"', '\'']);
            found.push(crate::project::lockfile::yarn::name(name).to_owned());
        }
    }
    Some(found)
}

/// Writes the answers: behind the key that is there, at the end of the file, or into a new one.
fn fix(job: &Job<'_>, path: &str, text: &str, missing: &[&str]) -> Option<Fix> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let line =
        |name: &&str| if name.starts_with('@') { format!("  \"{name}\": true") } else { format!("  {name}: true") };
    let lines: Vec<String> = missing.iter().map(line).collect();
    let lines = lines.join(newline);
    let title = "let their install scripts run".to_owned();
    if !job.snapshot.is_file(path) {
        return Some(Fix::create(Applicability::Review, title, path, format!("allowBuilds:\n{lines}\n")));
    }
    let (file, source) = job.open(path)?;
    let text = source.text.as_str();
    let (at, added) = match text.find("allowBuilds:").filter(|at| *at == 0 || text[..*at].ends_with('\n')) {
        Some(at) => (at + "allowBuilds:".len(), format!("{newline}{lines}")),
        None if text.is_empty() || text.ends_with('\n') => {
            (text.len(), format!("allowBuilds:{newline}{lines}{newline}"))
        }
        None => (text.len(), format!("{newline}allowBuilds:{newline}{lines}{newline}")),
    };
    Some(Fix::replace(Applicability::Review, title, Span::new(file, at, at), added))
}
