//! Where a run is recorded: every step in a file of its own, and its events in the ledger.
//!
//! The file is what a run that was cut off is taken up from; as long as the process lives it is locked. The ledger is what
//! everybody else sees: with each of a run's events go the records since the last one, so that a machine that never had the file can
//! take the run up as well.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::{CliError, ledger};
use crate::digest::Digest;
use crate::event::payload::{Payload, RunRecorded};
use crate::key::signing::SigningKey;
use crate::ledger::entry::{self, Draft, Entry, Run as WorkflowRun, Transition};
use crate::ledger::past;
use crate::ledger::secret::Scanner;
use crate::pipeline::journal::{Body, Journal, JournalError, Record};
use crate::pipeline::run::Run;
use crate::pipeline::transition::transition;
use crate::store::book::Book;
use crate::store::place;

use super::event;

/// Everything that the ledger needs to know besides the run.
pub(crate) struct Scribe<'a> {
    /// The ledger.
    pub(crate) book: &'a Book,
    /// The key that signs it.
    pub(crate) key: Option<&'a SigningKey>,
    /// Finds secrets.
    pub(crate) scanner: &'a Scanner,
    /// Who acts.
    pub(crate) actor: String,
    /// The run of a workflow.
    pub(crate) workflow: Option<WorkflowRun>,
}

impl Scribe<'_> {
    /// Appends events; each has a name, so that asking twice is like asking once.
    pub(crate) fn publish(&self, drafts: Vec<Draft>) -> Result<(), JournalError> {
        if drafts.is_empty() {
            return Ok(());
        }
        let published = self.book.publish(drafts, self.key, self.scanner);
        let published = published.map_err(|error| JournalError(error.to_string()))?;
        match published.held.first() {
            None => Ok(()),
            Some((_, held)) => Err(JournalError(format!("\"{}\": {}", held.event.topic, held.wrong.join("; ")))),
        }
    }

    /// An event of this run.
    pub(crate) fn draft(&self, topic: &str, key: &str, payload: serde_json::Value, name: &str) -> Draft {
        let digest = Digest::sha3(format!("{key} {topic} {name}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.as_bytes()[..16]);
        Draft {
            topic: topic.to_owned(),
            actor: self.actor.clone(),
            run: self.workflow,
            deploy_key: Some(key.to_owned()),
            state: None,
            payload: payload.as_object().cloned().unwrap_or_default(),
            nonce: entry::nonce(&bytes),
        }
    }
}

/// The record of one run.
pub(crate) struct Chronicle<'a> {
    scribe: &'a Scribe<'a>,
    file: File,
    /// How many records there are.
    count: usize,
    /// Those that the ledger does not have yet.
    owed: Vec<Record>,
    /// Whether the ledger knows that the run is over.
    is_over: bool,
    /// The run as its records tell it.
    run: Option<Run>,
}

/// The folder of the runs of an environment.
pub(crate) fn folder(root: &Path, environment: &str) -> Result<PathBuf, CliError> {
    let git = place::git_directory(root).map_err(CliError::unreadable)?;
    Ok(git.join("chimera").join("runs").join(environment))
}

fn cannot(path: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be written: {error}", path.display()))
}

impl<'a> Chronicle<'a> {
    /// The record of a run that begins, or goes on; none when another process of this machine drives it.
    ///
    /// `told` are the records that the ledger has. A file that does not begin with them is older than what another machine did.
    pub(crate) fn open(
        path: &Path,
        scribe: &'a Scribe<'a>,
        told: &[Record],
    ) -> Result<Option<(Chronicle<'a>, Vec<Record>)>, CliError> {
        let failed = |error: std::io::Error| cannot(path, &error);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        let mut file =
            File::options().create(true).truncate(false).read(true).write(true).open(path).map_err(failed)?;
        if fs4::FileExt::try_lock(&file).is_err() {
            return Ok(None);
        }
        let text = fs::read(path).map_err(failed)?;
        let (mut records, mut length) = read(&text);
        if !records.starts_with(told) {
            (records, length) = (told.to_vec(), 0);
        }
        // A line that was cut off is none.
        file.set_len(length as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        if length == 0 {
            file.write_all(&lines(&records)).and_then(|()| file.sync_data()).map_err(failed)?;
        }
        let mut chronicle = Chronicle { scribe, file, count: 0, owed: Vec::new(), is_over: false, run: None };
        for record in &records {
            chronicle.follow(record);
        }
        chronicle.count = records.len();
        chronicle.owed = records[told.len()..].to_vec();
        Ok(Some((chronicle, records)))
    }

    /// Brings the run to where it stood after this record.
    fn follow(&mut self, record: &Record) {
        match &record.body {
            Body::Begun { order } => self.run = Some(Run::new((**order).clone())),
            Body::Outcome { input } => self.run = self.run.take().map(|run| transition(run, input).0),
            Body::Intent { .. } | Body::Note { .. } => {}
        }
    }

    /// Whether the run is over with these records.
    fn is_over_after(&mut self, records: &[Record]) -> bool {
        let kept = self.run.clone();
        records.iter().for_each(|record| self.follow(record));
        let is_over = self.run.as_ref().is_some_and(|run| run.end().is_some());
        self.run = kept;
        is_over
    }

    fn drafts(&mut self, records: &[Record]) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let kept = self.run.clone();
        for (number, record) in records.iter().enumerate() {
            self.follow(record);
            let (Some(run), Body::Note { detail }) = (&self.run, &record.body) else { continue };
            let Some(payload) = event::payload(record.topic, detail.as_deref(), run) else { continue };
            let name = (self.count + number).to_string();
            let mut draft = self.scribe.draft(record.topic.name(), &record.deploy_key, payload, &name);
            draft.state = Some(Transition { from: record.from.clone(), to: record.to.clone() });
            drafts.push(draft);
        }
        self.run = kept;
        drafts
    }
}

