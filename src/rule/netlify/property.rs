//! How rules report a property that the engine's checks reject.

use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{Problem, Violation, ViolationKind};
use crate::rule::Rule;
use crate::rule::finding::Finding;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// Starts the finding for a rejected property.
pub(super) fn finding(rule: &'static Rule, site: &NetlifySite<'_>, violation: &Violation) -> Finding {
    let finding = rule.finding(violation.to_string()).at(place(violation)).label(label(&violation.problem));
    let finding = match log_line(violation) {
        Some(line) => finding.log_line(line),
        None => finding,
    };
    match context_of(site, violation.span) {
        Some(context) => finding.note(format!(
            "it stands in the context \"{context}\"; Netlify checks every context, whichever one it deploys"
        )),
        None => finding,
    }
}

/// The wrong key if a key is wrong, the value otherwise.
fn place(violation: &Violation) -> Span {
    let is_about_a_key = matches!(
        *violation.problem,
        Problem::UnknownProperties { .. } | Problem::Exclusive(..) | Problem::MisplacedDirectory
    );
    violation.key_span.filter(|_| is_about_a_key).unwrap_or(violation.span)
}

fn label(problem: &Problem) -> String {
    match problem {
        Problem::Kind { expected, .. } | Problem::Item { expected, .. } => match expected.to_string() {
            expected if expected.split(' ').count() <= 4 => format!("not {expected}"),
            _ => "not accepted".to_owned(),
        },
        Problem::UnknownProperties { .. } => "not a known name".to_owned(),
        Problem::Missing(names) => format!("no {}", names.join(" or ")),
        Problem::Exclusive(one, other) => format!("\"{one}\" and \"{other}\""),
        Problem::RelativePath(_) => "no slash in front".to_owned(),
        Problem::DuplicatePlugin(_) => "named again".to_owned(),
        Problem::MisplacedDirectory => "not for one function".to_owned(),
        _ => "not accepted".to_owned(),
    }
}

fn log_line(violation: &Violation) -> Option<String> {
    let property = violation.property.as_deref()?;
    Some(match violation.kind {
        ViolationKind::DuplicatePlugin => format!("Plugin \"{property}\" must not be specified twice in"),
        ViolationKind::ContextPlugin => format!("\"{property}\" is installed in the UI"),
        ViolationKind::UnprintableValue => "When resolving config file".to_owned(),
        _ => format!("Configuration property {property}"),
    })
}

/// The context whose table holds the span.
fn context_of<'a>(site: &'a NetlifySite<'_>, span: Span) -> Option<&'a str> {
    let contexts = site.resolution.file.as_ref()?.at(&["context"])?.as_table()?;
    contexts.iter().find(|(_, entry)| holds(&entry.value, span)).map(|(name, _)| name)
}

fn holds(node: &Node, span: Span) -> bool {
    node.span == span
        || match &node.kind {
            Kind::Table(table) => table.iter().any(|(_, entry)| holds(&entry.value, span)),
            Kind::Array(items) => items.iter().any(|item| holds(item, span)),
            _ => false,
        }
}

/// The tables under a list of the configuration file and of each of its contexts: `plugins`, `edge_functions`.
pub(super) fn entries<'a>(site: &'a NetlifySite<'_>, list: &str) -> Vec<&'a Table> {
    let Some(file) = &site.resolution.file else { return Vec::new() };
    let contexts = file.at(&["context"]).and_then(Node::as_table).into_iter().flat_map(Table::iter);
    let holders = std::iter::once(file).chain(contexts.map(|(_, entry)| &entry.value));
    let lists = holders.filter_map(|holder| holder.at(&[list])?.as_array());
    lists.flatten().filter_map(Node::as_table).collect()
}

/// Puts a bare number or truth value into quotes.
pub(super) fn quoted(site: &NetlifySite<'_>, span: Span) -> Option<Fix> {
    let written = site.written(span)?;
    let is_bare = !written.is_empty() && !written.contains(['"', '\'', '[', '{', '\n', '\\']);
    is_bare.then(|| Fix::replace(Applicability::Review, format!("quote {written}"), span, format!("\"{written}\"")))
}

/// Puts a value into a list of its own.
pub(super) fn as_list(site: &NetlifySite<'_>, span: Span) -> Option<Fix> {
    let written = site.written(span)?;
    let is_string = written.starts_with(['"', '\'']);
    is_string.then(|| Fix::replace(Applicability::Review, format!("write [{written}]"), span, format!("[{written}]")))
}
