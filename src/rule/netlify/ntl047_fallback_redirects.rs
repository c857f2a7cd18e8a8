//! NTL047: the fallback of a single-page application redirects instead of rewriting.

use crate::platform::netlify::edge::{Effect, Rule as EdgeRule};
use crate::platform::netlify::output::spa;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{set_status, shown};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// `/*` leads to the document with a redirect.
pub(super) static RULE: Rule = Rule {
    id: "NTL047",
    name: "fallback-redirects",
    summary: "The fallback of a single-page application redirects instead of rewriting",
    docs: "\
## What happens

Every link into the application lands on the home page: the address in the browser changes before the router sees it.

## Why

A rule without status is a 301. Only status 200 answers with another document under the same address, which is what a \
router in the browser needs.

## How to mend it

Write `/* /index.html 200`, or `status = 200` in `netlify.toml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/spa_fallback/index.ts",
            "2026-11-20",
        ),
        docs("https://docs.netlify.com/routing/redirects/rewrites-proxies/", "2026-11-20"),
        observed("https://github.com/ToposInstitute/CatColab/pull/167", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(rule) = site.redirects().map(EdgeRule::new).find(is_fallback) else { return };
    if !spa::is_application(site) {
        return;
    }
    let redirect = rule.redirect;
    let finding = match redirect.status {
        Some(status) => RULE
            .finding(format!("the fallback {} redirects; status 200 was expected", shown(redirect)))
            .at(status.span)
            .label("changes the address"),
        None => RULE
            .finding(format!("the fallback {} has no status, which makes it a 301; 200 was expected", shown(redirect)))
            .at(redirect.span)
            .label("changes the address"),
    };
    let changes = set_status(site, redirect, 200, false);
    let fix = |changes| Fix { title: "set the status to 200".to_owned(), applicability: Applicability::Safe, changes };
    out.report(finding.maybe_fix(changes.map(fix)));
}

fn is_fallback(rule: &EdgeRule<'_>) -> bool {
    let takes_everything = rule.pattern.as_ref().is_some_and(|pattern| pattern.is_everything());
    let leads_home = matches!(rule.target(), "/" | "/index.html");
    takes_everything && leads_home && rule.effect == Effect::Redirect && rule.is_unconditional()
}
