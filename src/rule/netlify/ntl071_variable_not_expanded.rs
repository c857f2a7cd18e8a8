//! NTL071: a variable in `netlify.toml` stays as it is written.

use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::is_toml;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};
use crate::text::variable;

/// `$NAME` where nobody expands it.
pub(super) static RULE: Rule = Rule {
    id: "NTL071",
    name: "variable-not-expanded",
    summary: "A variable in netlify.toml is taken literally",
    docs: "\
## What happens

The value goes out as it stands: requests are sent to a host called `${API_HOST}`, a header says `$TOKEN`.

## Why

Netlify reads `netlify.toml` as plain TOML and puts no variables in. Only the build command is run by a shell, so only \
there `$NAME` has a meaning.

## How to mend it

Write the value itself, or let the build write a `_redirects` or `_headers` file from the variable.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Always,
    evidence: &[
        docs("https://docs.netlify.com/configure-builds/file-based-configuration/", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/11", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/1599", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// A text that holds a variable: its property, the variable, its place.
type Place = (String, String, Span);

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut found: Vec<Place> = Vec::new();
    for redirect in site.redirects() {
        note("from", &redirect.from.text, redirect.from.span, &mut found);
        note("to", redirect.to_text().unwrap_or_default(), redirect.to.span(), &mut found);
        for (name, entry) in redirect.headers.iter().flat_map(|headers| headers.iter()) {
            note(name, entry.value.as_str().unwrap_or_default(), entry.value.span, &mut found);
        }
    }
    for (name, value) in site.headers().flat_map(|header| &header.values) {
        note(name, &value.text, value.spans.first().copied().unwrap_or(Span::NONE), &mut found);
    }
    for keys in [&["plugins"][..], &["build", "environment"]] {
        site.config(keys).into_iter().for_each(|node| words(node, &mut found));
    }
    found.retain(|(_, _, span)| is_toml(site, *span));
    if found.is_empty() || is_rewritten(site) {
        return;
    }
    for (property, variable, span) in found {
        let message = format!("\"{variable}\" in \"{property}\" is not replaced: write the value itself");
        let finding = RULE.finding(message).at(span).label("taken literally");
        out.report(finding.help("only the build command is run by a shell that knows variables").fix(
            replaced(site, &variable, span).unwrap_or_else(|| {
                Fix::show(format!(
                    "write the value of \"{variable}\" itself, or let the build command write it with sed"
                ))
            }),
        ));
    }
}

fn note(property: &str, text: &str, span: Span, found: &mut Vec<Place>) {
    if let Some(variable) = variable::find(text) {
        found.push((property.to_owned(), variable.to_owned(), span));
    }
}

/// The texts below a value. One with spaces may be a command, which a plugin or a script hands to a shell.
fn words(node: &Node, found: &mut Vec<Place>) {
    let mut open: Vec<(&str, &Node)> = vec![("", node)];
    while let Some((property, node)) = open.pop() {
        match &node.kind {
            Kind::Table(table) => {
                let entries: Vec<(&str, &Node)> = table.iter().map(|(key, entry)| (key, &entry.value)).collect();
                open.extend(entries.into_iter().rev());
            }
            Kind::Array(items) => open.extend(items.iter().rev().map(|item| (property, item))),
            Kind::String(text) if !text.contains(' ') => note(property, text, node.span, found),
            _ => {}
        }
    }
}

/// Whether the build rewrites the file, or a shell gets hold of the values.
fn is_rewritten(site: &NetlifySite<'_>) -> bool {
    let in_command = site.command_texts().any(|text| ["envsubst", "eval "].iter().any(|word| text.contains(word)));
    in_command || site.speaks_of(&["netlify.toml"])
}

/// Writes the value where the configuration sets it; else lets the build command write it, as Netlify's documentation
/// proposes for redirects and headers, which are read again behind the command.
fn replaced(site: &NetlifySite<'_>, variable: &str, span: Span) -> Option<Fix> {
    let name: String = variable.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let is_plain = variable == format!("${name}") || variable == format!("${{{name}}}");
    let written = site.written(span).filter(|written| is_plain && written.matches(variable).count() == 1)?;
    let value = site.config(&["build", "environment", &name]).and_then(Node::as_str);
    if let Some(value) = value.filter(|value| !value.contains(['$', '"', '\'', '\\']) && !value.is_empty()) {
        let title = format!("write the value of \"{name}\" itself");
        return Some(Fix::replace(Applicability::Review, title, span, written.replace(variable, value)));
    }
    let command = site.config(&["build", "command"])?;
    let text = command.as_str().filter(|text| !text.contains('\n'))?;
    site.written(command.span).filter(|written| *written == format!("\"{text}\""))?;
    let is_read_again = site.redirects().any(|it| [it.from.span, it.to.span()].contains(&span))
        || site.headers().flat_map(|it| &it.values).any(|(_, value)| value.spans.contains(&span));
    let start = command.span.start as usize + 1;
    let words = format!("sed -i 's|{variable}|'${name}'|g' netlify.toml && ");
    let title = format!("let the build command write the value of \"{name}\"");
    let place = Span::new(command.span.file, start, start);
    is_read_again.then(|| Fix::replace(Applicability::Review, title, place, words))
}
