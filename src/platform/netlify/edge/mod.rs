//! How Netlify's edge matches a request against the redirects of a site.
//!
//! Learned by measuring `netlify-redirector` 0.5.0, the engine that Netlify's command line uses for local development,
//! and from the documentation page "Redirect options". What neither says is *unknown* here, never guessed: of a rule
//! whose effect is unknown only the paths that it may touch are known.

pub mod answer;
pub mod chain;
mod condition;
pub mod example;
pub mod headers;
pub mod pattern;
pub mod rule;
pub mod table;

pub use answer::{Answer, Found, Listing};
pub use chain::{Ending, Files, Hop, Presence};
pub use pattern::Pattern;
pub use rule::{Applies, Effect, Rule, Visitor};
pub use table::{Lookup, Table};
