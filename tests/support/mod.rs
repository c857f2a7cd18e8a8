//! What several tests share.

#![allow(dead_code, reason = "no test uses all of it")]
#![allow(clippy::print_stderr, reason = "a skip must be loud")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests end that way")]

pub(crate) mod accuracy;
pub(crate) mod agreement;
pub(crate) mod answer;
pub(crate) mod blueprint;
pub(crate) mod case;
pub(crate) mod corpus;
pub(crate) mod generate;
pub(crate) mod healing;
pub(crate) mod law;
pub(crate) mod manager;
pub(crate) mod peer;
pub(crate) mod shrink;

use std::path::PathBuf;

/// A corpus beside the project; its absence is loud for a newcomer and a failure in CI.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHIMERA_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(name);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the corpus {} is missing; CHIMERA_SHARED names its parent",
        path.display()
    );
    eprintln!("SKIPPED: no corpus at {}; set CHIMERA_SHARED to the folder that holds it", path.display());
    None
}
