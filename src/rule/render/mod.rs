//! What goes wrong with Blueprints and on Render.

mod database_edit;
mod remark;
mod rnd001_blueprint_elsewhere;
mod rnd002_yaml_invalid;
mod rnd003_field_unknown;
mod rnd004_variable_source;
mod rnd006_type_unknown;
mod rnd007_static_site_key;
mod rnd008_free_plan_unavailable;
mod rnd009_disk_unavailable;
mod rnd010_free_pre_deploy;
mod rnd011_legacy_postgres_plan;
mod rnd012_reference_unresolved;
mod rnd013_reference_invalid;
mod rnd014_name_repeated;
mod rnd015_schedule_invalid;
mod rnd016_ip_allow_list_missing;
mod rnd017_group_entry_unsupported;
mod rnd018_region_or_plan_unknown;
mod rnd019_region_mismatch;
mod rnd020_old_name;
mod rnd021_preview_field_misplaced;
mod rnd022_replicas_destroyed;
mod rnd023_build_filter_half;
mod rnd024_branch_pinned;
mod rnd025_workflow_incomplete;
mod rnd026_root_missing;
mod rnd027_command_missing;
mod rnd028_start_target_missing;
mod rnd029_server_not_installed;
mod rnd030_application_not_importable;
mod rnd031_requirements_missing;
mod rnd032_port_ignored;
mod rnd033_localhost;
mod rnd034_no_server;
mod rnd035_development_server;
mod rnd037_dockerfile_missing;
mod rnd038_copy_source_missing;
mod rnd039_image_starts_nothing;
mod rnd040_docker_key_mixed;
mod rnd041_publish_path_wrong;
mod rnd042_server_pages_as_static_site;
mod rnd043_rewrite_missing;
mod rnd044_health_check_path;
mod rnd045_database_address_scheme;
mod rnd047_python_version_not_read;
mod rnd048_django_host_refused;
mod rnd050_state_not_kept;
mod rnd051_disk_elsewhere;
mod rnd052_free_database_expires;
mod rnd053_sibling_address_written;
mod rnd054_secret_written;
mod rnd055_browser_cache;
mod rnd056_system_packages;
mod rnd057_instance_too_small;
mod rnd060_private_traffic_to_free;
mod rnd061_static_site_internal_host;
mod rnd063_free_databases_several;
mod rnd064_scaling_impossible;
mod rnd065_variable_not_declared;
mod rnd066_key_of_another_type;
mod rnd067_static_root_missing;
mod rnd068_rails_master_key;
mod rnd070_cors_local_only;
mod rnd071_packages_without_root;
mod rnd072_yaml_read_in_two_ways;
mod service;
mod shape_edit;
mod variable;
mod yaml_repair;

use super::{Rule, edit};

/// All rules of this folder, by id.
pub static RULES: &[&Rule] = &[
    &rnd001_blueprint_elsewhere::RULE,
    &rnd002_yaml_invalid::RULE,
    &rnd003_field_unknown::RULE,
    &rnd004_variable_source::RULE,
    &rnd006_type_unknown::RULE,
    &rnd007_static_site_key::RULE,
    &rnd008_free_plan_unavailable::RULE,
    &rnd009_disk_unavailable::RULE,
    &rnd010_free_pre_deploy::RULE,
    &rnd011_legacy_postgres_plan::RULE,
    &rnd012_reference_unresolved::RULE,
    &rnd013_reference_invalid::RULE,
    &rnd014_name_repeated::RULE,
    &rnd015_schedule_invalid::RULE,
    &rnd016_ip_allow_list_missing::RULE,
    &rnd017_group_entry_unsupported::RULE,
    &rnd018_region_or_plan_unknown::RULE,
    &rnd019_region_mismatch::RULE,
    &rnd020_old_name::RULE,
    &rnd021_preview_field_misplaced::RULE,
    &rnd022_replicas_destroyed::RULE,
    &rnd023_build_filter_half::RULE,
    &rnd024_branch_pinned::RULE,
    &rnd025_workflow_incomplete::RULE,
    &rnd026_root_missing::RULE,
    &rnd027_command_missing::RULE,
    &rnd028_start_target_missing::RULE,
    &rnd029_server_not_installed::RULE,
    &rnd030_application_not_importable::RULE,
    &rnd031_requirements_missing::RULE,
    &rnd032_port_ignored::RULE,
    &rnd033_localhost::RULE,
    &rnd034_no_server::RULE,
    &rnd035_development_server::RULE,
    &rnd037_dockerfile_missing::RULE,
    &rnd038_copy_source_missing::RULE,
    &rnd039_image_starts_nothing::RULE,
    &rnd040_docker_key_mixed::RULE,
    &rnd041_publish_path_wrong::RULE,
    &rnd042_server_pages_as_static_site::RULE,
    &rnd043_rewrite_missing::RULE,
    &rnd044_health_check_path::RULE,
    &rnd045_database_address_scheme::RULE,
    &rnd047_python_version_not_read::RULE,
    &rnd048_django_host_refused::RULE,
    &rnd050_state_not_kept::RULE,
    &rnd051_disk_elsewhere::RULE,
    &rnd052_free_database_expires::RULE,
    &rnd053_sibling_address_written::RULE,
    &rnd054_secret_written::RULE,
    &rnd055_browser_cache::RULE,
    &rnd056_system_packages::RULE,
    &rnd057_instance_too_small::RULE,
    &rnd060_private_traffic_to_free::RULE,
    &rnd061_static_site_internal_host::RULE,
    &rnd063_free_databases_several::RULE,
    &rnd064_scaling_impossible::RULE,
    &rnd065_variable_not_declared::RULE,
    &rnd066_key_of_another_type::RULE,
    &rnd067_static_root_missing::RULE,
    &rnd068_rails_master_key::RULE,
    &rnd070_cors_local_only::RULE,
    &rnd071_packages_without_root::RULE,
    &rnd072_yaml_read_in_two_ways::RULE,
];
