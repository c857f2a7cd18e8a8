//! Where ledgers are kept: files, a branch of a git repository; and what is kept beside them.

pub mod book;
pub mod disk;
pub mod files;
pub mod git;
pub mod index;
pub mod place;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod retry;
