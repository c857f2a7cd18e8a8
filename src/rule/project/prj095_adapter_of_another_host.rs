//! PRJ095: an adapter that is made for another host.

use crate::platform::job::{Job, ToolRun};
use crate::project::setting::Setting;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{adapter_edit, module};

/// The configuration of the framework calls an adapter whose output another host understands.
pub(super) static RULE: Rule = Rule {
    id: "PRJ095",
    name: "adapter-of-another-host",
    summary: "The framework is built with the adapter of another host",
    docs: "\
## What happens

The build is green, and the pages are missing: the output has the layout of the other host.

## Why

Adapters write what one host expects: `.vercel/output`, a worker of Cloudflare, functions of Netlify. Nobody \
else reads it.

## How to mend it

Use the adapter of this host.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/Charca/astro-records/issues/6", "2026-11-21"),
        observed("https://github.com/swyxio/swyxkit/issues/74", "2026-11-21"),
        observed("https://github.com/withastro/astro.build/pull/1166", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Frameworks with their programs, the names of their configurations, and where these name the adapter.
const FRAMEWORKS: [(&str, &str, &[&str]); 2] =
    [("astro", "astro", &["adapter"]), ("vite", "svelte", &["kit", "adapter"])];

/// Adapters with the host that they are for.
const ADAPTERS: [(&str, &str); 10] = [
    ("@astrojs/vercel", "Vercel"),
    ("@astrojs/vercel/serverless", "Vercel"),
    ("@astrojs/vercel/static", "Vercel"),
    ("@astrojs/cloudflare", "Cloudflare"),
    ("@astrojs/netlify", "Netlify"),
    ("@sveltejs/adapter-vercel", "Vercel"),
    ("@sveltejs/adapter-cloudflare", "Cloudflare"),
    ("@sveltejs/adapter-cloudflare-workers", "Cloudflare"),
    ("@sveltejs/adapter-netlify", "Netlify"),
    ("@deno/astro-adapter", "Deno"),
];

fn check(job: &Job<'_>, out: &mut Sink) {
    for (program, configuration, keys) in FRAMEWORKS {
        for tool in job.tools(program).filter(|tool| tool.run.subcommand() == Some("build")) {
            let Some((path, name, host, span)) = foreign(job, &tool, configuration, keys) else { continue };
            let finding = RULE
                .finding(format!("\"{path}\" builds for {host} with \"{name}\", and {} deploys it", job.platform.title))
                .at(span)
                .label("for another host")
                .severity(if job.is_tentative { Severity::Medium } else { Severity::High })
                .help(format!("use the adapter for {}", job.platform.title));
            let framework = if program == "astro" { "astro" } else { "@sveltejs/kit" };
            let fixes = adapter_edit::swapped(job, &tool, (framework, configuration), &name);
            return out.report(fixes.into_iter().fold(finding, Finding::fix));
        }
    }
}

/// The adapter of another host that a configuration calls for certain.
fn foreign(
    job: &Job<'_>,
    tool: &ToolRun<'_>,
    configuration: &str,
    keys: &[&str],
) -> Option<(String, String, &'static str, Span)> {
    let file = module::find(job, tool.dir, configuration)?;
    let read = file.read()?;
    let call = read.call(keys).ok()??;
    let name = call.module?;
    let (_, host) = ADAPTERS.iter().find(|(adapter, _)| *adapter == name)?;
    // A static build of Astro writes the usual folder whatever the adapter.
    let is_static = configuration == "astro"
        && !matches!(read.setting(&["output"]), Setting::Written(output) if matches!(output.text.as_str(), "server" | "hybrid"));
    let is_own = *host == job.platform.title;
    (!is_own && !is_static).then(|| (file.path.clone(), name.clone(), *host, file.place(&name)))
}
