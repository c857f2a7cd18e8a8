//! PRJ087: a Corepack that cannot verify newer releases of pnpm and Yarn.

use crate::platform::job::Job;
use crate::platform::pick::Pick;
use crate::project::path::ancestors;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A release of Node.js from before the change of the registry's keys is pinned, and Corepack fetches a package manager.
pub(super) static RULE: Rule = Rule {
    id: "PRJ087",
    name: "corepack-keys",
    summary: "The pinned Node.js brings a Corepack that does not know the registry's keys",
    docs: "\
## What happens

Corepack stops before anything is installed: it cannot verify the signature of the package manager.

## Why

The npm registry signs with new keys since early 2025. Corepack below 0.31 knows the old ones only, and comes \
with Node.js up to 18.20.6, 20.18.2, 22.13.1 and 23.7.0.

## How to mend it

Raise the patch version of Node.js, or pin its major alone, which gets the newest release.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/lobehub/lobehub/issues/5814", "2026-11-21"),
        observed("https://github.com/t3dotgg/drive-tutorial/issues/3", "2026-11-21"),
        observed("https://github.com/nodejs/corepack/issues/631", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// The last release of each major with an old Corepack.
const LAST_OLD: [(u64, u64, u64); 4] = [(18, 20, 6), (20, 18, 2), (22, 13, 1), (23, 7, 0)];

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = job.node.as_ref().filter(|node| node.is_pinned && node.written == 3 && is_old(node)) else {
        return;
    };
    let is_checked = job.variable("COREPACK_INTEGRITY_KEYS").is_none();
    let is_renewed =
        job.commands.iter().any(|(_, trace)| trace.texts.iter().any(|text| text.text.contains("corepack@")));
    for installation in job.installations.iter().filter(|_| is_checked && !is_renewed) {
        // Netlify fetches them with Corepack when the field is there; Render only when the command says so.
        let field = ancestors(&installation.dir).find_map(|dir| {
            let manifest = job.manifest(dir).filter(|manifest| manifest.dir() == dir)?;
            let field = manifest.package_manager()?;
            (matches!(field.name, "pnpm" | "yarn") && field.version.is_some())
                .then_some((field.name.to_owned(), field.span))
        });
        let Some((name, span)) = field.filter(|_| job.is_own_strict && job.own.is_some()) else { continue };
        if name != installation.manager {
            continue;
        }
        let text = &node.text;
        let release = Pick::node(&node.major().to_string(), node.span, true).map(|pick| pick.version);
        let fix = release.filter(|_| job.written(node.span).is_some_and(|written| written.trim() == text)).map(
            |(a, b, c)| {
                Fix::replace(
                    Applicability::Review,
                    format!("take Node.js {a}.{b}.{c}"),
                    node.span,
                    format!("{a}.{b}.{c}\n"),
                )
            },
        );
        return out.report(
            RULE.finding(format!("Node.js {text} brings a Corepack that cannot verify {name}"))
                .at(node.span)
                .label("Corepack below 0.31")
                .related(span, "is fetched by Corepack")
                .severity(if job.is_tentative { Severity::Medium } else { Severity::High })
                .log_line("Cannot find matching keyid")
                .help("raise the patch version of Node.js, or pin its major alone")
                .maybe_fix(fix),
        );
    }
}

fn is_old(node: &Pick) -> bool {
    LAST_OLD.iter().any(|last| last.0 == node.major() && node.version <= *last)
}
