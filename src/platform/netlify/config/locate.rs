//! Which `netlify.toml` is read (`config/src/path.ts`, `config/src/options/base.js`).

use crate::project::path::{ancestors, child};
use crate::project::snapshot::Snapshot;

use super::Options;

/// The one name that the engine looks for.
pub const FILE_NAME: &str = "netlify.toml";

/// The configuration file of one pass: an explicit one, that of the base, of the root, or the nearest above `cwd`.
#[must_use]
pub fn config_path(snapshot: &Snapshot, options: &Options, first_pass: bool, base: Option<&str>) -> Option<String> {
    let cwd = options.cwd.as_deref().unwrap_or_default();
    if let Some(explicit) = options.config.as_deref().filter(|path| first_pass && !path.is_empty()) {
        return Some(crate::project::path::join(cwd, explicit).unwrap_or_else(|| explicit.to_owned()));
    }
    let package_path = options.package_path.as_deref().filter(|_| first_pass);
    let in_base = (base.is_some() || package_path.is_some())
        .then(|| crate::project::path::join(base.unwrap_or_default(), package_path.unwrap_or_default()))
        .flatten();
    let mut fixed = in_base.into_iter().chain([String::new()]).map(|folder| child(&folder, FILE_NAME));
    // Only the search upwards (npm's `find-up`) passes over a folder of that name.
    let mut nearest = ancestors(cwd).map(|folder| child(folder, FILE_NAME));
    fixed.find(|path| snapshot.exists(path)).or_else(|| nearest.find(|path| snapshot.is_file(path)))
}

/// The folder between `cwd` and the root that acts as base because a site seems to start there.
#[must_use]
pub fn base_override(snapshot: &Snapshot, cwd: &str) -> Option<String> {
    let marks = [".netlify", FILE_NAME, "package.json"];
    ancestors(cwd)
        .filter(|folder| !folder.is_empty())
        .find(|folder| marks.iter().any(|mark| snapshot.exists(&child(folder, mark))))
        .map(str::to_owned)
}
