//! RND033: the server listens on localhost.

use super::service::{Program, is_web, replace, server, source};
use crate::platform::render::blueprint::Service;
use crate::platform::render::service::{Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::command::is_among;
use crate::project::javascript::closure::Closure;
use crate::project::javascript::{self, Given};
use crate::project::path;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The server binds to the loopback interface, by an option, by its default, or in its source.
pub(super) static RULE: Rule = Rule {
    id: "RND033",
    name: "listens-on-localhost",
    summary: "The server listens on localhost, where nobody can reach it",
    docs: "\
## What happens

The service starts and works for itself. Render finds no open port, and the deploy is given up after some minutes.

## Why

A server that binds to `127.0.0.1` or `localhost` takes connections from its own machine only. That is the default of \
uvicorn, hypercorn, daphne, Flask and Django's `runserver`.

## How to mend it

Bind to all interfaces: `0.0.0.0`, for instance `uvicorn app:app --host 0.0.0.0 --port $PORT`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/web-services#port-binding", "2026-11-20"),
        observed("https://github.com/SillyTavern/SillyTavern/issues/3927", "2026-11-20"),
        observed("https://github.com/textbee/textbee/pull/222", "2026-11-20"),
        observed("https://github.com/render-examples/go-gin-web-server/issues/8", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// How a server is told where to listen.
struct Server {
    name: &'static str,
    /// The subcommand that starts it; empty for any.
    word: &'static str,
    options: &'static [&'static str],
    /// What to add when it would listen on localhost by default; empty when it would not.
    addition: &'static str,
    /// A variable that does the same.
    variable: &'static str,
}

const SERVERS: [Server; 20] = [
    of("uvicorn", "", &["--host"], "--host 0.0.0.0", "UVICORN_HOST"),
    of("hypercorn", "", &["--bind", "-b"], "--bind 0.0.0.0:$PORT", ""),
    of("daphne", "", &["--bind", "-b"], "-b 0.0.0.0", ""),
    of("flask", "run", &["--host", "-h"], "--host 0.0.0.0", "FLASK_RUN_HOST"),
    of("sanic", "", &["--host", "-H"], "--host 0.0.0.0", ""),
    of("fastapi", "dev", &["--host"], "--host 0.0.0.0", "UVICORN_HOST"),
    of("fastapi", "run", &["--host"], "", ""),
    of("gunicorn", "", &["--bind", "-b"], "", ""),
    of("waitress-serve", "", &["--host", "--listen"], "", ""),
    of("streamlit", "run", &["--server.address"], "", ""),
    of("http.server", "", &["--bind", "-b"], "", ""),
    of("puma", "", &["--bind", "-b"], "", ""),
    of("rails", "", &["--binding", "-b"], "", ""),
    of("rackup", "", &["--host", "-o"], "", ""),
    of("next", "start", &["--hostname", "-H"], "", ""),
    of("http-server", "", &["-a"], "", ""),
    of("serve", "", &["--listen", "-l"], "", ""),
    of("php", "", &["-S"], "", ""),
    of("json-server", "", &["--host", "-H"], "", ""),
    of("mlflow", "", &["--host", "-h"], "--host 0.0.0.0", "MLFLOW_HOST"),
];

const fn of(
    name: &'static str,
    word: &'static str,
    options: &'static [&'static str],
    addition: &'static str,
    variable: &'static str,
) -> Server {
    Server { name, word, options, addition, variable }
}

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services().filter(|(service, _)| service.class.is_some_and(|class| class.is_server())) {
        let Some(program) = server(plan).filter(|_| plan.reaches_start()) else { continue };
        let finding = by_command(site, plan, &program).or_else(|| by_source(site, &program));
        let Some(mut finding) = finding else { continue };
        if let Some(command) = plan.command(Phase::Start).filter(|_| program.run.text > 0) {
            finding = finding.related(command.text.span, "starts the service");
        }
        out.report(finding.severity(severity(service)));
    }
}

/// Nobody looks for the port of a private service in vain, but nobody reaches it either.
fn severity(service: &Service) -> Severity {
    if is_web(service) { Severity::Critical } else { Severity::Medium }
}

/// Whether a host, with its port, is the machine itself.
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches("tcp://").trim_start_matches("http://");
    let host = host.strip_prefix('[').map_or(host, |rest| rest.split(']').next().unwrap_or(rest));
    let is_part = |name: &str| host == name || host.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
    is_part("localhost") || host == "::1" || is_part("127.0.0.1")
}

