//! NTL071: a variable in `netlify.toml` stays as it is written.

use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::netlify::redirect_text::items;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};
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
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/configure-builds/file-based-configuration/", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/11", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/1599", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut found: Vec<(String, &str, Span)> = Vec::new();
    for item in items(site, "redirects") {
        collect(
            item,
            &|keys, _| matches!(keys, ["from" | "to" | "origin" | "destination"] | ["headers", ..]),
            &mut found,
        );
    }
    for item in items(site, "headers") {
        collect(item, &|keys, _| matches!(keys, ["values", ..]), &mut found);
    }
    for item in items(site, "plugins") {
        // A text with spaces may be a command, which some plugins hand to a shell.
        collect(item, &|keys, text| matches!(keys, ["inputs", ..]) && !text.contains(' '), &mut found);
    }
    for table in environments(site) {
        collect(table, &|_, text| !text.contains(' '), &mut found);
    }
    if found.is_empty() || is_rewritten(site) {
        return;
    }
    for (property, variable, span) in found {
        let message = format!("\"{variable}\" in \"{property}\" is not replaced: write the value itself");
        let finding = RULE.finding(message).at(span).label("taken literally");
        out.report(finding.help("only the build command is run by a shell that knows variables"));
    }
}

/// The tables `build.environment`, also those of contexts.
fn environments<'a>(site: &'a NetlifySite<'_>) -> Vec<&'a Node> {
    let Some(root) = site.resolution.file.as_ref() else { return Vec::new() };
    let contexts = root.at(&["context"]).and_then(Node::as_table).into_iter().flat_map(Table::iter);
    let direct = contexts.filter_map(|(_, entry)| entry.value.at(&["environment"]));
    root.at(&["build", "environment"]).into_iter().chain(direct).collect()
}

/// The texts below a value that hold a variable, where the keys that lead there are wanted.
fn collect<'a>(node: &'a Node, is_wanted: &dyn Fn(&[&str], &str) -> bool, found: &mut Vec<(String, &'a str, Span)>) {
    let mut open: Vec<(Vec<&str>, &Node)> = vec![(Vec::new(), node)];
    while let Some((keys, node)) = open.pop() {
        match &node.kind {
            Kind::Table(table) => {
                let next = table.iter().map(|(key, entry)| ([keys.as_slice(), &[key]].concat(), &entry.value));
                open.extend(next.collect::<Vec<_>>().into_iter().rev());
            }
            Kind::Array(items) => open.extend(items.iter().rev().map(|item| (keys.clone(), item))),
            Kind::String(text) if is_wanted(&keys, text) => {
                if let Some(variable) = variable::find(text) {
                    found.push((keys.last().copied().unwrap_or_default().to_owned(), variable, node.span));
                }
            }
            _ => {}
        }
    }
}

/// Whether the build rewrites the file, or a shell gets hold of the values.
fn is_rewritten(site: &NetlifySite<'_>) -> bool {
    let in_command = site.command_texts().any(|text| ["envsubst", "eval "].iter().any(|word| text.contains(word)));
    in_command || site.speaks_of(&["netlify.toml"])
}
