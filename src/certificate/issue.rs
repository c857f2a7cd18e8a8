//! From what was looked at to a signed chain: three statements, each over the digests of the ones before.

use jiff::Timestamp;

use super::bundle::{Bundle, seal};
use super::claim::{Claim, Health};
use super::envelope::Signer;
use super::hxo_approval::{self, Release};
use super::statement::Subject;
use super::{arie_health, truth_certification};

/// Writes and seals all three approvals, passed or failed.
///
/// `again` are the subjects as they were computed anew after the simulation, `at` the times of the three approvals.
#[must_use]
pub fn issue(
    claim: &Claim,
    health: &Health,
    again: &[Subject],
    release: &Release<'_>,
    at: [Timestamp; 3],
    signer: &Signer,
) -> Bundle {
    let arie = seal(arie_health::statement(claim, health, at[0]), signer);
    let truth = truth_certification::statement(claim, health, again, arie.digest(), at[1]);
    let truth = seal(truth, signer);
    let inputs = [arie.digest(), truth.digest()];
    let hxo = hxo_approval::statement(claim, release, [&arie.statement, &truth.statement], inputs, at[2]);
    Bundle { links: [arie, truth, seal(hxo, signer)] }
}
