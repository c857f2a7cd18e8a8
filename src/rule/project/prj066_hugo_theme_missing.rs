//! PRJ066: a theme that is not there.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::setting::Setting;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::suggest;

use super::command;
use super::hugo::{self, Configuration};

/// `theme` names a folder below `themes` that is not tracked.
pub(super) static RULE: Rule = Rule {
    id: "PRJ066",
    name: "hugo-theme-missing",
    summary: "The theme that Hugo is configured with is not in the repository",
    docs: "\
## What happens

Hugo stops: it does not find the theme.

## Why

The theme was never committed, was renamed, or was meant to be a submodule that was not added.

## How to mend it

Commit the theme, add it as a submodule with its URL, or correct the name.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/themefisher/airspace-hugo/issues/200", "2026-11-21"),
        observed("https://github.com/digitalcraftsman/hugo-creative-theme/issues/54", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let tools: Vec<_> = hugo::builds(job).collect();
    if tools.is_empty() {
        return;
    }
    let mut texts = job.commands.iter().flat_map(|(_, trace)| &trace.texts);
    if texts.any(|text| {
        ["git ", "mod ", "curl ", "wget ", "degit", "cp ", "ln "].iter().any(|word| text.text.contains(word))
    }) {
        return;
    }
    for tool in tools {
        let moves = tool.run.args.iter().any(|arg| arg.text.starts_with("-t") || arg.text.starts_with("--theme"));
        let by_variable = ["HUGO_THEME", "HUGO_THEMESDIR"].iter().any(|name| job.variable(name).is_some());
        let Some(configuration) = Configuration::of(job, tool.dir).filter(|_| !moves && !by_variable) else { continue };
        let Setting::Written(theme) = configuration.setting("theme") else { continue };
        let themes = child(tool.dir, "themes");
        let path = child(&themes, &theme.text);
        let is_plain = !theme.text.is_empty() && !theme.text.contains(['/', '\\', '.', '$']);
        let is_brought =
            job.snapshot.exists(&child(tool.dir, "_vendor")) || job.snapshot.exists(&child(tool.dir, "go.mod"));
        let may_be_elsewhere =
            configuration.has("themesDir") || configuration.has("module") || job.snapshot.entry(&path).is_some();
        if !is_plain || is_brought || may_be_elsewhere || job.snapshot.exists(&path) || is_beyond(job, &themes) {
            continue;
        }
        let children = job.snapshot.children(&themes);
        let near = suggest::nearest(&theme.text, children.iter().map(|(name, _)| *name));
        let finding = RULE
            .finding(format!(
                "\"{}\" names the theme \"{}\", and there is no \"{path}\"",
                configuration.path, theme.text
            ))
            .at(theme.span)
            .label("not there")
            .severity(command::severity(job))
            .stage(tool.stage)
            .log_line(format!("module \"{}\" not found", theme.text));
        return out.report(match near {
            Some(near) => finding.help(format!("there is \"{near}\"")),
            None => finding.help("commit the theme, or add it as a submodule"),
        });
    }
}

/// Whether the folder of the themes is a submodule, or leads out of the repository.
fn is_beyond(job: &Job<'_>, themes: &str) -> bool {
    use crate::project::snapshot::Target;
    matches!(job.snapshot.target(themes), Target::Submodule(_) | Target::Outside | Target::Loop | Target::File(_))
}
