//! Certificates: three linked approvals that anyone can check without us.
//!
//! ```text
//! ARIE_HEALTH_PASS ──▶ TRUTH_CERTIFICATION_PASS ──▶ HXO_FINAL_APPROVAL
//! ```
//!
//! Each approval is an in-toto Statement ([`statement`]) in a DSSE envelope of its own ([`envelope`]) that names the digest of
//! the ones before; together they are a bundle ([`bundle`]). [`verify`] asks seven questions about a bundle, one after the other.
//! Nothing here reads files, clocks or keys: what was looked at comes in as [`claim::Claim`] and [`claim::Health`].

pub mod arie_health;
pub mod bundle;
pub mod claim;
pub mod directory;
pub mod envelope;
pub mod hxo_approval;
pub mod issue;
pub mod statement;
pub mod truth_certification;
pub mod verify;

use std::fmt;

use crate::digest::Digest;

/// Where the addresses of predicates and extensions hang.
pub const HOME: &str = "https://chimera.dev";

/// How long a certificate may be used, in minutes.
pub const VALID_MINUTES: i64 = 60;

/// One of the three approvals, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Approval {
    /// The configuration is healthy.
    ArieHealth,
    /// The build can be certified.
    TruthCertification,
    /// It may go to this target, now.
    HxoApproval,
}

impl Approval {
    /// All of them, in order.
    pub const ALL: [Approval; 3] = [Approval::ArieHealth, Approval::TruthCertification, Approval::HxoApproval];

    /// The name in key files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Approval::ArieHealth => "arie-health",
            Approval::TruthCertification => "truth-certification",
            Approval::HxoApproval => "hxo-approval",
        }
    }

    /// The name that people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Approval::ArieHealth => "ARIE_HEALTH_PASS",
            Approval::TruthCertification => "TRUTH_CERTIFICATION_PASS",
            Approval::HxoApproval => "HXO_FINAL_APPROVAL",
        }
    }

    /// The type of its predicate; the last one is a standard verification summary (SLSA `verification_summary.md`).
    #[must_use]
    pub fn predicate_type(self) -> String {
        match self {
            Approval::ArieHealth | Approval::TruthCertification => format!("{HOME}/attestation/{}/v1", self.name()),
            Approval::HxoApproval => "https://slsa.dev/verification_summary/v1".to_owned(),
        }
    }

    /// The approval with a predicate of this type.
    #[must_use]
    pub fn of_type(predicate_type: &str) -> Option<Approval> {
        Approval::ALL.into_iter().find(|approval| approval.predicate_type() == predicate_type)
    }
}

/// How much a certificate proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// Digests only: nobody signed.
    L0,
    /// A shared secret: integrity, for those who hold it.
    L1,
    /// A signature that anyone can check.
    #[default]
    L2,
    /// That, and a place in a ledger whose checkpoint others hold.
    L3,
    /// That, and a keyless attestation of the bundle.
    L4,
}

impl Level {
    /// All of them, weakest first.
    pub const ALL: [Level; 5] = [Level::L0, Level::L1, Level::L2, Level::L3, Level::L4];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["L0", "L1", "L2", "L3", "L4"][self as usize]
    }

    /// The level of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }

    /// What it promises, in words.
    #[must_use]
    pub fn promise(self) -> &'static str {
        match self {
            Level::L0 => "digest: nobody signed it",
            Level::L1 => "integrity-only: made with a shared secret",
            Level::L2 => "signature",
            Level::L3 => "signature and ledger",
            Level::L4 => "signature, ledger and keyless attestation",
        }
    }

    /// How verification summaries name it.
    #[must_use]
    pub fn claim(self) -> String {
        format!("CHIMERA_CERTIFIED_{}", self.name())
    }

    /// The level that a verification summary names.
    #[must_use]
    pub fn of_claim(claim: &str) -> Option<Level> {
        claim.strip_prefix("CHIMERA_CERTIFIED_").and_then(Level::parse)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The name of the certificate whose last approval has this payload.
#[must_use]
pub fn id(hxo_payload: &[u8]) -> String {
    format!("chc_{}", short(&Digest::sha3(hxo_payload)))
}

/// The first 26 letters of the digest in base32 (RFC 4648, small letters): 130 bits.
#[must_use]
pub fn short(digest: &Digest) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bit = |at: usize| usize::from(digest.as_bytes()[at / 8] >> (7 - at % 8) & 1);
    let letter = |number: usize| (0..5).fold(0, |value, at| value << 1 | bit(number * 5 + at));
    (0..26).map(|number| char::from(LETTERS[letter(number)])).collect()
}

#[cfg(test)]
mod tests;
