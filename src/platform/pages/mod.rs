//! What GitHub Pages does with a repository.
//!
//! `workflow` reads a workflow of GitHub Actions, `publication` finds out what it hands to Pages, `run` what its jobs do to
//! the checked out files, `site` holds everything that is known about one way of publishing.

pub mod action;
pub mod address;
pub mod base;
pub mod classic;
pub mod domain;
pub mod image;
pub mod outlet;
mod plan;
pub mod publication;
pub mod repository;
pub mod run;
pub mod site;
pub mod theme;
mod unknown;
pub mod workflow;

use crate::sim::stage::Stage;

use super::Profile;

/// The folder of workflows (<https://docs.github.com/en/actions/writing-workflows/about-workflows>).
pub const WORKFLOWS: &str = ".github/workflows";

/// GitHub Pages, as reports name it.
pub static PROFILE: Profile = Profile {
    name: "pages",
    title: "GitHub Pages",
    config_name: WORKFLOWS,
    stages: &[
        Stage::Workflow,
        Stage::Checkout,
        Stage::Toolchain,
        Stage::Install,
        Stage::Build,
        Stage::Publish,
        Stage::Deploy,
        Stage::Routing,
        Stage::Runtime,
    ],
    green: Stage::Routing,
};
