//! PRJ078: `adapter-auto` on a host that it does not know.

use crate::platform::job::Job;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

use super::{adapter_edit, module};

/// SvelteKit is built with the automatic adapter on Render.
pub(super) static RULE: Rule = Rule {
    id: "PRJ078",
    name: "sveltekit-adapter-auto",
    summary: "SvelteKit's automatic adapter does not know this host",
    docs: "\
## What happens

The build is green and leaves nothing behind that could be published or started.

## Why

`@sveltejs/adapter-auto` looks for the variables of the hosts that it knows: Vercel, Cloudflare Pages, Netlify, \
Azure, SST and Google Cloud Run. Elsewhere it only prints a warning.

## How to mend it

Use `@sveltejs/adapter-static` for a static site, `@sveltejs/adapter-node` for a web service.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Publish,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/sveltejs/kit/issues/2956", "2026-11-21"),
        observed("https://github.com/sveltejs/kit/issues/10739", "2026-11-21"),
        observed("https://github.com/sveltejs/kit/issues/10133", "2026-11-21"),
        source("https://github.com/sveltejs/kit/blob/main/packages/adapter-auto/adapters.js", "2026-11-21"),
    ],
    check: Check::Job(check),
};

const AUTO: &str = "@sveltejs/adapter-auto";

fn check(job: &Job<'_>, out: &mut Sink) {
    if job.platform.name != "render" {
        return;
    }
    for tool in job.tools("vite").filter(|tool| tool.run.subcommand() == Some("build")) {
        let Some(file) = module::find(job, tool.dir, "svelte") else { continue };
        let Some(read) = file.read() else { continue };
        let Ok(Some(call)) = read.call(&["kit", "adapter"]) else { continue };
        if call.module.as_deref() != Some(AUTO) {
            continue;
        }
        let (stage, fitting) = if job.is_static {
            (Stage::Publish, "@sveltejs/adapter-static")
        } else {
            (Stage::Start, "@sveltejs/adapter-node")
        };
        let finding = RULE
            .finding(format!("\"{}\" uses \"{AUTO}\", which does not know {}", file.path, job.platform.title))
            .at(file.place(AUTO))
            .label("leaves nothing behind")
            .severity(if job.is_tentative { Severity::Medium } else { Severity::High })
            .stage(stage)
            .log_line("Could not detect a supported production environment")
            .help(format!("use \"{fitting}\" instead"));
        let fixes = adapter_edit::swapped(job, &tool, ("@sveltejs/kit", "svelte"), AUTO);
        return out.report(fixes.into_iter().fold(finding, Finding::fix));
    }
}
