//! A ledger as a branch of a git repository: each append is a commit, and the branch moves by compare-and-swap.
//!
//! A branch and not another reference, because branches can be protected. Git is called as a program, without the hooks of
//! the repository.

mod answer;

use std::any::Any;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use answer::Blobs;

use crate::ledger::part::Part;
use crate::ledger::store::{Batch, Store, StoreError, View, end_of_lines};
use crate::project::collect;
use crate::store::files::wait_for;
use crate::store::place::git_directory;

/// Beginning of the branches' names.
const BRANCHES: &str = "chimera-ledger";

/// What makes the builders of branches pass over a commit; each platform reads its own mark.
const SKIP: &str = "[skip ci] [skip netlify] [skip render]";

/// A branch that holds a ledger.
#[derive(Debug, Clone)]
pub struct GitStore {
    repository: PathBuf,
    environment: String,
    remote: Option<String>,
}

/// A commit of it.
struct GitView<'a> {
    store: &'a GitStore,
    commit: String,
}

fn failed(what: &str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("git cannot {what}: {reason}"))
}

impl GitStore {
    /// The branch of this environment in the repository itself, or in one of its remotes.
    #[must_use]
    pub fn new(repository: PathBuf, environment: &str, remote: Option<String>) -> GitStore {
        GitStore { repository, environment: environment.to_owned(), remote }
    }

    fn branch(&self) -> String {
        format!("refs/heads/{BRANCHES}/{}", self.environment)
    }

    /// Where we keep what we fetched, so that the next time only news are fetched.
    fn copy(&self) -> String {
        format!("refs/chimera/ledger/{}", self.environment)
    }

    fn git(&self) -> Command {
        let mut git = collect::git(&self.repository);
        git.args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
        git.env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .env("GIT_TERMINAL_PROMPT", "0");
        git
    }

    /// Runs git and returns what it prints, without the last line break.
    fn ask(&self, what: &str, arguments: &[&str]) -> Result<String, StoreError> {
        output(what, self.git().args(arguments), b"")
    }

    /// The commit that the branch points to.
    fn head(&self) -> Result<Option<String>, StoreError> {
        match &self.remote {
            Some(remote) => {
                let list = self.ask("list the remote's branches", &["ls-remote", remote, &self.branch()])?;
                Ok(list.split_whitespace().next().map(str::to_owned))
            }
            None => {
                let format = "--format=%(objectname)";
                let found = self.ask("read the branch", &["for-each-ref", format, &self.branch()])?;
                Ok((!found.is_empty()).then_some(found))
            }
        }
    }

    /// Brings a commit of the remote here.
    fn fetch(&self, remote: &str, commit: &str) -> Result<(), StoreError> {
        let is_here = |git: &mut Command| git.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if is_here(self.git().args(["cat-file", "-e", &format!("{commit}^{{tree}}")])) {
            return Ok(());
        }
        let options = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
        self.ask("fetch the ledger", &[&options[..], &[remote, &self.branch()]].concat())?;
        // Only a memory: when somebody else writes it at the same time, either is fine.
        let _ = self.ask("keep what was fetched", &["update-ref", &self.copy(), commit]);
        Ok(())
    }

    /// Makes the commit of a batch, to which nothing points yet.
    fn write_commit(&self, batch: &Batch) -> Result<String, StoreError> {
        let index = Index::new(&self.repository)?;
        if let Some(parent) = &batch.expected {
            output("read the tree", self.git().args(["read-tree", parent]).env("GIT_INDEX_FILE", &index.0), b"")?;
        }
        let mut lines = String::new();
        for (part, bytes) in self.files(batch)? {
            let blob = output("write a file", self.git().args(["hash-object", "-w", "--stdin"]), &bytes)?;
            lines.push_str(&format!("100644 {blob}\t{}\n", part.path()));
        }
        for tile in batch.replaced() {
            let nothing = "0".repeat(batch.expected.as_ref().map_or(40, String::len));
            lines.push_str(&format!("0 {nothing}\t{}\n", Part::Tile(tile).path()));
        }
        let mut update = self.git();
        update.args(["update-index", "--index-info"]).env("GIT_INDEX_FILE", &index.0);
        output("put the files together", &mut update, lines.as_bytes())?;
        let tree = output("write the tree", self.git().arg("write-tree").env("GIT_INDEX_FILE", &index.0), b"")?;
        let mut commit = self.git();
        commit.args(["commit-tree", "--no-gpg-sign", &tree]);
        commit.args(batch.expected.iter().flat_map(|parent| ["-p", parent]));
        for role in ["AUTHOR", "COMMITTER"] {
            commit
                .env(format!("GIT_{role}_NAME"), "chimeractl")
                .env(format!("GIT_{role}_EMAIL"), "chimeractl@localhost");
        }
        output("write the commit", &mut commit, self.message(batch).as_bytes())
    }

    fn message(&self, batch: &Batch) -> String {
        let (first, last) = (batch.first, batch.size() - 1);
        let topics: Vec<&str> = batch.entries.iter().take(8).map(|sealed| sealed.entry.topic.as_str()).collect();
        let which = if first == last { format!("entry {first}") } else { format!("entries {first} to {last}") };
        format!("{} ledger: {which}\n\n{}\n\n{SKIP}\n", self.environment, topics.join("\n"))
    }

