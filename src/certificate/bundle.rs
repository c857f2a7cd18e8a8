//! A bundle: the three envelopes of a certificate, one a line, in whatever order (in-toto/attestation `spec/v1/bundle.md`).

use serde_json::Value;

use crate::digest::Digest;
use crate::text::canonical;

use super::envelope::Envelope;
use super::statement::Statement;
use super::{Approval, id};

/// A larger file is no bundle.
pub const MAX_BYTES: usize = 1 << 20;

/// More lines are no bundle.
pub const MAX_ENVELOPES: usize = 16;

/// How the file is usually called.
pub const FILE_NAME: &str = "certificate.intoto.jsonl";

/// An envelope and the Statement in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The envelope.
    pub envelope: Envelope,
    /// What its payload says.
    pub statement: Statement,
}

impl Link {
    /// The digest by which later approvals name this one.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha3(&self.envelope.payload)
    }
}

/// The three approvals of one certificate, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The links of the chain.
    pub links: [Link; 3],
}

/// Why a text is no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Too many bytes.
    #[error("{0} bytes or more; a bundle has at most {MAX_BYTES}")]
    TooLarge(usize),
    /// Too many lines.
    #[error("more than {MAX_ENVELOPES} envelopes")]
    TooMany,
    /// A line that is no envelope with one of our Statements.
    #[error("line {line}: {message}")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Two envelopes of one approval.
    #[error("there are two envelopes of {0}")]
    Twice(&'static str),
    /// An approval is not there.
    #[error("there is no envelope of {0}")]
    Missing(&'static str),
}

impl Bundle {
    /// The certificate's name.
    #[must_use]
    pub fn id(&self) -> String {
        id(&self.links[2].envelope.payload)
    }

    /// The link of this approval.
    #[must_use]
    pub fn link(&self, approval: Approval) -> &Link {
        &self.links[approval as usize]
    }

    /// The file.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.links.iter().map(|link| link.envelope.to_json().to_string() + "\n").collect()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Bundle, BundleError> {
        if bytes.len() > MAX_BYTES {
            return Err(BundleError::TooLarge(bytes.len()));
        }
        let mut found: [Option<Link>; 3] = [None, None, None];
        let is_filled = |(_, line): &(usize, &[u8])| !line.trim_ascii().is_empty();
        let lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(is_filled);
        for (count, (at, line)) in lines.enumerate() {
            if count == MAX_ENVELOPES {
                return Err(BundleError::TooMany);
            }
            let link = link(line).map_err(|message| BundleError::Line { line: at + 1, message })?;
            let approval = link.statement.approval;
            let place = &mut found[approval as usize];
            if place.replace(link).is_some() {
                return Err(BundleError::Twice(approval.title()));
            }
        }
        let mut links = Vec::new();
        for (approval, link) in Approval::ALL.into_iter().zip(found) {
            links.push(link.ok_or(BundleError::Missing(approval.title()))?);
        }
        let links = <[Link; 3]>::try_from(links).expect("internal: there are three approvals");
        Ok(Bundle { links })
    }
}

fn link(line: &[u8]) -> Result<Link, String> {
    let envelope = Envelope::from_json(&json(line)?).map_err(|error| error.to_string())?;
    let statement = Statement::from_json(json(&envelope.payload)?).map_err(|error| error.to_string())?;
    Ok(Link { envelope, statement })
}

fn json(bytes: &[u8]) -> Result<Value, String> {
    canonical::parse(bytes).map_err(|error| error.to_string())
}

/// Seals a Statement.
#[must_use]
pub fn seal(statement: Statement, signer: &super::envelope::Signer) -> Link {
    Link { envelope: Envelope::seal(statement.to_bytes(), signer), statement }
}
