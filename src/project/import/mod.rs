//! What the sources of a site load, from the files where its tools begin down to the last import.
//!
//! [`scan`] reads one file, [`resolve`] says where its imports lead, [`graph`] follows them. Whatever a plug-in, an alias or
//! a generator that nobody here knows could answer for is unknown, never missing.

pub mod alias;
pub mod bundle;
pub mod graph;
pub mod neighbour;
pub mod resolve;
pub mod scan;

mod component;
mod entry;
mod less;
mod markup;
mod mdx;
#[cfg(feature = "syntax")]
mod nesting;
mod outcome;
mod package;
mod sass;
mod style;
mod subpath;
#[cfg(feature = "syntax")]
mod syntax;

pub use scan::{Load, LoadKind, Scan};
