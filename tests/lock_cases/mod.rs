//! The cases, one file per package manager.

pub(crate) mod berry;
pub(crate) mod classic;
pub(crate) mod npm;
pub(crate) mod pnpm;
