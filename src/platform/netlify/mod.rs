//! What Netlify does with a repository.

pub mod routing;
pub mod validate;