    /// The files that the batch changes.
    fn files(&self, batch: &Batch) -> Result<Vec<(Part, Vec<u8>)>, StoreError> {
        let mut files = vec![(Part::Checkpoint, batch.note.to_bytes())];
        files.extend(batch.genesis.iter().map(|genesis| (Part::Genesis, genesis.clone())));
        files.extend(batch.tiles().into_iter().map(|(tile, bytes)| (Part::Tile(tile), bytes)));
        for addition in batch.additions() {
            let part = Part::Bundle(addition.bundle);
            let mut bytes = match &batch.expected {
                Some(commit) if addition.held > 0 => self.read(commit, &[part])?.remove(0).unwrap_or_default(),
                _ => Vec::new(),
            };
            let end = end_of_lines(&bytes, addition.held);
            bytes.truncate(end.ok_or_else(|| StoreError::Damaged(format!("\"{}\" is too short", part.path())))?);
            bytes.extend(addition.bytes);
            files.push((part, bytes));
        }
        Ok(files)
    }

    fn read(&self, commit: &str, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let names: String = parts.iter().map(|part| format!("{commit}:{}\n", part.path())).collect();
        let mut git = self.git();
        git.args(["cat-file", "--batch"]);
        let bytes = run("read the files", &mut git, names.as_bytes())?;
        let mut blobs = Blobs(&bytes);
        let read = |_| blobs.next().ok_or_else(|| failed("read the files", "its answer is cut off"));
        parts.iter().map(read).collect()
    }

    /// Moves the branch, if it still is where it was.
    fn swap(&self, new: &str, old: Option<&str>) -> Result<(), StoreError> {
        let (branch, old) = (self.branch(), old.unwrap_or_default());
        let result = match &self.remote {
            None => self.ask("move the branch", &["update-ref", &branch, new, old]),
            Some(remote) => {
                let lease = format!("--force-with-lease={branch}:{old}");
                let target = format!("{new}:{branch}");
                self.ask("push the ledger", &["push", "--quiet", "--no-verify", &lease, remote, &target])
            }
        };
        let Err(error) = result else { return Ok(()) };
        let message = error.to_string();
        // Two that lock the same reference at the same moment are told so in several ways.
        let lost = ["cannot lock ref", "stale info", "failed to update ref", "fetch first", "non-fast-forward"];
        let is_lost = lost.iter().any(|sign| message.contains(sign));
        Err(if is_lost || self.head()?.as_deref().unwrap_or_default() != old { StoreError::Conflict } else { error })
    }
}

impl Store for GitStore {
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError> {
        let Some(commit) = self.head()? else { return Ok(None) };
        if let Some(remote) = &self.remote {
            self.fetch(remote, &commit)?;
        }
        Ok(Some(Box::new(GitView { store: self, commit })))
    }

    /// Those who write through the same repository queue; others are found out by the swap.
    fn queue(&self) -> Result<Option<Box<dyn Any>>, StoreError> {
        let folder = git_directory(&self.repository).map_err(StoreError::Failed)?.join("chimera");
        wait_for(&folder.join(format!("{}.queue", self.environment)))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let commit = self.write_commit(batch)?;
        self.swap(&commit, batch.expected.as_deref())
    }
}

impl View for GitView<'_> {
    fn revision(&self) -> String {
        self.commit.clone()
    }

    fn read(&self, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.store.read(&self.commit, parts)
    }

    fn paths(&self) -> Result<Vec<String>, StoreError> {
        let list =
            self.store.ask("list the files", &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &self.commit])?;
        Ok(list.split_terminator('\0').map(str::to_owned).collect())
    }
}

/// An index of our own, which goes with us.
struct Index(PathBuf);

impl Index {
    fn new(repository: &Path) -> Result<Index, StoreError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = git_directory(repository).map_err(StoreError::Failed)?.join("chimera");
        let error = |error| failed("make room for an index", error);
        std::fs::create_dir_all(&folder).map_err(error)?;
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Ok(Index(folder.join(format!("index-{process}-{number}"))))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_file(self.0.with_extension("lock"));
    }
}

fn output(what: &str, git: &mut Command, input: &[u8]) -> Result<String, StoreError> {
    let bytes = run(what, git, input)?;
    let text = String::from_utf8(bytes).map_err(|_| failed(what, "its answer is not UTF-8"))?;
    Ok(text.trim_end_matches('\n').to_owned())
}

/// Runs git with this input; what it says when it fails is the error.
fn run(what: &str, git: &mut Command, input: &[u8]) -> Result<Vec<u8>, StoreError> {
    git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = git.spawn().map_err(|error| failed(what, error))?;
    let finished =
        feed(&mut child, input).and_then(|()| child.wait_with_output()).map_err(|error| failed(what, error))?;
    if finished.status.success() {
        return Ok(finished.stdout);
    }
    Err(failed(what, String::from_utf8_lossy(&finished.stderr).trim()))
}

/// Writes the input while somebody else may have to read the output: a thread of its own for long inputs.
fn feed(child: &mut Child, input: &[u8]) -> std::io::Result<()> {
    let Some(mut stdin) = child.stdin.take() else { return Ok(()) };
    // A pipe holds this much without a reader, on every system.
    if input.len() <= 4096 {
        let written = stdin.write_all(input);
        // A git that has seen enough says why when it ends.
        return written
            .or_else(|error| if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) });
    }
    let input = input.to_vec();
    std::thread::spawn(move || stdin.write_all(&input));
    Ok(())
}
