//! NTL010: nothing makes the publish directory.

use super::publish;
use crate::platform::netlify::delivery::slip::Slip;
use crate::platform::netlify::delivery::{Delivery, Doubt, Missing, content};
use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::mentions;
use crate::project::manifest::Field;
use crate::project::output::fate::Fate;
use crate::project::path::name;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `build.publish` names a folder that neither git nor the build brings along.
pub(super) static RULE: Rule = Rule {
    id: "NTL010",
    name: "publish-missing",
    summary: "Nothing makes the publish directory",
    docs: "\
## What happens

Everything runs through. Then the deploy fails at the very end, because the folder to upload does not exist.

## Why

The publish directory has to be there after the build: tracked by git, or written by the build command. Without a \
command, or with one that does nothing (`command = \"\"`, an empty script), nothing is written; a command may also \
remove the folder that git tracks (`rm -rf docs`). Names are compared \
letter by letter: `Public`, `public ` with a space, and `.\\\\public` are other folders than `public`.

## How to mend it

Let `publish` name the folder that holds `index.html`. If a tool has to build it first, give its command in \
`[build] command`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/configure-builds/overview/", "2026-11-20"),
        observed("https://github.com/neverendingqs/netlify-express/issues/29", "2026-11-20"),
        observed("https://github.com/TryGhost/algolia/issues/41", "2026-11-20"),
        observed("https://github.com/jekyllt/jasper2/issues/50", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    // Configuration alone proves nothing: the folder may lie where the rest of the repository is.
    if !delivery.has_sources {
        return;
    }
    let is_known_output = delivery.product().is_some() && delivery.slip.is_none();
    match delivery.missing() {
        Some(Missing::Certainly) if !is_known_output => {}
        Some(Missing::Probably) if plan.command.is_none() && content::is_whole(site, delivery) => {}
        _ => return,
    }
    let label = if delivery.fate == Fate::File { "a file" } else { "not there after building" };
    let mut finding = RULE
        .finding(message(site, plan, delivery))
        .at(publish::span(plan))
        .label(label)
        .log_line(publish::log_line(plan));
    let effect = if site.snapshot.is_dir(&plan.publish.value) { "removes the folder" } else { "makes no such folder" };
    if let Some(command) = plan.command.as_ref().filter(|_| delivery.slip.is_none()) {
        finding = match empty_script(plan) {
            Some(span) => finding.related(span, "does nothing"),
            None => finding.related(command.span().unwrap_or(Span::NONE), effect),
        };
    } else if delivery.doubts.contains(&Doubt::Command) && delivery.fate != Fate::File {
        finding = finding.note("a build command in the dashboard could make it, but there is nothing here to build");
    }
    out.report(mended(finding, site, plan, delivery));
}

/// The script that the command names and that is empty.
fn empty_script(plan: &Plan) -> Option<Span> {
    let manifest = plan.installation.as_ref()?.manifest.as_ref().ok()?;
    let command = &plan.command.as_ref()?.value;
    let is_empty = |script: &Field<'_>| script.text.is_some_and(|text| text.trim().is_empty());
    let found = manifest.scripts().into_iter().find(|script| is_empty(script) && mentions(command, script.key))?;
    Some(found.span)
}

/// Adds what can be done: correct the name, give the command that builds the site, or publish the pages that are there.
fn mended(finding: Finding, site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery) -> Finding {
    if let Some(framework) = site.detection.frameworks.first().filter(|_| delivery.slip.is_none()) {
        let proposed = site.detection.settings.first().map(|setting| setting.build_command.as_str());
        let command = proposed.unwrap_or(&framework.build_command);
        let empty = site.resolution.file.as_ref().and_then(|file| file.at(&["build", "command"]));
        let empty = empty.filter(|node| node.as_str() == Some("")).map(|node| node.span);
        let title = format!("set \"command\" to \"{command}\"");
        let fix = empty.map(|span| Fix::replace(Applicability::Review, title, span, format!("\"{command}\"")));
        let runs_it = plan.command.as_ref().is_some_and(|known| known.value == command);
        return match fix {
            Some(fix) => finding.fix(fix),
            None if runs_it => finding.help("give the script something to do"),
            None => finding.help(format!("{} is built with \"{command}\"", framework.name)),
        };
    }
    let Some(folder) = content::meant(site, delivery).filter(|folder| *folder != plan.publish.value) else {
        return finding;
    };
    match publish::set(site, plan, &folder, Applicability::Review) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("publish \"{}\"", publish::spelled(site, &folder))),
    }
}

fn message(site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery) -> String {
    let wanted = plan.publish.value.as_str();
    match (&delivery.slip, &delivery.fate) {
        (Some(Slip::Space(_)), _) => {
            format!("the publish directory \"{wanted}\" has white space at an end of its name")
        }
        (Some(Slip::Backslash(_)), _) => {
            format!("the publish directory \"{wanted}\" is written with a backslash, which parts no folders on Linux")
        }
        (Some(Slip::Case(meant)), _) => {
            let meant = name(meant);
            format!(
                "nothing makes the publish directory \"{wanted}\": everywhere else it is \"{meant}\", letter for letter"
            )
        }
        (None, Fate::File) => format!("the publish directory \"{wanted}\" is a file, not a folder"),
        (None, _) if plan.command.is_none() => {
            format!("there is no build command, and git tracks no folder \"{wanted}\"")
        }
        (None, _) if site.snapshot.is_dir(wanted) => {
            format!(
                "the build command removes the publish directory \"{wanted}\", which git tracks, and makes no new one"
            )
        }
        (None, _) => format!("the build command leaves no folder \"{wanted}\" behind, and git tracks none"),
    }
}
