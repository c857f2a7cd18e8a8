//! `ledger audit`: copies of checkpoints from elsewhere against the ledger.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Format, Which};
use crate::cli::{CliError, Exit, Outcome};
use crate::digest::Digest;
use crate::ledger::note::Checkpoint;
use crate::ledger::reader::Reader;

#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    /// Copies of checkpoints: files, or folders whose files are looked through (artifacts, summaries, another checkout)
    #[arg(required = true)]
    copies: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What a copy says about the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    /// It is a state that the ledger went through.
    Agrees,
    /// It is not: somebody rewrote one of the two.
    Contradicts,
    /// It is of more entries than the ledger has.
    Ahead,
}

impl Judgement {
    fn word(self) -> &'static str {
        match self {
            Judgement::Agrees => "agrees",
            Judgement::Contradicts => "CONTRADICTS",
            Judgement::Ahead => "AHEAD",
        }
    }
}

/// A file that is larger holds no checkpoint.
const MAX_BYTES: u64 = 4 << 20;

pub(super) fn run(which: &Which, arguments: &Audit) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let mut files = Vec::new();
    arguments.copies.iter().try_for_each(|path| collect(path, &mut files))?;
    let (mut rows, mut is_fine) = (Vec::new(), true);
    for path in files {
        let text = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
        for copy in checkpoints(&String::from_utf8_lossy(&text), &reader.genesis().origin) {
            let judgement = judge(&reader, &copy)?;
            is_fine &= judgement == Judgement::Agrees;
            rows.push((path.clone(), copy, judgement));
        }
    }
    if rows.is_empty() {
        let message = format!("no copy of a checkpoint of \"{}\" was found", reader.genesis().origin);
        return Err(CliError::unreadable(message));
    }
    let text = if arguments.format == Format::Json { to_json(&rows, is_fine) } else { human(&rows, &reader) };
    Ok((text, if is_fine { Exit::Clean } else { Exit::LedgerInconsistent }))
}

fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be read: {error}", path.display()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let found = std::fs::symlink_metadata(path).map_err(|error| unreadable(path, &error))?;
    if found.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?.flatten().map(|it| it.path()).collect();
        entries.sort();
        return entries.iter().try_for_each(|entry| collect(entry, files));
    }
    if found.is_file() && found.len() <= MAX_BYTES {
        files.push(path.to_owned());
    }
    Ok(())
}

/// The checkpoints of this ledger in a text, wherever they stand in it: a summary wraps them in other lines.
fn checkpoints(text: &str, origin: &str) -> Vec<Checkpoint> {
    let first = format!("{origin}+sha3-256");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let read = |lines: &[&str]| match lines {
        [head, size, root] if *head == first => Checkpoint::from_lines(origin, size, root),
        _ => None,
    };
    lines.windows(3).filter_map(read).collect()
}

fn judge(reader: &Reader<'_>, copy: &Checkpoint) -> Result<Judgement, CliError> {
    let found: Option<Digest> = reader.root_at(copy.size).map_err(super::store_error)?;
    Ok(match found {
        None => Judgement::Ahead,
        Some(root) if root == copy.root => Judgement::Agrees,
        Some(_) => Judgement::Contradicts,
    })
}

fn to_json(rows: &[(PathBuf, Checkpoint, Judgement)], is_fine: bool) -> String {
    let row = |(path, copy, judgement): &(PathBuf, Checkpoint, Judgement)| {
        let judgement = judgement.word().to_lowercase();
        json!({"file": path.display().to_string(), "size": copy.size, "root": copy.root.to_string(), "judgement": judgement})
    };
    let copies: Vec<Value> = rows.iter().map(row).collect();
    super::json(&json!({"schema_version": 1, "consistent": is_fine, "copies": copies}))
}

fn human(rows: &[(PathBuf, Checkpoint, Judgement)], reader: &Reader<'_>) -> String {
    let mut text = String::new();
    for (path, copy, judgement) in rows {
        let _ = writeln!(text, "{:<12} {} entries, {}", judgement.word(), copy.size, path.display());
    }
    let agreeing = rows.iter().filter(|(_, _, judgement)| *judgement == Judgement::Agrees).count();
    let _ = writeln!(text, "{agreeing} of {} copies agree with the ledger of {} entries", rows.len(), reader.size());
    text
}
