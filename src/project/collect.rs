//! Reads a repository from disk: git's index where there is one, else the folder itself.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::git_index::{self, Index, Listed, Part};
use super::snapshot::{Contents, Entry, Mode, Oddity, Origin, ReadError, Snapshot};

/// Why a repository cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The path does not exist.
    #[error("\"{}\" does not exist", .0.display())]
    Missing(PathBuf),
    /// The path is not a folder.
    #[error("\"{}\" is not a directory; name the repository's root folder", .0.display())]
    NotADirectory(PathBuf),
    /// The path cannot be read.
    #[error("\"{}\" cannot be read: {}", .0.display(), .1)]
    Unreadable(PathBuf, std::io::Error),
    /// Git does not give the index.
    #[error("git cannot list the tracked files of \"{}\": {}", .0.display(), .1)]
    Git(PathBuf, String),
}

/// Which files of a folder count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What git tracks; outside git, or where git tracks nothing, what no ignore file excludes.
    Tracked,
    /// Everything on disk except `.git`, as an engine sees a prepared folder.
    Everything,
}

/// Takes a snapshot of the repository (or the part of one) at `root`.
///
/// # Errors
/// When the folder or git's index cannot be read.
pub fn collect(root: &Path, scope: Scope) -> Result<Snapshot, CollectError> {
    let metadata = std::fs::metadata(root).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => CollectError::Missing(root.to_owned()),
        _ => CollectError::Unreadable(root.to_owned(), error),
    })?;
    if !metadata.is_dir() {
        return Err(CollectError::NotADirectory(root.to_owned()));
    }
    if scope == Scope::Tracked && repository_of(root).is_some() {
        let snapshot = from_index(root)?;
        if !snapshot.entries().is_empty() || root.join(".git").exists() {
            return Ok(snapshot);
        }
    }
    from_folder(root, scope)
}

/// The top folder of the git work tree that holds `path`, if it is in one.
#[must_use]
pub fn repository_of(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// Names that people forget to add: their absence from git is worth a word.
const CONFIGURATION_NAMES: [&str; 3] = ["netlify.toml", "_redirects", "_headers"];

fn from_index(root: &Path) -> Result<Snapshot, CollectError> {
    let mut listing = Listing::default();
    if index_read(root, &mut listing).is_none() {
        listing = Listing::default();
        index_listed(root, &mut listing)?;
    }
    let Listing { entries, mut oddities, is_damaged } = listing;
    if is_damaged {
        return Err(CollectError::Git(root.to_owned(), "its index is damaged".to_owned()));
    }
    let untracked = CONFIGURATION_NAMES.iter().filter(|name| {
        root.join(name).is_file() && entries.binary_search_by(|entry| (*entry.path).cmp(**name)).is_err()
    });
    oddities.extend(untracked.map(|name| Oddity::Untracked((*name).to_owned())));
    Ok(Snapshot::new(entries, Origin::GitIndex, oddities, Arc::new(Disk { root: root.to_owned(), has_index: true })))
}

/// Variables that point git to another place than the folder it is asked about.
const DETOURS: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];

