//! What goes wrong on GitHub Pages and in the workflows that deploy there.

mod ghp001_base_path_missing;
mod ghp002_underscore_folder_dropped;
mod ghp003_deploy_permission_missing;
mod ghp004_push_permission_missing;
mod ghp005_action_retired;
mod ghp006_output_not_published;
mod ghp007_domain_lost;
mod ghp008_fallback_missing;
mod ghp009_ref_refused;
mod ghp011_liquid_broken;
mod ghp012_plugin_not_run;
mod ghp013_link_dangling;
mod ghp014_lfs_not_fetched;
mod ghp016_environment_missing;
mod ghp017_artifact_missing;
mod ghp018_submodule_not_fetched;
mod ghp019_address_wrong;
mod ghp020_branch_never_pushed;
mod ghp021_folder_missing;
mod ghp022_artifact_repeated;
mod step;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &ghp001_base_path_missing::RULE,
    &ghp002_underscore_folder_dropped::RULE,
    &ghp003_deploy_permission_missing::RULE,
    &ghp004_push_permission_missing::RULE,
    &ghp005_action_retired::RULE,
    &ghp006_output_not_published::RULE,
    &ghp007_domain_lost::RULE,
    &ghp008_fallback_missing::RULE,
    &ghp009_ref_refused::RULE,
    &ghp011_liquid_broken::RULE,
    &ghp012_plugin_not_run::RULE,
    &ghp013_link_dangling::RULE,
    &ghp014_lfs_not_fetched::RULE,
    &ghp016_environment_missing::RULE,
    &ghp017_artifact_missing::RULE,
    &ghp018_submodule_not_fetched::RULE,
    &ghp019_address_wrong::RULE,
    &ghp020_branch_never_pushed::RULE,
    &ghp021_folder_missing::RULE,
    &ghp022_artifact_repeated::RULE,
];
