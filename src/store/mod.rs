//! Where ledgers are kept: files, a branch of a git repository.

pub mod disk;
pub mod files;
pub mod retry;
