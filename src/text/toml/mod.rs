//! TOML in the dialect of smol-toml 1.9.1, the parser of Netlify's packages (`@netlify/config/src/utils/toml.js`).
//!
//! The dialect is TOML 1.0 with parts of 1.1. The result is what remains after the trip through JSON that the
//! packages send it on: `nan` and `inf` are null, dates are strings, `-0` is 0, and keys that look like array indexes
//! come first. Rejections have the line and the column that the vendor's parser reports.

mod builder;
mod date;
pub mod dialect;
mod document;
mod ecma_date;
mod ecma_time;
mod ecma_token;
mod error;
pub mod escape;
mod key;
mod number;
pub mod outline;
pub mod redefinition;
pub mod repair;
mod scan;
mod string;
mod value;

pub use dialect::{Construct, DialectNote, Release, strictness};
pub use error::{Reason, TomlError};

use super::span::FileId;
use super::tree::Node;

/// Greatest nesting of arrays and inline tables in one value (`smol-toml/dist/parse.js`, `maxDepth`).
pub const MAX_DEPTH: usize = 1000;

/// Greatest depth of the whole tree, headers and dotted keys included: a limit of this crate.
///
/// smol-toml has no such limit, but `@netlify/config` 25 overflows its stack between 1,500 and 2,000 levels (measured).
/// This one is as great as lets the tree be cloned, compared and dropped on a stack of 2 MB in a debug build.
pub const MAX_TREE_DEPTH: usize = 1024;

/// A document and what is worth knowing about how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The document's own table.
    pub root: Node,
    /// Places that other plausible releases of the vendor's parser reject, in file order.
    pub notes: Vec<DialectNote>,
}

/// Parses a document into a tree whose root is a table.
///
/// A value has the span of its text. A table opened by a header has the span of that header, and so has each table of
/// an array of tables; the array itself has the span of its first header. A table that exists only because a longer
/// key passes through it has the span of that part of the key; once its own header comes, it and its key have the
/// spans of that.
///
/// # Errors
/// Returns the first thing that smol-toml 1.9.1 rejects, at its line and column.
pub fn parse(text: &str, file: FileId) -> Result<Node, TomlError> {
    parse_document(text, file).map(|document| document.root)
}

/// Parses a document and notes the places that other releases reject.
///
/// # Errors
/// Returns the first thing that smol-toml 1.9.1 rejects, at its line and column.
pub fn parse_document(text: &str, file: FileId) -> Result<Document, TomlError> {
    let (root, notes) = document::document(text, file).map_err(|fault| fault.locate(text))?;
    Ok(Document { root, notes })
}

#[cfg(test)]
mod tests;
