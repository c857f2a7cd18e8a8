//! `[[integrations]]`, which only count in the context `dev` (`config/src/extensions.ts`).

use serde_json::{Value, json};

use crate::text::tree::{Kind, Node, Table};

use super::Failure;

/// The extensions of a configuration as the engine lists them.
///
/// # Errors
/// When a build plugin does not lead to a `.tgz`; when the engine crashes because the value is not a list of tables.
pub fn resolve(config: &Table, context: &str, build_dir: &str) -> Result<Vec<Value>, Failure> {
    let Some(node) = config.get("integrations").filter(|_| context == "dev") else { return Ok(Vec::new()) };
    let Kind::Array(items) = &node.kind else { return Err(Failure::crash(node.span)) };
    let mut found: Vec<(String, Value)> = Vec::new();
    for item in items {
        if item.is_null() {
            return Err(Failure::crash(item.span));
        }
        let extension = extension(item, build_dir)?;
        let slug = item.at(&["name"]).map(|name| name.to_json().to_string()).unwrap_or_default();
        match found.iter_mut().find(|(name, _)| *name == slug) {
            Some(existing) => existing.1 = extension,
            None => found.push((slug, extension)),
        }
    }
    Ok(found.into_iter().map(|(_, extension)| extension).collect())
}

fn extension(item: &Node, build_dir: &str) -> Result<Value, Failure> {
    let name = item.at(&["name"]).map_or(json!(""), Node::to_json);
    let dev = item.at(&["dev"]);
    let plugin = match dev.and_then(|dev| dev.at(&["path"])).and_then(Node::as_str).filter(|path| !path.is_empty()) {
        Some(path) => json!({"origin": "local", "packageURL": package_url(path, build_dir, &name, item)?}),
        None => Value::Null,
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

/// A folder stands for the artefact that the SDK leaves in it.
fn package_url(path: &str, build_dir: &str, name: &Value, item: &Node) -> Result<String, Failure> {
    let resolved = if path.starts_with('/') {
        path.to_owned()
    } else {
        crate::project::path::join(build_dir, path).unwrap_or_else(|| path.to_owned())
    };
    let resolved = match suffix(&resolved) {
        "" => format!("{resolved}/.ntli/site/static/packages/buildhooks.tgz"),
        _ => resolved,
    };
    if suffix(&resolved).eq_ignore_ascii_case(".tgz") {
        Ok(format!("file://{resolved}"))
    } else {
        let slug = name.as_str().unwrap_or_default().to_owned();
        Err(Failure::Extension { slug, path: path.to_owned(), span: item.span })
    }
}

/// `path.extname` of Node.js.
fn suffix(path: &str) -> &str {
    let name = crate::project::path::name(path.trim_end_matches('/'));
    match name.rfind('.') {
        Some(at) if at > 0 => &name[at..],
        _ => "",
    }
}
