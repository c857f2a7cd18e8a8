//! Variables of `[build.environment]`, in the way in which the tables of the file are written.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;

/// Sets a variable that is not there yet; a new file has to be looked at.
pub(super) fn set(
    site: &NetlifySite<'_>,
    applicability: Applicability,
    title: &str,
    (key, value): (&str, &str),
) -> Option<Fix> {
    let Some((file, source)) = site.config_source() else {
        let path = child(site.build_dir(), "netlify.toml");
        let text = format!("[build.environment]\n{key} = \"{value}\"\n");
        return Some(Fix::create(applicability.min(Applicability::Review), title, path, text));
    };
    let line_end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = format!("{key} = \"{value}\"{line_end}");
    let root = site.resolution.file.as_ref()?;
    let insert = |at: usize, text: String| Fix::replace(applicability, title, Span::new(file, at, at), text);
    let is_header = |keys: &[&str]| {
        let node = root.at(keys)?;
        source.text.get(node.span.range()).map(|written| written.starts_with('['))
    };
    match (is_header(&["build", "environment"]), is_header(&["build"])) {
        (Some(true), _) => {
            let header = root.at(&["build", "environment"])?.span.end as usize;
            let next = source.text[header..].find('\n').map(|offset| header + offset + 1)?;
            let indent = source.text[next..].lines().next().filter(|line| line.contains('='));
            let indent = indent.map_or("", |line| &line[..line.len() - line.trim_start().len()]);
            Some(insert(next, format!("{indent}{line}")))
        }
        (None, None | Some(true)) => {
            let is_ended = source.text.ends_with('\n') || source.text.is_empty();
            let gap = if is_ended { line_end.to_owned() } else { line_end.repeat(2) };
            Some(insert(source.text.len(), format!("{gap}[build.environment]{line_end}{line}")))
        }
        _ => None,
    }
}

/// Adds an entry to a variable that is a list with commas, or sets it.
pub(super) fn add(site: &NetlifySite<'_>, title: &str, (key, entry): (&str, &str)) -> Option<Fix> {
    if entry.contains(['"', '\\', ',', '\'']) || entry.chars().any(char::is_control) {
        return None;
    }
    let Some(node) = site.config(&["build", "environment", key]) else {
        return set(site, Applicability::Review, title, (key, entry));
    };
    let written = site.written(node.span)?;
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\'') && !written.contains('\n'))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_plain = !inner.is_empty() && !inner.contains(quote);
    is_plain.then(|| Fix::replace(Applicability::Review, title, node.span, format!("{quote}{inner},{entry}{quote}")))
}
