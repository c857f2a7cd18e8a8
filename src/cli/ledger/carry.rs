//! `ledger export` and `ledger import`: a ledger out of its store, events from elsewhere into it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Format, Which, write};
use crate::cli::{CliError, Exit, Outcome, secret};
use crate::ledger::entry::{Draft, Entry};
use crate::ledger::part::Part;
use crate::ledger::reader::Reader;
use crate::text::canonical;

/// Parts that are copied at a time.
const AT_A_TIME: usize = 64;

/// Entries that are read at a time.
const ENTRIES_AT_A_TIME: u64 = 4096;

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Folder to write to; it must be empty or not exist
    folder: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// File with one event a line: a fragment that a run without rights left behind, or entries of another ledger
    file: PathBuf,
    #[command(flatten)]
    key: secret::Source,
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn export(which: &Which, arguments: &Export) -> Outcome {
    let book = which.open()?;
    let view = super::view(&book)?;
    let reader = super::reader(&*view)?;
    let folder = &arguments.folder;
    let is_empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty {
        return Err(CliError::usage(format!("\"{}\" is not empty", folder.display())));
    }
    let size = reader.size();
    let paths = view.paths().map_err(super::store_error)?;
    let parts: Vec<Part> =
        paths.iter().filter_map(|path| Part::parse(path)).filter(|part| part.belongs(size)).collect();
    for chunk in parts.chunks(AT_A_TIME) {
        for (part, bytes) in chunk.iter().zip(view.read(chunk).map_err(super::store_error)?) {
            let missing = || super::inconsistent(format!("\"{}\" is missing", part.path()));
            let mut bytes = bytes.ok_or_else(missing)?;
            if let Part::Bundle(index) = part {
                // What an append that was cut off left behind is no part of the ledger.
                let lines = (size - index * crate::ledger::part::BUNDLE).min(crate::ledger::part::BUNDLE) as usize;
                bytes.truncate(crate::ledger::store::end_of_lines(&bytes, lines).unwrap_or(bytes.len()));
            }
            save(&folder.join(part.path()), &bytes)?;
        }
    }
    let text = format!(
        "{size} entries of {} in {}\n  verify them there: chimeractl ledger verify --store folder:{}\n",
        reader.genesis().origin,
        folder.display(),
        folder.display()
    );
    Ok((text, Exit::Clean))
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, bytes));
    written.map_err(|error| CliError::unreadable(format!("\"{}\" cannot be written: {error}", path.display())))
}

pub(super) fn import(which: &Which, arguments: &Import) -> Outcome {
    let name = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| CliError::unreadable(format!("\"{name}\" cannot be read: {error}")))?;
    let mut drafts = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let draft =
            draft(line).map_err(|error| CliError::usage(format!("\"{name}\", line {}: {error}", number + 1)))?;
        drafts.push(draft);
    }
    let book = which.open()?;
    let before = drafts.len();
    if let Some(view) = book.store().view().map_err(super::store_error)? {
        let known = known(&super::reader(&*view)?)?;
        drafts.retain(|draft| !known.contains(&name_of(&draft.nonce, &draft.topic, draft.deploy_key.as_deref())));
    }
    let skipped = before - drafts.len();
    let key = arguments.key.signing_key()?;
    let mut published = book.publish(drafts, key.as_ref(), &super::scanner()).map_err(super::error)?;
    published.appended.known += skipped;
    let exit = if published.held.is_empty() { Exit::Clean } else { Exit::Findings };
    Ok((
        if arguments.format == Format::Json {
            super::json(&write::to_json(&published))
        } else {
            write::human(&published)
        },
        exit,
    ))
}

/// A line is an event or an entry; of an entry only the event counts, its place is another one here.
fn draft(line: &str) -> Result<Draft, String> {
    let value = canonical::parse(line.as_bytes()).map_err(|error| error.to_string())?;
    if value.get("prev").is_none() {
        return serde_json::from_value(value).map_err(|error| error.to_string());
    }
    let entry: Entry = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let Entry { topic, actor, run, deploy_key, state, payload, nonce, .. } = entry;
    Ok(Draft { topic, actor, run, deploy_key, state, payload, nonce })
}

fn name_of(nonce: &str, topic: &str, key: Option<&str>) -> String {
    format!("{nonce}\n{topic}\n{}", key.unwrap_or_default())
}

/// The names of all events of the ledger.
fn known(reader: &Reader<'_>) -> Result<HashSet<String>, CliError> {
    let mut known = HashSet::new();
    let mut at = 0;
    while at < reader.size() {
        let entries = reader.entries(at..at + ENTRIES_AT_A_TIME).map_err(super::store_error)?;
        known.extend(entries.iter().map(|it| name_of(&it.nonce, &it.topic, it.deploy_key.as_deref())));
        at += ENTRIES_AT_A_TIME;
    }
    Ok(known)
}
