//! RND001: the Blueprint is not where Render looks.

use crate::platform::render::site::RenderSite;
use crate::platform::render::{FILE_NAME, site};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// The Blueprint has another name or folder than the one that Render looks for by itself.
pub(super) static RULE: Rule = Rule {
    id: "RND001",
    name: "blueprint-elsewhere",
    summary: "The Blueprint is not where Render looks by itself",
    docs: "\
## What happens

A Blueprint that is connected without a path is not found: \"No render.yaml found\". Services that were made by hand \
are not touched by this.

## Why

Render looks for `render.yaml` at the root of the repository. `render.yml` and `Render.yaml` are other names. A \
Blueprint in another folder is read only if its path was given when it was connected, which no file shows.

## How to mend it

Call it `render.yaml` and put it at the root, or give its path in the dashboard.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/infrastructure-as-code", "2026-11-20"),
        observed("https://github.com/KirixenYT/anime-api/issues/1", "2026-11-20"),
        observed("https://github.com/SMNETSTUDIO/Groq2API/issues/38", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    if site.is_missing {
        if let Some(path) = site::misnamed(site.snapshot) {
            let message = format!("Render does not read \"{path}\"; the Blueprint is called \"{FILE_NAME}\"");
            let help = format!("rename \"{path}\" to \"{FILE_NAME}\"");
            let text = site.snapshot.text(path).ok();
            let title = format!("copy it to \"{FILE_NAME}\"");
            let fix = text.map(|text| Fix::create(Applicability::Review, title, FILE_NAME, text));
            let finding = RULE.finding(message).at_path(path).help(help).log_line("No render.yaml found");
            out.report(finding.maybe_fix(fix));
        }
        return;
    }
    if site.path != FILE_NAME && site.unreadable.is_none() {
        let message = format!(
            "Render looks for \"{FILE_NAME}\" at the root; \"{}\" is read only if its path was given",
            site.path
        );
        let shown =
            Fix::show(format!("run \"git mv {} {FILE_NAME}\", if no path is given in the dashboard", site.path));
        let finding = RULE.finding(message).at_path(&site.path).severity(Severity::Low);
        out.report(finding.log_line("No render.yaml found").fix(shown));
    }
}
