//! What the repository contains, as a platform would receive it.

#[cfg(feature = "edge")]
pub mod collect;
pub mod manifest;
pub mod path;
pub mod script_call;
pub mod snapshot;
