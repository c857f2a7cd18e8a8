//! What Netlify does with a repository.
//!
//! `config` resolves `netlify.toml` and the site settings, `routing` reads redirects and headers, `validate` holds the
//! engine's checks, `detect` its framework detection, `function` its functions; `site` finds the sites of a repository, `plan` and `step` say
//! what would happen.

pub mod config;
pub mod detect;
pub mod edge;
pub mod function;
pub mod oracle;
pub mod output;
pub mod plan;
pub mod plugin;
pub mod plugin_manifest;
pub mod routing;
pub mod setting;
pub mod site;
pub mod step;
pub mod validate;
