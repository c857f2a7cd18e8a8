//! `netlify.toml` and the site settings, resolved as Netlify's engine resolves them (npm package `@netlify/config`).
//!
//! One pass: find the file → search for doubtful backslashes → TOML → per layer (settings, file, inline) shape, case,
//! validation, origins, contexts → merge → validate → normalise → validate → paths → headers → redirects. A `base`
//! that the first pass discovers starts a second pass with the file found there.

pub mod case;
pub mod context;
pub mod escape;
pub mod extension;
mod failure;
pub mod function_table;
pub mod layer;
pub mod locate;
pub mod merge;
pub mod misspelling;
pub mod name;
pub mod normalise;
pub mod origin;
pub mod path;
pub mod resolve;
pub mod topic;

pub use failure::{Failure, Warning};
pub use resolve::{Options, Resolution, Resolved, resolve};
pub use topic::Topic;
