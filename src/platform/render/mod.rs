//! What Render does with a repository.
//!
//! `schema` judges a Blueprint by the published schema, `blueprint` reads it as the real validator does, `site` holds
//! everything that is known about one Blueprint, `service` what each service is built and run with.

pub mod blueprint;
pub mod django;
pub mod file;
pub mod graph;
pub mod image;
pub mod library;
pub mod oracle;
pub mod plan;
pub mod python;
pub mod reach;
pub mod reading;
pub mod run;
pub mod schema;
pub mod server;
pub mod service;
pub mod site;
pub mod toolchain;
pub mod validate;
pub mod vocabulary;

use crate::sim::stage::Stage;

use super::Profile;

/// The name of a Blueprint that Render looks for by itself (<https://render.com/docs/infrastructure-as-code>).
pub const FILE_NAME: &str = "render.yaml";

/// Render, as reports name it.
pub static PROFILE: Profile = Profile {
    name: "render",
    title: "Render",
    config_name: FILE_NAME,
    stages: &[
        Stage::Blueprint,
        Stage::Checkout,
        Stage::Toolchain,
        Stage::Install,
        Stage::Build,
        Stage::Publish,
        Stage::PreDeploy,
        Stage::Start,
        Stage::Health,
        Stage::Routing,
        Stage::Runtime,
    ],
    green: Stage::Routing,
};
