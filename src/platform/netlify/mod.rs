//! Netlify: what its engine computes, value for value.

pub mod detect;
