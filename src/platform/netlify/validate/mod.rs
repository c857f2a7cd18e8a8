//! The checks that stop a build before it starts, as the configuration engine makes them.
//!
//! One function per pass of `@netlify/config`, in the order of the engine:
//!
//! 1. for each source (file, site settings, inline) and then for each context of it: [`before_case`],
//!    [`before_merge`], [`file_only`] (the file alone), [`identical_plugins`]; between the source and its contexts
//!    [`context_shape`];
//! 2. over the contexts of all sources together: [`context_plugins`];
//! 3. over everything merged: [`before_normalise`], [`after_normalise`].
//!
//! The first failure wins. A failure is a [`Violation`]: how the engine's message is classified, what it names,
//! where that was written, and what is wrong with it in words of our own.

mod after;
mod before;
pub mod cron;
mod edge;
mod javascript;
mod memory;
mod npm_name;
mod plugin;
mod printable;
mod problem;
#[cfg(test)]
mod sample;
mod shape;
mod violation;
mod walk;

pub use after::{ALL_FUNCTIONS, BUNDLERS, PLUGIN_NAMES, after_normalise};
pub use before::{before_case, before_merge, before_normalise, context_shape, file_only};
pub use cron::{Cron, CronError, CronFault, parse_cron};
pub use edge::{CACHE_MODES, EDGE_FUNCTION_NAMES, METHODS};
pub use memory::{MAXIMUM_MEMORY, MINIMUM_MEMORY, MemoryError, is_vcpu, parse_memory};
pub use npm_name::{NpmNameError, check_npm_name};
pub use plugin::{ContextPluginWarning, Origin, context_plugins, identical_plugins};
pub use problem::{Expected, Problem, UnknownName};
pub use violation::{Violation, ViolationKind};
