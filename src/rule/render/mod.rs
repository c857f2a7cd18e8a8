//! What goes wrong with Blueprints and on Render.

mod rnd002_yaml_invalid;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[&rnd002_yaml_invalid::RULE];
