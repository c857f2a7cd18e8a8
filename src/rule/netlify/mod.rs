//! What goes wrong on Netlify, one file per rule. A new rule is a file here and a line in [`RULES`].

mod ntl007_base_directory_missing;

use super::Rule;

/// All Netlify rules, by id.
pub static RULES: &[&Rule] = &[&ntl007_base_directory_missing::RULE];
