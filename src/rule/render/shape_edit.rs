//! Repairs of values that have another shape than the schema's.

use crate::platform::render::schema::Violation;
use crate::platform::render::site::RenderSite;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};

use super::edit::{Editor, Place};

/// The value in the shape that is expected, if it says all that this shape holds.
pub(super) fn shaped(site: &RenderSite<'_>, violation: &Violation) -> Option<Fix> {
    let (parent, key) = violation.path.rsplit_once('.').filter(|(_, key)| !key.ends_with(']'))?;
    let place = Place::of(node(site.document.root.as_ref()?, parent)?)?;
    let entry = place.table.0.get(key)?;
    let editor = Editor::of(site);
    match (&entry.value.kind, violation.keyword) {
        (Kind::Null, "type") if violation.message.contains("must be a list") => {
            let colon = entry.key_span.end as usize;
            let at = editor.after(colon, ":")?;
            let change = Change::Edit { span: Span::new(site.file, at, at), text: " []".to_owned() };
            let is_empty = editor.written(entry.value.span).trim().is_empty();
            let change = is_empty.then_some(change);
            editor.fix(Applicability::Review, format!("write \"{key}: []\", a list of nothing"), [change])
        }
        (Kind::Array(_), "type") if key == "previews" => {
            let change = editor.unwrap(&entry.value);
            editor.fix(Applicability::Review, format!("make \"{key}\" a mapping"), [change])
        }
        (Kind::String(name), "type") if key == "fromDatabase" => {
            site.blueprint.databases.iter().find(|database| database.name() == name)?;
            let lines = ["fromDatabase:", &format!("  name: {name}"), "  property: connectionString"];
            let change = editor.rewrite_lines(place, key, &lines);
            editor.fix(Applicability::Review, format!("take the address of the database \"{name}\""), [change])
        }
        _ => None,
    }
}

/// The node at a path such as `services[0].envVars[1]`.
fn node<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(root, |node, part| {
        let (key, indices) = part.split_once('[').unwrap_or((part, ""));
        let node = node.as_table()?.get(key)?;
        let mut indices = indices.split(['[', ']']).filter(|index| !index.is_empty());
        indices.try_fold(node, |node, index| node.as_array()?.get(index.parse::<usize>().ok()?))
    })
}
