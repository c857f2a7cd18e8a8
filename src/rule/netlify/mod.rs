//! What goes wrong on Netlify, one file per rule. A new rule is a file here and a line in [`RULES`].

mod ntl007_base_directory_missing;
mod ntl027_functions_directory_wrong;
mod ntl028_function_import_missing;
mod ntl029_function_manifest_not_installed;
mod ntl035_function_path_not_allowed;
mod ntl036_function_path_malformed;
mod ntl040_edge_function_import_missing;
mod ntl072_variable_not_in_function;

use super::Rule;

/// All Netlify rules, by id.
pub static RULES: &[&Rule] = &[
    &ntl007_base_directory_missing::RULE,
    &ntl027_functions_directory_wrong::RULE,
    &ntl028_function_import_missing::RULE,
    &ntl029_function_manifest_not_installed::RULE,
    &ntl035_function_path_not_allowed::RULE,
    &ntl036_function_path_malformed::RULE,
    &ntl040_edge_function_import_missing::RULE,
    &ntl072_variable_not_in_function::RULE,
];
