//! What Netlify does with a repository.
//!
//! `config` resolves `netlify.toml` and the site settings, `routing` reads redirects and headers, `edge` matches requests
//! against them, `validate` holds the engine's checks, `detect` its framework detection, `function` its functions;
//! `toolchain` chooses Node.js, `image` knows versions and programs of the build image; `site` finds the sites
//! of a repository, `plan` and `step` say what would happen, `delivery` what becomes of the publish directory, `output`
//! what the deploy will hold.

pub mod config;
pub mod delivery;
pub mod detect;
pub mod edge;
pub mod form;
pub mod function;
pub mod hugo;
pub mod image;
pub mod image_program;
mod job;
pub mod next;
pub mod oracle;
pub mod output;
pub mod plan;
pub mod plugin;
pub mod plugin_manifest;
pub mod prerender;
pub mod prisma;
pub mod python;
pub mod routing;
pub mod secret;
pub mod setting;
pub mod site;
pub mod step;
pub mod toolchain;
pub mod validate;

use crate::sim::stage::Stage;

use super::Profile;

/// Netlify, as reports name it.
pub static PROFILE: Profile = Profile {
    name: "netlify",
    title: "Netlify",
    config_name: config::locate::FILE_NAME,
    stages: &[
        Stage::Checkout,
        Stage::Node,
        Stage::Install,
        Stage::Config,
        Stage::PluginResolution,
        Stage::Plugin,
        Stage::BuildCommand,
        Stage::Functions,
        Stage::EdgeFunctions,
        Stage::Deploy,
        Stage::Routing,
        Stage::Runtime,
    ],
    green: Stage::Routing,
};
