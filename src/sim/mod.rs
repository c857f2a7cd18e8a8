//! The vocabulary of a virtual build: stages, known values and where they came from, what stays unknown.
//!
//! Knows no vendor; `platform` speaks it, `rule` and `report` read it.

pub mod evidence;
pub mod known;
pub mod plan;
pub mod stage;
