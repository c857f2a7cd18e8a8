//! NTL048: a forced catch-all answers even scripts and styles with a page.

use crate::platform::netlify::edge::{Effect, Rule as EdgeRule};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{set_status, shown};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

/// `/* /index.html 200!`.
pub(super) static RULE: Rule = Rule {
    id: "NTL048",
    name: "forced-rewrite-hides-files",
    summary: "A forced catch-all rewrite answers scripts, styles and images with a page",
    docs: "\
## What happens

The page comes, its scripts do not: the browser gets HTML where it asked for JavaScript and refuses to run it (`Failed \
to load module script`).

## Why

Force makes a rule win against files. With `/*` that means every file of the site, the scripts that the page needs \
included.

## How to mend it

Leave force out: without it, the rule answers only where no file exists. Sites that close their doors to visitors \
without a role need force, together with the condition.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/redirect-parser/src/line_parser.js", "2026-11-20"),
        docs("https://docs.netlify.com/routing/redirects/rewrites-proxies/#shadowing", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for rule in site.redirects().map(EdgeRule::new) {
        let redirect = rule.redirect;
        let takes_everything = rule.pattern.as_ref().is_some_and(|pattern| pattern.is_everything());
        if lets_files_through(&rule) {
            return;
        }
        let is_forced_rewrite = rule.effect == Effect::Rewrite && redirect.is_forced() && rule.is_unconditional();
        if !takes_everything || !is_forced_rewrite || !loads_files(site, rule.target()) {
            continue;
        }
        let place = redirect.force.as_ref().map_or(redirect.span, |force| force.span);
        let message = format!("the forced rewrite {} hides every other file of the site", shown(redirect));
        let finding = RULE.finding(message).at(place).label("wins against files");
        let finding = finding.note("browsers then say: Failed to load module script");
        let changes = set_status(site, redirect, 200, false);
        let fix = |changes| Fix { title: "leave force out".to_owned(), applicability: Applicability::Safe, changes };
        out.report(finding.maybe_fix(changes.map(fix)));
    }
}

/// An earlier rewrite that keeps the path, such as `/assets/* /assets/:splat 200`, serves files after all.
fn lets_files_through(rule: &EdgeRule<'_>) -> bool {
    rule.effect == Effect::Rewrite && rule.target().ends_with(":splat")
}

/// Whether the document certainly loads scripts or styles of the site; a page for times of maintenance may not.
fn loads_files(site: &NetlifySite<'_>, target: &str) -> bool {
    let file = site.output.file_at(site.snapshot, target);
    let text = file.and_then(|file| site.snapshot.text(&file).ok());
    match text {
        Some(text) => {
            ["src=\"/", "src=\"./", "href=\"/", "href=\"./", "src=\"%PUBLIC_URL%"].iter().any(|it| text.contains(it))
        }
        None => matches!(target, "/" | "/index.html") && site.is_built(),
    }
}
