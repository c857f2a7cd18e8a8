//! GHP012: a plugin that the builder of Pages does not run.

use crate::platform::pages::classic::liquid::Fault;
use crate::platform::pages::classic::{self, Build};
use crate::platform::pages::site::PagesSite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// Only plugins of a list run there.
pub(super) static RULE: Rule = Rule {
    id: "GHP012",
    name: "plugin-not-run",
    summary: "The builder of Pages does not run a plugin of the site",
    docs: "\
## What happens

What the plugin makes is missing from the site. If a page uses one of its tags, the build stops: \"Unknown tag\".

## Why

The builder of Pages runs the plugins of a fixed list and passes over all others without a word, whatever `_config.yml` \
or `Gemfile` say.

## How to mend it

Build with Jekyll of your own in a workflow: `bundle exec jekyll build` instead of `actions/jekyll-build-pages` or a \
branch. Which releases of its plugins such a site wants is written nowhere, so this is only told.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Always,
    evidence: &[
        source("https://github.com/github/pages-gem/blob/master/lib/github-pages/plugins.rb", "2026-11-21"),
        docs("https://docs.github.com/en/pages/setting-up-a-github-pages-site-with-jekyll/about-github-pages-and-jekyll", "2026-11-21"),
        observed("https://github.com/sbryngelson/academic-website-template/issues/21", "2026-11-21"),
        observed("https://github.com/alshedivat/al-folio/issues/130", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for build in classic::builds(site) {
        let plugins = classic::plugins(site, &build);
        let Some((name, span)) = plugins.iter().find(|(name, _)| !classic::allows(name)) else { continue };
        let finding = RULE
            .finding(format!("the builder of Pages does not run the plugin \"{name}\""))
            .at(*span)
            .label("passed over")
            .fix(Fix::show(
                "list the plugin in a Gemfile, and build with \"bundle exec jekyll build\" in a workflow of your own",
            ));
        let finding = build.span.into_iter().fold(finding, |finding, span| finding.related(span, "builds with Jekyll"));
        out.report(with_tag(site, &build, finding));
    }
}

/// A tag that no plugin on the list defines stops the build.
fn with_tag(site: &PagesSite<'_>, build: &Build, finding: Finding) -> Finding {
    let page = classic::faults(site, build).into_iter().find_map(|page| match page.fault {
        Fault::Unknown(tag) => Some((tag, page.span)),
        _ => None,
    });
    let Some((tag, span)) = page else { return finding };
    finding
        .related(span, format!("needs the tag \"{tag}\""))
        .severity(Severity::Critical)
        .log_line(format!("Liquid syntax error: Unknown tag '{tag}'"))
}
