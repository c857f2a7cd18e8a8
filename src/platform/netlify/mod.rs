//! Netlify: what its own engine makes of the files of a repository.

pub mod routing;
