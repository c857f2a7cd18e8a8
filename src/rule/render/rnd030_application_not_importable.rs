//! RND030: the application that a server is told to import is not there.

use crate::platform::render::python::{self, PythonService};
use crate::platform::render::server::{ServerCall, may_be_foreign, server_call};
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::path::{name, strip};
use crate::project::python::module::{self, Presence};
use crate::project::python::target::{Found, find, roots_of};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `module:attribute` names nothing.
pub(super) static RULE: Rule = Rule {
    id: "RND030",
    name: "application-not-importable",
    summary: "The WSGI or ASGI application of the start command cannot be imported",
    docs: "\
## What happens

The build is green. The server starts, cannot import the module or finds no such name in it, and ends.

## Why

`app:app` means the name `app` in `app.py`, below the folder in which the command runs. A project whose file is `main.py`, \
whose Django package has another name, or whose `rootDir` is another folder needs another target.

## How to mend it

Write the module as Python would import it from that folder, with points between folders, and the name that holds the \
application. gunicorn's `--chdir` and uvicorn's `--app-dir` change the folder.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/render-oss/skills/blob/main/skills/render-debug/references/error-patterns.md", "2026-11-21"),
        observed("https://github.com/render-examples/fastapi/issues/6", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Names that projects give to their own modules, and no distribution to its.
const OWN_NAMES: [&str; 12] =
    ["app", "application", "main", "wsgi", "asgi", "server", "api", "src", "backend", "run", "manage", "index"];

/// Classes and functions whose values are applications.
const MAKERS: [&str; 9] = [
    "Flask",
    "FastAPI",
    "Starlette",
    "Quart",
    "Litestar",
    "Sanic",
    "get_wsgi_application",
    "get_asgi_application",
    "create_app",
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        for run in service.runs.of_phase(Phase::Start).filter(|run| run.invocation.decides()) {
            if let Some(call) = server_call(site, &service, run).filter(|_| service.runs.is_known(&[Phase::Start])) {
                judge(site, &service, &call, out);
            }
        }
    }
}

fn judge(site: &RenderSite<'_>, service: &PythonService<'_>, call: &ServerCall<'_>, out: &mut Sink) {
    let module = &call.target.module;
    let found = call.roots.iter().map(|root| find(site.snapshot, root, module)).find(|found| *found != Found::Missing);
    match found {
        None if is_surely_absent(site, service, call) => out.report(absent(site, call)),
        Some(Found::File(path)) => {
            let Some(text) = site.files().text(&path) else { return };
            let attribute = call.target.attribute.as_deref().unwrap_or_default();
            if module::read(&text).binds(attribute) == Presence::No {
                out.report(unbound(site, call, &path, attribute, &text));
            }
        }
        _ => {}
    }
}

fn is_surely_absent(site: &RenderSite<'_>, service: &PythonService<'_>, call: &ServerCall<'_>) -> bool {
    let module = &call.target.module;
    let top = module.split('.').next().unwrap_or_default();
    let is_here = call.roots.iter().any(|root| find(site.snapshot, root, top) != Found::Missing);
    let is_elsewhere = !roots_of(site.snapshot, module).is_empty();
    let is_own = is_here || OWN_NAMES.contains(&top) || is_elsewhere;
    if !service.declared().local.is_empty() || !service.runs.is_known(&[Phase::Build]) {
        return false;
    }
    let names_it =
        |run: &&crate::platform::render::run::Run| run.invocation.args.iter().any(|arg| arg.text.contains(top));
    let is_made = service.runs.of_phase(Phase::Build).any(|run| names_it(&run) || run.invocation.name() == "git");
    !is_made && (is_own || !may_be_foreign(service, top))
}

fn absent(site: &RenderSite<'_>, call: &ServerCall<'_>) -> Finding {
    let module = &call.target.module;
    let file = format!("{}.py", module.replace('.', "/"));
    let folder = call.roots.first().map_or("", String::as_str);
    let place = if folder.is_empty() { "the repository's root".to_owned() } else { format!("\"{folder}\"") };
    let finding = RULE
        .finding(format!("there is no module \"{module}\": no \"{file}\" below {place}"))
        .at(call.run.word_span(site, call.word))
        .log_line("No module named");
    let others = roots_of(site.snapshot, module);
    let finding = match others.as_slice() {
        [only] => finding.note(format!("the module lies below \"{only}\"")),
        _ => finding,
    };
    finding.help("name the module as Python imports it from that folder").maybe_fix(candidate(site, call))
}

fn unbound(site: &RenderSite<'_>, call: &ServerCall<'_>, path: &str, attribute: &str, text: &str) -> Finding {
    let bound = module::read(text).bound;
    let mut makers = bound.iter().filter(|(_, maker)| maker.as_deref().is_some_and(|maker| MAKERS.contains(&maker)));
    let fix = match (makers.next(), makers.next()) {
        (Some((name, _)), None) => replacement(site, call, &call.target.module, name),
        _ => None,
    };
    let finding = RULE
        .finding(format!("\"{path}\" has no \"{attribute}\" at its top level"))
        .at(call.run.word_span(site, call.word))
        .log_line("Failed to find attribute");
    let finding = if call.run.program() == "gunicorn" { finding } else { finding.log_line("Attribute") };
    finding.help("name what holds the application").maybe_fix(fix)
}

/// The only application below the folder, if there is exactly one.
fn candidate(site: &RenderSite<'_>, call: &ServerCall<'_>) -> Option<Fix> {
    const MAX_FILES: usize = 300;
    let root = call.roots.first()?;
    let is_test = |path: &str| {
        path.split('/').any(|part| part.starts_with("test") || part.starts_with('.') || part == "node_modules")
    };
    let entries = site.snapshot.below(root).iter().map(|entry| &*entry.path);
    let mut found = Vec::new();
    for path in entries.filter(|path| path.ends_with(".py") && !is_test(path)).take(MAX_FILES) {
        let relative = strip(path, root)?;
        if relative.matches('/').count() > 2 || name(path) == "__init__.py" {
            continue;
        }
        let module = module::read(&site.files().text(path)?);
        let names =
            module.bound.iter().filter(|(_, maker)| maker.as_deref().is_some_and(|maker| MAKERS.contains(&maker)));
        found.extend(names.map(|(name, _)| (relative.trim_end_matches(".py").replace('/', "."), name.clone())));
    }
    if let [(module, attribute)] = found.as_slice() { replacement(site, call, module, attribute) } else { None }
}

fn replacement(site: &RenderSite<'_>, call: &ServerCall<'_>, module: &str, attribute: &str) -> Option<Fix> {
    if !call.run.can_replace(site, call.word) {
        return None;
    }
    let span: Span = call.run.word_span(site, call.word);
    let target = format!("{module}:{attribute}");
    Some(Fix::replace(Applicability::Review, format!("start \"{target}\""), span, target))
}
