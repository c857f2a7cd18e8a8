//! RND055: a headless browser is downloaded to a folder that does not outlive the build.

use super::rnd033_localhost::entry;
use super::service::{insert_after, server};
use crate::platform::render::blueprint::{Class, Runtime, Service};
use crate::platform::render::service::ServicePlan;
use crate::platform::render::site::RenderSite;
use crate::project::javascript::closure::Closure;
use crate::project::manifest::{DependencyKind, Manifest};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// Puppeteer or Playwright without a browser folder inside the project.
pub(super) static RULE: Rule = Rule {
    id: "RND055",
    name: "browser-cache-lost",
    summary: "The headless browser is downloaded to a folder that is not kept",
    docs: "\
## What happens

Everything turns green. As soon as the service starts a browser, it is not found.

## Why

Only the folder of the project is carried from the build to the running service. Puppeteer (since version 19) and \
Playwright download their browsers to `~/.cache`, which lies outside.

## How to mend it

Set `PUPPETEER_CACHE_DIR` to a folder below `/opt/render/project`, or name it as `cacheDirectory` in \
`.puppeteerrc.cjs`. For Playwright set `PLAYWRIGHT_BROWSERS_PATH` to `0`.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://pptr.dev/guides/configuration", "2026-11-20"),
        observed("https://github.com/puppeteer/puppeteer/issues/9694", "2026-11-20"),
        observed("https://github.com/puppeteer/puppeteer/issues/13902", "2026-11-20"),
        observed("https://github.com/puppeteer/puppeteer/issues/9592", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// A package with a browser.
struct Browser {
    package: &'static str,
    title: &'static str,
    variable: &'static str,
    value: &'static str,
    /// Variables that point to another browser, or stop the download.
    others: &'static [&'static str],
    /// Words in commands that say that somebody has taken care.
    words: &'static [&'static str],
}

const BROWSERS: [Browser; 2] = [
    Browser {
        package: "puppeteer",
        title: "Puppeteer",
        variable: "PUPPETEER_CACHE_DIR",
        value: "/opt/render/project/.cache/puppeteer",
        others: &[
            "PUPPETEER_EXECUTABLE_PATH",
            "PUPPETEER_SKIP_DOWNLOAD",
            "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD",
            "PUPPETEER_BROWSER_WS_ENDPOINT",
        ],
        words: &[".cache", "PUPPETEER_", "install-chrome", "/opt/render/project"],
    },
    Browser {
        package: "playwright",
        title: "Playwright",
        variable: "PLAYWRIGHT_BROWSERS_PATH",
        value: "\"0\"",
        others: &["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"],
        words: &[".cache", "PLAYWRIGHT_", "/opt/render/project"],
    },
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let runs = matches!(service.class, Some(Class::Web | Class::Private | Class::Worker | Class::Cron));
        if service.runtime == Some(Runtime::Node) && runs {
            BROWSERS.iter().for_each(|browser| judge(site, service, plan, browser, out));
        }
    }
}

fn judge(site: &RenderSite<'_>, service: &Service, plan: &ServicePlan, browser: &Browser, out: &mut Sink) {
    let Some(dir) = plan.dir() else { return };
    let installations = plan.installed.iter().filter(|it| it.installation.dir == dir);
    let Some(manifest) = installations.filter_map(|it| it.installation.manifest.as_ref().ok()).next() else { return };
    let Some(field) = dependency(manifest, browser.package) else { return };
    if is_cared_for(site, plan, manifest, dir, browser) {
        return;
    }
    let uses = server(plan).and_then(|program| entry(site, &program)).map(|path| Closure::of(site.snapshot, &path));
    let is_used = uses.is_some_and(|closure| closure.packages.contains(browser.package));
    let downloads = browser.package == "puppeteer" || texts(plan).any(|text| text.contains("playwright install"));
    if !downloads {
        return;
    }
    let message = format!(
        "{} downloads its browser to \"~/.cache\", which is not carried over to the running service \"{}\"",
        browser.title,
        service.name()
    );
    let title = format!("set {} to {}", browser.variable, browser.value);
    let lines = [format!("- key: {}", browser.variable), format!("  value: {}", browser.value)];
    let key = ["startCommand", "buildCommand"].into_iter().find(|key| service.text(key).is_some());
    let fix = key.filter(|_| !service.table.contains_key("envVars")).and_then(|key| {
        let mut all = vec!["envVars:".to_owned()];
        all.extend(lines.iter().map(|line| format!("  {line}")));
        insert_after(site, Applicability::Review, title.clone(), (service, key), &all)
    });
    let severity = if is_used { Severity::High } else { Severity::Medium };
    let finding =
        RULE.finding(message).at_path(&manifest.path).at(field).severity(severity).label("its browser is lost");
    out.report(finding.log_line("Could not find Chrome").help(title).maybe_fix(fix));
}

fn dependency(manifest: &Manifest, package: &str) -> Option<crate::text::span::Span> {
    let mut found = manifest.dependency(package);
    let (_, field) = found.find(|(kind, _)| matches!(kind, DependencyKind::Production | DependencyKind::Optional))?;
    // Until version 18 the browser lay in node_modules.
    let range = field.text.unwrap_or_default().trim_start_matches(['^', '~', '=', 'v', '>', ' ']);
    let major: Option<u64> = range.split(['.', ' ', '-']).next().and_then(|part| part.parse().ok());
    (package != "puppeteer" || major.is_some_and(|major| major >= 19)).then_some(field.span)
}

fn texts(plan: &ServicePlan) -> impl Iterator<Item = &str> {
    let scripts = plan.installed.iter().flat_map(|it| &it.lifecycle);
    let traces = plan.commands.iter().map(|command| &command.trace).chain(scripts);
    traces.flat_map(|trace| trace.texts.iter().map(|text| text.text.as_str()))
}

/// Whether anything says where the browser goes, or that another one is used.
fn is_cared_for(site: &RenderSite<'_>, plan: &ServicePlan, manifest: &Manifest, dir: &str, browser: &Browser) -> bool {
    let names = std::iter::once(&browser.variable).chain(browser.others).chain(&["XDG_CACHE_HOME", "HOME"]);
    let mut names = names.copied();
    let is_set = names.any(|name| plan.environment.may_set(name));
    let is_configured = site
        .snapshot
        .children(dir)
        .into_iter()
        .any(|(name, _)| name.starts_with(".puppeteerrc") || name.starts_with("puppeteer.config"));
    let is_said = texts(plan).any(|text| browser.words.iter().any(|word| text.contains(word)));
    // A script of the repository may move the folder.
    let has_script = plan.commands.iter().any(|command| {
        let mut runs = command.trace.invocations.iter();
        runs.any(|run| run.name().contains('/') || matches!(run.name(), "bash" | "sh"))
    });
    let has_npmrc = site.snapshot.text(&child(dir, ".npmrc")).is_ok_and(|text| text.contains("puppeteer"));
    is_set || is_configured || is_said || has_script || has_npmrc || manifest.field("puppeteer").is_some()
}
