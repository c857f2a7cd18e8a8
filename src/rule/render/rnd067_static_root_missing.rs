//! RND067: `collectstatic` runs, and the settings name no folder for it.

use crate::platform::render::django::{manage, settings_of_run};
use crate::platform::render::python::{self, PythonService};
use crate::platform::render::run::Run;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::python::django::{Assignment, Settings, Value};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// Django has nowhere to put its static files.
pub(super) static RULE: Rule = Rule {
    id: "RND067",
    name: "static-root-missing",
    summary: "collectstatic runs, and the Django settings have no STATIC_ROOT",
    docs: "\
## What happens

`collectstatic` ends with an error, and the build fails.

## Why

The development server serves static files from the applications themselves and needs no folder. `collectstatic` copies them \
into `STATIC_ROOT`, which has no default.

## How to mend it

Set `STATIC_ROOT` to a folder of the project, such as `BASE_DIR / 'staticfiles'`, and let WhiteNoise or a storage serve it.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/arocks/edge/issues/87", "2026-11-21"),
        observed("https://github.com/NC3-LU/Fit4Cybersecurity/issues/24", "2026-11-21"),
        observed("https://github.com/retspen/webvirtcloud/issues/605", "2026-11-21"),
        observed("https://github.com/realpython/dockerizing-django/issues/14", "2026-11-21"),
        observed("https://github.com/distrochooser/distrochooser/issues/318", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        let collects =
            |run: &&Run| run.invocation.decides() && manage(run).is_some_and(|(_, command)| command == "collectstatic");
        if let Some(run) = service.runs.list.iter().find(collects) {
            judge(site, &service, run, out);
        }
    }
}

fn judge(site: &RenderSite<'_>, service: &PythonService<'_>, run: &Run, out: &mut Sink) {
    if has_flag(run, "--dry-run") || has_flag(run, "--help") {
        return;
    }
    let Some(settings) = settings_of_run(site, service, run).filter(|settings| !settings.is_open) else { return };
    let is_used = settings.has_string("django.contrib.staticfiles");
    if !is_used || has_other_storage(&settings) || !is_absent(&settings) {
        return;
    }
    let Some(path) = settings.files.first() else { return };
    let stage = match run.phase {
        Phase::Build => Stage::Build,
        Phase::PreDeploy => Stage::PreDeploy,
        Phase::Start | Phase::Hook => Stage::Start,
    };
    let word = run.invocation.args.iter().find(|arg| arg.text == "collectstatic");
    let span = word.map_or(Span::NONE, |word| run.word_span(site, word));
    let finding = RULE
        .finding(format!("\"collectstatic\" needs \"STATIC_ROOT\", which \"{path}\" does not set"))
        .at(span)
        .stage(stage)
        .help("set \"STATIC_ROOT\" to a folder of the project")
        .log_line("without having set the STATIC_ROOT setting");
    out.report(finding.maybe_fix(assignment(site, &settings)));
}

fn has_flag(run: &Run, flag: &str) -> bool {
    run.invocation.has_arg(flag)
}

/// Not set at all, or only for production while the settings say that this is none.
fn is_absent(settings: &Settings) -> bool {
    let Some(found) = settings.get("STATIC_ROOT") else { return true };
    let is_for_production =
        |found: &Assignment| matches!(found.conditions.as_slice(), [only] if only == "if not DEBUG :");
    is_for_production(found) && is_plainly_true(settings)
}

fn is_plainly_true(settings: &Settings) -> bool {
    settings.get("DEBUG").is_some_and(|debug| debug.value == Value::Bool(true) && debug.conditions.is_empty())
}

/// Whether static files are kept by something that needs no folder, or by something that is not known.
fn has_other_storage(settings: &Settings) -> bool {
    const FOLDERS: [&str; 2] = ["django.contrib.staticfiles.storage", "whitenoise.storage"];
    let is_named = ["STATICFILES_STORAGE", "STORAGES"].iter().any(|name| settings.get(name).is_some());
    is_named && !FOLDERS.iter().any(|storage| settings.has_string(storage)) || settings.has_string("storages.backends")
}

/// Sets the folder behind the line of `STATIC_URL`.
fn assignment(site: &RenderSite<'_>, settings: &Settings) -> Option<Fix> {
    let url = settings.get("STATIC_URL").filter(|url| url.conditions.is_empty())?;
    let (file, source) = site.files().open(&url.path)?;
    let base = settings.get("BASE_DIR").filter(|base| base.path == url.path && base.range.end < url.range.start)?;
    let made = source.text.get(base.range.clone())?;
    let value = match () {
        () if made.contains("Path(") => "BASE_DIR / 'staticfiles'",
        () if made.contains("os.path") => "os.path.join(BASE_DIR, 'staticfiles')",
        () => return None,
    };
    let rest = &source.text[url.range.end..];
    let at = url.range.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
    let line_end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let text = format!("{line_end}STATIC_ROOT = {value}");
    let title = format!("set \"STATIC_ROOT\" in \"{}\"", url.path);
    Some(Fix::replace(Applicability::Safe, title, Span::new(file, at, at), text))
}
