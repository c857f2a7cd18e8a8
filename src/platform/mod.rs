//! Hosting platforms as models of the vocabulary in `sim`: one folder each.

pub mod netlify;
