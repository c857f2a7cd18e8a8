//! Genesis: the events that the engines tell each other, one table of topics, and what happens to malformed ones.
//!
//! [`payload`] is the table: each topic with its publisher, its subscribers, its purpose and the shape of its payload. Code,
//! documentation and `chimeractl ledger topics` come from it. An event that does not fit drives nothing ([`quarantine`]).

pub mod cloud;
pub mod kind;
pub mod payload;
pub mod quarantine;
pub mod schema;
pub mod topic;

pub use payload::TOPICS;
pub use topic::{Engine, Topic, find};

#[cfg(test)]
mod tests;
