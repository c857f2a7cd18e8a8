//! What goes wrong on every platform, one file per rule: package managers, lock files, commands.
//!
//! A new rule is a file here and a line in [`RULES`].

mod adapter_edit;
mod bundle;
mod command;
mod gem_edit;
mod hugo;
mod import;
mod lock;
mod manager;
pub(in crate::rule) mod manifest_edit;
mod module;
mod next;
mod package;
mod package_edit;
mod pnpm_edit;
mod post;
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
mod prj033_gemfile_lock_without_linux;
mod prj034_ruby_version_mismatch;
mod prj035_gems_left_the_standard_library;
mod prj036_jekyll_serve_without_webrick;
mod prj037_poetry_lock_outdated;
mod prj038_lock_of_newer_poetry;
mod prj039_package_of_windows;
mod prj040_no_wheel_for_python;
mod prj041_requirement_on_another_machine;
mod prj043_submodule_without_url;
mod prj044_submodule_url_unusable;
mod prj046_pointer_left_behind;
mod prj047_script_not_executable;
mod prj048_script_windows_lines;
mod prj050_warnings_become_errors;
mod prj053_variable_undeclared;
mod prj054_variable_without_prefix;
mod prj057_next_export_removed;
mod prj059_angular_browser_folder;
mod prj060_astro_adapter_missing;
mod prj063_hugo_too_old;
mod prj064_hugo_not_extended;
mod prj065_hugo_base_url;
mod prj066_hugo_theme_missing;
mod prj068_mixed_content;
mod prj070_node_modules_tracked;
mod prj074_floating_tool_version;
mod prj075_build_scripts_not_approved;
mod prj076_pnpm_needs_newer_node;
mod prj077_requirements_in_utf_16;
mod prj078_sveltekit_adapter_auto;
mod prj079_common_js_in_module;
mod prj080_es_package_required;
mod prj081_prisma_not_generated;
mod prj082_build_never_ends;
mod prj084_tailwind_postcss_plugin;
mod prj085_next_webpack_configuration;
mod prj086_next_image_in_export;
mod prj087_corepack_keys;
mod prj088_bundler_too_old;
mod prj089_bun_lock_outdated;
mod prj090_flask_without_companion;
mod prj091_gunicorn_needs_pkg_resources;
mod prj092_express_5_path;
mod prj093_import_assertion;
mod prj095_adapter_of_another_host;
mod prj096_post_in_the_future;
mod prj098_routing_of_another_host;
mod prj099_next_lint_removed;
mod prj100_deploy_hook_tracked;
mod prj101_encoding_broken;
mod prj102_eleventy_layout_missing;
mod requirement;
mod routing_edit;
mod submodule;
mod version_edit;

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
    &prj033_gemfile_lock_without_linux::RULE,
    &prj034_ruby_version_mismatch::RULE,
    &prj035_gems_left_the_standard_library::RULE,
    &prj036_jekyll_serve_without_webrick::RULE,
    &prj037_poetry_lock_outdated::RULE,
    &prj038_lock_of_newer_poetry::RULE,
    &prj039_package_of_windows::RULE,
    &prj040_no_wheel_for_python::RULE,
    &prj041_requirement_on_another_machine::RULE,
    &prj043_submodule_without_url::RULE,
    &prj044_submodule_url_unusable::RULE,
    &prj046_pointer_left_behind::RULE,
    &prj047_script_not_executable::RULE,
    &prj048_script_windows_lines::RULE,
    &prj050_warnings_become_errors::RULE,
    &prj053_variable_undeclared::RULE,
    &prj054_variable_without_prefix::RULE,
    &prj057_next_export_removed::RULE,
    &prj059_angular_browser_folder::RULE,
    &prj060_astro_adapter_missing::RULE,
    &prj063_hugo_too_old::RULE,
    &prj064_hugo_not_extended::RULE,
    &prj065_hugo_base_url::RULE,
    &prj066_hugo_theme_missing::RULE,
    &prj068_mixed_content::RULE,
    &prj070_node_modules_tracked::RULE,
    &prj074_floating_tool_version::RULE,
    &prj075_build_scripts_not_approved::RULE,
    &prj076_pnpm_needs_newer_node::RULE,
    &prj077_requirements_in_utf_16::RULE,
    &prj078_sveltekit_adapter_auto::RULE,
    &prj079_common_js_in_module::RULE,
    &prj080_es_package_required::RULE,
    &prj081_prisma_not_generated::RULE,
    &prj082_build_never_ends::RULE,
    &prj084_tailwind_postcss_plugin::RULE,
    &prj085_next_webpack_configuration::RULE,
    &prj086_next_image_in_export::RULE,
    &prj087_corepack_keys::RULE,
    &prj088_bundler_too_old::RULE,
    &prj089_bun_lock_outdated::RULE,
    &prj090_flask_without_companion::RULE,
    &prj091_gunicorn_needs_pkg_resources::RULE,
    &prj092_express_5_path::RULE,
    &prj093_import_assertion::RULE,
    &prj095_adapter_of_another_host::RULE,
    &prj096_post_in_the_future::RULE,
    &prj098_routing_of_another_host::RULE,
    &prj099_next_lint_removed::RULE,
    &prj100_deploy_hook_tracked::RULE,
    &prj101_encoding_broken::RULE,
    &prj102_eleventy_layout_missing::RULE,
];
