//! RND050: data is written to a file, and the service has no disk.

use crate::platform::render::blueprint::{Class, Service};
use crate::platform::render::django::settings_of_server;
use crate::platform::render::python::{self, PythonService};
use crate::platform::render::reach;
use crate::platform::render::service::{Origin, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::path::{child, name};
use crate::project::python::token::{Kind, Token, tokens};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// SQLite in a file that does not outlive the deploy.
pub(super) static RULE: Rule = Rule {
    id: "RND050",
    name: "state-not-kept",
    summary: "A SQLite database lies on a file system that each deploy replaces",
    docs: "\
## What happens

The deploy is green. After the next deploy, restart or move of the instance the database is as it was when it was built.

## Why

Without a disk a service's file system is thrown away with its instance.

## How to mend it

Use a Postgres database, or attach a disk (a paid plan has one) and keep the file below its `mountPath`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/FlowiseAI/FlowiseDocs/issues/5", "2026-11-21"),
        observed("https://github.com/songquanpeng/one-api/issues/939", "2026-11-21"),
        observed("https://github.com/render-examples/strapi-sqlite/issues/26", "2026-11-21"),
        observed("https://github.com/tinycld/tinycld/pull/94", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (_, plan) in site.services().filter(|(service, plan)| keeps_nothing(service, plan)) {
        if let Some(finding) = of_variable(site, plan).or_else(|| of_prisma(site, plan)) {
            out.report(finding);
        }
    }
    for service in python::services(site).iter().filter(|service| keeps_nothing(service.service, service.plan)) {
        if let Some(finding) = of_django(site, service).or_else(|| of_module(site, service)) {
            out.report(finding);
        }
    }
}

/// Whether a service runs for long and has no disk.
fn keeps_nothing(service: &Service, plan: &ServicePlan) -> bool {
    let is_server = matches!(service.class, Some(Class::Web | Class::Private | Class::Worker));
    is_server && plan.is_here && !service.table.contains_key("disk")
}

/// The file that an address of SQLite names; none for one in memory, in a folder that is meant to vanish, or computed.
fn sqlite_file(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("sqlite").and_then(|rest| rest.split_once(":///")).map(|(_, path)| path);
    let path = rest.or_else(|| address.strip_prefix("file:"))?;
    let path = path.split('?').next().unwrap_or_default();
    let is_lasting =
        !path.is_empty() && path != ":memory:" && !path.contains("tmp/") && !path.contains(['$', '{', '%']);
    let is_read_only =
        address.contains("mode=ro") || address.contains("mode=memory") || address.contains("immutable=1");
    (is_lasting && !is_read_only).then_some(path)
}

/// A database that comes with the repository may be there to be read only.
fn is_bundled(site: &RenderSite<'_>, file: &str) -> bool {
    site.snapshot.entries().iter().any(|entry| name(&entry.path) == name(file))
}

fn finding(what: &str) -> Finding {
    RULE.finding(format!("{what}, and the service has no disk: each deploy starts with an empty one"))
        .help("use a Postgres database, or attach a disk and keep the file there")
}

fn of_variable(site: &RenderSite<'_>, plan: &ServicePlan) -> Option<Finding> {
    let mut variables = plan.environment.iter().filter(|variable| variable.origin != Origin::Platform);
    variables.find_map(|variable| {
        let file = sqlite_file(variable.value.as_deref()?)?;
        let is_address =
            variable.name.contains("URL") || variable.name.contains("URI") || variable.name.contains("DSN");
        let is_kept = is_bundled(site, file) || !is_address;
        (!is_kept).then(|| finding(&format!("\"{}\" is a SQLite file, \"{file}\"", variable.name)).at(variable.span))
    })
}

/// `provider = "sqlite"` with its address written out, in the schema that Prisma looks for.
fn of_prisma(site: &RenderSite<'_>, plan: &ServicePlan) -> Option<Finding> {
    let dir = plan.dir()?;
    let path = ["prisma/schema.prisma", "schema.prisma"]
        .iter()
        .map(|name| child(dir, name))
        .find(|path| site.snapshot.is_file(path))?;
    let text = site.files().text(&path)?;
    let start = text.lines().scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line))
    });
    let start = start.filter(|(_, line)| line.trim_start().starts_with("datasource ")).map(|(at, _)| at).next()?;
    let block = text.get(start..)?.split('}').next()?;
    let line = |key: &str| block.lines().map(str::trim).find(|line| line.split_whitespace().next() == Some(key));
    let is_sqlite = line("provider")?.contains("\"sqlite\"");
    let url = line("url")?;
    let file = sqlite_file(url.split('"').nth(1).filter(|_| is_sqlite && !url.contains("env("))?)?;
    if is_bundled(site, file) {
        return None;
    }
    let (source, text) = site.files().open(&path)?;
    let at = text.text.find(url)?;
    Some(finding(&format!("Prisma writes to the SQLite file \"{file}\"")).at(Span::new(source, at, at + url.len())))
}

fn of_django(site: &RenderSite<'_>, service: &PythonService<'_>) -> Option<Finding> {
    let settings = settings_of_server(site, service)?;
    let found = settings
        .get("DATABASES")
        .filter(|found| !found.is_touched && found.conditions.is_empty() && !settings.is_open)?;
    let (file, source) = site.files().open(&found.path)?;
    let value = source.text.get(found.range.clone())?;
    let is_sqlite = value.contains("django.db.backends.sqlite3");
    let is_other = ["environ", "getenv", "env(", "config(", "postgres", "mysql", ":memory:", "parse(", "disk"]
        .iter()
        .any(|word| value.contains(word));
    let is_used = is_sqlite && !is_other && value.matches("ENGINE").count() == 1;
    is_used
        .then(|| finding("Django's database is a SQLite file").at(Span::new(file, found.range.start, found.range.end)))
}

/// `'sqlite:///app.db'` in a module that is imported at the start, in a statement that reads nothing else.
fn of_module(site: &RenderSite<'_>, service: &PythonService<'_>) -> Option<Finding> {
    reach::modules(site, service).iter().find_map(|path| {
        let text = site.files().text(path)?;
        let tokens = tokens(&text);
        let token = tokens.statements().find_map(|statement| address(site, statement))?;
        let (file, _) = site.files().open(path)?;
        let what = format!("\"{}\" is a SQLite file", token.string().unwrap_or_default());
        Some(finding(&what).at(Span::new(file, token.start, token.end())))
    })
}

fn address<'a>(site: &RenderSite<'_>, statement: &[Token<'a>]) -> Option<Token<'a>> {
    let reads = |token: &Token<'_>| {
        token.kind == Kind::Name
            && matches!(token.text, "environ" | "getenv" | "config" | "env" | "or" | "if" | "get" | "startswith")
    };
    let token = statement.iter().find(|token| token.string().is_some_and(|text| text.starts_with("sqlite")))?;
    let file = sqlite_file(token.string()?)?;
    let is_assigned = statement.iter().any(|token| token.is_mark("="))
        || statement.iter().any(|token| token.is_name("create_engine"));
    // `app.config["X"] = …` is an assignment, not a read.
    let is_open = statement.iter().any(|token| reads(token) && !is_flask_configuration(statement, token));
    (is_assigned && !is_open && statement[0].indent == 0 && !is_bundled(site, file)).then_some(*token)
}

fn is_flask_configuration(statement: &[Token<'_>], token: &Token<'_>) -> bool {
    token.text == "config" && statement.iter().any(|other| other.start == token.end() && other.is_mark("["))
}
