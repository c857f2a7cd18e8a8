//! GHP021: a step works on a folder that is not there.

use super::ghp006_output_not_published::{log, missing, publish};
use super::step::editor;
use crate::platform::pages::publication::CLASSIC_BUILD;
use crate::platform::pages::run::{self, Run};
use crate::platform::pages::site::{PagesSite, Source};
use crate::platform::pages::workflow::{Job, Step, Text, Workflow};
use crate::project::output::fate::Fate;
use crate::project::path::{self, child};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// The folder is neither tracked nor made by a step before.
pub(super) static RULE: Rule = Rule {
    id: "GHP021",
    name: "folder-missing",
    summary: "A step works on a folder that is not in the repository",
    docs: "\
## What happens

The step stops: `No such file or directory @ dir_chdir` for Jekyll, `tar: … Cannot open: No such file or directory` for \
an upload, \"An error occurred trying to start process\" for a command.

## Why

`source`, `path` or `working-directory` names a folder that is neither tracked nor made by a step before. Names are seen \
from the root of the repository, and upper and lower case differ.

## How to mend it

Correct the name, or add the folder.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/jekyll-build-pages/blob/main/entrypoint.sh", "2026-11-21"),
        observed("https://github.com/greenelab/lab-website-template/issues/114", "2026-11-21"),
        observed("https://github.com/monome/norns/issues/1824", "2026-11-21"),
        observed("https://github.com/pharmaverse/datacutr/pull/143", "2026-11-21"),
        observed("https://github.com/nicolas-van/easy-markdown-to-github-pages/issues/9", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    if site.source == Source::Classic {
        return note_docs(site, out);
    }
    let Some(workflow) = &site.workflow else { return };
    for (job, run) in site.relevant().filter_map(|job| Some((workflow.jobs.get(job)?, site.runs.get(job)?))) {
        for (index, step) in job.steps.iter().enumerate().filter(|(_, step)| !step.is_off()) {
            let Some((text, folder)) = named(workflow, job, step) else { continue };
            if is_missing(site, run, index, &folder) && step.is_unconditional() {
                out.report(finding(site, workflow, step, text, &folder));
                return;
            }
        }
    }
    for outlet in site.outlets() {
        let Some((folder, build)) = missing(site, &outlet) else { continue };
        if build.products().next().is_some() {
            continue;
        }
        let message = format!("\"{folder}\" is to be published; git tracks no such folder, and no step makes it");
        let finding = RULE.finding(message).at(outlet.span).label("not there").stage(Stage::Publish);
        let finding = match log(&outlet, &folder) {
            Some(log) => finding.log_line(log),
            None => finding,
        };
        let near = near(site.snapshot, &folder);
        let fix = near.as_ref().and_then(|near| publish(site, &outlet, near, false));
        out.report(match fix {
            Some(fix) => finding.fix(fix),
            None => finding.help("publish a folder that is tracked or built"),
        });
    }
}

/// The folder that a step is told to work in.
fn named<'a>(workflow: &'a Workflow, job: &'a Job, step: &'a Step) -> Option<(&'a Text, String)> {
    let text = if step.uses(CLASSIC_BUILD) {
        step.input("source")?
    } else if step.run.is_some() {
        run::working_directory(workflow, job, step)?
    } else {
        return None;
    };
    Some((text, run::resolved_path(workflow, job, step, text)?))
}

fn is_missing(site: &PagesSite<'_>, run: &Run, step: usize, folder: &str) -> bool {
    !folder.is_empty()
        && run.is_known_before(step)
        && run.reaches(step)
        && !site.snapshot.holds_only_configuration()
        && matches!(run.build_before(step).fate(site.snapshot, &site.sources, folder), Fate::Absent | Fate::File)
}

fn finding(site: &PagesSite<'_>, workflow: &Workflow, step: &Step, text: &Text, folder: &str) -> Finding {
    let is_build = step.uses(CLASSIC_BUILD);
    let what = if is_build { "Jekyll is to build" } else { "a command is to run in" };
    let finding = RULE
        .finding(format!("{what} \"{folder}\"; git tracks no such folder, and no step makes it"))
        .at(text.span)
        .label("not there")
        .log_line(if is_build {
            format!("No such file or directory @ dir_chdir - /github/workspace/{folder}")
        } else {
            "An error occurred trying to start process".to_owned()
        });
    let Some(near) = near(site.snapshot, folder) else { return finding.help("name a folder that is tracked") };
    let editor = editor(site, workflow);
    let written = editor.written(text.span);
    let is_plain = text.plain().is_some() && !written.contains('\n');
    let change = is_plain.then(|| Change::Edit { span: text.span, text: written.replace(folder, &near) });
    finding.maybe_fix(editor.fix(Applicability::Review, format!("name \"{near}\""), [change]))
}

/// The one folder beside it that is called nearly the same.
fn near(snapshot: &Snapshot, folder: &str) -> Option<String> {
    let (dir, name) = (path::parent(folder)?, path::name(folder).to_lowercase());
    let children = snapshot.children(dir);
    let folders = children.iter().filter(|(_, is_dir)| *is_dir).map(|(name, _)| *name);
    let distance = |other: &str| strsim::osa_distance(&name, &other.to_lowercase());
    let mut near = folders.filter(|other| distance(other) <= 1 + name.len() / 6);
    let only = near.next()?;
    near.next().is_none().then(|| child(dir, only))
}

/// Which folder of a branch is published is a setting.
fn note_docs(site: &PagesSite<'_>, out: &mut Sink) {
    if site.snapshot.is_dir("doc") && !site.snapshot.is_dir("docs") && !site.snapshot.is_file("index.html") {
        out.report(
            RULE.finding("Pages publishes a folder of a branch only if it is called \"docs\"")
                .at_path("doc")
                .severity(Severity::Low)
                .help("call it \"docs\" if Pages is to publish it"),
        );
    }
}
