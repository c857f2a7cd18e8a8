//! GHP013: the published folder holds what cannot be packed or served.

use super::step::{editor, step_before};
use crate::platform::pages::outlet::{Outlet, Way};
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Step, Workflow};
use crate::project::command::Reach;
use crate::project::snapshot::{Mode, Target};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// Links that lead nowhere, and files that nobody else may read.
pub(super) static RULE: Rule = Rule {
    id: "GHP013",
    name: "content-not-packable",
    summary: "The published folder holds links that lead nowhere, or files that Pages may not read",
    docs: "\
## What happens

Packing the artifact stops at a link that leads nowhere. Or the artifact is packed, and the deployment refuses it: \
\"Artifact could not be deployed\".

## Why

`actions/upload-pages-artifact` follows links and packs what they lead to; what does not exist cannot be packed. Since \
version 2 it no longer opens files that only their owner may read; `cargo doc` leaves such a file, `.lock`. From version 4 \
on, files whose names begin with a dot are left out.

## How to mend it

Remove the link, or add what it leads to. Remove `target/doc/.lock` before the upload, or use version 4 or later.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::Publish,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/upload-pages-artifact/blob/main/action.yml", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/303", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/188", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for outlet in site.outlets().iter().filter(|outlet| outlet.way == Way::Artifact) {
        dangling(site, outlet, out);
        locked(site, outlet, out);
    }
}

fn dangling(site: &PagesSite<'_>, outlet: &Outlet, out: &mut Sink) {
    let (Some(folder), Some(place)) = (outlet.folder.as_deref(), outlet.place) else { return };
    let Some(run) = site.runs.get(place.job).filter(|run| run.is_known_before(place.step)) else { return };
    // What is built may be what the link leads to.
    let is_untouched = run.build_before(place.step).events.is_empty();
    let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
    let below = site.snapshot.below(folder).iter();
    let mut links = below.filter(|entry| entry.mode == Mode::Symlink && !is_hidden(&entry.path));
    let broken = links.find(|link| matches!(site.snapshot.target(&link.path), Target::Missing | Target::Loop));
    if let Some(link) = broken.filter(|_| is_untouched) {
        out.report(
            RULE.finding(format!("the link \"{}\" leads nowhere, so that the artifact cannot be packed", link.path))
                .at_path(link.path.to_string())
                .related(outlet.span, "is packed here")
                .log_line("Cannot stat: No such file or directory")
                .fix(Fix::show(format!("run \"git rm {}\", or add what it leads to", link.path))),
        );
    }
}

/// What `cargo doc` leaves in its folder.
fn locked(site: &PagesSite<'_>, outlet: &Outlet, out: &mut Sink) {
    let (Some(place), Some(workflow)) = (outlet.place, &site.workflow) else { return };
    let Some((job, step)) = place.of(workflow) else { return };
    let major = step.action.as_ref().and_then(|action| action.major());
    let is_open = matches!(major, Some(2 | 3));
    let is_doc =
        outlet.folder.as_deref().is_some_and(|folder| folder == "target/doc" || folder.ends_with("/target/doc"));
    let texts = job.steps.iter().filter_map(|step| step.run.as_ref());
    let is_cared_for = texts.into_iter().any(|run| run.value.contains("chmod") || run.value.contains(".lock"));
    let mut calls = site.runs.get(place.job).into_iter().flat_map(|run| run.commands_before(place.step));
    let documents = calls.find_map(|command| {
        let call = command.trace.runs("cargo").find(|call| {
            call.reach == Reach::Certain && call.args.iter().any(|arg| matches!(arg.text.as_str(), "doc" | "rustdoc"))
        })?;
        Some(command.trace.span(call.text, &site.sources, call.program.start, call.program.end))
    });
    let Some(documents) = documents.filter(|_| is_open && is_doc && !is_cared_for) else { return };
    out.report(
        RULE.finding("\"cargo doc\" leaves a file \".lock\" that only its owner may read")
            .at(outlet.span)
            .label("packed as it is")
            .related(documents, "leaves it")
            .severity(Severity::Medium)
            .stage(Stage::Deploy)
            .log_line("Artifact could not be deployed")
            .help("remove \"target/doc/.lock\" before the upload, or use \"actions/upload-pages-artifact@v4\"")
            .maybe_fix(unlocked(site, workflow, (job, step), outlet)),
    );
}

/// Removes the file before the folder is packed.
fn unlocked(site: &PagesSite<'_>, workflow: &Workflow, (job, step): (&Job, &Step), outlet: &Outlet) -> Option<Fix> {
    let folder = outlet.folder.as_deref()?;
    let is_plain = folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.'));
    let node = workflow.step_node(job, step).filter(|_| is_plain)?;
    let change = step_before(site, workflow, node, &[&format!("- run: rm -f {folder}/.lock")]);
    editor(site, workflow).fix(Applicability::Review, format!("remove \"{folder}/.lock\" first"), [change])
}
