//! RND044: the health check asks for a path that the service does not answer.

use crate::platform::render::library::{is_npm_quiet, is_python_quiet};
use crate::platform::render::python;
use crate::platform::render::server::server_call;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::javascript::closure::Closure;
use crate::project::python::module;
use crate::project::python::target::{Found, find};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::{
    edit::Editor,
    remark,
    rnd033_localhost::entry,
    rnd034_no_server::{imported, loads_by_value},
    service::{Program, is_web, server, source},
};

/// `healthCheckPath` begins without a slash, or no route of the service has its name.
pub(super) static RULE: Rule = Rule {
    id: "RND044",
    name: "health-check-path-unanswered",
    summary: "The service has no route for the path of its health check",
    docs: "\
## What happens

Render asks the new instance for the path until it answers with 2xx or 3xx. It answers 404, and after 15 minutes the deploy is \
cancelled; the old instances go on serving.

## Why

The path is that of a route, with all prefixes under which routers are mounted, and begins with a slash.

## How to mend it

Name a route that exists and that needs no login, or add one that answers 200.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Health,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/health-checks", "2026-11-21"),
        observed("https://github.com/Sam-Max/rcmltb/issues/7", "2026-11-21"),
        observed("https://github.com/cedarjs/cedar/pull/2314", "2026-11-21"),
        observed("https://github.com/teebhagg/GhanaAPI/issues/34", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, &["health-check-path"]) {
        let place = remark::place(site, remark);
        let editor = Editor::of(site);
        let path = place.and_then(|place| place.table.get("healthCheckPath")).and_then(|node| node.as_str());
        let fix = path.zip(place).and_then(|(path, place)| {
            let change = editor.set(place, "healthCheckPath", &format!("/{path}"));
            let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'));
            editor.fix(Applicability::Review, format!("write \"/{path}\""), [change.filter(|_| is_plain)])
        });
        out.report(remark::finding(&RULE, remark).severity(Severity::Medium).maybe_fix(fix));
    }
    let python = python::services(site);
    for (index, (service, plan)) in site.services().enumerate().filter(|(_, (service, _))| is_web(service)) {
        let Some(wanted) = service.text("healthCheckPath").filter(|path| path.value.starts_with('/')) else { continue };
        let Some(program) = server(plan).filter(|_| plan.reaches_start()) else { continue };
        let of_python = || python.iter().find(|it| it.index == index).and_then(|it| by_python(site, it));
        let Some(modules) = by_node(site, &program).or_else(of_python) else { continue };
        if modules.iter().all(|text| !may_answer(text, &wanted.value)) {
            let message =
                format!("no route of the service answers \"{}\", which its health check asks for", wanted.value);
            let finding = RULE.finding(message).at(wanted.span).label("no such route");
            let command = plan.command(Phase::Start).map(|command| command.text.span);
            let finding = command.into_iter().fold(finding, |it, span| it.related(span, "starts the service"));
            let editor = Editor::of(site);
            let change = editor.remove(remark::whole(service), "healthCheckPath");
            let fix = editor.fix(Applicability::Review, "ask for no path: an open port is enough then", [change]);
            out.report(finding.help("name a route that answers without a login, or add one").maybe_fix(fix));
        }
    }
}

/// Whether a text may hold a route for the path: it has its last part, or routes that stand for many paths.
fn may_answer(text: &str, wanted: &str) -> bool {
    const MANY: [&str; 26] = [
        "'*",
        "\"*",
        "/*'",
        "/*\"",
        "/*splat",
        "/{*",
        "'/:",
        "\"/:",
        "(`/",
        "get(`",
        "use(`",
        "all(`",
        "RegExp",
        ".static(",
        "StaticFiles",
        "<path:",
        ":path}",
        "'/<",
        "\"/<",
        "\"/{",
        "'/{",
        "get(/",
        "use(/",
        "all(/",
        "get(process",
        "use(process",
    ];
    let last = wanted.split(['?', '#']).next().unwrap_or_default().rsplit('/').find(|part| !part.is_empty());
    let has_name = match last {
        Some(last) => text.contains(last),
        None => ["'/'", "\"/\"", "''", "\"\""].iter().any(|root| text.contains(root)),
    };
    has_name || MANY.iter().any(|sign| text.contains(sign)) || answers_all(text)
}

/// Handlers without a path: `app.use((req, res) => …)`; those with an error before the request answer errors only.
fn answers_all(text: &str) -> bool {
    let calls = text.match_indices("use(").map(|(at, call)| text[at + call.len()..].trim_start());
    let mut calls = calls.map(|rest| rest.strip_prefix("async ").unwrap_or(rest));
    let is_handler = |rest: &str| {
        let parameters = rest
            .strip_prefix('(')
            .or_else(|| rest.strip_prefix("function").map(|it| it.trim_start().trim_start_matches('(')));
        parameters.is_some_and(|it| !it.trim_start().starts_with("err"))
    };
    calls.any(is_handler) || text.contains("middleware(") || text.contains("@app.before_request")
}

/// The modules of a program around Express, when nothing else can add routes to it.
fn by_node(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Vec<String>> {
    let closure = Closure::of(site.snapshot, &entry(site, program)?);
    let is_known = closure.packages.iter().all(|package| package == "express" || is_npm_quiet(package));
    let is_whole = closure.is_complete && closure.packages.contains("express") && is_known;
    let is_plain = !["http", "https", "http2", "net"].iter().any(|builtin| closure.builtins.contains(*builtin));
    if !is_whole || !is_plain {
        return None;
    }
    // Names of routes may come from data, or from modules whose names are computed.
    let is_open = |text: &str| loads_by_value(text) || text.contains(".json'") || text.contains(".json\"");
    let texts = closure.paths.iter().map(|path| source(site, path).map(|(_, source)| source.text.clone()));
    texts.collect::<Option<Vec<String>>>().filter(|texts| !texts.iter().any(|text| is_open(text)))
}

/// The modules of an application of Flask or FastAPI, when nothing else can add routes to it.
fn by_python(site: &RenderSite<'_>, service: &python::PythonService<'_>) -> Option<Vec<String>> {
    const MOST: usize = 60;
    const FRAMEWORKS: [&str; 6] = ["flask", "fastapi", "flask_cors", "flask_sqlalchemy", "uvicorn", "gunicorn"];
    let run = service.runs.of_phase(Phase::Start).find(|run| server_call(site, service, run).is_some())?;
    let call = server_call(site, service, run)?;
    let root = call.roots.first()?;
    let Found::File(start) = find(site.snapshot, root, &call.target.module) else { return None };
    let (mut waiting, mut seen, mut texts) = (vec![start], Vec::new(), Vec::new());
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let text = site.files().text(&path).filter(|_| seen.len() < MOST)?;
        seen.push(path);
        if module::read(&text).is_dynamic {
            return None;
        }
        for module in imported(&text)? {
            let top = module.split('.').next().unwrap_or_default();
            match find(site.snapshot, root, top) {
                Found::File(path) if module == top => waiting.push(path),
                Found::Missing if FRAMEWORKS.contains(&top) || is_python_quiet(top) => {}
                _ => return None,
            }
        }
        texts.push(text);
    }
    let is_application = texts.iter().any(|text| text.contains("Flask(") || text.contains("FastAPI("));
    // FastAPI's own pages.
    let is_own = ["/docs", "/redoc", "/openapi.json"].contains(&service.service.value("healthCheckPath"));
    let is_local = texts.iter().all(|text| !text.contains("importlib") && !text.contains("mount("));
    (is_application && !is_own && is_local).then_some(texts)
}
