//! GHP011: a page that Liquid cannot parse.

use crate::platform::pages::classic::liquid::Fault;
use crate::platform::pages::classic::{self, Build, Page};
use crate::platform::pages::site::PagesSite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// Braces in a page are taken for instructions.
pub(super) static RULE: Rule = Rule {
    id: "GHP011",
    name: "liquid-broken",
    summary: "A page holds braces that Jekyll takes for instructions and cannot parse",
    docs: "\
## What happens

The build stops: \"Liquid Exception: Liquid syntax error … was not properly terminated\", or \"Unknown tag\".

## Why

The builder of Pages is Jekyll, and hands every page to Liquid before it becomes HTML, code blocks included: `{{` begins \
an output, `{%` a tag. It also renders Markdown without front matter.

## How to mend it

Put `{% raw %}` before and `{% endraw %}` behind the text. Where no Jekyll site is meant, publish with a workflow, or add \
a file `.nojekyll`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://jekyllrb.com/docs/liquid/tags/", "2026-11-21"),
        source("https://github.com/Shopify/liquid/blob/v4.0.4/lib/liquid/block_body.rb", "2026-11-21"),
        observed("https://github.com/google-research/google-research/issues/2956", "2026-11-21"),
        observed("https://github.com/google/syzkaller/issues/5089", "2026-11-21"),
        observed("https://github.com/kubevirt/kubevirt.github.io/pull/603", "2026-11-21"),
        observed("https://github.com/jekyll/jekyll/issues/9735", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

/// Pages that are reported; a build stops at the first.
const MAX_PAGES: usize = 10;

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for build in classic::builds(site) {
        let has_plugin = classic::plugins(site, &build).iter().any(|(name, _)| !classic::allows(name));
        // A tag of a plugin that does not run is the plugin's business.
        let pages = classic::faults(site, &build).into_iter();
        let pages = pages.filter(|page| !has_plugin || !matches!(page.fault, Fault::Unknown(_)));
        pages.take(MAX_PAGES).for_each(|page| out.report(finding(site, &build, &page)));
    }
}

fn finding(site: &PagesSite<'_>, build: &Build, page: &Page) -> Finding {
    let (message, label, log) = match &page.fault {
        Fault::Variable => {
            ("\"{{\" begins an output that has no \"}}\"", "taken for an output", "was not properly terminated")
        }
        Fault::Tag => {
            ("\"{%\" begins a tag that has no name or no \"%}\"", "taken for a tag", "was not properly terminated")
        }
        Fault::Raw => ("\"{% raw %}\" has no \"{% endraw %}\"", "is never closed", "'raw' tag was never closed"),
        Fault::Unknown(_) => ("", "no such tag", "Unknown tag"),
    };
    let (message, log) = match &page.fault {
        Fault::Unknown(name) => {
            (format!("Liquid knows no tag \"{name}\""), format!("Liquid syntax error: {log} '{name}'"))
        }
        _ => (message.to_owned(), format!("Liquid Exception: Liquid syntax error … {log}")),
    };
    let finding = RULE.finding(message).at(page.span).label(label).log_line(log);
    let finding = build.span.into_iter().fold(finding, |finding, span| finding.related(span, "builds with Jekyll"));
    finding.maybe_fix(raw(site, page))
}

/// Puts the paragraph between tags that turn Liquid off.
fn raw(site: &PagesSite<'_>, page: &Page) -> Option<Fix> {
    let text = site.sources.slice(page.paragraph)?;
    if text.contains("endraw") || matches!(page.fault, Fault::Raw) {
        return None;
    }
    let Span { file, start, end } = page.paragraph;
    let at = |at: u32, text: &str| Change::Edit { span: Span { file, start: at, end: at }, text: text.to_owned() };
    let changes = vec![at(start, "{% raw %}\n"), at(end, "\n{% endraw %}")];
    let title = "take the paragraph as it is".to_owned();
    Some(Fix { title, applicability: Applicability::Review, changes })
}
