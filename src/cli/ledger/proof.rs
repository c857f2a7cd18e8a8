//! `ledger prove` and `ledger consistency`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha3::Sha3_256;

use super::{Format, Which};
use crate::cli::{CliError, Exit, Outcome};
use crate::digest::Digest;
use crate::ledger::entry::Entry;
use crate::ledger::merkle;
use crate::ledger::note::Note;

#[derive(Debug, clap::Args)]
pub(super) struct Prove {
    /// Number of the entry
    #[arg(required_unless_present = "check")]
    seq: Option<u64>,
    /// Where the proof goes; without it, to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Check a proof instead of making one; this needs no ledger
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seq", "out"])]
    check: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Consistency {
    /// An older state: its size, or a file with its checkpoint
    #[arg(value_name = "SIZE|FILE")]
    old: String,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Everything that shows that an entry is in a ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    schema_version: u32,
    /// The checkpoint, as it is stored.
    checkpoint: String,
    /// Number of the entry.
    index: u64,
    /// The entry, as it is stored.
    entry: String,
    /// Base64 of the hashes, from the leaf to the root.
    proof: Vec<String>,
}

pub(super) fn prove(which: &Which, arguments: &Prove) -> Outcome {
    if let Some(path) = &arguments.check {
        return check(path);
    }
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let seq = arguments.seq.unwrap_or_default();
    let hashes = reader.inclusion(seq).map_err(super::store_error)?;
    let hashes = hashes.ok_or_else(|| super::read::no_entry(seq, reader.size()))?;
    let line = reader.lines(seq..seq + 1).map_err(super::store_error)?.into_iter().next().unwrap_or_default();
    if !merkle::proves_inclusion::<Sha3_256>(
        &merkle::leaf::<Sha3_256>(&line),
        seq,
        reader.size(),
        &reader.root(),
        &hashes,
    ) {
        return Err(super::inconsistent(format!("entry {seq} does not lead to the root of the checkpoint")));
    }
    let proof = Proof {
        schema_version: 1,
        checkpoint: String::from_utf8_lossy(&reader.note().to_bytes()).into_owned(),
        index: seq,
        entry: String::from_utf8_lossy(&line).into_owned(),
        proof: hashes.iter().map(|hash| STANDARD.encode(hash.as_bytes())).collect(),
    };
    let text = super::json(&json!(proof));
    match &arguments.out {
        None => Ok((text, Exit::Clean)),
        Some(path) => {
            let failed = |error| CliError::unreadable(format!("\"{}\" cannot be written: {error}", path.display()));
            std::fs::write(path, text).map_err(failed)?;
            Ok((
                format!("entry {seq} of {}: {} hashes, in {}\n", reader.size(), hashes.len(), path.display()),
                Exit::Clean,
            ))
        }
    }
}

/// Checks a proof against its own checkpoint.
fn check(path: &Path) -> Outcome {
    let name = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| CliError::unreadable(format!("\"{name}\" cannot be read: {error}")))?;
    let wrong = |error: String| CliError::usage(format!("\"{name}\" is no proof: {error}"));
    let proof: Proof = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let note = Note::parse(proof.checkpoint.as_bytes()).map_err(|error| wrong(error.to_string()))?;
    let entry = Entry::parse(proof.entry.as_bytes()).map_err(|error| wrong(error.to_string()))?;
    let hash = |text: &String| STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).map(Digest);
    let hashes: Option<Vec<Digest>> = proof.proof.iter().map(hash).collect();
    let hashes = hashes.ok_or_else(|| wrong("a hash does not have 32 bytes".to_owned()))?;
    let leaf = merkle::leaf::<Sha3_256>(proof.entry.as_bytes());
    let (size, root) = (note.checkpoint.size, &note.checkpoint.root);
    let holds =
        entry.seq == proof.index && merkle::proves_inclusion::<Sha3_256>(&leaf, proof.index, size, root, &hashes);
    if !holds {
        return Err(super::inconsistent(format!(
            "\"{name}\": the entry is not in the ledger that the checkpoint states"
        )));
    }
    let origin = &note.checkpoint.origin;
    let text = format!(
        "holds: entry {} ({}) is in the ledger of {origin} with {size} entries\n  root {root} (SHA3-256); compare it \
         with a checkpoint that you trust\n",
        proof.index, entry.topic
    );
    Ok((text, Exit::Clean))
}

pub(super) fn consistency(which: &Which, arguments: &Consistency) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let (size, root) = (reader.size(), reader.root());
    let (old, claimed) = match arguments.old.parse::<u64>() {
        Ok(old) => (old, None),
        Err(_) => {
            let checkpoint = super::verify::checkpoint(Path::new(&arguments.old))?;
            if checkpoint.origin != reader.genesis().origin {
                return Err(CliError::usage(format!(
                    "\"{}\" is a checkpoint of \"{}\"",
                    arguments.old, checkpoint.origin
                )));
            }
            (checkpoint.size, Some(checkpoint.root))
        }
    };
    let hashes = reader.consistency(old).map_err(super::store_error)?;
    let Some(hashes) = hashes else {
        let message = format!("a ledger of {old} entries cannot be the beginning of one of {size}");
        return Err(if claimed.is_some() && old > size {
            super::inconsistent(message)
        } else {
            CliError::usage(message)
        });
    };
    let found = reader.root_at(old).map_err(super::store_error)?.unwrap_or(root);
    let before = claimed.unwrap_or(found);
    if !merkle::proves_consistency::<Sha3_256>((old, &before), (size, &root), &hashes) {
        return Err(super::inconsistent(format!("the first {old} entries are not those of the older checkpoint")));
    }
    let text = match arguments.format {
        Format::Human => format!("consistent: the ledger of {old} entries is the beginning of that of {size}\n"),
        Format::Json => {
            let hashes: Vec<String> = hashes.iter().map(|hash| STANDARD.encode(hash.as_bytes())).collect();
            let of = |size: u64, root: &Digest| json!({"size": size, "root": root.to_string()});
            super::json(&json!({"schema_version": 1, "old": of(old, &before), "new": of(size, &root), "proof": hashes}))
        }
    };
    Ok((text, Exit::Clean))
}