/// Lists the index without git, where nothing about the repository is out of the ordinary.
fn index_read(root: &Path, listing: &mut Listing) -> Option<()> {
    let place = root.join(".git");
    let is_plain = place.join("HEAD").is_file() && place.join("objects").is_dir() && place.join("refs").is_dir();
    if !is_plain || DETOURS.iter().any(|name| std::env::var_os(name).is_some()) {
        return None;
    }
    let settings = std::fs::read(place.join("config")).ok()?.to_ascii_lowercase();
    let changes_all = [&b"[extensions"[..], b"[include", b"worktree", b"bare = true", b"bare=true"];
    if changes_all.iter().any(|word| memchr::memmem::find(&settings, word).is_some()) {
        return None;
    }
    let bytes = std::fs::read(place.join("index")).ok()?;
    let index = Index::open(&bytes)?;
    let cores = std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
    let parts = if index.count() < MANY { None } else { index.parts(cores.min(MOST_PARTS)) };
    let Some(parts) = parts.filter(|parts| parts.len() > 1) else {
        return git_index::read(&bytes, |listed| listing.add(listed));
    };
    let read = |at: usize, part: &Part| {
        // The first part has room for all of them, and nothing need be moved but the others.
        let room = if at == 0 { index.count() } else { part.count() };
        let mut listing = Listing { entries: Vec::with_capacity(room as usize), ..Listing::default() };
        index.read_part(part, |listed| listing.add(listed)).map(|_| listing)
    };
    let read = &read;
    let listings: Option<Vec<Listing>> = std::thread::scope(|scope| {
        let running: Vec<_> = parts.iter().enumerate().map(|(at, part)| scope.spawn(move || read(at, part))).collect();
        running.into_iter().map(|one| one.join().ok().flatten()).collect()
    });
    listings?.into_iter().for_each(|part| listing.append(part));
    Some(())
}

/// Entries from which on an index is read in several parts.
const MANY: u32 = 20_000;
const MOST_PARTS: u32 = 8;

