//! RND041: nothing makes the folder that a static site publishes.

use super::service::set_value;
use crate::platform::render::blueprint::{Class, Service, Text};
use crate::platform::render::service::{Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::path::{child, display, strip};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// `staticPublishPath` names a folder that neither git nor the build brings along.
pub(super) static RULE: Rule = Rule {
    id: "RND041",
    name: "publish-path-wrong",
    summary: "The publish path of a static site is not the folder that is built",
    docs: "\
## What happens

The build succeeds. Then the deploy fails, because the folder to publish does not exist.

## Why

Every tool has a folder of its own: Create React App and Docusaurus write `build`, Vite and Astro `dist`, Hugo and \
Gatsby `public`, Eleventy and Jekyll `_site`; and a setting or an option can name another one. Render does not ask the \
tool, it takes `staticPublishPath` at its word, letter for letter.

## How to mend it

Set `staticPublishPath` to the folder that the tool writes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Publish,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/render-oss/skills/blob/main/skills/render-static-sites/SKILL.md", "2026-11-20"),
        observed("https://github.com/nuxt/nuxt/issues/11951", "2026-11-20"),
        observed("https://github.com/gatsbyjs/gatsby/issues/19640", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services().filter(|(service, _)| service.class == Some(Class::Static)) {
        let Some(text) = service.text("staticPublishPath") else { continue };
        let is_other = plan.renderer(site.snapshot, service).is_some();
        if !is_other && plan.lacks_publish_folder(site.snapshot, &site.sources, text) {
            out.report(finding(site, service, plan, text));
        }
    }
}

fn finding(site: &RenderSite<'_>, service: &Service, plan: &ServicePlan, text: &Text) -> Finding {
    let product = plan.build.products().last();
    let command = plan.command(Phase::Build);
    let message = match (product, command) {
        (Some(product), _) => {
            format!(
                "{} writes \"{}\", but \"{}\" is to be published",
                product.tool.name, product.folder.path, text.value
            )
        }
        (None, Some(_)) => format!("the build command leaves no folder \"{}\" behind, and git tracks none", text.value),
        (None, None) => format!("there is no build command, and git tracks no folder \"{}\"", text.value),
    };
    let finding = RULE
        .finding(message)
        .at(text.span)
        .label("not there after building")
        .log_line(format!("Publish directory {} does not exist!", text.value));
    let Some(product) = product else {
        return match command {
            Some(command) => finding.related(command.text.span, "makes no such folder"),
            None => finding.maybe_fix(tracked(site, plan, text)),
        };
    };
    let because = product.folder.because.iter().find(|span| span.is_written());
    let finding = match because {
        Some(span) => finding.related(*span, "the output is set here"),
        None => finding.related(product.span, "writes the output"),
    };
    let dir = plan.dir().unwrap_or_default();
    let spelled = display(strip(&product.folder.path, dir).unwrap_or(&product.folder.path)).to_owned();
    // With a root directory the reference and practice differ, and with several tools nobody knows which one is meant.
    let is_clear = dir.is_empty() && plan.only_product().is_some() && !service.table.contains_key("rootDir");
    let applicability = if is_clear { Applicability::Safe } else { Applicability::Review };
    let title = format!("set \"staticPublishPath\" to \"{spelled}\"");
    match set_value(site, applicability, title, text, &spelled) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("publish \"{spelled}\"")),
    }
}

/// Publishes the one tracked folder that holds a first page, where nothing is built.
fn tracked(site: &RenderSite<'_>, plan: &ServicePlan, text: &Text) -> Option<Fix> {
    let dir = plan.dir()?;
    let is_site = |folder: &str| site.snapshot.is_file(&child(folder, "index.html"));
    let folders = site.snapshot.children(dir).into_iter().filter(|(name, is_dir)| *is_dir && !name.starts_with('.'));
    let mut names = folders.map(|(name, _)| name).filter(|name| is_site(&child(dir, name)));
    let name = match (is_site(dir), names.next(), names.next()) {
        (true, ..) => ".",
        (false, Some(only), None) => only,
        _ => return None,
    };
    set_value(site, Applicability::Review, format!("set \"staticPublishPath\" to \"{name}\""), text, name)
}
