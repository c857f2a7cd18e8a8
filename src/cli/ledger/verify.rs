//! `ledger verify`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Format, Which};
use crate::cli::{CliError, Exit, Outcome};
use crate::key::public::{EXTENSION, FOLDER, PublicKey, VerifyingKey};
use crate::ledger::note::{Checkpoint, Note};
use crate::ledger::verify::{Signature, Trust, Verification, verify};
use crate::store::retry;

#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// A checkpoint that was seen before or elsewhere; the ledger must continue it
    #[arg(long, value_name = "FILE")]
    known: Vec<PathBuf>,
    /// Folder with trusted public keys; without it .chimera/keys of the repository
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// Fail when nobody trusted has signed the checkpoint
    #[arg(long)]
    signed: bool,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(which: &Which, arguments: &Verify) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let mut known = arguments.known.iter().map(|path| checkpoint(path)).collect::<Result<Vec<_>, _>>()?;
    known.extend(book.seen().map_err(super::error)?);
    let keys = keys(&arguments.keys.clone().unwrap_or_else(|| which.root().join(FOLDER)))?;
    let trust = Trust { origin: Some(&book.origin), now: retry::now(), keys: &keys, known: &known };
    let found = verify(&*view, &trust).map_err(super::store_error)?;
    drop(view);
    if let Some(checkpoint) = found.checkpoint.as_ref().filter(|_| found.holds()) {
        book.remember(checkpoint).map_err(super::error)?;
    }
    let is_fine = found.holds() && !(arguments.signed && found.signature == Signature::None);
    let text = match arguments.format {
        Format::Json => super::json(&to_json(&found, is_fine)),
        Format::Human => human(&found, &book.origin, arguments.signed),
    };
    Ok((text, if is_fine { Exit::Clean } else { Exit::LedgerInconsistent }))
}

/// Reads a checkpoint from a file.
pub(super) fn checkpoint(path: &Path) -> Result<Checkpoint, CliError> {
    let name = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| CliError::unreadable(format!("\"{name}\" cannot be read: {error}")))?;
    let note = Note::parse(&bytes).map_err(|error| CliError::usage(format!("\"{name}\": {error}")))?;
    Ok(note.checkpoint)
}

/// The public keys in a folder; none when there is no folder.
fn keys(folder: &Path) -> Result<Vec<VerifyingKey>, CliError> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == EXTENSION));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
        let key = text.and_then(|text| PublicKey::parse(&text).map_err(|error| error.to_string()));
        key.map(|public| public.key).map_err(|error| CliError::usage(format!("\"{}\": {error}", path.display())))
    };
    paths.iter().map(read).collect()
}

fn to_json(found: &Verification, is_fine: bool) -> Value {
    let problems: Vec<Value> =
        found.problems.iter().map(|problem| json!({"name": problem.name(), "message": problem.to_string()})).collect();
    let notices: Vec<String> = found.notices.iter().map(ToString::to_string).collect();
    let signed_by = match found.signature {
        Signature::By(key) => Some(key.to_string()),
        Signature::None => None,
    };
    let checkpoint = found.checkpoint.as_ref();
    json!({
        "consistent": is_fine,
        "origin": checkpoint.map(|checkpoint| &checkpoint.origin),
        "size": checkpoint.map(|checkpoint| checkpoint.size),
        "root": checkpoint.map(|checkpoint| checkpoint.root.to_string()),
        "signed_by": signed_by,
        "problems": problems,
        "notices": notices,
    })
}

fn human(found: &Verification, origin: &str, must_be_signed: bool) -> String {
    let mut text = String::new();
    for problem in &found.problems {
        let _ = writeln!(text, "error[{}]: {problem}", problem.name());
    }
    for notice in &found.notices {
        let _ = writeln!(text, "note: {notice}");
    }
    let (size, root) = found.checkpoint.as_ref().map_or((0, String::new()), |it| (it.size, it.root.to_string()));
    let signature = match found.signature {
        Signature::By(key) => format!("signed by {key}"),
        Signature::None if must_be_signed => "unsigned, but --signed asks for a signature".to_owned(),
        Signature::None => "unsigned: it shows accidents, not a forger who can write here".to_owned(),
    };
    let verdict = if found.holds() { "consistent" } else { "INCONSISTENT" };
    let _ = writeln!(text, "{verdict}: {origin}, {size} entries");
    let _ = writeln!(text, "  root {root} (SHA3-256)");
    let _ = writeln!(text, "  {signature}");
    text
}
