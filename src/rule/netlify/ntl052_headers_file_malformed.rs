//! NTL052: a line of `_headers` cannot be read, or says nothing.

use crate::platform::netlify::output::{SideFile, Standing};
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

/// Headers that nobody will send.
pub(super) static RULE: Rule = Rule {
    id: "NTL052",
    name: "headers-file-malformed",
    summary: "A line of _headers cannot be read and is dropped",
    docs: "\
## What happens

Netlify prints a warning, leaves the line out and deploys the rest: the header is never sent. A line without a colon is \
left out without a word.

## Why

A line that starts with `/` opens a block, every other line is `Name: value` and belongs to the block above it. A header \
before the first path belongs to nothing; `*.js` opens no block because the slash is missing.

## How to mend it

Start each path with a slash, put its headers below it, and keep TOML in `netlify.toml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/headers-parser/src/line_parser.ts", "2026-11-20"),
        docs("https://docs.netlify.com/routing/headers/", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/766", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for file in site.output.side_files.iter().filter(|file| file.subject == Subject::Header) {
        if file.standing != Standing::Stray && !(file.is_template && site.is_built()) {
            silent_lines(site, file, out);
        }
    }
    let mut orphans: Vec<FileId> = Vec::new();
    for error in site.routing_errors(Subject::Header).filter(|error| !is_toml(site, error.span)) {
        match &error.reason {
            Reason::Unreadable { path } => out.report(finding(error).at_path(path)),
            // One missing path makes orphans of all headers below it.
            Reason::HeaderBeforePath { .. } if orphans.contains(&error.span.file) => {}
            Reason::HeaderBeforePath { .. } => {
                orphans.push(error.span.file);
                out.report(finding(error).at(error.span).label("belongs to no path"));
            }
            _ => out.report(finding(error).at(error.span).label("dropped")),
        }
    }
}

fn finding(error: &RoutingError) -> Finding {
    RULE.finding(error.reason.to_string()).log_line(error.first_line())
}

/// Lines without a colon: a path that lacks its slash, a table of `netlify.toml`, or text.
fn silent_lines(site: &NetlifySite<'_>, file: &SideFile, out: &mut Sink) {
    let Some((id, source)) = file.file.and_then(|id| Some((id, site.resolution.sources.get(id)?))) else { return };
    let mut offset = 0;
    for raw in source.text.split_inclusive('\n') {
        let line = ecma::trim(raw);
        let start = offset + (raw.len() - raw.trim_start_matches(ecma::is_space).len());
        offset += raw.len();
        if line.is_empty() || line.starts_with(['/', '#']) || line.contains(':') {
            continue;
        }
        out.report(silent_line(line, Span::new(id, start, start + line.len())));
        if line.starts_with("[[") {
            return;
        }
    }
}

fn silent_line(line: &str, span: Span) -> Finding {
    if line.starts_with("[[") {
        let message =
            "a table of \"netlify.toml\" stands in \"_headers\", where paths and \"Name: value\" lines belong";
        return RULE.finding(message).at(span).label("ignored").help("move the table to \"netlify.toml\"");
    }
    let looks_like_path = !line.contains([' ', '=', '"', '[']) && line.contains(['*', '/']);
    if looks_like_path {
        let message = format!("\"{line}\" opens no block: a path that starts with \"/\" was expected");
        let fix =
            Fix::replace(Applicability::Review, format!("write \"/{line}\""), Span { end: span.start, ..span }, "/");
        return RULE.finding(message).at(span).label("ignored").fix(fix);
    }
    let message = format!("\"{}\" is ignored: a path or \"Name: value\" was expected", shorten(line));
    RULE.finding(message).at(span).label("ignored").severity(Severity::Low)
}

fn shorten(line: &str) -> String {
    line.char_indices().nth(60).map_or_else(|| line.to_owned(), |(at, _)| format!("{}…", &line[..at]))
}
