//! RND070: an API accepts browsers of a developer's machine only.

use super::variable;
use crate::platform::render::blueprint::Class;
use crate::platform::render::django::settings_of_server;
use crate::platform::render::python::{self, PythonService};
use crate::platform::render::reach;
use crate::platform::render::site::RenderSite;
use crate::project::python::django::Value;
use crate::project::python::module::top_level;
use crate::project::python::token::{Token, Tokens, tokens};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The list of allowed origins holds local addresses only.
pub(super) static RULE: Rule = Rule {
    id: "RND070",
    name: "cors-local-only",
    summary: "The API allows no origin but the developer's own machine",
    docs: "\
## What happens

The deploy is green. Browsers keep every answer of the API from the published front end: \"blocked by CORS policy\".

## Why

The list of allowed origins is written out and holds the addresses of the development server only.

## How to mend it

Read the list from a variable, with the local addresses as its default, and set the variable to the front end's address.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/AlfiyaSiddique/TastyTrails/issues/58", "2026-11-21"),
        observed("https://github.com/amand33p/reddish/issues/6", "2026-11-21"),
        observed("https://github.com/Harshdev625/SDEverse/issues/288", "2026-11-21"),
        observed("https://github.com/usinateccom/hw-fullstack-monorepo/issues/72", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    if !has_front_end(site) {
        return;
    }
    for service in python::services(site).iter().filter(|service| service.service.class == Some(Class::Web)) {
        if let Some(finding) = of_django(site, service).or_else(|| of_module(site, service)) {
            out.report(finding);
        }
    }
}

/// Whether the Blueprint has a static site, or the repository a front end that is built.
fn has_front_end(site: &RenderSite<'_>) -> bool {
    const FRAMEWORKS: [&str; 9] = [
        "\"vite\"",
        "\"react-scripts\"",
        "\"@angular/core\"",
        "\"next\"",
        "\"nuxt\"",
        "\"svelte\"",
        "\"vue\"",
        "\"react\"",
        "\"astro\"",
    ];
    let is_static = site.services().any(|(service, _)| service.class == Some(Class::Static));
    let mut manifests =
        site.snapshot.named("package.json").filter(|entry| !entry.path.contains("node_modules/")).take(20);
    is_static
        || manifests.any(|entry| {
            site.files().text(&entry.path).is_some_and(|text| FRAMEWORKS.iter().any(|name| text.contains(name)))
        })
}

fn is_local(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let host = host.split([':', '/']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0")
}

fn finding(span: Span) -> Finding {
    RULE.finding("the allowed origins are local addresses only")
        .at(span)
        .help("read the list from a variable, and set it to the front end's address")
}

fn of_django(site: &RenderSite<'_>, service: &PythonService<'_>) -> Option<Finding> {
    const OTHERS: [&str; 5] = [
        "CORS_ALLOWED_ORIGIN_REGEXES",
        "CORS_ORIGIN_REGEX_WHITELIST",
        "CORS_ALLOW_ALL_ORIGINS",
        "CORS_ORIGIN_ALLOW_ALL",
        "CORS_URLS_REGEX",
    ];
    let settings = settings_of_server(site, service)?;
    if OTHERS.iter().any(|name| settings.get(name).is_some()) || !settings.has_string("corsheaders") {
        return None;
    }
    let name =
        ["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"].into_iter().find(|name| settings.get(name).is_some())?;
    let Value::List(origins) = settings.plain(name)? else { return None };
    let found = settings.get(name)?;
    let (file, _) = site.files().open(&found.path)?;
    let is_wrong = !origins.is_empty() && origins.iter().all(|origin| is_local(origin));
    let span = Span::new(file, found.range.start, found.range.end);
    is_wrong.then(|| finding(span).maybe_fix(by_variable(site, service, span)))
}

/// `allow_origins=[…]` of FastAPI and Starlette, written out or as a name that is assigned once.
fn of_module(site: &RenderSite<'_>, service: &PythonService<'_>) -> Option<Finding> {
    reach::modules(site, service).iter().find_map(|path| {
        let text = site.files().text(path)?;
        let tokens = tokens(&text);
        let list = &tokens.list;
        let is_regular = list.iter().any(|token| token.is_name("allow_origin_regex"));
        let at = list.iter().position(|token| token.is_name("allow_origins") && token.depth > 0)?;
        let value =
            list.get(at + 2).filter(|_| !is_regular && list.get(at + 1).is_some_and(|next| next.is_mark("=")))?;
        let (start, end) = if value.is_mark("[") { origins(&list[at + 2..])? } else { named(&tokens, value)? };
        let (file, _) = site.files().open(path)?;
        let span = Span::new(file, start, end);
        Some(finding(span).maybe_fix(by_variable(site, service, span)))
    })
}

/// The range of a list of plain strings that are all local.
fn origins(list: &[Token<'_>]) -> Option<(usize, usize)> {
    let open = list.first().filter(|open| open.is_mark("["))?;
    let close = list.iter().position(|token| token.is_mark("]") && token.depth == open.depth)?;
    let mut count = 0;
    for token in list[1..close].iter().filter(|token| !token.is_mark(",")) {
        if !token.string().is_some_and(is_local) {
            return None;
        }
        count += 1;
    }
    (count > 0).then(|| (open.start, list[close].end()))
}

/// A name that is assigned once at the top level and mentioned once more.
fn named(tokens: &Tokens<'_>, name: &Token<'_>) -> Option<(usize, usize)> {
    let mentions = tokens.list.iter().filter(|token| token.is_name(name.text)).count();
    let statement = top_level(tokens).find(|statement| {
        statement[0].indent == 0
            && statement[0].is_name(name.text)
            && statement.get(1).is_some_and(|token| token.is_mark("="))
    })?;
    let is_whole = statement.last().is_some_and(|last| last.is_mark("]") && last.depth == 0);
    if mentions == 2 && is_whole { origins(&statement[2..]) } else { None }
}

/// Reads the list from a variable, which Render asks for, with what is written there as its default.
fn by_variable(site: &RenderSite<'_>, service: &PythonService<'_>, span: Span) -> Option<Fix> {
    const NAME: &str = "CORS_ALLOWED_ORIGINS";
    let text = site.sources.get(span.file)?.text.as_str();
    let written = text.get(span.range())?;
    let tokens = tokens(written);
    let is_list = written.starts_with('[') && written.ends_with(']') && !text.contains('\t');
    let listed: Vec<&str> = tokens.list.iter().filter_map(Token::string).collect();
    if !is_list || listed.is_empty() || listed.iter().any(|origin| origin.contains([',', '"', '\\'])) {
        return None;
    }
    let read = format!("os.environ.get(\"{NAME}\", \"{}\").split(\",\")", listed.join(","));
    let mut changes = vec![Change::Edit { span, text: read }];
    if !text.lines().any(|line| line.trim_end() == "import os") {
        let is_import =
            |line: &str| (line.starts_with("import ") || line.starts_with("from ")) && !line.contains("__future__");
        let first =
            text.split_inclusive('\n').scan(0, |at, line| Some((std::mem::replace(at, *at + line.len()), line)));
        let at = first.into_iter().find(|(_, line)| is_import(line)).map(|(at, _)| at)?;
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        changes.push(Change::Edit { span: Span::new(span.file, at, at), text: format!("import os{line_end}") });
    }
    let lines = [format!("- key: {NAME}"), "  sync: false".to_owned()];
    changes.push(variable::insert(site, service.service, &lines)?);
    let title = format!("read the list from \"{NAME}\", which Render asks for");
    Some(Fix { title, applicability: Applicability::Review, changes })
}
