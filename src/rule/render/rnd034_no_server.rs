//! RND034: a web service runs a program that opens no port.

use crate::platform::render::blueprint::Service;
use crate::platform::render::library::{is_npm_quiet, is_npm_worker, is_python_quiet, is_python_worker, may_serve};
use crate::platform::render::service::{Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::command::{Reach, Word};
use crate::project::javascript;
use crate::project::javascript::closure::Closure;
use crate::project::path;
use crate::project::python::install::is_python;
use crate::project::python::target::{Found, find};
use crate::project::python::token::{Kind, Token, tokens};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{
    edit::Editor,
    remark,
    rnd033_localhost::entry,
    service::{Program, is_web, programs, server, source},
};

/// A worker is declared as a web service.
pub(super) static RULE: Rule = Rule {
    id: "RND034",
    name: "web-service-without-server",
    summary: "A web service runs a worker, which opens no port",
    docs: "\
## What happens

The program starts and works. Render waits for an open port, finds none, and gives the deploy up after some minutes.

## Why

Services of the type `web` must answer requests. Bots, consumers of queues and timers do not.

## How to mend it

Declare `type: worker`, which has no free plan, or let the program answer requests on PORT too, for instance a health check.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/biisal/chatgpt-bot/issues/2", "2026-11-21"),
        observed("https://github.com/rdavydov/Twitch-Channel-Points-Miner-v2/issues/692", "2026-11-21"),
        observed("https://github.com/Sam-Max/rcmltb/issues/7", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Programs of queues with the subcommand that works them off; they open no port.
const WORKERS: [(&str, &str); 9] = [
    ("celery", "worker"),
    ("celery", "beat"),
    ("rq", "worker"),
    ("dramatiq", ""),
    ("arq", ""),
    ("huey_consumer", ""),
    ("sidekiq", ""),
    ("resque", ""),
    ("delayed_job", ""),
];

/// Words of Python programs that open a port, or may.
const PYTHON_SERVERS: [&str; 14] = [
    "http.server",
    "HTTPServer",
    "socketserver",
    "wsgiref",
    "aiohttp import web",
    "aiohttp.web",
    "run_webhook",
    "start_webhook",
    "set_webhook",
    "start_server",
    "create_server",
    "subprocess",
    "importlib",
    "__import__",
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services().filter(|(service, _)| is_web(service)) {
        let Some(program) = server(plan).filter(|program| plan.reaches_start() && is_alone(plan, program)) else {
            continue;
        };
        let is_known = is_worker(&program);
        let what = is_known.then(|| program.name.to_owned());
        let what = what.or_else(|| by_node(site, &program)).or_else(|| by_python(site, &program));
        let Some(what) = what else { continue };
        let message = if is_known {
            format!("\"{what}\" opens no port, which Render waits for in a web service")
        } else {
            format!(
                "the program is a worker around \"{what}\" and opens no port, which Render waits for in a web service"
            )
        };
        out.report(
            RULE.finding(message)
                .at(program.words(site, 1))
                .label("no server")
                .log_line("Port scan timeout reached, no open ports detected")
                .help("declare it as \"type: worker\", or answer requests on PORT too")
                .maybe_fix(as_worker(site, service)),
        );
    }
}

/// Declares a worker, which has no free plan and nothing that only web services have.
fn as_worker(site: &RenderSite<'_>, service: &Service) -> Option<Fix> {
    const OF_WEB: [&str; 4] = ["domain", "domains", "ipAllowList", "healthCheckPath"];
    let editor = Editor::of(site);
    let place = remark::whole(service);
    let is_plain = !OF_WEB.iter().any(|key| service.table.contains_key(key));
    let is_free = service.value("plan").eq_ignore_ascii_case("free");
    let kind = is_plain.then(|| editor.set(place, "type", "worker"));
    let plan = is_free.then(|| editor.set(place, "plan", "starter"));
    let title = if is_free { "declare a worker, which costs money: it has no free plan" } else { "declare a worker" };
    editor.fix(Applicability::Review, title, std::iter::once(kind?).chain(plan))
}

/// Whether nothing else may be running beside the program, and all of the command could be followed.
fn is_alone(plan: &ServicePlan, program: &Program<'_>) -> bool {
    let traces = plan.commands.iter().filter(|command| command.phase == Phase::Start).map(|command| &command.trace);
    let is_followed = traces.into_iter().all(|trace| trace.gaps.iter().all(|gap| gap.reach == Reach::Never));
    let others = programs(plan, Phase::Start).filter(|program| !is_worker(program) && !program.run.is_harmless());
    is_followed && others.count() <= usize::from(!is_worker(program))
}

fn is_worker(program: &Program<'_>) -> bool {
    let has = |word: &str| word.is_empty() || program.args.iter().any(|arg| arg.text == word);
    WORKERS.iter().any(|(name, word)| *name == program.name && has(word))
}

/// The library that a program of Node.js works for, when nothing that it loads can open a port.
fn by_node(site: &RenderSite<'_>, program: &Program<'_>) -> Option<String> {
    let closure = Closure::of(site.snapshot, &entry(site, program)?);
    let library = closure.packages.iter().find(|package| is_npm_worker(package))?;
    let is_quiet = closure.packages.iter().all(|package| is_npm_quiet(package) || is_npm_worker(package));
    let is_closed = closure.is_complete && is_quiet && !closure.builtins.iter().any(|builtin| may_serve(builtin));
    let is_silent = |path: &String| {
        let text = source(site, path).map(|(file, source)| (javascript::read(&source.text, path, file), &source.text));
        text.is_some_and(|(module, text)| {
            module.listens.is_empty()
                && !loads_by_value(text)
                && !text.to_ascii_lowercase().contains("webhook")
                && !text.contains("Bun.")
        })
    };
    (is_closed && closure.paths.iter().all(is_silent)).then(|| library.clone())
}

/// Whether a text loads modules whose names are computed.
pub(super) fn loads_by_value(text: &str) -> bool {
    ["require(", "import("].iter().any(|call| {
        let mut arguments = text.match_indices(call).map(|(at, call)| text[at + call.len()..].trim_start());
        arguments.any(|argument| !argument.starts_with(['"', '\'']))
    })
}

/// The same for a program of Python.
fn by_python(site: &RenderSite<'_>, program: &Program<'_>) -> Option<String> {
    const MOST: usize = 60;
    let script = program.args.first().and_then(Word::plain).filter(|arg| arg.ends_with(".py"));
    let script = script.filter(|_| is_python(program.name))?;
    let start = path::join(program.run.cwd.as_deref()?, script)?;
    let root = path::parent(&start).unwrap_or_default().to_owned();
    let (mut waiting, mut seen, mut library) = (vec![start], Vec::new(), None);
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let text = site.files().text(&path).filter(|_| seen.len() < MOST)?;
        seen.push(path);
        if PYTHON_SERVERS.iter().any(|word| text.contains(word)) {
            return None;
        }
        for module in imported(&text)? {
            let top = module.split('.').next().unwrap_or_default();
            match find(site.snapshot, &root, top) {
                Found::File(path) => waiting.push(path),
                Found::Missing if is_python_worker(top) => library = Some(top.to_owned()),
                Found::Missing if is_python_quiet(top) || top == "aiohttp" => {}
                // What a package of the repository loads is not followed.
                Found::Missing | Found::Package(_) | Found::Unknown => return None,
            }
        }
    }
    library
}

/// The modules that a text imports anywhere; none when some are relative, or it cannot be read to its end.
pub(super) fn imported(text: &str) -> Option<Vec<String>> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for statement in tokens.statements() {
        match statement {
            [first, rest @ ..] if first.is_name("from") => found.push(dotted(rest)),
            [first, rest @ ..] if first.is_name("import") => {
                found.extend(rest.split(|token| token.is_mark(",")).map(dotted));
            }
            // `if x: import y` and its like stand on one line.
            _ if statement.iter().any(|token| token.is_name("import")) => return None,
            _ => {}
        }
    }
    let is_absolute = found.iter().all(|module| !module.is_empty() && !module.starts_with('.'));
    (tokens.is_complete && is_absolute).then_some(found)
}

/// The name at the beginning: `a.b.c`.
fn dotted(tokens: &[Token<'_>]) -> String {
    let is_part =
        |token: &&Token<'_>| token.is_mark(".") || (token.kind == Kind::Name && !matches!(token.text, "import" | "as"));
    tokens.iter().take_while(is_part).map(|token| token.text).collect()
}
