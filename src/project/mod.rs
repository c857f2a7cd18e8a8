//! What the repository contains, as a platform would receive it.

pub mod manifest;
pub mod path;
pub mod snapshot;
