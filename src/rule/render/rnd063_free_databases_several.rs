//! RND063: more than one free database.

use crate::platform::render::blueprint::Resource;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// The Blueprint asks for more than one free database.
pub(super) static RULE: Rule = Rule {
    id: "RND063",
    name: "free-databases-several",
    summary: "There are several free databases, and a workspace has one",
    docs: "\
## What happens

The sync makes the first database and fails at the second.

## Why

A workspace has one free Postgres database at a time.

## How to mend it

Keep one, with several schemas in it, or give the others a paid plan such as basic-256mb.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/free", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-deploy/references/configuration-guide.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let databases = &site.blueprint.databases;
    let is_free = |database: &&Resource| database.value("plan").eq_ignore_ascii_case("free");
    let mut free = databases.iter().filter(is_free).filter_map(|database| Some((database, database.text("plan")?)));
    let Some((first, plan)) = free.next() else { return };
    for (database, other) in free.filter(|(database, _)| database.name() != first.name()) {
        let editor = Editor::of(site);
        let change = editor.set(remark::whole(database), "plan", "basic-256mb");
        let fix = editor.fix(Applicability::Review, "set \"plan\" to \"basic-256mb\", which costs money", [change]);
        let message = format!(
            "\"{}\" would be a second free database beside \"{}\", and a workspace has one",
            database.name(),
            first.name()
        );
        let finding = RULE.finding(message).at(other.span).related(plan.span, "the first");
        out.report(finding.log_line("cannot have more than one active free tier database").maybe_fix(fix));
    }
}
