//! Workflows, of which the validator asks more than the schema.

use crate::platform::render::blueprint::{Class, Service};

use super::spot::Spot;
use super::{Judge, REFUSED};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    if service.class != Some(Class::Workflow) {
        return;
    }
    for (key, wording) in [
        ("buildCommand", "buildCommand is required for non-docker workflows"),
        ("repo", "repo is required for git-based services"),
    ] {
        if !service.table.contains_key(key) {
            let message = format!("a workflow needs \"{key}\"");
            judge.error("workflow-required", Spot::resource(service), REFUSED, message).says(wording);
        }
    }
}
