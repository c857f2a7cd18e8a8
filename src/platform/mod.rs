//! What each hosting platform does with a repository.

pub mod netlify;
