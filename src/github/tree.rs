//! The files of a commit, read over the API: names and modes at once, contents when they are asked for.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::project::path;
use crate::project::snapshot::{Contents, Entry, Mode, Origin, ReadError, Snapshot};

use super::client::{Client, segment};
use super::error::GitHubError;

/// Files that are read at most; every one is a request.
const MOST_FILES: usize = 400;
/// Bytes of a file that is asked for; GitHub hands out no larger ones than 100 MB.
const MOST_BYTES: u64 = 20_000_000;

const WHAT: &str = "read the files of the commit";

#[derive(Deserialize)]
struct Listing {
    tree: Vec<Item>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Item {
    path: String,
    mode: String,
    sha: String,
    size: Option<u64>,
}

#[derive(Deserialize)]
struct Blob {
    content: String,
    encoding: String,
}

/// The tree of a commit.
pub struct Tree {
    items: Vec<Item>,
    reader: Arc<Reader>,
}

struct Reader {
    client: Arc<Client>,
    left: AtomicUsize,
}

/// The files of one folder.
struct Files {
    reader: Arc<Reader>,
    /// Digest and size of every file, by path.
    blobs: HashMap<String, (String, u64)>,
}

impl Client {
    /// The tree of a commit, with all folders.
    ///
    /// # Errors
    /// When GitHub does not list it, or not all of it.
    pub fn tree(self: &Arc<Client>, commit: &str) -> Result<Tree, GitHubError> {
        let route = self.route(&format!("git/trees/{}?recursive=1", segment(commit)));
        let listing: Listing = self.get(WHAT, route)?;
        if listing.truncated {
            let reason = "it lists only a part of so large a repository; check it out instead".to_owned();
            return Err(GitHubError::Nonsense { what: "a question for all files".to_owned(), reason });
        }
        let reader = Reader { client: Arc::clone(self), left: AtomicUsize::new(MOST_FILES) };
        Ok(Tree { items: listing.tree, reader: Arc::new(reader) })
    }
}

impl Tree {
    /// The files of a folder (`""` for all); nothing when there is no such folder.
    #[must_use]
    pub fn folder(&self, folder: &str) -> Option<Snapshot> {
        let mut entries = Vec::new();
        let mut blobs = HashMap::new();
        for item in &self.items {
            let below = if folder.is_empty() { Some(item.path.as_str()) } else { path::strip(&item.path, folder) };
            let Some(below) = below.filter(|below| !below.is_empty()) else { continue };
            let Some(mode) = mode(&item.mode) else { continue };
            entries.push(Entry::lazy(below, mode));
            blobs.insert(below.to_owned(), (item.sha.clone(), item.size.unwrap_or_default()));
        }
        if entries.is_empty() && !folder.is_empty() {
            return None;
        }
        let files = Files { reader: Arc::clone(&self.reader), blobs };
        Some(Snapshot::new(entries, Origin::GitIndex, Vec::new(), Arc::new(files)))
    }
}

/// What git's mode says; a folder is known through its files.
fn mode(text: &str) -> Option<Mode> {
    match text {
        "100644" => Some(Mode::File),
        "100755" => Some(Mode::Executable),
        "120000" => Some(Mode::Symlink),
        "160000" => Some(Mode::Submodule),
        _ => None,
    }
}

impl Contents for Files {
    fn read(&self, path: &str, _: Mode) -> Result<Vec<u8>, ReadError> {
        let (sha, size) = self.blobs.get(path).ok_or(ReadError::Missing)?;
        if *size > MOST_BYTES {
            return Err(ReadError::Refused(format!("{size} bytes are too many to be read over the API")));
        }
        self.reader.blob(sha).map_err(ReadError::Refused)
    }
}

impl Reader {
    fn blob(&self, sha: &str) -> Result<Vec<u8>, String> {
        let is_left = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_left).is_err() {
            return Err(format!("{MOST_FILES} files were read over the API, which must do; check the commit out"));
        }
        let route = self.client.route(&format!("git/blobs/{}", segment(sha)));
        let blob: Blob = self.client.get(WHAT, route).map_err(|error| error.to_string())?;
        match blob.encoding.as_str() {
            "base64" => {
                let packed: String = blob.content.split_ascii_whitespace().collect();
                STANDARD.decode(packed).map_err(|error| format!("its content is not Base64: {error}"))
            }
            "utf-8" => Ok(blob.content.into_bytes()),
            other => Err(format!("its content is encoded as \"{other}\"")),
        }
    }
}
