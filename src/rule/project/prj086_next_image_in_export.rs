//! PRJ086: `next/image` in a static export.

use crate::platform::job::Job;
use crate::project::javascript::closure::Closure;
use crate::project::javascript::configuration::Configuration;
use crate::project::path::child;
use crate::project::setting::Setting;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{next, package};

/// A static export uses `next/image`, whose default loader needs a server.
pub(super) static RULE: Rule = Rule {
    id: "PRJ086",
    name: "next-image-in-export",
    summary: "next/image is used in a static export without a loader",
    docs: "\
## What happens

With the pages router the build stops. With the app router it passes, and every picture is missing.

## Why

By default the pictures come from `/_next/image`, which a server of Next.js answers. A static export has none.

## How to mend it

Set `images: { unoptimized: true }` in the configuration, or name a loader.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/vercel/next.js/issues/19612", "2026-11-21"),
        observed("https://github.com/vercel/next.js/issues/27231", "2026-11-21"),
        observed("https://github.com/cofeed-19/cofeed-19.github.io/pull/46", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Pages that are looked at most.
const MAX_PAGES: usize = 200;

fn check(job: &Job<'_>, out: &mut Sink) {
    for run in next::runs(job, "build").iter().filter(|run| run.package.installed.is_at_least("13.3.0")) {
        let dir = run.tool.dir;
        let Some((path, file, source)) = next::configuration(job, dir) else { continue };
        let Some(module) = Configuration::read(&source.text, &path, file) else { continue };
        let Setting::Written(output) = module.setting(&["output"]) else { continue };
        let is_answered = ["unoptimized", "loader", "loaderFile"].iter().any(|word| module.has_word(word));
        if output.text != "export" || is_answered || !next::is_literal(&module) {
            continue;
        }
        let Some((page, is_pages_router)) = using_page(job, dir) else { continue };
        let severity = if is_pages_router { super::command::severity(job) } else { Severity::Medium };
        let has_images = !module.setting(&["images"]).is_absent();
        let end = Span { start: output.span.end, ..output.span };
        let fix = (!has_images).then(|| {
            Fix::replace(Applicability::Safe, "serve pictures as they are", end, ", images: { unoptimized: true }")
        });
        let message = if is_pages_router {
            format!("\"{page}\" uses next/image, which a static export cannot serve")
        } else {
            format!("\"{page}\" uses next/image, whose pictures a static export does not hold")
        };
        let stage = if is_pages_router { run.tool.stage } else { Stage::Runtime };
        let finding = package::at_tool(&RULE, job, &run.tool, message)
            .at(output.span)
            .label("no picture server")
            .severity(severity)
            .stage(stage)
            .help("set images: { unoptimized: true }")
            .maybe_fix(fix);
        let log = "Image Optimization using the default loader is not compatible with export";
        return out.report(if is_pages_router { finding.log_line(log) } else { finding });
    }
}

/// A page that uses `next/image`, and whether it belongs to the pages router.
fn using_page(job: &Job<'_>, dir: &str) -> Option<(String, bool)> {
    for (folder, is_pages) in [("pages", true), ("src/pages", true), ("app", false), ("src/app", false)] {
        let below = child(dir, folder);
        let pages = job.snapshot.below(&below).iter().map(|entry| &*entry.path);
        let is_page = |path: &&str| {
            [".js", ".jsx", ".ts", ".tsx"].iter().any(|end| path.ends_with(end)) && !path.contains("/api/")
        };
        let found = pages.filter(is_page).take(MAX_PAGES).find(|path| uses_image(job, path));
        if let Some(page) = found {
            return Some((page.to_owned(), is_pages));
        }
    }
    None
}

fn uses_image(job: &Job<'_>, page: &str) -> bool {
    let imports = |path: &str| {
        let text = job.snapshot.text(path).unwrap_or_default();
        let is_import = |line: &str| {
            let line = line.trim_start();
            let names_it = ["'next/image'", "\"next/image\"", "'next/legacy/image'", "\"next/legacy/image\""];
            (line.starts_with("import ") || line.contains("require("))
                && !line.starts_with("import type")
                && names_it.iter().any(|name| line.contains(name))
        };
        text.lines().any(is_import)
    };
    imports(page) || Closure::of(job.snapshot, page).paths.iter().any(|path| imports(path))
}
