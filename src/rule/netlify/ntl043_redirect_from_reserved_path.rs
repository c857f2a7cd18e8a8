//! NTL043: a redirect starts at a path of the platform.

use crate::platform::netlify::routing::{Reason, Subject};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

/// The path of `from` starts with `/.netlify`.
pub(super) static RULE: Rule = Rule {
    id: "NTL043",
    name: "redirect-from-reserved-path",
    summary: "A redirect starts at a path that belongs to Netlify and is dropped",
    docs: "\
## What happens

Netlify prints a warning and drops the redirect.

## Why

Everything that starts with `/.netlify` is the platform's own: functions, identity, images. Redirects may lead there, \
but none may start there.

## How to mend it

Choose a public path and lead it to the function: `/api/* /.netlify/functions/:splat 200`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Never,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/redirect-parser/src/normalize.js", "2026-11-20"),
        docs("https://docs.netlify.com/functions/get-started/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for error in site.routing_errors(Subject::Redirect) {
        let Reason::ReservedPath { path } = &error.reason else { continue };
        let message =
            format!("the redirect from \"{path}\" is dropped: paths that start with \"/.netlify\" are reserved");
        let finding = RULE.finding(message).at(error.span).label("dropped");
        out.report(
            finding
                .log_line("\"path\" field must not start with \"/.netlify\"")
                .help("start at a public path, such as \"/api/*\", and lead it to the function with status 200"),
        );
    }
}
