//! What Netlify does with a repository.
//!
//! `config` resolves `netlify.toml` and the site settings, `routing` reads redirects and headers, `validate` holds the
//! engine's checks, `detect` its framework detection; `site` finds the sites of a repository, `plan` and `step` say
//! what would happen, `delivery` what becomes of the publish directory.

pub mod config;
pub mod delivery;
pub mod detect;
pub mod edge;
pub mod oracle;
pub mod plan;
pub mod routing;
pub mod setting;
pub mod site;
pub mod step;
pub mod validate;
