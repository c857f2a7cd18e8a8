//! NTL044: an earlier redirect takes every request of a later one.

use crate::platform::netlify::edge::Table;
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

/// Findings for which a repair is tried out; each trial looks at all redirects once more.
const MAX_TRIALS: usize = 8;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let table = Table::new(site.redirects());
    let covered = table.unreachable();
    for (trial, (earlier, later)) in covered.iter().enumerate() {
        let is_mended = || trial < MAX_TRIALS && table.moved(*earlier, later).unreachable().len() < covered.len();
        report(site, &table, *earlier, later, &is_mended, out);
    }
}

fn report(
    site: &NetlifySite<'_>,
    table: &Table<'_>,
    earlier: usize,
    later: &[usize],
    is_mended: &dyn Fn() -> bool,
    out: &mut Sink,
) {
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
        let noun = if others.len() == 1 { "redirect" } else { "redirects" };
        finding = finding.note(format!("the same holds for {} further {noun} below", others.len()));
    }
    let is_wide = table.rules[earlier].pattern.as_ref().is_some_and(|pattern| pattern.has_splat);
    let is_one_file = later.iter().all(|number| table.rules[*number].redirect.span.file == taker.span.file);
    let last = later.last().map(|number| table.rules[*number].redirect);
    let is_clear = is_wide && is_one_file && !is_repeated(&taker.from.text, table, later);
    let last = last.filter(|_| is_clear && is_mended());
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
