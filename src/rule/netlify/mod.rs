//! What goes wrong on Netlify, one file per rule. A new rule is a file here and a line in [`RULES`].

mod ntl001_config_unreadable;
mod ntl002_config_redefinition;
mod ntl003_property_invalid;
mod ntl004_environment_not_text;
mod ntl005_backslash_not_an_escape;
mod ntl006_name_not_read;
mod ntl007_base_directory_missing;
mod ntl008_path_outside_repository;
mod ntl015_base_directory_unset;
mod ntl016_config_replaced;
mod ntl017_config_name_unknown;
mod ntl021_plugin_not_installed;
mod ntl022_local_plugin_missing;
mod ntl023_plugin_manifest_invalid;
mod ntl024_plugin_entry_invalid;
mod ntl034_schedule_invalid;
mod ntl037_function_setting_invalid;
mod ntl039_edge_function_invalid;
mod ntl068_context_plugin_of_dashboard;
mod ntl069_several_server_entries;
mod plugin_entry;
mod property;

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
    &ntl015_base_directory_unset::RULE,
    &ntl016_config_replaced::RULE,
    &ntl017_config_name_unknown::RULE,
    &ntl021_plugin_not_installed::RULE,
    &ntl022_local_plugin_missing::RULE,
    &ntl023_plugin_manifest_invalid::RULE,
    &ntl024_plugin_entry_invalid::RULE,
    &ntl034_schedule_invalid::RULE,
    &ntl037_function_setting_invalid::RULE,
    &ntl039_edge_function_invalid::RULE,
    &ntl068_context_plugin_of_dashboard::RULE,
    &ntl069_several_server_entries::RULE,
];
