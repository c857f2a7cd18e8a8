//! What goes wrong in Chimera's own configuration. These findings are made where the configuration is read.

mod cfg001_suppression_incomplete;

use super::Rule;

pub use cfg001_suppression_incomplete::RULE as SUPPRESSION_INCOMPLETE;

/// All rules about our own configuration, by id.
pub static RULES: &[&Rule] = &[&SUPPRESSION_INCOMPLETE];
