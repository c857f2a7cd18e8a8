//! NTL051: a catch-all redirect beside a framework that renders on a server.

use crate::platform::netlify::edge::{Effect, Rule as EdgeRule};
use crate::platform::netlify::output::server;
use crate::platform::netlify::routing::Redirect;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{is_toml, shown};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `/* /404.html 404` or `/* /index.html 200` on a server-rendered site.
pub(super) static RULE: Rule = Rule {
    id: "NTL051",
    name: "catch-all-swallows-server-pages",
    summary: "A catch-all redirect answers instead of the pages that a server renders",
    docs: "\
## What happens

Pages that were rendered ahead work; every page that the server should render shows the 404 page or the start page.

## Why

Pages of a server have no file, and the site's own redirects are asked before the function that renders. A rule for \
`/*` therefore takes all of them.

## How to mend it

Drop the rule: the framework renders its own 404 page, and its adapter adds the routes that it needs.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/withastro/adapters/issues/133", "2026-11-20"),
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/756", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let takes_all = |rule: &EdgeRule<'_>| rule.pattern.as_ref().is_some_and(|pattern| pattern.is_everything());
    let is_page = |target: &str| target == "/" || target.ends_with(".html") || target == "/404";
    for rule in site.redirects().map(EdgeRule::new).filter(takes_all) {
        let is_answer = matches!(rule.effect, Effect::Rewrite | Effect::NotFound) && rule.stays();
        if !is_answer || !is_page(rule.target()) || !rule.is_unconditional() {
            continue;
        }
        let Some(renderer) = server::renderer(site) else { return };
        let message = format!(
            "the catch-all {} takes the pages that {} renders on a server",
            shown(rule.redirect),
            renderer.name
        );
        let finding = RULE.finding(message).at(rule.redirect.span).label("takes every page");
        let finding = finding.note(renderer.because).help("drop the rule: the framework's own routes follow it");
        out.report(finding.maybe_fix(without(site, rule.redirect)));
        return;
    }
}

/// Takes the line of a rule out of `_redirects`.
fn without(site: &NetlifySite<'_>, redirect: &Redirect) -> Option<Fix> {
    let span = redirect.span;
    let source = site.resolution.sources.get(span.file).filter(|source| source.is_file)?;
    let start = source.text.get(..span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let end =
        source.text.get(span.end as usize..)?.find('\n').map_or(source.text.len(), |at| span.end as usize + at + 1);
    let is_line = !is_toml(site, span) && source.text[start..span.start as usize].trim().is_empty();
    let title = format!("drop the rule {}", shown(redirect));
    is_line.then(|| Fix::replace(Applicability::Review, title, Span::new(span.file, start, end), ""))
}
