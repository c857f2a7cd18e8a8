//! What the repository contains, as a platform would receive it.

#[cfg(feature = "edge")]
pub mod collect;
pub mod command;
pub mod docker;
pub mod front_matter;
pub mod git_index;
pub mod ignore;
pub mod import;
pub mod javascript;
pub mod lfs;
pub mod locked;
pub mod lockfile;
pub mod manifest;
pub mod mention;
mod name_filter;
pub mod output;
pub mod path;
mod path_index;
pub mod program;
pub mod python;
pub mod router;
pub mod ruby;
pub mod setting;
pub mod snapshot;
pub mod specifier;
