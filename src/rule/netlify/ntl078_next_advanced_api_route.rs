//! NTL078: an API route of Next.js asks to run in the background or by schedule.

use crate::platform::netlify::next::{self, NextSite};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

/// A file in `pages/api` exports a type that only version 4 of the runtime knew.
pub(super) static RULE: Rule = Rule {
    id: "NTL078",
    name: "next-advanced-api-route",
    summary: "A Next.js API route asks to run in the background or by schedule",
    docs: "\
## What happens

The build fails before the output of Next.js is taken over.

## Why

Version 4 of the Next.js runtime made background and scheduled functions of API routes whose `config` has the type \
`experimental-background` or `experimental-scheduled`. Version 5 does not, and refuses to build a site that has one.

## How to mend it

Move the route to `netlify/functions`: under a name that ends in `-background`, or with `schedule` in its `config`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Plugin,
    fix: FixAvailability::Never,
    evidence: &[
        source(
            "https://github.com/opennextjs/opennextjs-netlify/blob/main/src/build/advanced-api-routes.ts",
            "2026-11-20",
        ),
        docs("https://docs.netlify.com/build/frameworks/framework-setup-guides/nextjs/overview/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

const TYPES: [&str; 2] = ["experimental-background", "experimental-scheduled"];
/// API routes that are read at most.
const MAX_ROUTES: usize = 200;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(project) = NextSite::of(site).filter(NextSite::has_runtime_5) else { return };
    let Some(pages) = next::pages_dir(site, project.dir) else { return };
    let api = child(&pages, "api");
    let routes = site.snapshot.below(&api).iter().filter(|entry| next::is_script(&entry.path));
    for entry in routes.take(MAX_ROUTES) {
        let mentions = |text: &String| TYPES.iter().any(|kind| text.contains(kind));
        if !site.snapshot.text(&entry.path).as_ref().is_ok_and(mentions) {
            continue;
        }
        let Some((file, source)) = site.source(&entry.path) else { continue };
        let config = javascript::read(&source.text, &entry.path, file).exports.config;
        let Some(kind) = config.as_ref().filter(|config| config.is_plain()).and_then(|config| config.get("type"))
        else {
            continue;
        };
        let Some(value) = kind.literal.as_text().filter(|value| TYPES.contains(value)) else { continue };
        out.report(
            RULE.finding(format!(
                "the API route \"{}\" has the type \"{value}\", which the Next.js runtime no longer builds",
                entry.path
            ))
            .at(kind.literal.span)
            .label("not supported")
            .log_line("@netlify/plugin-nextjs@5 does not support advanced API routes")
            .help("move it to \"netlify/functions\""),
        );
    }
}
