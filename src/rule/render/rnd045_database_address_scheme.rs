//! RND045: SQLAlchemy is given the address of a database as Render hands it out.

use crate::platform::render::blueprint::EnvEntry;
use crate::platform::render::python::{self, PythonService};
use crate::platform::render::reach;
use crate::platform::render::site::RenderSite;
use crate::project::python::requirement::Requirement;
use crate::project::python::token::{Token, tokens};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

/// The address names no driver that SQLAlchemy can use here.
pub(super) static RULE: Rule = Rule {
    id: "RND045",
    name: "database-address-scheme",
    summary: "SQLAlchemy is given Render's database address without a look at its scheme",
    docs: "\
## What happens

With an asynchronous engine the service fails when it connects first: `postgresql://` stands for psycopg2, which is not \
asynchronous. With a synchronous one it works, but for addresses that begin with `postgres://`, as older databases have them.

## Why

`connectionString` is `postgresql://user:password@host:port/db`. SQLAlchemy takes the driver from the scheme, and has not \
known `postgres://` since version 1.4.

## How to mend it

Replace the scheme when the variable is read: `postgresql+asyncpg://` for asyncpg, `postgresql://` for `postgres://`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-21"),
        observed("https://github.com/simonw/db-to-sqlite/issues/34", "2026-11-21"),
        observed("https://github.com/run-llama/llama_index/issues/12511", "2026-11-21"),
        observed("https://github.com/pallets-eco/flask-sqlalchemy/issues/929", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Words that show that somebody looks at the scheme.
const CARE: [&str; 8] =
    ["replace", "startswith", "make_url", "drivername", "asyncpg", "re.sub", "removeprefix", "URL.create"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site).iter().filter(|service| uses_sqlalchemy(service)) {
        let names: Vec<&str> = service.service.env.iter().filter_map(of_database).collect();
        for path in reach::modules(site, service).iter().filter(|_| !names.is_empty()) {
            let Some(text) = site.files().text(path) else { continue };
            if CARE.iter().any(|word| text.contains(word)) {
                continue;
            }
            if let Some(finding) = judge(site, service, path, &text, &names) {
                out.report(finding);
                break;
            }
        }
    }
}

fn of_database(entry: &EnvEntry) -> Option<&str> {
    let property = entry.table.get("fromDatabase")?.at(&["property"]).and_then(Node::as_str)?;
    entry.key.as_ref().filter(|_| property == "connectionString").map(|key| key.value.as_str())
}

fn uses_sqlalchemy(service: &PythonService<'_>) -> bool {
    let is_old = |requirement: &Requirement| {
        let version = requirement.pinned().unwrap_or_default();
        version.starts_with("0.") || ["1.0", "1.1", "1.2", "1.3"].iter().any(|old| version.starts_with(old))
    };
    let is_it = |requirement: &&Requirement| {
        matches!(requirement.name.as_str(), "sqlalchemy" | "flask-sqlalchemy" | "sqlmodel")
    };
    let mut found = service.declared().requirements.iter().filter(is_it).peekable();
    found.peek().is_some() && !found.any(|requirement| requirement.name == "sqlalchemy" && is_old(requirement))
}

/// What hands an address to SQLAlchemy.
fn judge(
    site: &RenderSite<'_>,
    service: &PythonService<'_>,
    path: &str,
    text: &str,
    names: &[&str],
) -> Option<Finding> {
    let tokens = tokens(text);
    let list = &tokens.list;
    // The address itself, or a name that is assigned nothing else.
    let mut holders: Vec<&str> = Vec::new();
    for statement in tokens.statements().filter(|statement| statement[0].indent == 0) {
        let is_assigned = statement.get(1).is_some_and(|token| token.is_mark("="));
        if is_assigned && read_of(&statement[2..], names).is_some_and(|end| end + 2 == statement.len()) {
            holders.push(statement[0].text);
        }
    }
    let assigned = |name: &str| {
        list.windows(2).filter(|pair| pair[0].is_name(name) && pair[1].is_mark("=") && pair[0].depth == 0).count()
    };
    let at = list.windows(2).position(|pair| {
        matches!(pair[0].text, "create_engine" | "create_async_engine" | "AsyncEngine") && pair[1].is_mark("(")
    })?;
    let value = &list[at + 2..];
    let end = match value.first() {
        Some(first) if holders.contains(&first.text) && assigned(first.text) == 1 => 1,
        _ => read_of(value, names)?,
    };
    value.get(end).filter(|next| next.is_mark(",") || next.is_mark(")"))?;
    let is_async = list[at].text == "create_async_engine";
    let (file, _) = site.files().open(path)?;
    let last = &value[end - 1];
    let span = Span::new(file, value[0].start, last.end());
    Some(finding(service, span, is_async))
}

fn finding(service: &PythonService<'_>, span: Span, is_async: bool) -> Finding {
    let at = Span::new(span.file, span.end as usize, span.end as usize);
    if is_async {
        let has_driver = service.declared().names("asyncpg");
        let fix = Fix::replace(
            Applicability::Review,
            "name the driver asyncpg",
            at,
            ".replace('postgresql://', 'postgresql+asyncpg://', 1)",
        );
        return RULE
            .finding("Render's address begins with \"postgresql://\", which names no asynchronous driver")
            .at(span)
            .log_line("The asyncio extension requires an async driver")
            .help("replace the scheme by \"postgresql+asyncpg://\"")
            .maybe_fix(has_driver.then_some(fix));
    }
    let fix = Fix::replace(
        Applicability::Review,
        "accept \"postgres://\" too",
        at,
        ".replace('postgres://', 'postgresql://', 1)",
    );
    RULE.finding("SQLAlchemy refuses addresses that begin with \"postgres://\", as older databases have them")
        .at(span)
        .severity(Severity::Low)
        .log_line("Can't load plugin: sqlalchemy.dialects:postgres")
        .help("replace the scheme if the database is an old one")
        .fix(fix)
}

/// Number of tokens of a read of one of the variables: `os.environ["X"]`, `os.getenv("X")`, `os.environ.get("X")`.
fn read_of(tokens: &[Token<'_>], names: &[&str]) -> Option<usize> {
    let skip = if tokens.first()?.is_name("os") && tokens.get(1)?.is_mark(".") { 2 } else { 0 };
    let rest = tokens.get(skip..)?;
    let is = |at: usize, text: &str| rest.get(at).is_some_and(|token| token.text == text);
    let named = |at: usize| rest.get(at).and_then(Token::string).is_some_and(|name| names.contains(&name));
    let length = match rest.first()?.text {
        "environ" if is(1, "[") && named(2) && is(3, "]") => 4,
        "environ" if is(1, ".") && is(2, "get") && is(3, "(") && named(4) && is(5, ")") => 6,
        "getenv" if is(1, "(") && named(2) && is(3, ")") => 4,
        _ => return None,
    };
    Some(skip + length)
}
