//! RND037: the Dockerfile or its build context is not there.

use super::service::{insert_after, set_value};
use crate::platform::render::blueprint::Service;
use crate::platform::render::service::{Docker, Presence};
use crate::platform::render::site::RenderSite;
use crate::project::path::{display, name, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// `dockerfilePath` or `dockerContext` names what is not tracked.
pub(super) static RULE: Rule = Rule {
    id: "RND037",
    name: "dockerfile-missing",
    summary: "The Dockerfile or the build context of a service does not exist",
    docs: "\
## What happens

The build stops before its first step: the Dockerfile cannot be read, or the context is not found.

## Why

`dockerfilePath` and `dockerContext` are relative to the root of the repository, not to each other. Without \
`dockerfilePath` the file is `./Dockerfile`. Names are compared letter by letter: `dockerfile` is another file.

## How to mend it

Write the path of the Dockerfile from the root of the repository: `dockerfilePath: ./deploy/Dockerfile`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec#docker", "2026-11-20"),
        observed("https://github.com/librefang/librefang/pull/3882", "2026-11-20"),
        observed("https://github.com/dittofeed/dittofeed/issues/1396", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(docker) = plan.docker.as_ref().filter(|_| plan.root.presence == Presence::There) else { continue };
        if docker.path.is_none() && !docker.is_hidden {
            out.report(file_missing(site, service, docker));
        } else if docker.contexts.is_empty() {
            let Some(text) = service.text("dockerContext") else { continue };
            let what = if site.snapshot.is_file(&text.value) { "is a file, not a folder" } else { "does not exist" };
            let message = format!("the build context \"{}\" of \"{}\" {what}", text.value, service.name());
            let finding =
                RULE.finding(message).at(text.span).label("no such folder").log_line("unable to prepare context");
            let folder = meant(site, "").and_then(|file| parent(&file).map(|folder| display(folder).to_owned()));
            let fix = folder.and_then(|folder| {
                let title = format!("set \"dockerContext\" to \"{folder}\", where the Dockerfile is");
                set_value(site, Applicability::Review, title, text, &folder)
            });
            out.report(finding.maybe_fix(fix));
        }
    }
}

fn file_missing(site: &RenderSite<'_>, service: &Service, docker: &Docker) -> Finding {
    let wanted = docker.places.first().map_or("", String::as_str);
    let text = service.text("dockerfilePath");
    let what = if site.snapshot.is_dir(wanted) { "is a folder" } else { "does not exist" };
    let finding = RULE
        .finding(format!("the Dockerfile \"{}\" of \"{}\" {what}", display(wanted), service.name()))
        .at(text.or(service.runtime_text()).map_or(service.span, |text| text.span))
        .label(if text.is_some() { "no such file" } else { "needs a Dockerfile" })
        .log_line("failed to read dockerfile: open Dockerfile: no such file or directory");
    let Some(meant) = meant(site, wanted) else { return finding };
    let finding = finding.help(format!("the repository has \"{meant}\""));
    let title = format!("set \"dockerfilePath\" to \"./{meant}\"");
    let value = format!("./{meant}");
    match text {
        Some(text) => finding.maybe_fix(set_value(site, Applicability::Review, title, text, &value)),
        None => {
            let key = if service.text("runtime").is_some() { "runtime" } else { "env" };
            finding.maybe_fix(insert_after(
                site,
                Applicability::Review,
                title,
                (service, key),
                &[format!("dockerfilePath: {value}")],
            ))
        }
    }
}

/// The tracked Dockerfile that was meant: the same path in other letters, or the only one.
fn meant(site: &RenderSite<'_>, wanted: &str) -> Option<String> {
    let is_aside = |path: &str| path.split('/').any(|part| matches!(part, "node_modules" | "vendor"));
    let entries = || site.snapshot.entries().iter().map(|entry| &*entry.path).filter(|path| !is_aside(path));
    if let Some(same) = entries().find(|path| path.eq_ignore_ascii_case(wanted)) {
        return Some(same.to_owned());
    }
    let mut found = entries().filter(|path| name(path) == "Dockerfile");
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}
