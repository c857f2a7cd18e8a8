//! Functions and edge functions: which files become one, how they are bundled, what their imports lead to.
//!
//! Sources: the packages `@netlify/zip-it-and-ship-it` 16.2.3, `@netlify/edge-bundler` and `@netlify/build` 37; what happens to
//! a missing import was measured with them, as no feature flag is set.

pub mod bundler;
pub mod code;
pub mod discovery;
pub mod edge;
pub mod made;
pub mod missing;

pub use bundler::{Bundler, Interface, Settings};
pub use code::{Code, EdgeFunction, Function, Functions};
