//! What goes wrong with Blueprints and on Render.

mod rnd002_yaml_invalid;
mod rnd029_server_not_installed;
mod rnd030_application_not_importable;
mod rnd031_requirements_missing;
mod rnd047_python_version_not_read;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &rnd002_yaml_invalid::RULE,
    &rnd029_server_not_installed::RULE,
    &rnd030_application_not_importable::RULE,
    &rnd031_requirements_missing::RULE,
    &rnd047_python_version_not_read::RULE,
];
