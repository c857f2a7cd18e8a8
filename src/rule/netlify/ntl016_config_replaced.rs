//! NTL016: the configuration file of the base directory replaces that of the root.

use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::source::Source;
use crate::text::span::{FileId, Span};
use crate::text::toml::{self, outline};
use crate::text::tree::{Node, Table};

/// The root's file leads to a second one, and its other settings are lost.
pub(super) static RULE: Rule = Rule {
    id: "NTL016",
    name: "config-replaced",
    summary: "A second netlify.toml replaces the first",
    docs: "\
## What happens

The deploy is green, without the redirects, headers and settings of the file in the root.

## Why

Netlify reads one file. When the file in the root sets `base` and that folder has a `netlify.toml` too, the second file \
is used alone: nothing of the first is merged into it, only its `base` is kept.

## How to mend it

Keep everything in one of the two files: move the settings that are listed to the second, or delete the second.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/main.ts", "2026-11-20"),
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/1113", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Most settings that the message lists.
const MOST_NAMED: usize = 6;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(replaced) = &site.resolution.replaced else { return };
    let sources = &site.resolution.sources;
    let Some((first, text)) = sources.find(replaced).and_then(|file| Some((file, sources.get(file)?))) else { return };
    let (Ok(old), Some(new)) = (toml::parse(&text.text, first), &site.resolution.file) else { return };
    let (Some(old), Some(new)) = (old.as_table(), new.as_table()) else { return };
    let lost = lost(old, new);
    let Some((_, span)) = lost.first() else { return };
    let mut names: Vec<String> = lost.iter().take(MOST_NAMED).map(|(name, _)| format!("\"{name}\"")).collect();
    if lost.len() > MOST_NAMED {
        names.push(format!("{} more", lost.len() - MOST_NAMED));
    }
    let second = site.resolution.config_path.as_deref().unwrap_or_default();
    let mut finding = RULE
        .finding(format!(
            "\"{second}\" replaces \"{replaced}\", so {} of the latter {} no effect",
            names.join(", "),
            if lost.len() == 1 { "has" } else { "have" },
        ))
        .at(*span)
        .label("no effect")
        .help(format!("move them to \"{second}\", or delete that file"));
    if let Some(base) = old.get("build").and_then(|build| build.at(&["base"])) {
        finding = finding.related(base.span, "leads to the second file");
    }
    out.report(finding.maybe_fix(copied(site, text, old, new)));
}

/// The settings of the first file that the second does not have, `build.base` aside.
fn lost(old: &Table, new: &Table) -> Vec<(String, Span)> {
    let mut lost = Vec::new();
    for (key, entry) in old.iter() {
        match (key, entry.value.as_table()) {
            ("build", Some(build)) => {
                let has = |name: &str| new.get("build").and_then(|build| build.at(&[name])).is_some();
                let names = build.iter().filter(|(name, _)| *name != "base" && !has(name));
                lost.extend(names.map(|(name, entry)| (format!("build.{name}"), entry.key_span)));
            }
            _ if !new.contains_key(key) && !is_empty(&entry.value) => lost.push((key.to_owned(), entry.key_span)),
            _ => {}
        }
    }
    lost
}

fn is_empty(node: &Node) -> bool {
    node.as_table().is_some_and(Table::is_empty) || node.as_array().is_some_and(<[Node]>::is_empty)
}

/// The sections that the second file lacks, appended to it: paths in both are relative to the same base.
fn copied(site: &NetlifySite<'_>, first: &Source, old: &Table, new: &Table) -> Option<Fix> {
    let (file, second): (FileId, &Source) = site.config_source()?;
    let outline = outline::outline(&first.text);
    let mut text = String::new();
    for header in &outline.headers {
        let name = header.parts.first()?.name.as_str();
        if name != "build" && old.contains_key(name) && !new.contains_key(name) {
            text.push('\n');
            text.push_str(first.text[header.range.start..header.body.end].trim_end());
            text.push('\n');
        }
    }
    let end = second.text.len();
    let gap = if second.text.is_empty() || second.text.ends_with('\n') { "" } else { "\n" };
    toml::parse(&format!("{}{gap}{text}", second.text), FileId::NONE).ok()?;
    let edit = Edit { range: end..end, text: format!("{gap}{text}") };
    let title = format!("copy the sections that \"{}\" lacks", second.name);
    (!text.is_empty()).then(|| Fix::edits(Applicability::Review, title, file, [edit]))
}
