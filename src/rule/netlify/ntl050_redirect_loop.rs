//! NTL050: redirects that lead to each other.

use std::collections::BTreeSet;

use crate::platform::netlify::edge::chain::{self, MAX_HOPS};
use crate::platform::netlify::edge::{Effect, Ending, Hop, Rule as EdgeRule, Table, Visitor};
use crate::platform::netlify::output::{Visited, server};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::netlify::redirect_text::shown;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// A request that never gets an answer.
pub(super) static RULE: Rule = Rule {
    id: "NTL050",
    name: "redirect-loop",
    summary: "Redirects lead to each other without end",
    docs: "\
## What happens

The browser gives up with `ERR_TOO_MANY_REDIRECTS` after twenty redirects.

## Why

Two rules lead to each other, or one leads to itself. `/blog` and `/blog/` are the same path to a rule, so a redirect \
cannot add or remove a slash. A rule without force stands back where a file answers; with force it does not.

## How to mend it

Let one of the rules lead to a page that exists, or drop the later one. Slashes at the end are the business of the \
setting \"Pretty URLs\".
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/routing/redirects/redirect-options/#trailing-slash", "2026-11-20"),
        observed("https://github.com/haiku/website/pull/532", "2026-11-20"),
        observed("https://github.com/gatsbyjs/gatsby/pull/9269", "2026-11-20"),
        observed("https://github.com/dnsimple/dnsimple-support/pull/2134", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Stands for whatever a placeholder or splat takes: no file has that name.
const WORD: &str = "no-such-page";

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let table = Table::new(site.redirects());
    let files = Visited { deploy: site.deploy(), word: WORD, is_dynamic: server::may_answer(site) };
    let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    for rule in &table.rules {
        let Some(pattern) = rule.pattern.as_ref().filter(|_| rule.effect == Effect::Redirect) else { continue };
        let address = rule.redirect.address.as_ref().map(|address| (address.scheme.clone(), address.host.clone()));
        let visitor = Visitor { address, ..Visitor::default() };
        let Ending::Loop(hops) = chain::follow(&table, &files, visitor, &pattern.example(WORD)) else { continue };
        if seen.insert(hops.iter().map(|hop| hop.rule).collect()) {
            out.report(finding(site, &table, &hops));
        }
    }
}

fn finding(site: &NetlifySite<'_>, table: &Table<'_>, hops: &[Hop]) -> Finding {
    let first = hops.iter().map(|hop| hop.rule).min().unwrap_or_default();
    let start = hops.iter().position(|hop| hop.rule == first).unwrap_or_default();
    let redirect = table.rules[first].redirect;
    let rules: BTreeSet<usize> = hops.iter().map(|hop| hop.rule).collect();
    let message = match (rules.len(), hops.len() > MAX_HOPS) {
        (1, false) => format!("the redirect {} leads to itself", shown(redirect)),
        (_, true) => format!("the redirect {} leads on without end", shown(redirect)),
        _ => format!("the redirect {} leads back to where it starts", shown(redirect)),
    };
    let mut finding = RULE.finding(message).at(redirect.span).label("never ends");
    for other in rules.iter().filter(|rule| **rule != first).take(5) {
        let is_last = hops[(start + hops.len() - 1) % hops.len()].rule == *other;
        finding = finding.related(table.rules[*other].redirect.span, if is_last { "leads back" } else { "leads on" });
    }
    let way = hops.iter().cycle().skip(start).take(hops.len().min(3) + 1).map(|hop| format!("\"{}\"", hop.path));
    finding = finding.note(format!(
        "a browser goes {} and at last says ERR_TOO_MANY_REDIRECTS",
        way.collect::<Vec<_>>().join(", then ")
    ));
    if is_only_a_slash(hops) {
        finding = finding.help("a redirect cannot add or remove a slash: to a rule, both paths are the same");
    }
    match is_certain(site, table, hops) {
        true => finding,
        false if server::has_edge_functions(site) => {
            finding.severity(Severity::Medium).note("unless an edge function answers")
        }
        false => finding.severity(Severity::Medium).note(ONLY_MISSING),
    }
}

const ONLY_MISSING: &str = "pages that exist are served; every other path below loops instead of giving a 404";

/// Whether pages suffer, not only paths that have none: the rules are forced, or no page lies there.
fn is_certain(site: &NetlifySite<'_>, table: &Table<'_>, hops: &[Hop]) -> bool {
    let is_void = |rule: &EdgeRule<'_>| {
        rule.pattern.as_ref().is_some_and(|pattern| site.output.is_void(site.snapshot, &pattern.prefix()))
    };
    !server::has_edge_functions(site)
        && hops.iter().all(|hop| {
            let rule = &table.rules[hop.rule];
            rule.redirect.is_forced() || !hop.path.contains(WORD) || is_void(rule)
        })
}

fn is_only_a_slash(hops: &[Hop]) -> bool {
    matches!(hops, [hop] if hop.path.trim_end_matches('/') == hop.target.trim_end_matches('/'))
}
