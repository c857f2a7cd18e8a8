//! Text with positions: spans, sources and the tree that TOML and JSON parse into.
//!
//! Knows nothing about Chimera or any platform; could be a crate of its own.

pub mod canonical;
pub mod ecma;
pub mod edit;
pub mod escape;
pub mod json;
pub mod json_error;
pub mod json_repair;
mod json_tree;
pub mod merge;
pub mod source;
pub mod span;
pub mod suggest;
pub mod toml;
pub mod tree;
pub mod variable;
pub mod yaml;
