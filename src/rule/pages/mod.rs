//! What goes wrong on GitHub Pages and in the workflows that deploy there.

mod ghp003_deploy_permission_missing;
mod ghp004_push_permission_missing;
mod ghp005_action_retired;
mod ghp009_ref_refused;
mod ghp016_environment_missing;
mod ghp017_artifact_missing;
mod ghp020_branch_never_pushed;
mod ghp022_artifact_repeated;
mod step;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &ghp003_deploy_permission_missing::RULE,
    &ghp004_push_permission_missing::RULE,
    &ghp005_action_retired::RULE,
    &ghp009_ref_refused::RULE,
    &ghp016_environment_missing::RULE,
    &ghp017_artifact_missing::RULE,
    &ghp020_branch_never_pushed::RULE,
    &ghp022_artifact_repeated::RULE,
];
