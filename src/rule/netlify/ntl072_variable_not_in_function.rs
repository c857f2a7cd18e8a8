//! NTL072: a function reads a variable that exists only while the site is built.

use std::collections::BTreeSet;

use crate::platform::netlify::plan::looks_secret;
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::Read;
use crate::project::javascript::resolve::ANY;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

/// A function reads a variable that only netlify.toml declares.
pub(super) static RULE: Rule = Rule {
    id: "NTL072",
    name: "variable-not-in-function",
    summary: "A function reads a variable that netlify.toml sets for the build only",
    docs: "\
## What happens

The deploy turns green. In the function the variable is `undefined`, unless it is set in the dashboard as well.

## Why

What `[build.environment]` and `[context.*.environment]` declare exists while the site is built. Functions and edge functions \
run later and elsewhere; they get the variables that are set in the dashboard, with the command line tool, or through the API.

## How to mend it

Set it where functions can see it: `netlify env:set NAME VALUE`. If it is no secret and never changes, write it into the code.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/functions/environment-variables/", "2026-11-20"),
        observed("https://github.com/netlify/plugins/pull/403", "2026-11-20"),
        observed("https://github.com/cball/netlify-plugin-contextual-env/issues/2", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Variables that functions get from elsewhere, or that mean something else to them.
const PROVIDED: [&str; 14] = [
    "CI",
    "CONTEXT",
    "DEPLOY_ID",
    "DEPLOY_PRIME_URL",
    "DEPLOY_URL",
    "LANG",
    "NETLIFY",
    "NODE_ENV",
    "NODE_OPTIONS",
    "PATH",
    "SITE_ID",
    "SITE_NAME",
    "TZ",
    "URL",
];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let functions = site.functions();
    let has_own_way = site.config(&["plugins"]).and_then(Node::as_array).unwrap_or_default().iter().any(|plugin| {
        let package = plugin.at(&["package"]).and_then(Node::as_str).unwrap_or_default();
        package.contains("env") || package.starts_with(['.', '/'])
    });
    if has_own_way {
        return;
    }
    let entries = functions.list.iter().map(|function| (&function.found.name, &function.found.entry));
    let edge = functions.edge.iter().map(|function| (&function.name, &function.entry));
    let mut reported = BTreeSet::new();
    for (name, entry) in entries.chain(edge) {
        for path in functions.reach(site, entry, ANY, |import, _| !import.is_type_only) {
            let reads = functions.code(&path).map(|code| code.module.variables.as_slice()).unwrap_or_default();
            for read in reads.iter().filter(|read| !read.has_fallback) {
                let Some(declared) = declared_at(site, read) else { continue };
                if reported.insert((path.clone(), read.name.clone())) {
                    report(name, read, declared, out);
                }
            }
        }
    }
}

/// Where a file declares the variable, unless functions get it from elsewhere.
fn declared_at(site: &NetlifySite<'_>, read: &Read) -> Option<Span> {
    let is_provided = PROVIDED.contains(&read.name.as_str()) || read.name.starts_with("AWS_");
    let node = site.config(&["build", "environment", &read.name]).filter(|_| !is_provided)?;
    let is_in_file = site.resolution.sources.get(node.span.file).is_some_and(|source| source.is_file);
    is_in_file.then_some(node.span)
}

fn report(function: &str, read: &Read, declared: Span, out: &mut Sink) {
    let name = &read.name;
    let shown = if looks_secret(name) { Span::NONE } else { declared };
    out.report(
        RULE.finding(format!("function \"{function}\" reads \"{name}\", which netlify.toml sets for the build only"))
            .at(read.span)
            .label("undefined when it runs")
            .related(shown, "set for the build")
            .note("a value that is set in the dashboard as well reaches the function")
            .help(format!("set it for functions: netlify env:set {name} VALUE")),
    );
}
