//! Redirects and headers: what `_redirects`, `_headers` and `netlify.toml` say, as Netlify's engine understands it.
//!
//! Sources: the packages `@netlify/redirect-parser` 16.1.1 and `@netlify/headers-parser` 10.1.1 as
//! `@netlify/config` 25.2.6 uses them.

pub mod case_clash;
pub mod condition;
pub mod error;
pub mod header;
pub mod header_line;
pub mod merge;
pub mod pattern;
pub mod pattern_class;
pub mod pattern_syntax;
pub mod redirect;
pub mod redirect_line;
pub mod redirect_object;
pub mod side_file;
pub mod url;

pub use error::{Crash, Place, Reason, RoutingError, Subject};
pub use header::{Form, Header, Headers, parse_headers};
pub use redirect::{Redirect, Redirects, parse_redirects};
pub use side_file::{FileText, SideFile};
