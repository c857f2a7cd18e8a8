//! Folders whose files a build copies into the deploy as they are.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::platform::netlify::detect::DetectedFramework;
use crate::project::path::{child, join};
use crate::project::snapshot::Snapshot;

use super::mention;

const DATA: &str = include_str!("../../data/static-folders.json");

#[derive(Debug, Deserialize)]
struct Data {
    folders: Vec<Row>,
}

/// The folder of some frameworks.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Row {
    /// Short names of the frameworks.
    frameworks: Vec<String>,
    /// The folder, as seen from the site's.
    folder: String,
    /// Words of a configuration file that move the folder.
    unless: Vec<String>,
    from_major: Option<u64>,
    below_major: Option<u64>,
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let data: Data = serde_json::from_str(DATA).expect("internal: the table of static folders is valid");
        data.folders
    })
}

/// The folder that a framework copies into the deploy, as a repository path; it need not exist.
///
/// None when the framework has none, or when its configuration may move it.
#[must_use]
pub(super) fn of(snapshot: &Snapshot, framework: &DetectedFramework, site_dir: &str, publish: &str) -> Option<String> {
    match framework.id.as_str() {
        "angular" => return of_angular(snapshot, site_dir),
        "vitepress" | "vuepress" => return of_press(publish),
        _ => {}
    }
    let major = framework.version.as_deref().and_then(|version| version.split('.').next()?.parse::<u64>().ok());
    let fits = |row: &&Row| {
        let is_listed = row.frameworks.contains(&framework.id);
        let is_recent = row.from_major.is_none_or(|from| major.is_none_or(|major| major >= from));
        is_listed && is_recent && row.below_major.is_none_or(|below| major.is_some_and(|major| major < below))
    };
    let row = rows().iter().find(fits)?;
    let words: Vec<&str> = row.unless.iter().map(String::as_str).collect();
    let is_moved = !words.is_empty() && mention::in_configuration(snapshot, site_dir, &words);
    (!is_moved).then(|| child(site_dir, &row.folder))
}

/// `public` of new projects, if the workspace file copies it.
fn of_angular(snapshot: &Snapshot, site_dir: &str) -> Option<String> {
    let text = snapshot.text(&child(site_dir, "angular.json")).ok()?;
    let copies_public = text.split_whitespace().collect::<String>().contains("\"input\":\"public\"");
    copies_public.then(|| child(site_dir, "public"))
}

/// `public` beside the folder `dist` of VitePress, or inside `.vuepress`.
fn of_press(publish: &str) -> Option<String> {
    let folder = publish.strip_suffix("/dist").unwrap_or_default();
    match folder {
        _ if folder.ends_with(".vuepress") => Some(child(folder, "public")),
        _ if folder.ends_with(".vitepress") => join(folder, "../public"),
        _ => None,
    }
}