/// Lists the index through git.
fn index_listed(root: &Path, listing: &mut Listing) -> Result<(), CollectError> {
    let failed = |reason: String| CollectError::Git(root.to_owned(), reason);
    let unusable = |error: std::io::Error| failed(format!("{error}; is git installed?"));
    let mut list = git(root);
    list.args(["ls-files", "-s", "-z"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = list.spawn().map_err(unusable)?;
    // Records are read while git is still writing further ones.
    if let Some(stdout) = child.stdout.take() {
        let mut stdout = BufReader::with_capacity(1 << 16, stdout);
        let mut record = Vec::new();
        while stdout.read_until(0, &mut record).map_err(unusable)? > 0 {
            record.pop_if(|last| *last == 0);
            match listed(&record) {
                Some(listed) => listing.add(listed),
                None => listing.is_damaged = true,
            }
            record.clear();
        }
    }
    let output = child.wait_with_output().map_err(unusable)?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// Git with nothing of the repository's configuration that could run a program.
pub(crate) fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.args(["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C"]).arg(root);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null());
    // Keys are ours alone.
    command.env_remove("CHIMERA_SIGNING_KEY").env_remove("CHIMERA_HMAC_KEY");
    command
}

/// What git knows about the remote called `origin`: its address, and its default branch as of the last clone or
/// `git remote set-head`.
#[must_use]
pub fn remote(root: &Path) -> (Option<String>, Option<String>) {
    if !root.join(".git").exists() {
        return (None, None);
    }
    let line = |args: &[&str]| {
        let output =
            git(root).args(args).stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let head = line(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
    let branch = head.and_then(|head| head.strip_prefix("origin/").map(str::to_owned));
    (line(&["config", "--get", "remote.origin.url"]), branch)
}

/// Reads `MODE SP OID SP STAGE TAB PATH`.
fn listed(record: &[u8]) -> Option<Listed<'_>> {
    let tab = memchr::memchr(b'\t', record)?;
    let mode = std::str::from_utf8(record.get(..6)?).ok()?;
    let stage = record.get(tab.checked_sub(1)?)?.checked_sub(b'0')?;
    Some(Listed { mode: u32::from_str_radix(mode, 8).ok()?, stage, path: &record[tab + 1..] })
}

/// What the index holds.
#[derive(Default)]
struct Listing {
    entries: Vec<Entry>,
    oddities: Vec<Oddity>,
    /// An entry that git never writes; git itself lists such an index without a word.
    is_damaged: bool,
}

impl Listing {
    /// Adds what comes behind; the sides of an unmerged path may stand in both.
    fn append(&mut self, mut part: Listing) {
        if self.entries.is_empty() && self.oddities.is_empty() && !self.is_damaged {
            return *self = part;
        }
        let is_known = |entry: &Entry| self.entries.last().is_some_and(|last| last.path == entry.path);
        let known = part.entries.iter().take_while(|entry| is_known(entry)).count();
        // Whatever is odd about it was said with its first side.
        for entry in part.entries.iter().take(known) {
            part.oddities.retain(
                |oddity| !matches!(oddity, Oddity::Unmerged(path) | Oddity::NotUtf8(path) if **path == *entry.path),
            );
        }
        self.entries.extend(part.entries.drain(known..));
        self.oddities.append(&mut part.oddities);
        self.is_damaged |= part.is_damaged;
    }

    /// Adds an entry; further stages of an unmerged path are one file.
    fn add(&mut self, listed: Listed<'_>) {
        let path = match std::str::from_utf8(listed.path) {
            Ok(path) => Cow::Borrowed(path),
            Err(_) => {
                let shown = String::from_utf8_lossy(listed.path);
                self.oddities.push(Oddity::NotUtf8(shown.clone().into_owned()));
                shown
            }
        };
        if self.entries.last().is_some_and(|last| *last.path == *path) {
            return;
        }
        if listed.stage != 0 {
            self.oddities.push(Oddity::Unmerged(path.clone().into_owned()));
        }
        let mode = match listed.mode {
            0o120_000 => Mode::Symlink,
            0o160_000 => Mode::Submodule,
            0o100_755 => Mode::Executable,
            mode if mode >> 9 == 0o100 => Mode::File,
            _ => return self.is_damaged = true,
        };
        // The folder that was looked at with the last path need not be looked at again.
        let known = self.entries.last().map_or("", |last| super::path::split(&last.path).0);
        let rest = super::path::strip(&path, known).unwrap_or(&path);
        self.is_damaged |= has_impossible_part(rest.as_bytes());
        self.entries.push(Entry::lazy(&*path, mode));
    }
}

/// Whether a part of the path is empty, `.` or `..`; asked of every file, so only what stands behind a slash is looked at.
fn has_impossible_part(path: &[u8]) -> bool {
    let begins_badly = |part: &[u8]| {
        matches!(part, [] | [b'/', ..] | [b'.'] | [b'.', b'/', ..] | [b'.', b'.'] | [b'.', b'.', b'/', ..])
    };
    let may_begin_badly = |pair: &[u8]| pair[0] == b'/' && matches!(pair[1], b'/' | b'.');
    let is_bad = |slash: usize| begins_badly(&path[slash + 1..]);
    begins_badly(path)
        || path.last() == Some(&b'/')
        || path.windows(2).enumerate().any(|(slash, pair)| may_begin_badly(pair) && is_bad(slash))
}

fn from_folder(root: &Path, scope: Scope) -> Result<Snapshot, CollectError> {
    let mut builder = ignore::WalkBuilder::new(root);
    builder.standard_filters(false).follow_links(false);
    if scope == Scope::Tracked {
        builder.git_ignore(true).require_git(false);
    }
    builder.filter_entry(move |entry| {
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_dependencies = scope == Scope::Tracked && entry.file_name() == "node_modules";
        entry.depth() == 0 || !(entry.file_name() == ".git" || is_dir && is_dependencies)
    });
    let mut oddities = Vec::new();
    let mut entries = Vec::new();
    for found in builder.build() {
        match found {
            Ok(found) if found.depth() == 0 => {}
            Ok(found) => entries.extend(folder_entry(root, &found, &mut oddities)),
            Err(error) if entries.is_empty() && error.depth() == Some(0) => {
                let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("cannot be listed"));
                return Err(CollectError::Unreadable(root.to_owned(), error));
            }
            Err(error) => oddities.push(Oddity::Unreadable(String::new(), strip_root(&error.to_string(), root))),
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    drop_filled_folders(&mut entries);
    Ok(Snapshot::new(entries, Origin::Folder, oddities, Arc::new(Disk { root: root.to_owned(), has_index: false })))
}

fn strip_root(message: &str, root: &Path) -> String {
    message.replace(&format!("{}/", root.display()), "")
}

fn folder_entry(root: &Path, found: &ignore::DirEntry, oddities: &mut Vec<Oddity>) -> Option<Entry> {
    let relative = found.path().strip_prefix(root).ok()?;
    let path = relative.to_str().map_or_else(
        || {
            let shown = relative.to_string_lossy().into_owned();
            oddities.push(Oddity::NotUtf8(shown.clone()));
            shown
        },
        str::to_owned,
    );
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path };
    let kind = found.file_type()?;
    let mode = if kind.is_symlink() {
        Mode::Symlink
    } else if kind.is_dir() {
        Mode::Directory
    } else if kind.is_file() {
        if is_executable(found) { Mode::Executable } else { Mode::File }
    } else {
        return None;
    };
    Some(Entry::lazy(path, mode))
}

/// Whether git would record the executable bit.
#[cfg(unix)]
fn is_executable(found: &ignore::DirEntry) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.metadata().is_ok_and(|data| data.permissions().mode() & 0o100 != 0)
}

/// Other systems have no such bit.
#[cfg(not(unix))]
fn is_executable(_: &ignore::DirEntry) -> bool {
    false
}

/// Folders are known through their files; only empty ones need an entry.
fn drop_filled_folders(entries: &mut Vec<Entry>) {
    let filled: std::collections::HashSet<String> =
        entries.iter().filter_map(|entry| super::path::parent(&entry.path)).map(str::to_owned).collect();
    entries.retain(|entry| entry.mode != Mode::Directory || !filled.contains(&*entry.path));
}

/// Contents on disk; what is tracked but gone from the work tree comes out of git.
struct Disk {
    root: PathBuf,
    has_index: bool,
}

impl Contents for Disk {
    fn read(&self, path: &str, mode: Mode) -> Result<Vec<u8>, ReadError> {
        let place = self.root.join(path);
        let refused = |error: std::io::Error| ReadError::Refused(error.to_string());
        let found = match mode {
            Mode::Symlink => {
                std::fs::read_link(&place).map(|target| target.to_string_lossy().into_owned().into_bytes())
            }
            Mode::Directory | Mode::Submodule => return Err(ReadError::Directory),
            Mode::File | Mode::Executable => read_regular(&place),
        };
        match found {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.has_index => self.staged(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(ReadError::Missing),
            other => other.map_err(refused),
        }
    }
}

/// Opens whatever is there without waiting for anybody, as the opening of a pipe does for who writes into it.
#[cfg(unix)]
fn open_at_once(place: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(place)
}

/// Other systems have no such files.
#[cfg(not(unix))]
fn open_at_once(place: &Path) -> std::io::Result<std::fs::File> {
    if !std::fs::metadata(place)?.is_file() {
        return Err(std::io::Error::other("tracked as a file, but something else is in its place on disk"));
    }
    std::fs::File::open(place)
}

/// Reads a regular file: a pipe in its place would block for ever, and a device has no end.
fn read_regular(place: &Path) -> std::io::Result<Vec<u8>> {
    thread_local! {
        static FIRST: RefCell<Vec<u8>> = RefCell::new(vec![0; 1 << 15]);
    }
    let mut file = open_at_once(place)?;
    let (mut bytes, is_whole) = FIRST.with_borrow_mut(|first| match file.read(first) {
        // A read that does not fill the room has met the end of the file, and most do so.
        Ok(length) if length > 0 => (first[..length].to_vec(), length < first.len()),
        _ => (Vec::new(), false),
    });
    if !is_whole {
        if !file.metadata()?.is_file() {
            return Err(std::io::Error::other("tracked as a file, but something else is in its place on disk"));
        }
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

impl Disk {
    fn staged(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let output = git(&self.root).args(["cat-file", "blob", &format!(":./{path}")]).output();
        match output {
            Ok(output) if output.status.success() => Ok(output.stdout),
            // A name that is not UTF-8 has lost bytes, which a notice tells.
            _ if path.contains('\u{fffd}') => Err(ReadError::Missing),
            // Git tracks it, so it is no missing file but one that cannot be had.
            _ => Err(ReadError::Refused("gone from disk, and git has no copy of its content".to_owned())),
        }
    }
}
