//! The ledger: an append-only Merkle log of events, whose history cannot be changed unnoticed.
//!
//! One log per environment of a repository. [`entry`] is a line of it, [`merkle`] the tree above the lines, [`note`] the
//! signed statement of its size and root. [`append`](append::plan) works out what to write, a [`store::Store`] writes it,
//! [`mod@verify`] checks the whole of it. Everything here is pure; stores that touch the world lie elsewhere.

pub mod append;
pub mod entry;
pub mod genesis;
pub mod history;
pub mod memory;
pub mod merkle;
pub mod note;
pub mod part;
pub mod past;
pub mod reader;
pub mod secret;
pub mod status;
pub mod store;
pub mod verify;
