//! GHP008: a single-page application without a page for unknown paths.

use crate::platform::pages::outlet::Outlet;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::Workflow;
use crate::project::manifest::Manifest;
use crate::project::output::Product;
use crate::project::path::child;
use crate::project::router;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::source::Sources;
use crate::text::span::Span;

/// The router reads the path, and Pages rewrites nothing.
pub(super) static RULE: Rule = Rule {
    id: "GHP008",
    name: "fallback-missing",
    summary: "A single-page application has no 404.html that starts it",
    docs: "\
## What happens

Links inside the application work; reloading a page, or opening one by its address, shows GitHub's \"File not found\".

## Why

The build makes one `index.html`. A router in the browser invents addresses such as `/about` for which no file exists. \
Pages has no rewrites: it answers such addresses with `404.html`, if the site has one.

## How to mend it

Copy `index.html` to `404.html` after the build; or let the router use the part of the address behind `#`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs(
            "https://docs.github.com/en/pages/getting-started-with-github-pages/creating-a-custom-404-page-for-your-github-pages-site",
            "2026-11-21",
        ),
        observed("https://github.com/isaacs/github/issues/408", "2026-11-21"),
        observed("https://github.com/SAP/fundamental-react/pull/398", "2026-11-21"),
        observed("https://github.com/AOSSIE-Org/OrgExplorer/issues/202", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

/// The page for unknown paths.
const PAGE: &str = "404.html";

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for outlet in site.outlets() {
        let Some(run) = site.run_of(&outlet) else { continue };
        let mut products = run.build.products();
        let Some(product) = products.next().filter(|product| Some(&product.folder.path) == outlet.folder.as_ref())
        else {
            continue;
        };
        let is_only = products.all(|other| other == product);
        if !is_only || has_page(site, &outlet, product) {
            continue;
        }
        let Some(router) = router_of(site, product) else { continue };
        let title = format!("copy \"index.html\" to \"{PAGE}\" after the build");
        let fix = fix(site, &outlet, product, &title);
        let finding = RULE
            .finding(format!("the routes of \"{}\" have no files, and there is no \"{PAGE}\"", router.package))
            .at(outlet.span)
            .label("one page is published")
            .note(format!("\"{}\" uses {}", router.path, router.word));
        out.report(match fix {
            Some(fix) => finding.fix(fix),
            None => finding.help(title),
        });
    }
}

fn has_page(site: &PagesSite<'_>, outlet: &Outlet, product: &Product) -> bool {
    let folders = product.tool.assets.iter().copied().chain(["public", "static", "src"]);
    let is_tracked = folders.into_iter().any(|dir| site.snapshot.is_file(&child(&child(&product.dir, dir), PAGE)))
        || site.snapshot.is_file(&child(&product.dir, PAGE));
    let mentions = |text: &str| text.contains("404");
    let in_workflow = mentions(site.text());
    let run = site.run_of(outlet);
    let in_commands = run.into_iter().flat_map(|run| &run.commands).flat_map(|command| &command.trace.texts);
    let configs = ["vite.config.js", "vite.config.ts", "vite.config.mjs", "vite.config.mts", "package.json"];
    let in_configs =
        configs.iter().any(|name| mentions(&site.snapshot.text(&child(&product.dir, name)).unwrap_or_default()));
    is_tracked || in_workflow || in_configs || in_commands.into_iter().any(|text| mentions(&text.text))
}

fn router_of(site: &PagesSite<'_>, product: &Product) -> Option<router::Router> {
    const BUNDLERS: [&str; 5] = ["Vite", "Create React App", "Vue CLI", "Angular", "Parcel"];
    let dir = Some(product.dir.as_str()).filter(|_| BUNDLERS.contains(&product.tool.name))?;
    let manifest = Manifest::read(site.snapshot, dir, &mut Sources::default())?.ok()?;
    let packages = router::packages(&manifest);
    if router::renders_pages(&packages) {
        return None;
    }
    router::history(site.snapshot, dir, &packages)
}

/// Copies the page behind the command that builds, if that stands alone on its line.
fn fix(site: &PagesSite<'_>, outlet: &Outlet, product: &Product, title: &str) -> Option<Fix> {
    let workflow: &Workflow = site.workflow.as_ref()?;
    let place = outlet.place?;
    let job = workflow.jobs.get(place.job)?;
    let run = site.runs.get(place.job)?;
    let build = run.commands_before(place.step).find(|command| {
        let trace = &command.trace;
        trace
            .invocations
            .iter()
            .any(|call| trace.span(call.text, &site.sources, call.program.start, call.program.end) == product.span)
    })?;
    let text = job.steps.get(build.step)?.run.as_ref()?;
    let written = site.text().get(text.span.range())?;
    let is_line = written == text.value && !written.contains(['\n', ';', '#', '|', '"', '\'']);
    let is_here = build.dir.is_empty() && is_line;
    let folder = &product.folder.path;
    let added = format!(" && cp {folder}/index.html {folder}/{PAGE}");
    let end = Span { start: text.span.end, ..text.span };
    is_here.then(|| Fix::replace(Applicability::Safe, title, end, added))
}
