//! RND047: a version of Python is given in a way that Render does not read.

use crate::platform::render::blueprint::Runtime;
use crate::platform::render::python::may_set;
use crate::platform::render::service::ServicePlan;
use crate::platform::render::site::RenderSite;
use crate::platform::render::toolchain::python::{Wish, newest, of_runtime_txt, wish};
use crate::platform::render::toolchain::table;
use crate::project::path::child;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `PYTHON_VERSION` is no full version, or only `runtime.txt` names one.
pub(super) static RULE: Rule = Rule {
    id: "RND047",
    name: "python-version-not-read",
    summary: "The Python version is given in a way that Render does not read",
    docs: "\
## What happens

With a `PYTHON_VERSION` that is not a full version the build stops before anything is installed. A `runtime.txt` is passed \
over: the service gets the default version, which depends on the day on which it was created, and packages that are pinned to \
older versions of Python fail to install.

## Why

Render reads the variable `PYTHON_VERSION`, which must have three numbers (`3.12.8`), and then the file `.python-version`, \
which may leave out the last one. `runtime.txt` is Heroku's.

## How to mend it

Write all three numbers, or put the version into `.python-version`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Toolchain,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/python-version", "2026-11-21"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-deploy/references/runtimes.md", "2026-11-21"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-migrate-from-heroku/references/buildpack-mapping.md",
            "2026-11-21",
        ),
    ],
    check: Check::Render(check),
};

const VARIABLE: &str = "PYTHON_VERSION";

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services().filter(|(service, _)| service.runtime == Some(Runtime::Python)) {
        let known = plan.environment.get(VARIABLE);
        match known.and_then(|variable| Some((variable.value.as_deref()?.trim(), variable.span))) {
            Some(("", _)) => {}
            Some((text, span)) => of_variable(site, text, span).into_iter().for_each(|finding| out.report(finding)),
            None if known.is_none() && plan.is_here && !service.table.contains_key("buildSource") => {
                of_file(site, plan).into_iter().for_each(|finding| out.report(finding));
            }
            None => {}
        }
    }
}

fn of_variable(site: &RenderSite<'_>, text: &str, span: Span) -> Option<Finding> {
    let (what, version) = match wish(text) {
        Wish::Full => return None,
        Wish::Partial(version) => ("has fewer than three numbers".to_owned(), version),
        Wish::Impossible(what) => (what, None),
        Wish::Other if text.to_ascii_lowercase().contains("pypy") => return None,
        Wish::Other => ("is not a full version".to_owned(), None),
    };
    let written = site.sources.slice(span).unwrap_or_default();
    let is_plain = written.trim_matches(['"', '\'']) == text && !site.document.marks.is_shared(span);
    let applicability = if version.is_some() { Applicability::Safe } else { Applicability::Review };
    let fix = version.or_else(|| nearest(text)).filter(|_| is_plain).map(|version| {
        Fix::replace(applicability, format!("set \"{VARIABLE}\" to \"{version}\""), span, format!("\"{version}\""))
    });
    let finding = RULE
        .finding(format!("\"{VARIABLE}\" is \"{text}\", which {what}"))
        .at(span)
        .help("write three numbers, such as \"3.12.8\"")
        .log_line("The requested version");
    Some(finding.maybe_fix(fix))
}

fn of_file(site: &RenderSite<'_>, plan: &ServicePlan) -> Option<Finding> {
    let dir = plan.dir().filter(|_| !may_set(&plan.environment, VARIABLE))?;
    let path = child(dir, "runtime.txt");
    let has = |name: &str| site.snapshot.exists(name) || site.snapshot.exists(&child(dir, name));
    if !site.snapshot.is_file(&path) || has(".python-version") {
        return None;
    }
    let (file, source) = site.files().open(&path)?;
    let version = of_runtime_txt(&source.text)?;
    let at = source.text.find(version)?;
    let full = version.split('.').count() == 3;
    let known = if full {
        Some(version.to_owned())
    } else {
        version.split('.').nth(1)?.parse().ok().and_then(newest).map(|_| version.to_owned())
    };
    let fix = known.map(|version| {
        let name = child(dir, ".python-version");
        Fix::create(Applicability::Safe, format!("write \"{version}\" into \"{name}\""), name, format!("{version}\n"))
    });
    let finding = RULE
        .finding(format!("Render does not read \"{path}\": the service does not get Python {version}"))
        .at(Span::new(file, at, at + version.len()))
        .severity(Severity::Medium)
        .help(format!("put the version into \".python-version\", or set \"{VARIABLE}\""));
    let default = table::tool("python").and_then(|tool| tool.default.as_ref());
    let finding = match default {
        Some(default) => finding.note(format!("services created since {} get {}", default.since, default.version)),
        None => finding,
    };
    Some(finding.maybe_fix(fix))
}

/// The last release of the oldest line that Render has, for a version from before it.
fn nearest(text: &str) -> Option<String> {
    let mut numbers = text.split('.').map(str::parse::<u64>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    if major == 3 && minor <= 7 { newest(7) } else { None }
}
