//! What the rules about Hugo share: where it runs, and what its configuration says.

use crate::platform::job::{Job, ToolRun};
use crate::project::path::child;
use crate::project::setting::tree::{self, Keys};
use crate::project::setting::{Setting, yaml};
use crate::text::source::Source;
use crate::text::span::FileId;
use crate::text::toml;
use crate::text::tree::Node;

/// Files that may hold the configuration, the strongest first (`hugo/config/allconfig/load.go`).
const FILES: [&str; 8] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config/_default/hugo.toml",
    "config/_default/config.toml",
];

/// The configuration of a site.
pub(super) struct Configuration<'a> {
    pub(super) path: String,
    pub(super) file: FileId,
    pub(super) source: &'a Source,
    /// The tree of a TOML file.
    root: Option<Node>,
}

/// The builds by Hugo that decide the outcome: no other command, nothing that names another configuration or folder.
pub(super) fn builds<'s>(job: &'s Job<'s>) -> impl Iterator<Item = ToolRun<'s>> {
    const ELSEWHERE: [&str; 8] =
        ["--config", "--configDir", "-s", "--source", "-c", "--contentDir", "-e", "--environment"];
    job.tools("hugo").filter(|tool| {
        let is_elsewhere = tool.run.args.iter().any(|arg| {
            let name = arg.text.split('=').next().unwrap_or_default();
            ELSEWHERE.contains(&name) || arg.plain().is_none()
        });
        let is_build = tool.run.args.first().is_none_or(|arg| arg.text.starts_with('-') || arg.text == "build");
        is_build
            && !is_elsewhere
            && !tool.run.args.iter().any(|arg| matches!(arg.text.as_str(), "--help" | "--version"))
    })
}

impl<'a> Configuration<'a> {
    /// The configuration of a folder; none when it has none that could be read.
    pub(super) fn of(job: &Job<'a>, dir: &str) -> Option<Configuration<'a>> {
        let path = FILES.iter().map(|name| child(dir, name)).find(|path| job.snapshot.is_file(path))?;
        let (file, source) = job.open(&path)?;
        let root = if path.ends_with(".toml") { Some(toml::parse(&source.text, file).ok()?) } else { None };
        Some(Configuration { path, file, source, root })
    }

    /// A setting of the top level.
    pub(super) fn setting(&self, key: &str) -> Setting {
        match &self.root {
            Some(root) => tree::setting(root, &[key], Keys::AnyCase),
            None => yaml::setting(&self.source.text, self.file, key),
        }
    }

    /// Whether a key may be set on the top level, in any form.
    pub(super) fn has(&self, key: &str) -> bool {
        !self.setting(key).is_absent()
    }
}
