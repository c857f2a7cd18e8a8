//! `[[integrations]]`, which only count in the context `dev` (`config/src/extensions.ts`).

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::text::ecma;
use crate::text::tree::{Kind, Node, Table};

use super::Failure;
use super::path::{self, Root};

/// The extensions of a configuration as the engine lists them; `build_dir` is a repository path.
///
/// # Errors
/// When a build plugin does not lead to a `.tgz`; when the engine crashes because the value is not a list of tables.
pub fn resolve(config: &Table, context: &str, root: &Root, build_dir: &str) -> Result<Vec<Value>, Failure> {
    let Some(node) = config.get("integrations").filter(|_| context == "dev") else { return Ok(Vec::new()) };
    let Kind::Array(items) = &node.kind else { return Err(Failure::crash(node.span)) };
    let mut found: IndexMap<Key, (&Node, Value)> = IndexMap::new();
    for (index, item) in items.iter().enumerate() {
        found.insert(Key::of(item, index), (item, extension(item, root, build_dir)?));
    }
    for (item, extension) in found.values() {
        if let Some(url) = extension["buildPlugin"]["packageURL"].as_str()
            && !suffix(url).eq_ignore_ascii_case(".tgz")
        {
            let name = item.at(&["name"]).filter(|name| !name.is_null());
            let slug = name.map_or(Ok(String::new()), ecma::to_text).map_err(|_| Failure::crash(item.span))?;
            return Err(Failure::Extension { slug, url: url.to_owned(), span: item.span });
        }
    }
    Ok(found.into_values().map(|(_, extension)| extension).collect())
}

/// What the engine's map of extensions tells names apart by: scalars by value, lists and tables by identity.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Missing,
    Scalar(String),
    Object(usize),
}

impl Key {
    fn of(item: &Node, index: usize) -> Key {
        match item.at(&["name"]) {
            None => Key::Missing,
            Some(Node { kind: Kind::Table(_) | Kind::Array(_), .. }) => Key::Object(index),
            Some(name) => Key::Scalar(name.to_json().to_string()),
        }
    }
}

fn extension(item: &Node, root: &Root, build_dir: &str) -> Result<Value, Failure> {
    if item.is_null() {
        return Err(Failure::crash(item.span));
    }
    let name = item.at(&["name"]).filter(|name| !name.is_null()).map_or(json!(""), Node::to_json);
    let dev = item.at(&["dev"]);
    let plugin = match dev.and_then(|dev| dev.at(&["path"])) {
        Some(Node { kind: Kind::String(path), .. }) if !path.is_empty() => {
            json!({"origin": "local", "packageURL": package_url(path, root, build_dir)})
        }
        Some(Node { kind: Kind::Null | Kind::String(_) | Kind::Bool(false), .. }) | None => Value::Null,
        Some(Node { kind: Kind::Number(0.0), .. }) => Value::Null,
        Some(path) => return Err(Failure::crash(path.span)),
    };
    let mut value = json!({
        "author": "", "buildPlugin": plugin, "extension_token": "", "has_build": !plugin.is_null(),
        "name": name, "slug": name, "version": "",
    });
    if let (Some(dev), Some(object)) = (dev, value.as_object_mut()) {
        object.insert("dev".to_owned(), dev.to_json());
    }
    Ok(value)
}

/// The address of a build plugin, relative to the repository. A folder stands for the artefact that the SDK leaves in it.
fn package_url(path: &str, root: &Root, build_dir: &str) -> String {
    let resolved = if path.starts_with('/') { path.to_owned() } else { root.locate(build_dir, path) };
    let resolved = match suffix(&resolved) {
        "" => path::resolve(&resolved, ".ntli/site/static/packages/buildhooks.tgz"),
        _ => resolved,
    };
    let url = url::Url::parse(&format!("file://{resolved}")).map_or(resolved, String::from);
    url.replacen(&format!("file://{}/", root.absolute().trim_end_matches('/')), "file://", 1)
}

/// `path.extname` of Node.js.
fn suffix(path: &str) -> &str {
    let name = crate::project::path::name(path.trim_end_matches('/'));
    match name.rfind('.') {
        Some(at) if at > 0 && name != ".." => &name[at..],
        _ => "",
    }
}
