//! NTL074: the pinned Next.js runtime does not fit the version of Next.js.

use crate::platform::netlify::next::{
    FIRST_NEXT_BEYOND_RUNTIME_4, NextSite, OLDEST_NEXT_OF_RUNTIME_5, RUNTIME, Wanted,
};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{ancestors, child};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::project::manifest_edit::ManifestText;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// `package.json` pins a runtime that cannot build this Next.js.
pub(super) static RULE: Rule = Rule {
    id: "NTL074",
    name: "next-runtime-mismatch",
    summary: "The pinned Next.js runtime does not fit the version of Next.js",
    docs: "\
## What happens

The build fails once `next build` is done, when the runtime takes over its output.

## Why

Netlify builds Next.js sites with the plugin `@netlify/plugin-nextjs`, and picks a fitting version of it by itself. A version \
in `package.json` takes precedence over that. Version 4 cannot handle Next.js 14 and later; version 5 refuses anything before \
Next.js 13.5.

## How to mend it

Remove `@netlify/plugin-nextjs` from `package.json`: the platform then chooses. Or raise it to version 5 if Next.js is 13.5 \
or later.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Plugin,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/opennextjs/opennextjs-netlify/blob/main/src/build/verification.ts", "2026-11-20"),
        observed("https://github.com/refinedev/refine/pull/5968", "2026-11-20"),
        observed("https://github.com/ethereum/ethereum-org-website/issues/12024", "2026-11-20"),
        observed("https://github.com/flanksource/flanksource-ui/pull/586", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(project) = NextSite::of(site) else { return };
    let Some(runtime) = &project.runtime else { return };
    let next = &project.next;
    let is_5 = runtime.installed.is_at_least("5.0.0") && runtime.installed.is_below("6.0.0");
    let is_too_old = runtime.installed.is_below("5.0.0") && next.installed.is_at_least(FIRST_NEXT_BEYOND_RUNTIME_4);
    let is_too_new = is_5 && next.installed.is_below(OLDEST_NEXT_OF_RUNTIME_5);
    let (reason, log) = match (is_too_old, is_too_new) {
        (true, _) => ("which cannot build Next.js 14 and later", "Plugin \"@netlify/plugin-nextjs\" failed"),
        (_, true) => {
            ("which needs Next.js 13.5 or later", "@netlify/plugin-nextjs@5 requires Next.js version >=13.5.0")
        }
        _ => return,
    };
    let wanted = runtime.field.text.unwrap_or_default();
    out.report(
        RULE.finding(format!("\"{RUNTIME}\" is pinned to \"{wanted}\", {reason}"))
            .at(runtime.field.span)
            .label("does not fit")
            .related(next.field.span, "this Next.js")
            .log_line(log)
            .help(format!("remove \"{RUNTIME}\" from package.json; the platform then picks a fitting version"))
            .maybe_fix(if is_too_old { Some(raise(site, runtime)) } else { drop_pin(site) }),
    );
}

/// Takes the runtime out of the manifest, so that the platform chooses.
fn drop_pin(site: &NetlifySite<'_>) -> Option<Fix> {
    let manifest = site.manifest()?;
    let text = site.resolution.sources.get(manifest.file).filter(|source| source.is_file)?.text.as_str();
    let field = manifest.dependency(RUNTIME).next()?.0.field();
    let change = ManifestText { file: manifest.file, text, root: &manifest.root }.remove_dependency(field, RUNTIME)?;
    let title = format!("take \"{RUNTIME}\" out; the platform picks a fitting version");
    Some(Fix { title, applicability: Applicability::Review, changes: vec![change] })
}

/// Raises the runtime to version 5; npm repairs its lock file by itself, the others stop at a stale one.
fn raise(site: &NetlifySite<'_>, runtime: &Wanted<'_>) -> Fix {
    const STRICT: [&str; 4] = ["yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];
    let is_strict =
        ancestors(site.build_dir()).any(|dir| STRICT.iter().any(|lock| site.snapshot.is_file(&child(dir, lock))));
    let applicability = if is_strict { Applicability::Review } else { Applicability::Safe };
    Fix::replace(applicability, format!("raise \"{RUNTIME}\" to version 5"), runtime.field.span, "\"^5.0.0\"")
}
