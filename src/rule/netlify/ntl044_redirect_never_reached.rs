//! NTL044: an earlier redirect takes every request of a later one.

use std::collections::BTreeMap;

use crate::platform::netlify::edge::pattern::fill;
use crate::platform::netlify::edge::{Effect, Rule as EdgeRule, Table};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{move_behind, shown};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// The first match wins, and it is always another rule.
pub(super) static RULE: Rule = Rule {
    id: "NTL044",
    name: "redirect-never-reached",
    summary: "A redirect can never match because an earlier one takes its paths",
    docs: "\
## What happens

The redirect is there and never answers: an earlier one with a wider path is asked first and takes the request.

## Why

The first match wins, from top to bottom; `_redirects` comes before `netlify.toml`. A catch-all such as `/*` also takes \
`/old`, so whatever stands below it is out of reach. Rules with conditions or query parameters take only some requests \
and are not meant here.

## How to mend it

Put specific rules first and the catch-all last.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/routing/redirects/#rule-processing-order", "2026-11-20"),
        observed("https://github.com/arp242/arp242.net/pull/29", "2026-11-20"),
        observed("https://github.com/netlify/gatsby-plugin-netlify/issues/78", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let table = Table::new(site.redirects());
    let mut covered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for number in 0..table.rules.len() {
        let earlier = table.covering(number);
        let earlier = earlier.filter(|earlier| makes_a_difference(&table.rules[*earlier], &table.rules[number]));
        if let Some(earlier) = earlier {
            covered.entry(earlier).or_default().push(number);
        }
    }
    for (earlier, later) in covered {
        report(site, &table, earlier, &later, out);
    }
}

fn report(site: &NetlifySite<'_>, table: &Table<'_>, earlier: usize, later: &[usize], out: &mut Sink) {
    let [first, others @ ..] = later else { return };
    let taker = table.rules[earlier].redirect;
    let taken = table.rules[*first].redirect;
    let message = format!(
        "the redirect {} is never reached: the one from \"{}\" comes first and takes its paths",
        shown(taken),
        taker.from.text
    );
    let mut finding =
        RULE.finding(message).at(taken.span).label("never reached").related(taker.span, "takes every request");
    if !others.is_empty() {
        finding = finding.note(format!("the same holds for {} further redirects below it", others.len()));
    }
    let is_wide = table.rules[earlier].pattern.as_ref().is_some_and(|pattern| pattern.has_splat);
    let is_one_file = later.iter().all(|number| table.rules[*number].redirect.span.file == taker.span.file);
    let last = later.last().map(|number| table.rules[*number].redirect);
    let last = last.filter(|_| is_wide && is_one_file && !is_repeated(&taker.from.text, table, later));
    if let Some(changes) = last.and_then(|last| move_behind(site, taker, last)) {
        let title = format!("move the redirect from \"{}\" behind them", taker.from.text);
        finding = finding.fix(Fix { title, applicability: Applicability::Safe, changes });
    } else {
        finding = finding.help("put the specific rule first, or leave one of them out");
    }
    out.report(finding);
}

/// Two rules with the same path: nobody knows which one was meant.
fn is_repeated(from: &str, table: &Table<'_>, later: &[usize]) -> bool {
    later
        .iter()
        .any(|number| table.rules[*number].redirect.from.text.trim_end_matches('/') == from.trim_end_matches('/'))
}

/// Whether the later rule would answer otherwise; two rules for `/a` and `/a/` that lead to one place are only tidy.
fn makes_a_difference(earlier: &EdgeRule<'_>, later: &EdgeRule<'_>) -> bool {
    let (Some(wide), Some(narrow)) = (&earlier.pattern, &later.pattern) else { return true };
    let example = narrow.example("x");
    let target = |rule: &EdgeRule<'_>, found| fill(rule.target(), &found);
    let first = wide.captures(&example).and_then(|found| target(earlier, found));
    let second = narrow.captures(&example).and_then(|found| target(later, found));
    let bare = |path: Option<String>| path.map(|path| path.trim_end_matches('/').to_owned());
    let is_same_kind = earlier.effect == later.effect && later.effect != Effect::Other;
    let is_known = earlier.pattern.is_some() && later.has_no_conditions();
    !(is_known && is_same_kind && bare(first) == bare(second))
}
