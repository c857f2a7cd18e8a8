//! What goes wrong on GitHub Pages and in the workflows that deploy there.

mod ghp003_deploy_permission_missing;
mod step;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[&ghp003_deploy_permission_missing::RULE];
