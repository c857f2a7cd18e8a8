//! What goes wrong on Netlify, one file per rule. A new rule is a file here and a line in [`RULES`].

mod ntl001_config_unreadable;
mod ntl002_config_redefinition;
mod ntl003_property_invalid;
mod ntl004_environment_not_text;
mod ntl005_backslash_not_an_escape;
mod ntl007_base_directory_missing;
mod ntl008_path_outside_repository;
mod ntl009_base_in_publish;
mod ntl010_publish_missing;
mod ntl011_publish_not_the_output;
mod ntl012_publish_is_the_source;
mod ntl013_next_publish;
mod ntl014_no_index;
mod ntl024_plugin_entry_invalid;
mod ntl034_schedule_invalid;
mod ntl037_function_setting_invalid;
mod ntl039_edge_function_invalid;
mod ntl055_file_name_refused;
mod ntl056_dot_folder_not_published;
mod ntl057_folder_too_full;
mod ntl068_context_plugin_of_dashboard;
mod ntl077_folder_called_index;
mod property;
mod publish;

use super::Rule;

/// All Netlify rules, by id.
pub static RULES: &[&Rule] = &[
    &ntl001_config_unreadable::RULE,
    &ntl002_config_redefinition::RULE,
    &ntl003_property_invalid::RULE,
    &ntl004_environment_not_text::RULE,
    &ntl005_backslash_not_an_escape::RULE,
    &ntl007_base_directory_missing::RULE,
    &ntl008_path_outside_repository::RULE,
    &ntl009_base_in_publish::RULE,
    &ntl010_publish_missing::RULE,
    &ntl011_publish_not_the_output::RULE,
    &ntl012_publish_is_the_source::RULE,
    &ntl013_next_publish::RULE,
    &ntl014_no_index::RULE,
    &ntl024_plugin_entry_invalid::RULE,
    &ntl034_schedule_invalid::RULE,
    &ntl037_function_setting_invalid::RULE,
    &ntl039_edge_function_invalid::RULE,
    &ntl055_file_name_refused::RULE,
    &ntl056_dot_folder_not_published::RULE,
    &ntl057_folder_too_full::RULE,
    &ntl068_context_plugin_of_dashboard::RULE,
    &ntl077_folder_called_index::RULE,
];
