//! The folders of a workspace, as far as plain patterns name them.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::project::manifest::{self, Manifest};
use crate::project::path::{self, child};
use crate::project::snapshot::Snapshot;

/// More packages than this are not compared.
const MOST: usize = 500;

/// The folders of a workspace's packages, seen from its root; none when the patterns are not plain.
#[must_use]
pub fn folders(snapshot: &Snapshot, root: &str, patterns: &[String]) -> Option<Vec<String>> {
    let set = set(patterns)?;
    let manifests = snapshot.named(manifest::NAME).filter(|entry| !entry.path.contains("node_modules/"));
    let dirs = manifests.filter_map(|entry| path::strip(path::parent(&entry.path)?, root));
    let mut found: Vec<String> = dirs.filter(|dir| !dir.is_empty() && set.is_match(dir)).map(str::to_owned).collect();
    found.sort_unstable();
    (found.len() <= MOST).then_some(found)
}

fn set(patterns: &[String]) -> Option<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        if pattern.starts_with('!') || pattern.contains(['{', '[', '(']) {
            return None;
        }
        let plain = pattern.trim_start_matches("./").trim_end_matches('/');
        builder.add(GlobBuilder::new(plain).literal_separator(true).build().ok()?);
    }
    builder.build().ok()
}

/// The patterns of a manifest's `workspaces`.
#[must_use]
pub fn of_manifest(manifest: &Manifest) -> Vec<String> {
    manifest.workspaces().into_iter().map(|(pattern, _)| pattern.to_owned()).collect()
}

/// The patterns below `packages:` of `pnpm-workspace.yaml`; none without such a list, or in another form.
#[must_use]
pub fn of_pnpm(snapshot: &Snapshot, root: &str) -> Option<Vec<String>> {
    let text = snapshot.text(&child(root, "pnpm-workspace.yaml")).ok()?;
    let mut found = Vec::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim_end).filter(|line| !line.trim_start().starts_with('#') && !line.is_empty()) {
        match line.trim_start().strip_prefix("- ") {
            Some(item) if is_inside => found.push(item.trim().trim_matches(['"', '\'']).to_owned()),
            _ if !line.starts_with([' ', '\t', '-']) => is_inside = line == "packages:",
            _ => {}
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(patterns: &[&str]) -> Option<Vec<String>> {
        let files = ["package.json", "packages/a/package.json", "packages/a/b/package.json", "web/package.json"];
        let snapshot = Snapshot::in_memory(files.map(|path| (path, b"{}".as_slice())));
        folders(&snapshot, "", &patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn plain_patterns_name_folders() {
        assert_eq!(found(&["packages/*", "./web/"]).unwrap(), ["packages/a", "web"]);
        assert_eq!(found(&["packages/**"]).unwrap(), ["packages/a", "packages/a/b"]);
        assert_eq!(found(&["packages/*", "!packages/a"]), None);
    }

    #[test]
    fn the_list_of_pnpm_is_read() {
        let text = "packages:\n  - 'a/*'\n  # x\n  - web\ncatalog:\n  x: 1\n";
        let snapshot = Snapshot::in_memory([("pnpm-workspace.yaml", text.as_bytes())]);
        assert_eq!(of_pnpm(&snapshot, "").unwrap(), ["a/*", "web"]);
    }
}
