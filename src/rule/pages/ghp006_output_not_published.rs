//! GHP006: another folder is published than the one that the build writes.

use super::step::set_input;
use crate::platform::pages::outlet::{Outlet, Way};
use crate::platform::pages::publication::Pusher;
use crate::platform::pages::site::PagesSite;
use crate::project::output::fate::Fate;
use crate::project::output::tool::Kind;
use crate::project::output::{Build, Product, has_sources};
use crate::project::path::{self, display};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The folder that is to be published is not there.
pub(super) static RULE: Rule = Rule {
    id: "GHP006",
    name: "output-not-published",
    summary: "The folder to be published is not the one that the build writes",
    docs: "\
## What happens

The build runs through, and the next step stops: `tar: dist: Cannot open: No such file or directory`, or \"The directory \
you're trying to deploy … doesn't exist\".

## Why

Every generator writes a folder of its own: `dist` for Vite, `build` for Create React App, `public` for Hugo. The path of \
an upload is seen from the root of the repository, whatever folder the build ran in; without a path it is `_site`.

## How to mend it

Name the folder that the build writes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Publish,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/upload-pages-artifact/blob/main/action.yml", "2026-11-21"),
        observed("https://github.com/foundweekends/pamflet/pull/430", "2026-11-21"),
        observed("https://github.com/IIC2513/Syllabus-S1-2024-1/issues/205", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for outlet in site.outlets() {
        let Some((folder, build)) = missing(site, &outlet) else { continue };
        let Some(product) = build.products().last() else { continue };
        out.report(finding(site, &outlet, &folder, product, &build));
    }
}

/// The folder of an outlet that certainly is not there when it is to be published, and what was done before.
pub(super) fn missing(site: &PagesSite<'_>, outlet: &Outlet) -> Option<(String, Build)> {
    let Some(place) = outlet.place else { return missing_for_script(site, outlet) };
    let (run, folder) = (site.run_of(outlet)?, outlet.folder.clone()?);
    let (_, step) = place.of(site.workflow.as_ref()?)?;
    let is_certain = step.is_unconditional() && run.is_known_before(place.step) && run.reaches(place.step);
    if !is_certain || folder.is_empty() || !has_sources(site.snapshot, "") {
        return None;
    }
    let build = run.build_before(place.step);
    let is_missing = matches!(build.fate(site.snapshot, &site.sources, &folder), Fate::Absent | Fate::File);
    is_missing.then_some((folder, build))
}

/// A script builds and publishes in one go; a folder that it does not build is one of an earlier day.
fn missing_for_script(site: &PagesSite<'_>, outlet: &Outlet) -> Option<(String, Build)> {
    let (run, folder) = (site.run_of(outlet)?, outlet.folder.clone()?);
    let is_known = run
        .commands
        .iter()
        .all(|command| command.trace.failure().is_none() && command.trace.gaps.iter().all(|gap| gap.is_about_program));
    let build = run.build.clone();
    let is_built = build.products().next().is_some() && is_known && !folder.is_empty();
    let is_missing = is_built && matches!(build.fate(site.snapshot, &site.sources, &folder), Fate::Absent);
    is_missing.then_some((folder, build))
}

/// The fragment of the log by which a missing folder shows.
pub(super) fn log(outlet: &Outlet, folder: &str) -> Option<String> {
    match outlet.way {
        Way::Artifact => Some(format!("tar: {folder}: Cannot open: No such file or directory")),
        Way::Branch(Pusher::JamesIves) => Some(format!("The directory you're trying to deploy named {folder}")),
        Way::Branch(Pusher::Peaceiris | Pusher::GhPages) => Some("ENOENT: no such file or directory".to_owned()),
        Way::Branch(_) => None,
    }
}

fn finding(site: &PagesSite<'_>, outlet: &Outlet, folder: &str, product: &Product, build: &Build) -> Finding {
    let written = display(&product.folder.path);
    let message = format!("{} writes \"{written}\", but \"{folder}\" is to be published", product.tool.name);
    let finding = RULE.finding(message).at(outlet.span).label("not there after building");
    let because = product.folder.because.iter().find(|span| span.is_written());
    let finding = match because {
        Some(span) => finding.related(*span, "the output is set here"),
        None => finding.related(product.span, "writes the output"),
    };
    let finding = match log(outlet, folder) {
        Some(log) => finding.log_line(log),
        None => finding,
    };
    let is_only =
        build.products().all(|other| other.folder.path == product.folder.path || other.tool.kind == Kind::Files);
    match publish(site, outlet, &product.folder.path, is_only) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("publish \"{written}\"")),
    }
}

/// Publishes another folder.
pub(super) fn publish(site: &PagesSite<'_>, outlet: &Outlet, folder: &str, is_safe: bool) -> Option<Fix> {
    let applicability = if is_safe { Applicability::Safe } else { Applicability::Review };
    let title = format!("publish \"{}\"", display(folder));
    let Some(workflow) = site.workflow.as_ref() else { return publish_by_script(site, outlet, folder, title) };
    let (job, step) = outlet.place?.of(workflow)?;
    let key = match outlet.way {
        Way::Artifact => "path",
        Way::Branch(Pusher::Peaceiris) => "publish_dir",
        Way::Branch(Pusher::JamesIves) => "folder",
        Way::Branch(Pusher::CrazyMax) => "build_dir",
        Way::Branch(_) => return None,
    };
    let change = match &outlet.written {
        Some(text) => {
            let written = site.text().get(text.span.range()).filter(|written| !written.contains('\n'))?;
            let quote = written.chars().next().filter(|quote| matches!(quote, '\'' | '"'));
            let start = if text.value.starts_with("./") { "./" } else { "" };
            let new = format!("{start}{}", path::display(folder));
            let text_of = quote.map_or(new.clone(), |quote| format!("{quote}{new}{quote}"));
            Change::Edit { span: text.span, text: text_of }
        }
        None => set_input(site, workflow, (job, step), (key, display(folder)))?,
    };
    super::step::editor(site, workflow).fix(applicability, title, [Some(change)])
}

/// Names another folder behind `-d`, if the words of the script stand there as they are.
fn publish_by_script(site: &PagesSite<'_>, outlet: &Outlet, folder: &str, title: String) -> Option<Fix> {
    let text = site.sources.get(outlet.span.file)?.text.get(outlet.span.range())?.trim_end_matches(['"', '\'']);
    let old = outlet.folder.as_deref().filter(|old| !old.is_empty())?;
    let option = [format!("-d {old}"), format!("--dist {old}"), format!("-d ./{old}")];
    let at = option.iter().find_map(|words| text.strip_suffix(words.as_str()).map(str::len))?;
    let start = outlet.span.start as usize + at;
    let written = &text[at..];
    let name = written.len() - written.trim_end_matches(old).len();
    let from = start + written.len() - name;
    let is_plain = folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.'));
    let span = Span::new(outlet.span.file, from, from + name);
    is_plain.then(|| Fix::replace(Applicability::Review, title, span, folder))
}
