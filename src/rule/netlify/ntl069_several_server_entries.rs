//! NTL069: more than one file could be the server's entry.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::source;
use crate::sim::stage::Stage;

/// `netlify/server` has several files named `index`.
pub(super) static RULE: Rule = Rule {
    id: "NTL069",
    name: "several-server-entries",
    summary: "More than one file could be the entry of the server",
    docs: "\
## What happens

On sites for which Netlify has turned servers on, the build stops when functions are bundled. On all others the folder \
is not looked at.

## Why

A site has one server, and its code starts in `netlify/server/index` with the extension `.js`, `.mjs`, `.ts` or `.mts`. \
Which of two such files is meant cannot be known. Often the second one is the output of a compiler.

## How to mend it

Keep one of the files; let git ignore what a compiler makes.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Never,
    evidence: &[source(
        "https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/functions/server_entry.ts",
        "2026-11-20",
    )],
    check: Check::Netlify(check),
};

/// The names that count (`zip-it-and-ship-it/src/server.ts`).
const ENTRIES: [&str; 4] = ["index.js", "index.mjs", "index.mts", "index.ts"];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if site.resolved().is_none() {
        return;
    }
    let folder = child(&child(site.build_dir(), &site.package_path), "netlify/server");
    let found: Vec<&str> = ENTRIES.into_iter().filter(|name| site.snapshot.exists(&child(&folder, name))).collect();
    if found.len() < 2 {
        return;
    }
    let names: Vec<String> = found.iter().map(|name| format!("\"{name}\"")).collect();
    out.report(
        RULE.finding(format!("\"{folder}\" holds {}, one entry of the server is accepted", names.join(" and ")))
            .at_path(folder)
            .log_line("Found multiple server entrypoints in"),
    );
}
