//! RND032: the server does not listen on the port that Render gives it.

use super::rnd033_localhost::entry;
use super::service::{Program, is_web, replace, server, source};
use crate::platform::render::service::{Environment, Origin, Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::command::Word;
use crate::project::javascript::closure::Closure;
use crate::project::javascript::{self, Given};
use crate::project::path;
use crate::project::python::install::is_python;
use crate::project::python::token::{Kind, Token, tokens};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A number stands where the value of `PORT` should.
pub(super) static RULE: Rule = Rule {
    id: "RND032",
    name: "port-ignored",
    summary: "The server listens on a number that is written out and not on PORT",
    docs: "\
## What happens

Render sends requests to the port that PORT names, 10000 unless the service sets it. It also looks for other open ports \
and mostly finds the one that is used, some moments later; a second open port, or a slow start, makes it miss it.

## Why

The number in the command or in the source was chosen on a developer's machine.

## How to mend it

Read the variable: `--port $PORT`, `process.env.PORT || 3000`, `int(os.environ.get(\"PORT\", 8000))`. Or set PORT to the number in \
the Blueprint.
",
    severity: Severity::Low,
    confidence: Confidence::Likely,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/web-services#port-binding", "2026-11-21"),
        observed("https://github.com/biisal/chatgpt-bot/issues/2", "2026-11-21"),
        observed("https://github.com/SillyTavern/SillyTavern/issues/3927", "2026-11-21"),
        observed("https://github.com/elizaOS/eliza/issues/3514", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Options that hold a port, or an address that ends with one, by program and subcommand.
const OPTIONS: [(&str, &str, &[&str]); 16] = [
    ("uvicorn", "", &["--port"]),
    ("gunicorn", "", &["--bind", "-b"]),
    ("hypercorn", "", &["--bind", "-b"]),
    ("daphne", "", &["--port", "-p"]),
    ("waitress-serve", "", &["--port", "--listen"]),
    ("flask", "run", &["--port", "-p"]),
    ("fastapi", "run", &["--port"]),
    ("sanic", "", &["--port", "-p"]),
    ("streamlit", "run", &["--server.port"]),
    ("next", "start", &["--port", "-p"]),
    ("serve", "", &["--listen", "-l", "-p"]),
    ("http-server", "", &["--port", "-p"]),
    ("rails", "", &["--port", "-p"]),
    ("puma", "", &["--port", "-p"]),
    ("rackup", "", &["--port", "-p"]),
    ("php", "", &["-S"]),
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (_, plan) in site.services().filter(|(service, _)| is_web(service)) {
        let Some(expected) = expected(&plan.environment) else { continue };
        let Some(program) = server(plan).filter(|_| plan.reaches_start()) else { continue };
        let found =
            by_command(site, &program).or_else(|| by_node(site, &program)).or_else(|| by_python(site, &program));
        if let Some(found) = found.filter(|found| found.port != expected.0) {
            out.report(finding(plan, found, &expected));
        }
    }
}

/// A port that is written out.
struct Found {
    port: String,
    span: Span,
    fix: Option<Fix>,
}

/// The port that Render expects, and where the Blueprint sets it; none when the files do not tell.
fn expected(environment: &Environment) -> Option<(String, Option<Span>)> {
    let variable = environment.get("PORT")?;
    let is_given = variable.origin == Origin::Platform;
    if is_given && !environment.foreign_groups.is_empty() {
        return None;
    }
    Some((variable.value.clone()?, (!is_given).then_some(variable.span)))
}

fn finding(plan: &ServicePlan, found: Found, (port, set): &(String, Option<Span>)) -> Finding {
    let message = format!("the server listens on {}, and Render expects it on PORT, which is {port}", found.port);
    let mut finding = RULE.finding(message).at(found.span).label("not PORT").maybe_fix(found.fix);
    match set {
        Some(span) => finding = finding.severity(Severity::Medium).related(*span, "PORT is set here"),
        None => finding = finding.note("Render looks for other open ports too, and mostly finds them"),
    }
    let command = plan.command(Phase::Start).filter(|command| {
        let inside = command.text.span;
        found.span.file != inside.file || found.span.start < inside.start || inside.end < found.span.end
    });
    match command {
        Some(command) => finding.related(command.text.span, "starts the service"),
        None => finding,
    }
}

/// A port at the end of a word: `8000`, `0.0.0.0:8000`, `tcp://0.0.0.0:3000`.
fn port(text: &str) -> Option<&str> {
    let digits = text.rsplit(':').next()?;
    let is_port = (2..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_port.then_some(digits)
}

fn by_command(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Found> {
    let word = program.subcommand().unwrap_or_default();
    if let Some(at) = program.args.iter().position(|arg| arg.text == "runserver") {
        let address = program.args[at + 1..].iter().find(|arg| !arg.text.starts_with('-'))?;
        return of_word(site, program, address, &address.text);
    }
    let fits = |(name, subcommand, _): &&(&str, &str, &[&str])| {
        *name == program.name && (subcommand.is_empty() || *subcommand == word)
    };
    let (_, _, options) = OPTIONS.iter().find(fits)?;
    let (value, arg) = program.option(options)?;
    of_word(site, program, arg, value)
}

fn of_word(site: &RenderSite<'_>, program: &Program<'_>, arg: &Word, value: &str) -> Option<Found> {
    let port = port(arg.plain().map(|_| value)?)?;
    let span = program.word(site, arg);
    let is_written = super::service::written(site, span).is_some_and(|text| text.ends_with(port));
    let end = span.end as usize;
    let inner = Span::new(span.file, end - port.len().min(end), end);
    let fix = is_written.then(|| replace(site, Applicability::Review, "listen on PORT", inner, "$PORT")).flatten();
    // In a script of a manifest the variable is read by a shell too, but not on every system.
    Some(Found { port: port.to_owned(), span, fix: fix.filter(|_| program.run.text == 0) })
}

/// `app.listen(3000)` in the modules of the program that Node.js runs.
fn by_node(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Found> {
    let closure = Closure::of(site.snapshot, &entry(site, program)?);
    let mut servers = Vec::new();
    for path in &closure.paths {
        let (file, text) = source(site, path)?;
        let module = javascript::read(&text.text, path, file);
        if module.variables.iter().any(|read| read.name == "PORT") {
            return None;
        }
        servers.extend(module.listens);
    }
    let [only] = servers.as_slice() else { return None };
    let Given::Written(number, span) = &only.port else { return None };
    let port = port(number)?.to_owned();
    let new = format!("process.env.PORT || {port}");
    let fix = (port == *number).then(|| replace(site, Applicability::Review, "listen on PORT", *span, new)).flatten();
    Some(Found { port, span: *span, fix })
}

/// `app.run(port=5000)` and `uvicorn.run(app, port=8000)` in the program that Python runs.
fn by_python(site: &RenderSite<'_>, program: &Program<'_>) -> Option<Found> {
    let script = program.args.first().and_then(Word::plain).filter(|arg| arg.ends_with(".py"));
    let script = script.filter(|_| is_python(program.name))?;
    let (file, text) = source(site, &path::join(program.run.cwd.as_deref()?, script)?)?;
    if text.text.contains("PORT") {
        return None;
    }
    let tokens = tokens(&text.text);
    let list = &tokens.list;
    let is_port = |at: &usize| {
        let is_end = list.get(at + 3).is_some_and(|end| end.is_mark(",") || end.is_mark(")"));
        list[*at].is_name("port")
            && list[*at].depth > 0
            && list.get(at + 1).is_some_and(|next| next.is_mark("="))
            && list.get(at + 2).is_some_and(|value| value.kind == Kind::Number)
            && is_end
            && is_run(list, *at)
    };
    let found: Vec<usize> = (0..list.len()).filter(is_port).collect();
    let [only] = found.as_slice() else { return None };
    let number = &list[only + 2];
    let port = port(number.text)?.to_owned();
    Some(Found { port, span: Span::new(file, number.start, number.end()), fix: None })
}

/// Whether the call around an argument is that of something named `run`.
fn is_run(list: &[Token<'_>], at: usize) -> bool {
    let depth = list[at].depth;
    let open = list[..at].iter().rposition(|token| token.is_mark("(") && token.depth + 1 == depth);
    open.and_then(|open| open.checked_sub(1)).is_some_and(|name| list[name].is_name("run"))
}
