//! Hosting platforms as models of a virtual build.

pub mod netlify;
