//! Where ledgers are kept: files, a branch of a git repository.

pub mod book;
pub mod disk;
pub mod files;
pub mod place;
pub mod retry;
