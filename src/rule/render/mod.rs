//! What goes wrong with Blueprints and on Render.

mod rnd002_yaml_invalid;
mod rnd026_root_missing;
mod rnd028_start_target_missing;
mod rnd033_localhost;
mod rnd035_development_server;
mod rnd055_browser_cache;
mod rnd056_system_packages;
mod service;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &rnd002_yaml_invalid::RULE,
    &rnd026_root_missing::RULE,
    &rnd028_start_target_missing::RULE,
    &rnd033_localhost::RULE,
    &rnd035_development_server::RULE,
    &rnd055_browser_cache::RULE,
    &rnd056_system_packages::RULE,
];
