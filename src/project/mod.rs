//! What the repository contains, as a platform would receive it.

pub mod path;
pub mod snapshot;
