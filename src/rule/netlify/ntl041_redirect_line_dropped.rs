//! NTL041: a line of `_redirects` cannot be read.

use crate::platform::netlify::routing::{Reason, RoutingError, Subject};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::is_toml;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::ecma;
use crate::text::span::{FileId, Span};

/// A line of `_redirects` is dropped.
pub(super) static RULE: Rule = Rule {
    id: "NTL041",
    name: "redirect-line-dropped",
    summary: "A line of _redirects cannot be read and is dropped",
    docs: "\
## What happens

Netlify prints a warning, leaves the line out and deploys the rest. The redirect does not exist.

## Why

A line is split at white space: the path, perhaps `key=value` pairs of the query, the destination, the status, \
conditions. The destination is the first part that starts with `/`, `http://` or `https://`; what comes right after it \
must be a number. A number directly after the path means a rule without destination.

## How to mend it

Write `/old /new 301`. Start destinations on the same site with a slash, write spaces inside paths as `%20`, put a \
status before any condition, and keep TOML in `netlify.toml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/redirect-parser/src/line_parser.js", "2026-11-20"),
        docs("https://docs.netlify.com/routing/redirects/", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/766", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let is_ours = |error: &&RoutingError| {
        !is_toml(site, error.span) && !matches!(error.reason, Reason::ReservedPath { .. } | Reason::NotAList { .. })
    };
    let errors: Vec<&RoutingError> = site.routing_errors(Subject::Redirect).filter(is_ours).collect();
    let mut toml_files: Vec<FileId> = Vec::new();
    for error in errors {
        if let Reason::Unreadable { path } = &error.reason {
            out.report(finding(error, "").at_path(path));
            continue;
        }
        let Some(line) = site.written(error.span) else { continue };
        let is_known = toml_files.contains(&error.span.file);
        if !is_known && line.starts_with("[[") {
            toml_files.push(error.span.file);
            let message =
                "a table of \"netlify.toml\" stands in \"_redirects\", where lines like \"/old /new 301\" belong";
            let found = RULE.finding(message).at(error.span).label("dropped").log_line(error.first_line());
            out.report(found.help("move the table to \"netlify.toml\", or write the rule as a line"));
        } else if !is_known || !(line.starts_with('[') || is_assignment(line)) {
            let found = finding(error, line).at(error.span).label("dropped").maybe_fix(fix(site, error, line));
            out.report(found);
        }
    }
}

fn finding(error: &RoutingError, line: &str) -> Finding {
    let from = line.split_whitespace().next().unwrap_or_default();
    let message = match &error.reason {
        Reason::Missing { key: "to" } => {
            format!("\"{from}\" has a status but no destination; a path or a URL was expected")
        }
        reason => reason.to_string(),
    };
    let found = RULE.finding(message).log_line(error.first_line());
    match &error.reason {
        Reason::InvalidStatus { status } if status.contains('=') => {
            found.help("a status such as \"301\" or \"302\" must stand before conditions")
        }
        Reason::Missing { key: "to" } => {
            found.help("a number right after the path is read as the status of a rule without destination")
        }
        _ => found,
    }
}

/// `from = "/a"`.
fn is_assignment(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(key, _)| key.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// A slash before a path of the same site, or the usual status before conditions.
fn fix(site: &NetlifySite<'_>, error: &RoutingError, line: &str) -> Option<Fix> {
    let (part, added) = match &error.reason {
        Reason::DestinationShape { part } if is_local(site, part) => (part.as_str(), "/"),
        Reason::InvalidStatus { status } if status.contains('=') => (status.as_str(), "301 "),
        _ => return None,
    };
    let (at, _) = ecma::split_space(line).skip(1).find(|(_, text)| *text == part)?;
    let at = error.span.start as usize + at;
    let title = if added == "/" { format!("write \"/{part}\"") } else { "add the usual status".to_owned() };
    Some(Fix::replace(Applicability::Review, title, Span::new(error.span.file, at, at), added))
}

/// Whether a destination without a slash is a path: a file of that name is published, or it cannot be a host.
fn is_local(site: &NetlifySite<'_>, part: &str) -> bool {
    let is_plain = part.starts_with(|c: char| c.is_ascii_alphanumeric()) && !part.contains(['=', ':', '"', '\'', ',']);
    let path = format!("/{part}");
    is_plain && (site.output.file_at(site.snapshot, &path).is_some() || !part.contains('.'))
}
