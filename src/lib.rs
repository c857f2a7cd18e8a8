//! Chimera says what a hosting platform would do with a repository, before it is pushed.
//!
//! Data flows one way: repository snapshot → resolved plan → findings → report.
//! The core is pure and synchronous; files, git and terminals are in `project::collect` and `cli`
//! (feature `edge`).

pub mod platform;
pub mod project;
pub mod text;
