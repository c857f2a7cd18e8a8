//! GitHub, asked over its REST API: the only place that knows octocrab, and it knows it as a transport.
//!
//! [`client`] sends one request at a time and waits as [`patience`] says; the other files are the few calls that we make,
//! each with the members that we read. The base address is configurable, for GitHub Enterprise and for tests.

pub mod check;
pub mod client;
pub mod error;
pub mod git;
pub mod patience;
pub mod pull;
pub mod review;
pub mod run;
pub mod tree;

pub use client::Client;
pub use error::GitHubError;
