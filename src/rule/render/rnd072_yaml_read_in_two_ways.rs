//! RND072: readers of YAML do not agree about a part of the Blueprint.

use std::collections::HashSet;

use crate::platform::render::reading::Oddity;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};
use crate::text::yaml::{Doubt, DoubtKind};

use super::edit::Editor;

/// Two readings of the same text.
pub(super) static RULE: Rule = Rule {
    id: "RND072",
    name: "yaml-read-in-two-ways",
    summary: "Readers of YAML do not agree what a part of the Blueprint says",
    docs: "\
## What happens

Mostly nothing: Render takes a plain word such as `off` as it is written. But editors, scripts and other services that \
read the same file see something else, and where a number is expected Render itself may see another one.

## Why

YAML 1.1 and 1.2 differ. To the first, `off`, `no` and `y` are truth values, `010` is eight and `12:30` is a number to the \
base 60; to the second they are texts and ten. Render's messages are those of a reader written in Go. It refuses control \
characters, bytes that are not UTF-8, and tabs that begin a line, keeps the text where a text is expected, reads `010` as \
eight where a number is, and of two `<<` in one mapping takes only one.

## How to mend it

Put the value in quotes, write numbers without a leading zero, indent with spaces, and merge several mappings by one \
list: `<<: [*first, *second]`.
",
    severity: Severity::Low,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://yaml.org/type/bool.html", "2026-11-21"),
        docs("https://yaml.org/spec/1.2.2/#103-core-schema", "2026-11-21"),
        source("https://github.com/go-yaml/yaml/blob/v3/resolve.go", "2026-11-21"),
        source("https://github.com/go-yaml/yaml/blob/v3/readerc.go", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Fields that take a number, and not its text.
const NUMBERS: [&str; 11] = [
    "numInstances",
    "minInstances",
    "maxInstances",
    "targetCPUPercent",
    "targetMemoryPercent",
    "sizeGB",
    "diskSizeGB",
    "previewDiskSizeGB",
    "expireAfterDays",
    "previewsExpireAfterDays",
    "maxShutdownDelaySeconds",
];

/// More of them tell nobody more.
const MOST: usize = 1000;

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    site.oddity.and_then(|(oddity, span)| odd(site, oddity, span)).into_iter().for_each(|it| out.report(it));
    let doubts = &site.document.doubts;
    let Some(root) = site.document.root.as_ref().filter(|_| site.document.is_ok() && !doubts.is_empty()) else {
        return;
    };
    // What the schema or the validator minds is told with what they make of it.
    let told: HashSet<Span> = site.violations().map(|violation| violation.span).collect();
    let mut values = Values::default();
    values.gather(root, doubts, false);
    let findings = doubts.iter().filter(|doubt| !told.contains(&doubt.span)).filter_map(|doubt| match doubt.kind {
        DoubtKind::Tab => Some(tab(site, doubt.span)),
        DoubtKind::SecondMerge => Some(second_merge(doubt.span)),
        // Both readings merge, and a repeated key is an error.
        DoubtKind::Merge | DoubtKind::DuplicateKey => None,
        _ if values.numbers.contains(&doubt.span) => number(site, doubt.span),
        kind => values.texts.contains(&doubt.span).then(|| text(site, doubt.span, kind)),
    });
    findings.take(MOST).for_each(|finding| out.report(finding));
}

/// The places of values that are in doubt, by what Render expects there.
#[derive(Default)]
struct Values {
    numbers: HashSet<Span>,
    texts: HashSet<Span>,
}

impl Values {
    fn gather(&mut self, node: &Node, doubts: &[Doubt], is_number: bool) {
        match &node.kind {
            Kind::Array(items) => items.iter().for_each(|item| self.gather(item, doubts, false)),
            Kind::Table(table) => {
                for (key, entry) in table.iter() {
                    self.gather(&entry.value, doubts, NUMBERS.contains(&key));
                }
            }
            _ if doubts.binary_search_by_key(&node.span, |doubt| doubt.span).is_ok() => {
                let set = if is_number { &mut self.numbers } else { &mut self.texts };
                set.insert(node.span);
            }
            _ => {}
        }
    }
}

fn text(site: &RenderSite<'_>, span: Span, kind: DoubtKind) -> Finding {
    let editor = Editor::of(site);
    let written = editor.written(span);
    let quoted = format!("\"{written}\"");
    let change = Change::Edit { span, text: quoted.clone() };
    let other = kind.other_reading();
    RULE.finding(format!("some readers of YAML take \"{written}\" for {other}; Render reads the text"))
        .at(span)
        .label("not in quotes")
        .maybe_fix(editor.fix(Applicability::Safe, format!("write {quoted}"), [Some(change)]))
}

/// `010` where a number is expected: eight to Go, ten by YAML 1.2.
fn number(site: &RenderSite<'_>, span: Span) -> Option<Finding> {
    let editor = Editor::of(site);
    let written = editor.written(span);
    let decimal = written.trim_start_matches('0');
    let octal = u64::from_str_radix(decimal, 8).ok().filter(|value| value.to_string() != decimal)?;
    let change = Change::Edit { span, text: decimal.to_owned() };
    let finding = RULE
        .finding(format!("\"{written}\" is {octal} to readers like Render's, and {decimal} by YAML 1.2"))
        .at(span)
        .severity(Severity::Medium)
        .help(format!("write {decimal} or {octal}, whichever is meant"));
    Some(finding.maybe_fix(editor.fix(Applicability::Review, format!("write {decimal}"), [Some(change)])))
}

fn second_merge(span: Span) -> Finding {
    RULE.finding("this mapping has \"<<\" twice: readers like Render's take one of them, others both")
        .at(span)
        .severity(Severity::Medium)
        .help("merge by one list: <<: [*first, *second]")
}

/// Bytes that readers do not agree about.
fn odd(site: &RenderSite<'_>, oddity: Oddity, span: Span) -> Option<Finding> {
    let (message, help) = match oddity {
        Oddity::NotUtf8 => {
            ("this is not UTF-8: readers like Render's refuse it, others replace it", "save the file as UTF-8")
        }
        Oddity::Control(_) => {
            ("YAML allows no control character: readers like Render's refuse it, others keep it", "take it out")
        }
        Oddity::Utf16 => ("the file is in UTF-16, which not every reader of YAML takes", "save the file as UTF-8"),
        Oddity::Elsewhere => return None,
    };
    let finding = RULE.finding(message).severity(Severity::Medium).help(help);
    Some(if oddity.is_readable() { finding.at(span) } else { finding.at_path(&site.path) })
}

fn tab(site: &RenderSite<'_>, span: Span) -> Finding {
    RULE.finding("readers like Render's stop at a tab where a line or an item begins; others skip it")
        .at(span)
        .severity(Severity::Medium)
        .maybe_fix(without_tab(site, span))
}

/// Takes a tab out before a comment and on an empty line; behind the sign of an item a space takes its place.
fn without_tab(site: &RenderSite<'_>, span: Span) -> Option<Fix> {
    let text = site.sources.get(site.file)?.text.as_str();
    let (before, after) = (text.get(..span.range().start)?, text.get(span.range().end..)?);
    let is_line_start = before.is_empty() || before.ends_with(['\n', '\r']);
    let is_idle = after.is_empty() || after.starts_with(['\n', '\r', '#']);
    let new = match is_line_start {
        true if is_idle => "",
        false if before.ends_with(['-', '?']) => " ",
        _ => return None,
    };
    let change = Change::Edit { span, text: new.to_owned() };
    Editor::of(site).fix(Applicability::Safe, "indent with spaces", [Some(change)])
}
