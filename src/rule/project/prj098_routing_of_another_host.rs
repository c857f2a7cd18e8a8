//! PRJ098: routing rules that this host does not read.

use super::routing_edit;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::json;
use crate::text::tree::Node;

/// `vercel.json`, `firebase.json` or `static.json` routes, and Netlify is told nothing.
pub(super) static RULE: Rule = Rule {
    id: "PRJ098",
    name: "routing-of-another-host",
    summary: "Routing rules exist only in the file of another host",
    docs: "\
## What happens

The deploy turns green, and the redirects and rewrites of that file do nothing.

## Why

Every host reads its own file: Netlify `_redirects` and `netlify.toml`, Vercel `vercel.json`, Firebase \
`firebase.json`.

## How to mend it

Write the rules into `_redirects` or `netlify.toml` as well.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/accordproject/template-playground/issues/949", "2026-11-21"),
        observed("https://github.com/withastro/astro.build/pull/1166", "2026-11-21"),
    ],
    check: Check::Netlify(check),
};

/// Files of other hosts, with what leads to their rules.
const FOREIGN: [(&str, &str, &[&[&str]]); 3] = [
    ("vercel.json", "Vercel", &[&["redirects"], &["rewrites"], &["routes"]]),
    ("firebase.json", "Firebase", &[&["hosting", "redirects"], &["hosting", "rewrites"]]),
    ("static.json", "another host", &[&["routes"]]),
];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let has_own = site.config(&["redirects"]).and_then(Node::as_array).is_some_and(|rules| !rules.is_empty());
    let has_file = site.snapshot.named("_redirects").next().is_some();
    // A framework with a server answers its own paths, and the file may serve another deployment of it.
    let is_framework = site.detection.frameworks.iter().any(|framework| framework.publish_directory.is_none());
    if site.resolved().is_none() || has_own || has_file || is_framework {
        return;
    }
    for (name, host, keys) in FOREIGN {
        let path = child(site.build_dir(), name);
        if !site.snapshot.is_file(&path) {
            continue;
        }
        let Some((file, source)) = site.source(&path) else { continue };
        let Ok(root) = json::parse(&source.text, file) else { continue };
        let rules = keys.iter().find_map(|keys| Some((keys, root.at(keys).filter(|node| is_needed(node))?)));
        let Some((keys, rules)) = rules else { continue };
        let count = rules.as_array().map_or(0, <[Node]>::len);
        out.report(
            RULE.finding(format!(
                "\"{path}\" has {count} {} for {host}, and Netlify is told nothing",
                if count == 1 { "rule" } else { "rules" }
            ))
            .at(rules.span)
            .label("not read by Netlify")
            .help("write them into \"_redirects\" or \"netlify.toml\" as well")
            .maybe_fix(routing_edit::translated(site, rules, keys.last() == Some(&"rewrites"))),
        );
    }
}

/// Whether one of the rules sends a page of the site somewhere: not a function, and nothing on another host's account.
fn is_needed(rules: &Node) -> bool {
    let is_page = |rule: &Node| {
        let text = |key: &str| rule.at(&[key]).and_then(Node::as_str);
        let source = text("source").or_else(|| text("src"));
        let target = text("destination").or_else(|| text("dest"));
        source.is_some() && target.is_some_and(|target| !target.contains("/api") && !target.contains("api/"))
    };
    rules.as_array().is_some_and(|rules| rules.iter().any(is_page))
}
