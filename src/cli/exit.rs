//! Exit codes that scripts can trust.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above the threshold.
    Clean = 0,
    /// Findings at or above the threshold: a predicted failure.
    Findings = 1,
    /// Wrong usage or wrong configuration of ours.
    Usage = 2,
    /// Could not look: unreadable input.
    CouldNotLook = 3,
    /// The time was over before the work.
    TimedOut = 4,
    /// A certificate that failed or does not hold.
    Rejected = 10,
    /// A certificate that proves too little.
    LevelTooLow = 11,
    /// A certificate whose time is over.
    Expired = 12,
    /// A certificate for another target.
    WrongTarget = 13,
    /// A certificate that was used before.
    Replayed = 14,
    /// A certificate that nobody signed who is trusted.
    Untrusted = 15,
    /// Live, and nobody could find out whether it is good.
    Unproven = 20,
    /// Live, but only on the second platform.
    Degraded = 21,
    /// The last good deploy is live again.
    RolledBack = 30,
    /// The last good deploy could not be brought back.
    RollbackFailed = 31,
    /// A guard refused to bring the last good deploy back.
    Hold = 32,
    /// A ledger that is not what it should be.
    LedgerInconsistent = 33,
    /// Nothing was changed.
    Aborted = 40,
}

impl Exit {
    /// What the platform says is no longer what was recorded: as stale as a certificate whose time is over.
    pub const DRIFTED: Exit = Exit::Expired;
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
