//! What a run needs besides the platform: somebody who simulates and certifies, somebody who verifies, and the past.

use crate::pipeline::guard::{Control, Migration};
use crate::pipeline::input::{Certified, Healed, Simulated};
use crate::pipeline::order::Target;
use crate::pipeline::platform::Fault;
use crate::pipeline::state::Check;
use crate::pipeline::verdict::Verdict;
use crate::pipeline::world::Millis;

/// Simulates, heals and certifies; each must be done by `until`.
pub trait Workshop {
    /// Builds the commit virtually.
    ///
    /// # Errors
    /// When it cannot be looked at.
    fn simulate(&mut self, until: Millis) -> Result<Simulated, Fault>;

    /// Applies fixes to a copy.
    ///
    /// # Errors
    /// When that cannot be done.
    fn heal(&mut self, until: Millis) -> Result<Healed, Fault>;

    /// Asks for the three approvals.
    ///
    /// # Errors
    /// When they cannot be asked for.
    fn certify(&mut self, until: Millis) -> Result<Certified, Fault>;

    /// Says whether the certificate may be used now.
    fn is_certificate_valid(&self) -> bool;
}

/// What is to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The platform's name for the deploy.
    pub deploy: String,
    /// Where it is looked at.
    pub address: Option<String>,
    /// It is the live one, not one at an address of its own.
    pub is_live: bool,
    /// How much is looked at.
    pub check: Check,
}

/// Looks at a site.
pub trait Verifier {
    /// Verifies a deploy.
    fn verify(&self, subject: &Subject, until: Millis) -> Verdict;

    /// Asks the last good deploy, at its own address, what the live one failed.
    fn control(&self, last_good: &Subject, until: Millis) -> Control;
}

/// What the ledger and the policy know.
pub trait History {
    /// The newest deploy of this target that ended well.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    fn last_good(&self, target: &Target) -> Result<Option<String>, Fault>;

    /// Automatic returns of this target within the last day.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    fn recent_returns(&self, target: &Target) -> Result<u32, Fault>;

    /// Says whether a certificate was used for a publication by another run.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    fn is_used(&self, certificate: &str) -> Result<bool, Fault>;

    /// Says whether a newer commit is to be deployed instead.
    ///
    /// # Errors
    /// When nobody can tell.
    fn is_superseded(&self, commit: &str) -> Result<bool, Fault>;

    /// Says whether a run of ours published this deploy.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    fn is_ours(&self, deploy: &str) -> Result<bool, Fault>;

    /// Says whether somebody allowed to return to this deploy.
    fn may_return(&self, to: &str) -> bool;

    /// What happened to the database since this deploy.
    fn migration_since(&self, last_good: &str) -> Migration;
}
