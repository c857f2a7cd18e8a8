//! Where Angular puts the site, from `angular.json` (`build-info/lib/frameworks/angular.js`).

use super::files::Files;
use super::javascript::{Thrown, is_truthy, join, property, to_text};
use crate::text::json::{self, array_index, javascript_order};
use crate::text::span::FileId;
use crate::text::tree::{Kind, Node};

/// The publish directory that the workspace file asks for.
///
/// `None` keeps the usual one; `Some(None)` is a directory that is not a string. Throws where the engine throws, which
/// makes it report no framework at all.
pub(super) fn output_directory(files: &Files<'_>, path: &str) -> Result<Option<Option<String>>, Thrown> {
    let Some(text) = files.snapshot.text(path).ok().filter(|text| !text.is_empty()) else { return Ok(None) };
    let workspace = json::parse(&text, FileId::NONE);
    let workspace = workspace.map_err(|error| Thrown::new(path, format!("is not JSON ({error})")))?;
    let project = default_project(&workspace).map_err(|reason| Thrown::new(path, reason))?;
    let build = property(property(project, "architect"), "build");
    let Some(output) = property(property(build, "options"), "outputPath").filter(|output| is_truthy(output)) else {
        return Ok(None);
    };
    let is_application = match property(build, "builder").filter(|builder| !builder.is_null()) {
        None => false,
        Some(builder) => match builder.as_str() {
            Some(name) => name.ends_with(":application"),
            None => return Err(Thrown::new(path, "has a \"builder\" that is not a string")),
        },
    };
    match output.as_str() {
        Some(directory) if is_application => Ok(Some(Some(join(&[directory, "browser"])))),
        None if is_application => Err(Thrown::new(path, "has an \"outputPath\" that is not a string")),
        directory => Ok(Some(directory.map(str::to_owned))),
    }
}

/// The default project, or the first one.
fn default_project(workspace: &Node) -> Result<Option<&Node>, &'static str> {
    let projects = property(Some(workspace), "projects").filter(|projects| !projects.is_null());
    let projects = projects.ok_or("has no \"projects\"")?;
    let key = match property(Some(workspace), "defaultProject").filter(|name| !name.is_null()) {
        Some(name) => to_text(Some(name)),
        None => first_key(projects),
    };
    Ok(match &projects.kind {
        Kind::Table(table) => table.get(&key),
        Kind::Array(items) => array_index(&key).and_then(|index| items.get(index as usize)),
        _ => None,
    })
}

fn first_key(projects: &Node) -> String {
    let first = match &projects.kind {
        Kind::Table(table) => javascript_order(table).first().map(|(key, _)| (*key).to_owned()),
        Kind::Array(items) if !items.is_empty() => Some("0".to_owned()),
        _ => None,
    };
    first.unwrap_or_else(|| "undefined".to_owned())
}
