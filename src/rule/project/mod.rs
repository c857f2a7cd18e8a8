//! What goes wrong on every platform, one file per rule: package managers, lock files, commands.
//!
//! A new rule is a file here and a line in [`RULES`].

mod command;
mod import;
mod lock;
mod manager;
mod next;
mod package;
mod prj001_npm_lock_outdated;
mod prj002_npm_lock_incomplete;
mod prj003_npm_lock_missing;
mod prj004_pnpm_lock_outdated;
mod prj005_pnpm_lock_generation;
mod prj006_yarn_lock_outdated;
mod prj007_yarn_lock_generation;
mod prj008_several_lock_files;
mod prj009_manager_without_lock;
mod prj010_package_manager_field_malformed;
mod prj011_peer_conflict;
mod prj012_build_tool_left_out;
mod prj013_install_script_fails;
mod prj014_script_missing;
mod prj015_command_cannot_succeed;
mod prj016_manifest_unusable;
mod prj017_merge_conflict;
mod prj018_import_case;
mod prj019_paths_clash;
mod prj020_import_ignored;
mod prj021_import_missing;
mod prj022_engine_unmet;
mod prj023_node_version_unknown;
mod prj024_version_files_disagree;
mod prj025_webpack_too_old_for_node;
mod prj026_node_sass_too_old;
mod prj027_package_of_another_system;
mod prj028_native_variant_missing;
mod prj029_registry_token_undeclared;
mod prj030_dependency_over_ssh;
mod prj047_script_not_executable;
mod prj048_script_windows_lines;
mod prj053_variable_undeclared;
mod prj054_variable_without_prefix;
mod prj057_next_export_removed;
mod prj070_node_modules_tracked;
mod prj075_build_scripts_not_approved;
mod prj076_pnpm_needs_newer_node;
mod prj079_common_js_in_module;
mod prj080_es_package_required;
mod prj084_tailwind_postcss_plugin;
mod prj085_next_webpack_configuration;
mod prj086_next_image_in_export;
mod prj087_corepack_keys;
mod prj089_bun_lock_outdated;
mod prj093_import_assertion;
mod prj099_next_lint_removed;

use super::Rule;

/// All project rules, by id.
pub static RULES: &[&Rule] = &[
    &prj001_npm_lock_outdated::RULE,
    &prj002_npm_lock_incomplete::RULE,
    &prj003_npm_lock_missing::RULE,
    &prj004_pnpm_lock_outdated::RULE,
    &prj005_pnpm_lock_generation::RULE,
    &prj006_yarn_lock_outdated::RULE,
    &prj007_yarn_lock_generation::RULE,
    &prj008_several_lock_files::RULE,
    &prj009_manager_without_lock::RULE,
    &prj010_package_manager_field_malformed::RULE,
    &prj011_peer_conflict::RULE,
    &prj012_build_tool_left_out::RULE,
    &prj013_install_script_fails::RULE,
    &prj014_script_missing::RULE,
    &prj015_command_cannot_succeed::RULE,
    &prj016_manifest_unusable::RULE,
    &prj017_merge_conflict::RULE,
    &prj018_import_case::RULE,
    &prj019_paths_clash::RULE,
    &prj020_import_ignored::RULE,
    &prj021_import_missing::RULE,
    &prj022_engine_unmet::RULE,
    &prj023_node_version_unknown::RULE,
    &prj024_version_files_disagree::RULE,
    &prj025_webpack_too_old_for_node::RULE,
    &prj026_node_sass_too_old::RULE,
    &prj027_package_of_another_system::RULE,
    &prj028_native_variant_missing::RULE,
    &prj029_registry_token_undeclared::RULE,
    &prj030_dependency_over_ssh::RULE,
    &prj047_script_not_executable::RULE,
    &prj048_script_windows_lines::RULE,
    &prj053_variable_undeclared::RULE,
    &prj054_variable_without_prefix::RULE,
    &prj057_next_export_removed::RULE,
    &prj070_node_modules_tracked::RULE,
    &prj075_build_scripts_not_approved::RULE,
    &prj076_pnpm_needs_newer_node::RULE,
    &prj079_common_js_in_module::RULE,
    &prj080_es_package_required::RULE,
    &prj084_tailwind_postcss_plugin::RULE,
    &prj085_next_webpack_configuration::RULE,
    &prj086_next_image_in_export::RULE,
    &prj087_corepack_keys::RULE,
    &prj089_bun_lock_outdated::RULE,
    &prj093_import_assertion::RULE,
    &prj099_next_lint_removed::RULE,
];
