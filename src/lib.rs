//! Chimera says what a hosting platform would do with a repository, before it is pushed.
//!
//! Data flows one way: repository snapshot ([`project`]) → resolved plan ([`platform`], in the vocabulary of [`sim`])
//! → findings and fixes ([`rule`]) → verdict ([`verdict`]) → proven repairs ([`heal`]) → report ([`report`]). [`pull`] says
//! on a pull request what was found. [`pipeline`] brings a certified commit to a platform of [`remote`], and
//! [`verify`] says whether what is live is good; [`smoke`] goes through tests that
//! people write for it. [`text`] holds texts with positions.
//! The core is pure and synchronous; files, git and terminals are in `project::collect`, `github`, `remote::http` and `cli`
//! (feature `edge`).

pub mod certificate;
#[cfg(feature = "edge")]
pub mod cli;
pub mod config;
pub mod digest;
pub mod drift;
pub mod event;
#[cfg(feature = "edge")]
pub mod github;
pub mod heal;
pub mod init;
pub mod key;
pub mod ledger;
pub mod patience;
pub mod pipeline;
pub mod platform;
pub mod policy;
pub mod project;
pub mod pull;
pub mod remote;
pub mod report;
pub mod rule;
pub mod sim;
pub mod smoke;
#[cfg(feature = "edge")]
pub mod store;
pub mod text;
pub mod verdict;
pub mod verify;
