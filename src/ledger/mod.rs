//! The ledger: an append-only Merkle log of events, whose history cannot be changed unnoticed.

pub mod merkle;
