//! How long each thing may take.

use serde::{Deserialize, Serialize};

use crate::pipeline::world::Millis;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;

/// The longest time for each step, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// A simulation.
    pub simulation: Millis,
    /// All healing together.
    pub healing: Millis,
    /// The three approvals.
    pub certification: Millis,
    /// Waiting for the lock.
    pub lock_wait: Millis,
    /// How long a lease lasts without being renewed.
    pub lease: Millis,
    /// Looking at the platform before anything is changed.
    pub preflight: Millis,
    /// Uploading the publish directory, until the platform has processed it.
    pub upload: Millis,
    /// A build by the platform.
    pub build: Millis,
    /// Triggering anything, with all repetitions.
    pub trigger: Millis,
    /// Asking for publication or for the return, with all repetitions.
    pub publish: Millis,
    /// Until the platform names the new deploy as the live one.
    pub confirm: Millis,
    /// The critical checks.
    pub critical: Millis,
    /// All checks.
    pub full: Millis,
    /// Watching after that.
    pub bake: Millis,
    /// Until the platform names the last good deploy as the live one.
    pub return_confirm: Millis,
    /// Tidying up after the end.
    pub cleanup: Millis,
    /// The whole run.
    pub run: Millis,
}

impl Limits {
    /// For Netlify, where publication is a pointer that moves.
    pub const NETLIFY: Limits = Limits {
        simulation: 300 * SECOND,
        healing: 60 * SECOND,
        certification: 60 * SECOND,
        lock_wait: 10 * MINUTE,
        lease: 15 * MINUTE,
        preflight: 90 * SECOND,
        upload: 20 * MINUTE,
        build: 30 * MINUTE,
        trigger: 90 * SECOND,
        publish: 10 * SECOND,
        confirm: 60 * SECOND,
        critical: 30 * SECOND,
        full: 120 * SECOND,
        bake: 300 * SECOND,
        return_confirm: 60 * SECOND,
        cleanup: 5 * SECOND,
        run: 60 * MINUTE,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::NETLIFY
    }
}

/// Applications of fixes per run.
pub const MAX_HEALS: u32 = 3;

/// Automatic returns within a day that stop automatic publishing.
pub const BREAKER: u32 = 3;
