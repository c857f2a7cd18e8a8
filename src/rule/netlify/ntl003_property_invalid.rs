//! NTL003: a property has a value that Netlify does not accept.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{Expected, Problem, Violation};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::FileId;
use crate::text::toml;
use crate::text::tree::Node;

use super::property;

/// A property of the wrong kind, or one that makes the engine fail.
pub(super) static RULE: Rule = Rule {
    id: "NTL003",
    name: "property-invalid",
    summary: "A property has a value of the wrong kind",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

The build settings are single strings, `functions` and `context` are tables, `plugins` and `edge_functions` are lists \
of tables. Every context is checked, not only the one that is deployed.

## How to mend it

Give the value the kind that is named. Several commands become one string joined by `&&`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/validations.js", "2026-11-20"),
        docs("https://docs.netlify.com/build/configure-builds/file-based-configuration/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(failure) = site.failure(Topic::Property) else { return };
    let finding = match failure {
        Failure::Violation(violation) => property::finding(&RULE, site, violation).maybe_fix(fix(site, violation)),
        Failure::Extension { .. } => RULE
            .finding(failure.to_string())
            .at(failure.span())
            .label("not a \".tgz\"")
            .log_line("contains unexpected build plugin URL"),
        _ => RULE
            .finding(failure.to_string())
            .at(failure.span())
            .label("not accepted")
            .note("the engine ends with a type error of its own instead of a message"),
    };
    out.report(finding);
}

fn fix(site: &NetlifySite<'_>, violation: &Violation) -> Option<Fix> {
    let span = violation.span;
    let written = site.written(span)?;
    let Problem::Kind { expected, .. } = &*violation.problem else { return None };
    let replace = |title: &str, text: String| Some(Fix::replace(Applicability::Review, title, span, text));
    match expected {
        Expected::Text if written.starts_with('[') => {
            let joined = one_command(written).filter(|_| violation.name == "build.command")?;
            replace("join the commands with \"&&\"", format!("\"{joined}\""))
        }
        Expected::Text => property::quoted(site, span),
        Expected::Boolean => {
            let word = written.trim_matches(['"', '\'']);
            let is_known = ["true", "false"].contains(&word);
            is_known.then(|| Fix::replace(Applicability::Review, "remove the quotes", span, word))
        }
        Expected::Tables if is_header(written) => {
            replace("open a list of tables with two brackets", format!("[{written}]"))
        }
        Expected::Table if written.starts_with("[[") && is_header(written) => {
            replace("open a table with one bracket", written[1..written.len() - 1].to_owned())
        }
        _ => None,
    }
}

fn is_header(written: &str) -> bool {
    written.starts_with('[') && written.ends_with(']') && !written.contains(['"', '\'', ',', '\n'])
}

/// The commands of a list in one line.
fn one_command(written: &str) -> Option<String> {
    let root = toml::parse(&format!("list = {written}"), FileId::NONE).ok()?;
    let commands: Option<Vec<&str>> = root.at(&["list"])?.as_array()?.iter().map(Node::as_str).collect();
    let joined = commands?.join(" && ");
    (!joined.is_empty() && !joined.contains(['"', '\\', '\n'])).then_some(joined)
}
