//! Services that are built by a source of the Blueprint.

use crate::platform::render::blueprint::Service;
use crate::text::tree::Node;

use super::{DISCOURAGED, Judge, at};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let Some(name) = service.table.get("buildSource").and_then(Node::as_str) else { return };
    if !judge.index.has_build_source(name) {
        let message = format!("the build source \"{name}\" is not in this Blueprint");
        judge.warn("ref-unresolved", at(service, "buildSource"), DISCOURAGED, message);
    }
}
