//! What is said on a pull request, worked out without asking anybody.
//!
//! [`event`] decides what there is to look at. [`remark`] turns findings into remarks, each told once for all platforms;
//! [`outlook`] says what will become of the deploy in words; [`check_run`] and [`summary`] write the remarks down within GitHub's limits. [`diff`] says which
//! lines of a pull request can carry a comment, [`suggestion`] puts repairs there, [`commit`] makes a commit of them. [`overview`] is the verdict as a comment. [`sink`] keeps count of
//! what was said where, so that nothing is lost when a right is missing. Whatever comes from the repository goes through
//! `text::escape` before it is shown.

pub mod check_run;
pub mod command;
pub mod commit;
pub mod diff;
pub mod event;
pub mod hunk;
pub mod limit;
pub mod outlook;
pub mod overview;
pub mod piece;
pub mod remark;
pub mod sink;
pub mod suggestion;
pub mod summary;

use crate::heal::Healing;

/// The version of what is known about platforms: two runs of one version say the same about the same files.
pub const RULESET: &str = env!("CARGO_PKG_VERSION");

/// What was found in one folder of a repository.
#[derive(Debug)]
pub struct Inspection {
    /// Path from the top of the repository to the folder; empty for the top.
    pub prefix: String,
    /// What is wrong, and what can be done about it.
    pub healing: Healing,
    /// What a reader should know about the folder as a whole.
    pub notices: Vec<String>,
    /// What certification came to, in Markdown; nothing where it was not tried.
    pub certification: Option<String>,
}

impl Inspection {
    /// The folder for people: `.` for the top.
    #[must_use]
    pub fn folder(&self) -> &str {
        crate::project::path::display(&self.prefix)
    }

    /// The path of a file from the top of the repository.
    #[must_use]
    pub fn path(&self, below: &str) -> String {
        crate::project::path::child(&self.prefix, below)
    }
}
