//! The Django settings that a service runs with.

use crate::project::command::{Invocation, Word};
use crate::project::path::{child, parent};
use crate::project::python::django::{Settings, is_manage, module_of_script};
use crate::project::python::target::{Found, find, folder};

use super::python::{PythonService, may_set};
use super::run::Run;
use super::server::server_call;
use super::service::Phase;
use super::site::RenderSite;

const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// A call of `manage.py`: its path and its subcommand.
#[must_use]
pub fn manage(run: &Run) -> Option<(String, &str)> {
    let cwd = run.invocation.cwd.as_deref()?;
    let args = &run.invocation.args;
    let is_direct = is_manage(run.invocation.name());
    let script =
        if is_direct { run.invocation.name() } else { args.iter().find(|arg| !arg.text.starts_with('-'))?.plain()? };
    if !is_manage(script) {
        return None;
    }
    let skip = if is_direct { 0 } else { args.iter().position(|arg| arg.text == script)? + 1 };
    let command = args.get(skip..)?.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-'))?;
    Some((folder(cwd, script)?, command))
}

/// The settings module that `manage.py` uses in a run.
#[must_use]
pub fn settings_of_run(site: &RenderSite<'_>, service: &PythonService<'_>, run: &Run) -> Option<Settings> {
    let (script, _) = manage(run)?;
    let root = parent(&script).unwrap_or_default();
    let named = option(&run.invocation, "--settings").map(|value| value.map(str::to_owned));
    let module = match named.or_else(|| variable(service, &run.invocation)) {
        Some(module) => module?,
        None => module_of_script(&site.files().text(&script)?)?,
    };
    Settings::of(site.snapshot, root, &module)
}

/// The settings module with which the service answers requests: by its variable, its WSGI or ASGI module, or `manage.py`.
#[must_use]
pub fn settings_of_server(site: &RenderSite<'_>, service: &PythonService<'_>) -> Option<Settings> {
    let run = service.runs.of_phase(Phase::Start).find(|run| server_call(site, service, run).is_some())?;
    let call = server_call(site, service, run)?;
    let root = call.roots.first()?;
    let Found::File(path) = find(site.snapshot, root, &call.target.module) else { return None };
    let module = match variable(service, &run.invocation) {
        Some(module) => module?,
        None => {
            let text = site.files().text(&path)?;
            module_of_script(&text).or_else(|| module_of_script(&site.files().text(&child(root, "manage.py"))?))?
        }
    };
    Settings::of(site.snapshot, root, &module)
}

/// The variable's value; the inner none for one that the files do not know.
fn variable(service: &PythonService<'_>, run: &Invocation) -> Option<Option<String>> {
    if let Some(value) = run.variable(VARIABLE) {
        return Some(value.clone());
    }
    let environment = &service.plan.environment;
    may_set(environment, VARIABLE).then(|| environment.value(VARIABLE).map(str::to_owned))
}

fn option<'r>(run: &'r Invocation, name: &str) -> Option<Option<&'r str>> {
    if let Some(word) = run.option(&[name]) {
        return Some(word.plain());
    }
    let written = run.args.iter().find(|arg| arg.text.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
    Some(written.plain().map(|text| &text[name.len() + 1..]))
}
