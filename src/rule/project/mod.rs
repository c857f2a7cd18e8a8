//! What goes wrong on every platform, one file per rule: package managers, lock files, commands.
//!
//! A new rule is a file here and a line in [`RULES`].

mod command;
mod import;
mod lock;
mod prj001_npm_lock_outdated;
mod prj003_npm_lock_missing;
mod prj004_pnpm_lock_outdated;
mod prj006_yarn_lock_outdated;
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
mod prj047_script_not_executable;
mod prj048_script_windows_lines;
mod prj089_bun_lock_outdated;

use super::Rule;

/// All project rules, by id.
pub static RULES: &[&Rule] = &[
    &prj001_npm_lock_outdated::RULE,
    &prj003_npm_lock_missing::RULE,
    &prj004_pnpm_lock_outdated::RULE,
    &prj006_yarn_lock_outdated::RULE,
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
    &prj047_script_not_executable::RULE,
    &prj048_script_windows_lines::RULE,
    &prj089_bun_lock_outdated::RULE,
];
