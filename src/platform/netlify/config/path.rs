//! Paths of a configuration: resolved against the build folder, kept inside the repository (`config/src/files.ts`).

use crate::project::path::child;
use crate::project::snapshot::Snapshot;
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

use super::Failure;
use super::merge::merge_configs;

/// Whether the engine counts a value as set: not null and not a blank string.
#[must_use]
pub fn is_truthy(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::String(text) => !ecma::trim(text).is_empty(),
        _ => true,
    }
}

/// Removes nulls and blank strings.
pub fn remove_falsy(table: &mut Table) {
    table.0.retain(|_, entry| is_truthy(&entry.value));
}

/// The folder on the build machine that holds the repository; paths are resolved against it lexically.
#[derive(Debug, Clone)]
pub struct Root(String);

impl Root {
    /// Takes an absolute path with `/` between parts.
    #[must_use]
    pub fn new(absolute: &str) -> Root {
        Root(resolve("/", absolute))
    }

    /// The absolute path.
    #[must_use]
    pub fn absolute(&self) -> &str {
        &self.0
    }

    /// The absolute path that a relative one stands for in the repository folder `dir`.
    #[must_use]
    pub fn locate(&self, dir: &str, relative: &str) -> String {
        resolve(&format!("{}/{dir}", self.0), relative)
    }

    /// Resolves what a user wrote for `property` against the repository folder `dir`.
    ///
    /// # Errors
    /// When the result lies outside the repository, or its first folder's name begins with two dots, which the
    /// engine takes for the same.
    pub fn resolve(&self, dir: &str, written: &str, property: &str, span: Span) -> Result<String, Failure> {
        let relative = written.trim_start_matches('/');
        if is_plain(relative) && !dir.starts_with("..") {
            return Ok(child(dir, relative));
        }
        let from = if dir.is_empty() { self.0.clone() } else { format!("{}/{dir}", self.0) };
        let absolute = resolve(&from, relative);
        let inside = if absolute == self.0 {
            Some("")
        } else if self.0 == "/" {
            absolute.strip_prefix('/')
        } else {
            absolute.strip_prefix(self.0.as_str()).and_then(|rest| rest.strip_prefix('/'))
        };
        inside.filter(|path| !path.starts_with("..")).map(str::to_owned).ok_or_else(|| Failure::OutsideRoot {
            property: property.to_owned(),
            written: written.to_owned(),
            span,
        })
    }
}

/// Whether a path is as `path.resolve` would leave it: no part of it is empty or begins with a dot.
fn is_plain(path: &str) -> bool {
    let mut last = b'/';
    let is_clean = path.bytes().all(|byte| {
        let before = std::mem::replace(&mut last, byte);
        before != b'/' || !matches!(byte, b'/' | b'.')
    });
    is_clean && last != b'/'
}

impl Default for Root {
    /// Where Netlify checks a repository out.
    fn default() -> Root {
        Root("/opt/build/repo".to_owned())
    }
}

/// `path.resolve` of Node.js on POSIX, for an absolute `from`.
pub(super) fn resolve(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let base = if path.starts_with('/') { "" } else { from };
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The properties that hold paths, in the engine's order.
const PATH_PROPERTIES: [(&str, &[&str]); 5] = [
    ("functionsDirectory", &["functionsDirectory"]),
    ("functions.*.deno_import_map", &["functions", "*", "deno_import_map"]),
    ("build.publish", &["build", "publish"]),
    ("build.edge_functions", &["build", "edge_functions"]),
    ("database.migrations.path", &["database", "migrations", "path"]),
];

/// Resolves every path property against `dir`, then adds the defaults that exist on disk.
///
/// # Errors
/// When a path leaves the repository.
pub fn resolve_paths(
    mut config: Table,
    snapshot: &Snapshot,
    root: &Root,
    dir: &str,
    package_path: &str,
) -> Result<Table, Failure> {
    for (name, keys) in PATH_PROPERTIES {
        let Some((last, parents)) = keys.split_last() else { continue };
        let holder = parents.iter().try_fold(&mut config, |table, key| table.get_mut(key)?.as_table_mut());
        let Some(holder) = holder else { continue };
        let Some(node) = holder.get_mut(last) else { continue };
        match &mut node.kind {
            Kind::String(text) if !ecma::trim(text).is_empty() => *text = root.resolve(dir, text, name, node.span)?,
            _ => {
                holder.remove(last);
            }
        }
    }
    add_defaults(config, snapshot, root, dir, package_path)
}

/// What exists at these places is used unless something is configured.
const DEFAULTS: [(&str, &[&str], Option<&str>, &str); 4] = [
    ("netlify-automatic-functions", &["functionsDirectory"], Some("default-v1"), "functions.directory"),
    ("netlify/functions", &["functionsDirectory"], Some("default"), "functions.directory"),
    ("netlify/edge-functions", &["build", "edge_functions"], None, "build.edge_functions"),
    ("netlify/database/migrations", &["database", "migrations", "path"], None, "database.migrations.path"),
];

fn add_defaults(
    config: Table,
    snapshot: &Snapshot,
    root: &Root,
    dir: &str,
    package_path: &str,
) -> Result<Table, Failure> {
    let mut layers = Vec::new();
    for (place, keys, origin, property) in DEFAULTS {
        let below = format!("{package_path}/{place}");
        let found = root.resolve(dir, &below, property, Span::NONE)?;
        if !snapshot.exists(&found) {
            continue;
        }
        let mut layer = nest(keys, Node::default_of(Kind::String(found)));
        if let Some(origin) = origin {
            layer.insert("functionsDirectoryOrigin", Span::NONE, Node::string(origin, Span::NONE));
        }
        layers.push(layer);
    }
    layers.push(config);
    Ok(merge_configs(layers))
}

fn nest(keys: &[&str], value: Node) -> Table {
    let mut table = Table::default();
    if let Some((first, rest)) = keys.split_first() {
        let inner = if rest.is_empty() { value } else { Node::default_of(Kind::Table(nest(rest, value))) };
        table.insert(*first, Span::NONE, inner);
    }
    table
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resolved(dir: &str, written: &str) -> Option<String> {
        Root::default().resolve(dir, written, "build.publish", Span::NONE).ok()
    }

    #[test]
    fn leading_slashes_and_dot_segments_vanish() {
        assert_eq!(resolved("", "/dist/").as_deref(), Some("dist"));
        assert_eq!(resolved("site", "//./a//b/..").as_deref(), Some("site/a"));
        assert_eq!(resolved("site", "/").as_deref(), Some("site"));
        assert_eq!(resolved("site", "../dist").as_deref(), Some("dist"));
    }

    #[test]
    fn a_path_may_leave_and_come_back_but_not_stay_outside() {
        assert_eq!(resolved("", "../repo/dist").as_deref(), Some("dist"));
        assert_eq!(resolved("", "../dist"), None);
        assert_eq!(resolved("", "..dist"), None);
        assert_eq!(resolved("", "a/..dist").as_deref(), Some("a/..dist"));
    }
}
