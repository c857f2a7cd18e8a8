//! RND002: the Blueprint is not YAML.

use super::yaml_repair;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;

/// The Blueprint cannot be parsed.
pub(super) static RULE: Rule = Rule {
    id: "RND002",
    name: "blueprint-not-yaml",
    summary: "The Blueprint is not valid YAML or repeats a key",
    docs: "\
## What happens

The sync stops before anything is created or changed; running services stay as they are.

## Why

Render decodes the file strictly: a tab in the indentation, a key that is written twice, an alias without its anchor, a \
second document are errors.

## How to mend it

Mend the line that is named. Indent with spaces, and merge what stands under a key that is there twice.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[docs("https://render.com/docs/blueprint-spec", "2026-11-20")],
    check: Check::Render(check),
};

/// Faults that a repair is looked for.
const MAX_REPAIRS: usize = 20;

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let errors = &site.document.errors;
    let text = site.sources.get(site.file).map_or("", |source| source.text.as_str());
    for (number, error) in errors.iter().enumerate() {
        let fix = (number < MAX_REPAIRS).then(|| yaml_repair::propose(text, site.file, errors, error)).flatten();
        out.report(RULE.finding(error.message.clone()).at(error.span).log_line("there was an issue").maybe_fix(fix));
    }
}
