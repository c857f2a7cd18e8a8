//! Redirects and headers: what `_redirects`, `_headers` and `netlify.toml` say, as Netlify's engine understands it.
//!
//! Sources: the packages `@netlify/redirect-parser` 16.1.1 and `@netlify/headers-parser` 10.1.1 as
//! `@netlify/config` 25.2.6 uses them.

pub mod case_clash;
mod condition;
pub mod error;
#[cfg(test)]
mod fixture;
pub mod header;
mod header_line;
mod merge;
pub mod pattern;
mod pattern_class;
mod pattern_syntax;
pub mod redirect;
mod redirect_line;
mod redirect_object;
pub mod side_file;
pub mod url;

pub use error::{Crash, Place, Reason, RoutingError, Subject};
pub use header::{Form, Header, Headers, parse_headers};
pub use redirect::{Redirect, Redirects, parse_redirects};
pub use side_file::{FileText, SideFile};
