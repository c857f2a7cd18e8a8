//! Slips of the pen in the name of the publish directory: such a folder nobody makes.

use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::mentions;
use crate::project::output::fate::Fate;
use crate::project::output::{Build, Effect};
use crate::project::path::{ancestors, child, join, name, parent};

/// What is wrong with the name, and the name that was meant (a repository path).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// White space at the end or the beginning of a part.
    Space(String),
    /// A backslash, which is a letter like any other on Linux.
    Backslash(String),
    /// Other letter case than everywhere else.
    Case(String),
}

impl Slip {
    /// The name that was meant.
    #[must_use]
    pub fn meant(&self) -> &str {
        let (Slip::Space(meant) | Slip::Backslash(meant) | Slip::Case(meant)) = self;
        meant
    }
}

/// The slip in the publish directory, unless the folder is there.
pub(super) fn find(site: &NetlifySite<'_>, plan: &Plan, build: &Build, fate: &Fate) -> Option<Slip> {
    if matches!(fate, Fate::Present | Fate::File) {
        return None;
    }
    let wanted = plan.publish.value.as_str();
    if wanted.contains('\\') {
        return join("", &wanted.replace('\\', "/")).map(Slip::Backslash);
    }
    let trimmed: Vec<&str> = wanted.split('/').map(str::trim).collect();
    let trimmed = trimmed.join("/");
    if trimmed != wanted && !trimmed.is_empty() {
        return join("", &trimmed).map(Slip::Space);
    }
    case(site, plan, build)
}

/// Another spelling of the last part, where the one in use is found nowhere.
fn case(site: &NetlifySite<'_>, plan: &Plan, build: &Build) -> Option<Slip> {
    let wanted = plan.publish.value.as_str();
    let last = name(wanted);
    let mut known: Vec<String> = ignored(site).into_iter().map(|(_, entry)| name(&entry).to_owned()).collect();
    let usual = site.detection.frameworks.iter().filter_map(|found| found.publish_directory.as_deref());
    known.extend(usual.map(|directory| name(directory.trim_end_matches('/')).to_owned()));
    let is_named = |text: &str| mentions(text, last);
    let texts = plan.trace.as_ref().map(|trace| trace.texts.as_slice()).unwrap_or_default();
    let by_file = |path: &String| site.snapshot.text(path).is_ok_and(|text| is_named(&text));
    let is_in_use = known.iter().any(|entry| entry == last)
        || texts.iter().any(|text| is_named(&text.text))
        || build
            .events
            .iter()
            .any(|event| matches!(&event.effect, Effect::Unknown { files, .. } if files.iter().any(by_file)));
    if is_in_use {
        return None;
    }
    let other = known.iter().find(|entry| entry.eq_ignore_ascii_case(last))?;
    Some(Slip::Case(child(parent(wanted).unwrap_or_default(), other)))
}

/// Folders that `.gitignore` files of the build directory and above list, each with its file.
pub(super) fn ignored(site: &NetlifySite<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for dir in ancestors(site.build_dir()) {
        let path = child(dir, ".gitignore");
        let Ok(text) = site.snapshot.text(&path) else { continue };
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!'])) {
            let entry = line.trim_end_matches("/**").trim_end_matches("/*").trim_matches('/');
            if !entry.is_empty() && !entry.contains('*') {
                found.push((path.clone(), entry.to_owned()));
            }
        }
    }
    found
}