fn by_command(site: &RenderSite<'_>, plan: &ServicePlan, program: &Program<'_>) -> Option<Finding> {
    let word = program.subcommand().unwrap_or_default();
    if program.args.iter().any(|arg| arg.text == "runserver") {
        return runserver(site, program);
    }
    let fits = |server: &&Server| server.name == program.name && (server.word.is_empty() || server.word == word);
    let server = SERVERS.iter().find(fits)?;
    if let Some((value, arg)) = program.option(server.options) {
        let span = program.word(site, arg);
        let found = is_loopback(value).then(|| finding(program, value, span))?;
        let host = ["localhost", "127.0.0.1", "::1"].into_iter().find(|host| value.contains(host))?;
        return Some(found.maybe_fix(in_word(site, span, host)));
    }
    let is_open = program.args.iter().any(|arg| arg.is_dynamic && !arg.text.contains("PORT"));
    let is_told_otherwise = program.has(&["--uds", "--fd", "--unix-socket", "-u", "--config", "-c", "--env-file"]);
    let is_set =
        |name: &str| !name.is_empty() && (program.run.variable(name).is_some() || plan.environment.may_set(name));
    if server.addition.is_empty() || is_open || is_told_otherwise || is_set(server.variable) || word.is_empty() {
        return None;
    }
    let found = finding(program, "localhost", program.words(site, 1)).label("no host given");
    let end = program.args.last()?.end;
    let at = program.span(site, end, end);
    let is_there = super::service::written(site, program.span(site, program.args.last()?.start, end)).is_some();
    let title = format!("add \"{}\"", server.addition);
    let fix =
        is_there.then(|| replace(site, Applicability::Safe, title, at, format!(" {}", server.addition))).flatten();
    Some(found.help(format!("add \"{}\"", server.addition)).maybe_fix(fix.filter(|_| at.start == at.end)))
}

/// Django's own server: an address, a port, or neither.
fn runserver(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Finding> {
    let at = program.args.iter().position(|arg| arg.text == "runserver")?;
    let address = program.args[at + 1..].iter().find(|arg| !arg.text.starts_with('-'));
    let is_given = address.is_some_and(|arg| {
        let host = arg.text.rsplit_once(':').map(|(host, _)| host);
        host.is_some_and(|host| !is_loopback(host)) || (host.is_none() && arg.is_dynamic && !arg.text.contains("PORT"))
    });
    if is_given {
        return None;
    }
    let span = program.word(site, address.unwrap_or(&program.args[at]));
    let found = RULE
        .finding("\"runserver\" listens on \"localhost\", where Render finds no port")
        .at(span)
        .label("this machine only")
        .log_line("No open ports detected on 0.0.0.0")
        .help("run it with \"0.0.0.0:$PORT\", or better with gunicorn");
    let new = match address {
        Some(arg) => {
            let port = arg.text.rsplit_once(':').map_or(arg.text.as_str(), |(_, port)| port);
            replace(site, Applicability::Safe, "listen on all interfaces", span, format!("0.0.0.0:{port}"))
        }
        None => replace(site, Applicability::Safe, "listen on all interfaces", span, "runserver 0.0.0.0:$PORT"),
    };
    Some(found.maybe_fix(new))
}

fn finding(program: &Program<'_>, host: &str, span: Span) -> Finding {
    RULE.finding(format!("\"{}\" listens on \"{host}\", where Render finds no port", program.name))
        .at(span)
        .label("this machine only")
        .log_line("No open ports detected on 0.0.0.0")
}

/// Writes `0.0.0.0` for the host inside a word.
fn in_word(site: &RenderSite<'_>, span: Span, host: &str) -> Option<Fix> {
    let text = super::service::written(site, span)?;
    let at = text.find(host)?;
    let start = span.start as usize + at;
    let inner = Span::new(span.file, start, start + host.len());
    replace(site, Applicability::Safe, "listen on all interfaces", inner, "0.0.0.0")
}

/// Servers in the modules of the program that Node.js runs.
fn by_source(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Finding> {
    let entry = entry(site, program)?;
    let closure = Closure::of(site.snapshot, &entry);
    let mut servers = Vec::new();
    for path in &closure.paths {
        let (file, text) = source(site, path)?;
        servers.extend(javascript::read(&text.text, path, file).listens);
    }
    // With several servers nobody knows which one is meant for the world.
    let [only] = servers.as_slice() else { return None };
    let Given::Written(host, span) = &only.host else { return None };
    if !is_loopback(host) {
        return None;
    }
    let found = RULE
        .finding(format!("the server listens on \"{host}\", where Render finds no port"))
        .at(*span)
        .label("this machine only")
        .log_line("No open ports detected on 0.0.0.0");
    Some(found.maybe_fix(in_word(site, *span, host)))
}

/// The file that Node.js, Bun or a runner of TypeScript starts with.
pub(super) fn entry(site: &RenderSite<'_>, program: &Program<'_>) -> Option<String> {
    if !is_among("node bun tsx ts-node nodemon", program.name) {
        return None;
    }
    let file =
        program.args.iter().find(|arg| !arg.text.starts_with('-') && !matches!(arg.text.as_str(), "run" | "watch"))?;
    let wanted = path::join(program.run.cwd.as_deref()?, file.plain()?)?;
    let endings = ["", ".js", ".mjs", ".cjs", ".ts", "/index.js"];
    endings.iter().map(|end| format!("{wanted}{end}")).find(|path| site.snapshot.is_file(path))
}
