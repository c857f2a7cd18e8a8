//! Chimera says what a hosting platform would do with a repository, before it is pushed.
//!
//! Data flows one way: repository snapshot ([`project`]) → resolved plan ([`platform`], in the vocabulary of [`sim`])
//! → findings and fixes ([`rule`]) → verdict ([`verdict`]) → proven repairs ([`heal`]) → report ([`report`]). [`text`] holds
//! texts with positions.
//! The core is pure and synchronous; files, git and terminals are in `project::collect` and `cli` (feature `edge`).

#[cfg(feature = "edge")]
pub mod cli;
pub mod config;
pub mod heal;
pub mod pipeline;
pub mod platform;
pub mod project;
pub mod remote;
pub mod report;
pub mod rule;
pub mod sim;
pub mod text;
pub mod verdict;
