//! RND002: the Blueprint is not YAML.

use std::cmp::Ordering;

use super::yaml_repair::{self, Choice};
use crate::platform::render::schema;
use crate::platform::render::site::RenderSite;
use crate::project::path;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;
use crate::text::edit::{self, Edit};
use crate::text::span::{FileId, Span};
use crate::text::yaml::{self, ErrorKind};

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

/// Of two values the one that the schema takes, or that the files allow: nothing builds an image without a Dockerfile.
fn decided(site: &RenderSite<'_>, text: &str, key: Span) -> Option<Fix> {
    let choices = yaml_repair::choices(text, key)?;
    let violations = |edits: &[Edit]| {
        let text = edit::apply(text, edits).ok()?;
        let document = yaml::parse(&text, FileId::NONE);
        document.errors.is_empty().then(|| schema::judge(&document, &text, FileId::NONE).violations.len())
    };
    let [first, second] = &choices;
    let name = text.get(key.range())?;
    let counts = (violations(&first.edits)?, violations(&second.edits)?);
    let (kept, why) = match counts.0.cmp(&counts.1) {
        Ordering::Less => (first, "Render does not take the other value"),
        Ordering::Greater => (second, "Render does not take the other value"),
        Ordering::Equal if matches!(name, "env" | "runtime") => {
            let is_image = |choice: &Choice<'_>| choice.value == "docker";
            let has_dockerfile = site.snapshot.entries().iter().any(|entry| {
                let name = path::name(&entry.path).to_ascii_lowercase();
                name.contains("dockerfile") || name.contains("containerfile")
            });
            let kept = match (is_image(first), is_image(second)) {
                (true, false) if !has_dockerfile => second,
                (false, true) if !has_dockerfile => first,
                _ => return None,
            };
            (kept, "the repository has no Dockerfile")
        }
        Ordering::Equal => return None,
    };
    let title = format!("keep \"{name}: {}\"; {why}", kept.value);
    Some(Fix::edits(Applicability::Review, title, site.file, kept.edits.clone()))
}

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let errors = &site.document.errors;
    let text = site.sources.get(site.file).map_or("", |source| source.text.as_str());
    for (number, error) in errors.iter().enumerate() {
        let fix = (number < MAX_REPAIRS).then(|| yaml_repair::propose(text, site.file, errors, error)).flatten();
        let fix = fix.or_else(|| {
            (number < MAX_REPAIRS && error.kind == ErrorKind::DuplicateKey)
                .then(|| decided(site, text, error.span))
                .flatten()
        });
        out.report(RULE.finding(error.message.clone()).at(error.span).log_line("there was an issue").maybe_fix(fix));
    }
}
