//! NTL046: a single-page application without a fallback.

use crate::platform::netlify::edge::{Effect, Rule as EdgeRule};
use crate::platform::netlify::output::spa::{self, Router};
use crate::platform::netlify::output::{Standing, own_plugins};
use crate::platform::netlify::routing::Subject;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::line_break;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The router reads the path, and no rule answers paths without a file.
pub(super) static RULE: Rule = Rule {
    id: "NTL046",
    name: "fallback-missing",
    summary: "A single-page application has no fallback for its routes",
    docs: "\
## What happens

Links inside the application work; reloading a page, or opening one by its address, shows \"Page not found\".

## Why

The build makes one `index.html`. A router in the browser invents addresses such as `/about` for which no file exists, \
so the platform answers 404 before the router runs.

## How to mend it

Answer everything that has no file with the application: `/* /index.html 200` in a `_redirects` file that the build \
copies into the publish directory, or the same rule in `netlify.toml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs(
            "https://docs.netlify.com/routing/redirects/rewrites-proxies/#history-pushstate-and-single-page-apps",
            "2026-11-20",
        ),
        observed("https://github.com/freeCodeCamp/web3-site/pull/80", "2026-11-20"),
        observed("https://github.com/Upstatement/react-router-guards/pull/20", "2026-11-20"),
        observed("https://github.com/MLH-Fellowship/SocioMark/pull/95", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// The rule, as a line.
const LINE: &str = "/*  /index.html  200";

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if !spa::is_application(site) || has_fallback(site) || makes_own_pages(site) {
        return;
    }
    if let Some(router) = spa::history_router(site) {
        out.report(finding(site, &router));
    }
}

fn finding(site: &NetlifySite<'_>, router: &Router) -> Finding {
    let message =
        format!("the routes of \"{}\" have no files and no fallback: \"{LINE}\" was expected", router.package);
    let found = RULE.finding(message).note(format!("\"{}\" uses {}", router.path, router.word));
    let copied = site.output.copied(Subject::Redirect).and_then(|file| file.file);
    if let Some((file, source)) = copied.and_then(|file| Some((file, site.resolution.sources.get(file)?))) {
        let end = source.text.len();
        let newline = line_break(&source.text);
        let ended = if source.text.is_empty() || source.text.ends_with('\n') { "" } else { newline };
        let title = format!("add the fallback to \"{}\"", source.name);
        let edit =
            Fix::replace(Applicability::Safe, title, Span::new(file, end, end), format!("{ended}{LINE}{newline}"));
        return found.at_path(&source.name).fix(edit);
    }
    match site.output.static_folders.first() {
        Some(folder) => {
            let path = child(folder, "_redirects");
            let title = format!("make \"{path}\" with the fallback");
            let fix = Fix::create(Applicability::Safe, title, &path, format!("{LINE}\n"));
            found.at_missing(&path).fix(fix)
        }
        None => found.help(format!("publish a file \"_redirects\" with the line \"{LINE}\"")),
    }
}

/// Whether anything answers paths without a file, wherever it stands.
fn has_fallback(site: &NetlifySite<'_>) -> bool {
    let is_set = site.config(&["spa_fallback"]).is_some_and(|setting| setting.as_bool() == Some(true));
    let answers = |rule: &EdgeRule<'_>| {
        let is_wide = rule.pattern.as_ref().is_none_or(|pattern| pattern.has_splat);
        is_wide
            && (rule.effect == Effect::Rewrite || rule.pattern.as_ref().is_none_or(|pattern| pattern.is_everything()))
    };
    let is_page = |rule: &EdgeRule<'_>| !rule.target().contains(":splat");
    is_set || site.redirects().map(EdgeRule::new).any(|rule| answers(&rule) && is_page(&rule))
}

/// Whether scripts, plugins or programs may write rules or pages that nobody sees here.
fn makes_own_pages(site: &NetlifySite<'_>) -> bool {
    let is_redirects = |standing: Standing| matches!(standing, Standing::Probable | Standing::Stray);
    let files = &site.output.side_files;
    let has_unclear_file = files.iter().any(|file| file.subject == Subject::Redirect && is_redirects(file.standing));
    let has_own_page = ["/404.html", "/200.html"].iter().any(|page| site.output.file_at(site.snapshot, page).is_some());
    let plan = site.plan.as_ref();
    let has_edge_functions = plan.is_some_and(|plan| plan.edge_functions.is_some());
    let speaks = ["_redirects", "404.html", "200.html", "spa_fallback"];
    has_unclear_file || has_own_page || has_edge_functions || own_plugins(site) || site.speaks_of(&speaks)
}
