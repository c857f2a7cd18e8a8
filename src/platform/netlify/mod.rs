//! What Netlify does with a repository.
//!
//! `config` resolves `netlify.toml` and the site settings, `routing` reads redirects and headers, `validate` holds the
//! engine's checks, `detect` its framework detection; `toolchain` chooses Node.js, `install`
//! the package manager, `image` and `judge` know programs; `site` finds the sites of a repository, `plan` and `step` say
//! what would happen.

pub mod config;
pub mod detect;
pub mod edge;
pub mod image;
pub mod install;
pub mod judge;
pub mod lifecycle;
pub mod oracle;
pub mod plan;
pub mod routing;
pub mod setting;
pub mod site;
pub mod step;
pub mod toolchain;
pub mod validate;
