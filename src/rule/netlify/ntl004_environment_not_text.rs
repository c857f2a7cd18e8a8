//! NTL004: `environment` is no table of texts.

use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::ecma;
use crate::text::tree::{Entry, Kind, Node, Table};

/// Environment variables are not written as a table of texts.
pub(super) static RULE: Rule = Rule {
    id: "NTL004",
    name: "environment-not-text",
    summary: "Environment variables are not a table of texts",
    docs: "\
## What happens

When `environment` is one text instead of a table, the platform stops while it reads the configuration. A number or \
truth value in the table works and arrives as text; a number may arrive shorter than it was written.

## Why

The part of the platform that takes over the configuration expects a name and a text for each variable. Numbers are \
numbers first: `3.10` is 3.1, and that is what the build sees.

## How to mend it

Write a table, `[build.environment]` with one `NAME = \"value\"` a line, and put every value into quotes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/W3Layouts/gatsby-starter-delog/issues/33", "2026-11-20"),
        observed(
            "https://answers.netlify.com/t/netlify-deploy-fails-if-netlify-toml-env-vars-are-not-type-string/45850",
            "2026-11-20",
        ),
        docs("https://docs.netlify.com/build/configure-builds/file-based-configuration/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(environment) = site.config(&["build", "environment"]) else { return };
    match environment.as_table() {
        Some(variables) => report_values(site, variables, out),
        None => out.report(not_a_table(site, environment)),
    }
    for (context, node) in other_contexts(site) {
        let note = format!("only deploys of the context \"{context}\" fail");
        out.report(not_a_table(site, node).severity(Severity::Medium).note(note));
    }
}

/// The environments of contexts that are not deployed now and that are no tables.
fn other_contexts<'a>(site: &'a NetlifySite<'_>) -> Vec<(&'a str, &'a Node)> {
    let contexts = site.resolution.file.as_ref().and_then(|file| file.at(&["context"])).and_then(Node::as_table);
    let deployed = site.config(&["build", "environment"]).map(|node| node.span);
    let found = contexts.into_iter().flat_map(Table::iter);
    let found = found.filter_map(|(name, entry)| Some((name, entry.value.at(&["environment"])?)));
    let is_blank = |node: &Node| node.as_str().is_some_and(|text| ecma::trim(text).is_empty());
    found.filter(|(_, node)| node.as_table().is_none() && !is_blank(node) && Some(node.span) != deployed).collect()
}

fn not_a_table(site: &NetlifySite<'_>, node: &Node) -> Finding {
    RULE.finding("\"environment\" is not a table, a table with a text for each variable would be accepted")
        .at(node.span)
        .label("not a table")
        .log_line("json: cannot unmarshal")
        .maybe_fix(as_table(site, node))
}

/// The table that a text of the form `A=1, B=2` stands for.
fn as_table(site: &NetlifySite<'_>, node: &Node) -> Option<Fix> {
    site.written(node.span)?;
    let pairs = node.as_str()?.split([',', ';', ' ', '\n']).filter(|pair| !pair.is_empty());
    let entries: Option<Vec<String>> = pairs.map(entry).collect();
    let entries = entries.filter(|entries| !entries.is_empty())?;
    let text = format!("{{ {} }}", entries.join(", "));
    Some(Fix::replace(Applicability::Safe, "write a table", node.span, text))
}

fn entry(pair: &str) -> Option<String> {
    let (name, value) = pair.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_plain = !value.contains(['"', '\'', '\\', '=']);
    (is_name && is_plain).then(|| format!("{name} = \"{value}\""))
}

fn report_values(site: &NetlifySite<'_>, variables: &Table, out: &mut Sink) {
    for (name, Entry { value, .. }) in variables.iter() {
        let Some(written) = site.written(value.span).filter(|written| !written.starts_with(['"', '\''])) else {
            continue;
        };
        let finding = match (&value.kind, ecma::to_text(value).ok()) {
            (Kind::Array(_) | Kind::Table(_), _) | (_, None) => RULE
                .finding(format!("the variable \"{name}\" is no text, a text in quotes would be accepted"))
                .severity(Severity::Medium),
            (_, Some(text)) if text != written => RULE
                .finding(format!("the variable \"{name}\" arrives as \"{text}\", in quotes it would stay as written"))
                .severity(Severity::Medium),
            _ => RULE
                .finding(format!("the variable \"{name}\" is no text but works, every variable arrives as text"))
                .severity(Severity::Low),
        };
        let is_scalar = !matches!(value.kind, Kind::Array(_) | Kind::Table(_));
        let quote = || Fix::replace(Applicability::Safe, "put it into quotes", value.span, format!("\"{written}\""));
        out.report(finding.at(value.span).label("not in quotes").maybe_fix(is_scalar.then(quote)));
    }
}
