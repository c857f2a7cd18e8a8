//! What goes wrong with Blueprints and on Render.

mod rnd002_yaml_invalid;
mod rnd029_server_not_installed;
mod rnd030_application_not_importable;
mod rnd031_requirements_missing;
mod rnd047_python_version_not_read;
mod rnd048_django_host_refused;
mod rnd051_disk_elsewhere;
mod rnd057_instance_too_small;
mod rnd065_variable_not_declared;
mod rnd067_static_root_missing;
mod rnd068_rails_master_key;
mod variable;

use super::Rule;

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &rnd002_yaml_invalid::RULE,
    &rnd029_server_not_installed::RULE,
    &rnd030_application_not_importable::RULE,
    &rnd031_requirements_missing::RULE,
    &rnd047_python_version_not_read::RULE,
    &rnd048_django_host_refused::RULE,
    &rnd051_disk_elsewhere::RULE,
    &rnd057_instance_too_small::RULE,
    &rnd065_variable_not_declared::RULE,
    &rnd067_static_root_missing::RULE,
    &rnd068_rails_master_key::RULE,
];
