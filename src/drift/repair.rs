//! Settings that only the dashboard knows, written into the repository's file, where they can be seen and reviewed.
//!
//! The platform itself is never edited. Whether what is built stays the same is proven by whoever heals: with the
//! dashboard's settings known, the site is simulated before and after.

use crate::platform::netlify::site::{CONFIG_NAME, NetlifySite};
use crate::project::path::{child, display, join, strip};
use crate::rule::finding::{Finding, Severity};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::toml::outline;

use super::Standing;
use super::live::Live;
use super::setting::{COMMAND, FUNCTIONS, PUBLISH, written};

/// A setting of which the repository knows nothing.
pub static RULE: Rule = Rule {
    id: "DRIFT",
    name: "setting-only-on-the-platform",
    summary: "A setting that decides what is built stands in the dashboard only",
    docs: "\
## What happens

What is built changes when somebody changes the dashboard, and no commit shows it.

## Why

`netlify.toml` is silent about it, so that the dashboard's value is in force.

## How to mend it

Write the value into `netlify.toml`, which wins over the dashboard.
",
    severity: Severity::Low,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[docs("https://docs.netlify.com/build/configure-builds/file-based-configuration/", "2026-11-21")],
    check: Check::Own,
};

/// The settings of the dashboard that the file could say and does not, each with its repair.
#[must_use]
pub fn findings(site: &NetlifySite<'_>, live: &Live) -> Vec<Finding> {
    let open = [(COMMAND, "command"), (PUBLISH, "publish"), (FUNCTIONS, "functions")];
    let open = open.into_iter().filter(|(name, _)| written(site, name).is_none());
    let found = open.filter_map(|(name, key)| Some((name, key, live.setting(name)?)));
    found
        .map(|(name, key, value)| {
            let message = format!("\"{name}\" is \"{value}\" in the dashboard, and no file of the repository says so");
            let finding = RULE.finding(message);
            finding.maybe_fix(value_for(site, name, value).and_then(|value| fix(site, key, &value)))
        })
        .collect()
}

/// The value as the file has to say it: folders are meant from the base directory there.
fn value_for(site: &NetlifySite<'_>, name: &str, value: &str) -> Option<String> {
    if value.chars().any(char::is_control) {
        return None;
    }
    if name == COMMAND {
        return Some(value.to_owned());
    }
    let folder = join("", value.trim_start_matches('/'))?;
    let below = strip(&folder, site.build_dir()).filter(|_| !site.build_dir().is_empty());
    Some(display(below.unwrap_or(&folder)).to_owned())
}

/// The key below the header of `[build]`, or a file with nothing else.
fn fix(site: &NetlifySite<'_>, key: &str, value: &str) -> Option<Fix> {
    let title = format!("write \"{key}\" into {CONFIG_NAME} as the dashboard has it");
    let line = format!("{key} = {}", quoted(value));
    let Some((file, source)) = site.config_source() else {
        let path = child(&site.site.directory, CONFIG_NAME);
        let text = format!("[build]\n{line}\n");
        return Some(Fix { title, applicability: Applicability::Review, changes: vec![Change::Create { path, text }] });
    };
    let break_ = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let outline = outline::outline(&source.text);
    let edit = match outline.headers.iter().find(|header| header.is_named(&["build"])) {
        Some(header) => Edit { range: header.range.end..header.range.end, text: format!("{break_}{line}") },
        None => {
            let end = source.text.len();
            let before = if source.text.is_empty() || source.text.ends_with('\n') { "" } else { break_ };
            Edit { range: end..end, text: format!("{before}[build]{break_}{line}{break_}") }
        }
    };
    Some(Fix::edits(Applicability::Review, title, file, [edit]))
}

/// A basic string of TOML.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a field is one that a repair could bring into the repository.
#[must_use]
pub fn is_repairable(field: &super::Field) -> bool {
    field.standing != Standing::Equal
        && field.repository.is_none()
        && [COMMAND, PUBLISH, FUNCTIONS].contains(&field.name.as_str())
}