/// Letters of records that go into one entry; JSON within JSON takes up to twice as much.
const MOST_LETTERS: usize = 24 << 10;

impl Chronicle<'_> {
    /// The records that the ledger does not have, as events.
    fn accounts(&self, records: &[Record], is_over: bool) -> Vec<Draft> {
        let Some(key) = self.run.as_ref().map(|run| run.order.deploy_key.clone()).or_else(|| key_of(records)) else {
            return Vec::new();
        };
        let all: Vec<&Record> = self.owed.iter().chain(records).collect();
        let texts: Vec<String> = all.iter().map(|record| serde_json::to_string(record).unwrap_or_default()).collect();
        let mut first = self.count - self.owed.len();
        let mut drafts = Vec::new();
        let mut at = 0;
        while at < texts.len() {
            let mut letters = 0;
            let fits = |text: &&String| {
                letters += text.len();
                letters <= MOST_LETTERS
            };
            let many = texts[at..].iter().take_while(fits).count().max(1);
            let over = is_over && at + many == texts.len();
            let payload = json!({"first": first, "records": texts[at..at + many], "over": over});
            drafts.push(self.scribe.draft(RunRecorded::TOPIC.name, &key, payload, &format!("{first} {many}")));
            (at, first) = (at + many, first + many);
        }
        drafts
    }
}

fn key_of(records: &[Record]) -> Option<String> {
    records.first().map(|record| record.deploy_key.clone())
}

/// The records of a run that a ledger has.
pub(crate) fn told(book: &Book, deploy_key: &str) -> Result<Vec<Record>, CliError> {
    let entries = ledger::look(book, |reader| {
        let found = book.index().find(reader, &past::recorded(deploy_key))?;
        found.map_or(Ok(Vec::new()), |(first, last)| reader.entries(first..last + 1))
    })?;
    let is_own =
        |entry: &Entry| entry.topic == RunRecorded::TOPIC.name && entry.deploy_key.as_deref() == Some(deploy_key);
    let mut records = Vec::new();
    for entry in entries.into_iter().flatten().filter(is_own) {
        let Ok(found) = serde_json::from_value::<RunRecorded>(Value::Object(entry.payload)) else { continue };
        let Ok(first) = usize::try_from(found.first) else { continue };
        // What was written twice, because its answer was lost, counts once.
        records.truncate(first);
        if records.len() == first {
            let read = found.records.iter().map_while(|text| serde_json::from_str(text).ok());
            records.extend(read);
        }
    }
    Ok(records)
}

fn lines(records: &[Record]) -> Vec<u8> {
    let line = |record: &Record| serde_json::to_string(record).map(|text| text + "\n").unwrap_or_default();
    records.iter().map(line).collect::<String>().into_bytes()
}

/// The records in a file, and how many bytes of it they are.
pub(crate) fn read(text: &[u8]) -> (Vec<Record>, usize) {
    let (mut records, mut length) = (Vec::new(), 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let Some(Ok(record)) = line.strip_suffix(b"\n").map(serde_json::from_slice) else { break };
        records.push(record);
        length += line.len();
    }
    (records, length)
}

impl Journal for Chronicle<'_> {
    fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        let mut drafts = self.drafts(records);
        let is_over = self.is_over_after(records);
        let is_told = !drafts.is_empty() || (is_over && !self.is_over);
        if is_told {
            drafts.extend(self.accounts(records, is_over));
            self.scribe.publish(drafts)?;
        }
        let text = lines(records);
        let before = self.file.stream_position();
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            if let Ok(before) = before {
                let _ = self.file.set_len(before).and_then(|()| self.file.seek(SeekFrom::End(0)));
            }
            return Err(JournalError(error.to_string()));
        }
        for record in records {
            self.follow(record);
        }
        self.count += records.len();
        if is_told {
            self.owed.clear();
            self.is_over = is_over;
        } else {
            self.owed.extend_from_slice(records);
        }
        Ok(())
    }
}
