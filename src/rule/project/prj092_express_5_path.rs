//! PRJ092: paths of Express 4 on Express 5.

use crate::platform::job::Job;
use crate::project::command::Invocation;
use crate::project::javascript::closure::Closure;
use crate::project::javascript::route::{self, Route};
use crate::project::path::join;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::package;

/// The server declares a path that Express 5 cannot read.
pub(super) static RULE: Rule = Rule {
    id: "PRJ092",
    name: "express-5-path",
    summary: "A path is written for Express 4 and Express 5 is installed",
    docs: "\
## What happens

The build is green, and the server stops while it declares its routes.

## Why

Express 5 wants a name behind `*`, and takes `?`, `+`, `(` and `)` for mistakes. `*` alone, `/api/*` and `/:id?` \
were fine before.

## How to mend it

Write `/{*splat}` for everything, `/api/{*splat}` for all below a path, and `{/:id}` for a part that may be \
missing.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/expressjs/express/issues/5936", "2026-11-21"),
        observed("https://github.com/expressjs/express/issues/6521", "2026-11-21"),
        observed("https://github.com/expressjs/express/issues/6038", "2026-11-21"),
        docs("https://expressjs.com/en/guide/migrating-5.html", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for run in job.start.iter().filter(|run| run.decides()) {
        let Some((dir, entry)) = program(job, run) else { continue };
        let Some(express) = package::known(job, &dir, "express").filter(|found| found.installed.is_at_least("5.0.0"))
        else {
            continue;
        };
        let version = package::shown(job, &express);
        for path in Closure::of(job.snapshot, &entry).paths {
            let Some((file, source)) = job.open(&path) else { continue };
            for found in route::of_express(&source.text, &path, file) {
                let Some(what) = fault(&found.path) else { continue };
                let start = found.span.start as usize;
                let near = (start.saturating_sub(400)..=start).find(|at| source.text.is_char_boundary(*at));
                let before = near.and_then(|near| source.text.get(near..start)).unwrap_or_default();
                let is_sure = found.is_immediate || before.contains("production");
                out.report(
                    RULE.finding(format!("Express {version} cannot read the path \"{}\": {what}", found.path))
                        .at(found.span)
                        .label("throws when it is declared")
                        .related(express.span, "version 5 is installed")
                        .severity(if is_sure { Severity::High } else { Severity::Medium })
                        .log_line("TypeError: Missing parameter name")
                        .help("write \"/{*splat}\" for everything below a path, and \"{/:id}\" for what may be missing")
                        .maybe_fix(fix(&source.text, &found)),
                );
            }
        }
    }
}

/// The folder and the file of a server that Node.js runs.
fn program(job: &Job<'_>, run: &Invocation) -> Option<(String, String)> {
    let dir = run.cwd.clone()?;
    let file = match run.name() {
        "node" | "nodemon" => run.args.iter().filter_map(|arg| arg.plain()).find(|arg| !arg.starts_with('-'))?,
        _ => return None,
    };
    let path = join(&dir, file)?;
    let endings = ["", ".js", ".mjs", ".cjs", "/index.js"];
    let entry = endings.iter().map(|end| format!("{path}{end}")).find(|path| job.snapshot.is_file(path))?;
    Some((dir, entry))
}

/// What Express 5 does not understand about a path (`path-to-regexp` 8).
fn fault(path: &str) -> Option<&'static str> {
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        let is_name =
            |next: Option<&char>| next.is_some_and(|next| next.is_alphabetic() || matches!(next, '_' | '$' | '"'));
        match character {
            '\\' => _ = characters.next(),
            '*' if !is_name(characters.peek()) => return Some("a \"*\" needs a name"),
            ':' if !is_name(characters.peek()) => return Some("a \":\" needs a name"),
            '(' | ')' => return Some("it takes no groups"),
            '?' | '+' => return Some("it takes no \"?\" and no \"+\""),
            '[' | ']' | '!' => return Some("it takes no \"[\", \"]\" and \"!\""),
            _ => {}
        }
    }
    None
}

/// The same path for Express 5, where that is plain.
fn fix(text: &str, route: &Route) -> Option<Fix> {
    let written = text.get(route.span.range())?;
    let quote = written.chars().next()?;
    let path = route.path.as_str();
    let new = match path {
        "*" | "/*" | "(.*)" | "/(.*)" => "/{*splat}".to_owned(),
        _ if path.ends_with("/*") => format!("{}/{{*splat}}", path.strip_suffix("/*")?),
        _ if path.ends_with('?') => {
            let at = path.rfind("/:")?;
            format!("{}{{{}}}", &path[..at], path[at..].strip_suffix('?')?)
        }
        _ => return None,
    };
    let is_good = fault(&new).is_none() && written.len() == path.len() + 2;
    is_good.then(|| {
        Fix::replace(Applicability::Safe, format!("write \"{new}\""), route.span, format!("{quote}{new}{quote}"))
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn paths_of_express_5_need_names() {
        for path in ["*", "/*", "/api/*", "(.*)", "/:id?", "/a+b", "/x/:"] {
            assert!(fault(path).is_some(), "{path}");
        }
        for path in ["/", "/*splat", "/{*splat}", "/a{/:id}", "/:id", "/a-b.html", "/a\\*"] {
            assert!(fault(path).is_none(), "{path}");
        }
    }
}
