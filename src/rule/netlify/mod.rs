//! What goes wrong on Netlify, one file per rule. A new rule is a file here and a line in [`RULES`].

mod environment_edit;
mod ntl001_config_unreadable;
mod ntl002_config_redefinition;
mod ntl003_property_invalid;
mod ntl004_environment_not_text;
mod ntl005_backslash_not_an_escape;
mod ntl006_name_not_read;
mod ntl007_base_directory_missing;
mod ntl008_path_outside_repository;
mod ntl009_base_in_publish;
mod ntl010_publish_missing;
mod ntl011_publish_not_the_output;
mod ntl012_publish_is_the_source;
mod ntl013_next_publish;
mod ntl014_no_index;
mod ntl015_base_directory_unset;
mod ntl016_config_replaced;
mod ntl017_config_name_unknown;
mod ntl019_likely_secret;
mod ntl021_plugin_not_installed;
mod ntl022_local_plugin_missing;
mod ntl023_plugin_manifest_invalid;
mod ntl024_plugin_entry_invalid;
mod ntl027_functions_directory_wrong;
mod ntl028_function_import_missing;
mod ntl029_function_manifest_not_installed;
mod ntl034_schedule_invalid;
mod ntl035_function_path_not_allowed;
mod ntl036_function_path_malformed;
mod ntl037_function_setting_invalid;
mod ntl039_edge_function_invalid;
mod ntl040_edge_function_import_missing;
mod ntl041_redirect_line_dropped;
mod ntl042_redirect_table_incomplete;
mod ntl043_redirect_from_reserved_path;
mod ntl044_redirect_never_reached;
mod ntl045_redirect_loses_against_file;
mod ntl046_fallback_missing;
mod ntl047_fallback_redirects;
mod ntl048_forced_rewrite_hides_files;
mod ntl049_side_file_not_published;
mod ntl050_redirect_loop;
mod ntl051_catch_all_swallows_server_pages;
mod ntl052_headers_file_malformed;
mod ntl053_header_case_clash;
mod ntl054_header_table_incomplete;
mod ntl055_file_name_refused;
mod ntl056_dot_folder_not_published;
mod ntl057_folder_too_full;
mod ntl059_python_files_in_node_site;
mod ntl060_runtime_txt_style;
mod ntl061_pipfile_python_unavailable;
mod ntl062_pipfile_passed_over;
mod ntl064_lfs_not_enabled;
mod ntl065_lfs_type_not_fetched;
mod ntl066_hugo_version_unpinned;
mod ntl068_context_plugin_of_dashboard;
mod ntl069_several_server_entries;
mod ntl070_spa_fallback_not_added;
mod ntl071_variable_not_expanded;
mod ntl072_variable_not_in_function;
mod ntl073_prisma_engine_missing;
mod ntl074_next_runtime_mismatch;
mod ntl075_next_form_without_twin;
mod ntl076_large_media_remains;
mod ntl077_folder_called_index;
mod ntl078_next_advanced_api_route;
mod plugin_entry;
mod property;
pub(super) mod publish;
mod redirect_text;

use super::Rule;

/// All Netlify rules, by id.
pub static RULES: &[&Rule] = &[
    &ntl001_config_unreadable::RULE,
    &ntl002_config_redefinition::RULE,
    &ntl003_property_invalid::RULE,
    &ntl004_environment_not_text::RULE,
    &ntl005_backslash_not_an_escape::RULE,
    &ntl006_name_not_read::RULE,
    &ntl007_base_directory_missing::RULE,
    &ntl008_path_outside_repository::RULE,
    &ntl009_base_in_publish::RULE,
    &ntl010_publish_missing::RULE,
    &ntl011_publish_not_the_output::RULE,
    &ntl012_publish_is_the_source::RULE,
    &ntl013_next_publish::RULE,
    &ntl014_no_index::RULE,
    &ntl015_base_directory_unset::RULE,
    &ntl016_config_replaced::RULE,
    &ntl017_config_name_unknown::RULE,
    &ntl019_likely_secret::RULE,
    &ntl021_plugin_not_installed::RULE,
    &ntl022_local_plugin_missing::RULE,
    &ntl023_plugin_manifest_invalid::RULE,
    &ntl024_plugin_entry_invalid::RULE,
    &ntl027_functions_directory_wrong::RULE,
    &ntl028_function_import_missing::RULE,
    &ntl029_function_manifest_not_installed::RULE,
    &ntl034_schedule_invalid::RULE,
    &ntl035_function_path_not_allowed::RULE,
    &ntl036_function_path_malformed::RULE,
    &ntl037_function_setting_invalid::RULE,
    &ntl039_edge_function_invalid::RULE,
    &ntl040_edge_function_import_missing::RULE,
    &ntl041_redirect_line_dropped::RULE,
    &ntl042_redirect_table_incomplete::RULE,
    &ntl043_redirect_from_reserved_path::RULE,
    &ntl044_redirect_never_reached::RULE,
    &ntl045_redirect_loses_against_file::RULE,
    &ntl046_fallback_missing::RULE,
    &ntl047_fallback_redirects::RULE,
    &ntl048_forced_rewrite_hides_files::RULE,
    &ntl049_side_file_not_published::RULE,
    &ntl050_redirect_loop::RULE,
    &ntl051_catch_all_swallows_server_pages::RULE,
    &ntl052_headers_file_malformed::RULE,
    &ntl053_header_case_clash::RULE,
    &ntl054_header_table_incomplete::RULE,
    &ntl055_file_name_refused::RULE,
    &ntl056_dot_folder_not_published::RULE,
    &ntl057_folder_too_full::RULE,
    &ntl059_python_files_in_node_site::RULE,
    &ntl060_runtime_txt_style::RULE,
    &ntl061_pipfile_python_unavailable::RULE,
    &ntl062_pipfile_passed_over::RULE,
    &ntl064_lfs_not_enabled::RULE,
    &ntl065_lfs_type_not_fetched::RULE,
    &ntl066_hugo_version_unpinned::RULE,
    &ntl068_context_plugin_of_dashboard::RULE,
    &ntl069_several_server_entries::RULE,
    &ntl070_spa_fallback_not_added::RULE,
    &ntl071_variable_not_expanded::RULE,
    &ntl072_variable_not_in_function::RULE,
    &ntl073_prisma_engine_missing::RULE,
    &ntl074_next_runtime_mismatch::RULE,
    &ntl075_next_form_without_twin::RULE,
    &ntl076_large_media_remains::RULE,
    &ntl077_folder_called_index::RULE,
    &ntl078_next_advanced_api_route::RULE,
];
