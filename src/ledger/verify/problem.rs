//! What can be wrong with a ledger.

use crate::ledger::entry::EntryError;

/// Something that no honest ledger has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The first page or the checkpoint cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It is the ledger of somebody else.
    #[error("this is the ledger of \"{found}\", not of \"{wanted}\"")]
    Origin {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        wanted: String,
    },
    /// It has no entry: a ledger begins with one.
    #[error("the checkpoint says that there are no entries, but a ledger begins with one")]
    Empty,
    /// A file that belongs to no ledger of this size.
    #[error("\"{0}\" does not belong to a ledger of this size")]
    Unexpected(String),
    /// Files that should be there are not.
    #[error("files are missing: {files}")]
    Missing {
        /// How many.
        files: u64,
    },
    /// The checkpoint speaks of far more entries than there are.
    #[error("the checkpoint speaks of {size} entries, for which {files} files are far too few")]
    TooLarge {
        /// Entries that the checkpoint states.
        size: u64,
        /// Files that are there.
        files: u64,
    },
    /// A bundle is not there or has another number of lines.
    #[error("{}", bundle(path, *found, *wanted))]
    Bundle {
        /// Its path.
        path: String,
        /// Lines that it has.
        found: usize,
        /// Lines that it should have.
        wanted: usize,
    },
    /// An entry cannot be read.
    #[error("entry {seq}: {error}")]
    Entry {
        /// Its place.
        seq: u64,
        /// What is wrong with it.
        error: EntryError,
    },
    /// An entry stands in another place than its own.
    #[error("entry {seq} says that it is number {says}")]
    Order {
        /// Its place.
        seq: u64,
        /// The number that it says.
        says: u64,
    },
    /// An entry does not link to the one before.
    #[error("entry {seq} does not link to the one before it")]
    Link {
        /// Its place.
        seq: u64,
    },
    /// An entry is older than the one before.
    #[error("entry {seq} is of {at}, before the entry that it follows")]
    Backdated {
        /// Its place.
        seq: u64,
        /// Its time.
        at: String,
    },
    /// An entry is of a time that has not come.
    #[error("entry {seq} is of {at}, which has not come yet")]
    Future {
        /// Its place.
        seq: u64,
        /// Its time.
        at: String,
    },
    /// The same event stands twice.
    #[error("entry {seq} is the same event as an earlier one")]
    Doubled {
        /// Its place.
        seq: u64,
    },
    /// A tile does not hold the hashes of the entries.
    #[error("tile \"{0}\" does not fit the entries")]
    Tile(String),
    /// The entries lead to another root.
    #[error("the entries do not lead to the root that the checkpoint states")]
    Root,
    /// No key that may sign has signed.
    #[error("the checkpoint is not signed by a key that may sign at this place")]
    Unsigned,
    /// The ledger begins with keys that nobody trusts.
    #[error("none of the keys with which the ledger begins is trusted")]
    ForeignKeys,
    /// Two states of the same size.
    #[error("another ledger of {size} entries was seen under this name: the history forked")]
    Fork {
        /// Entries of both.
        size: u64,
    },
    /// A larger state was seen before.
    #[error("the ledger had {known} entries when it was last seen, and has {size} now: entries were taken away")]
    Truncated {
        /// Entries then.
        known: u64,
        /// Entries now.
        size: u64,
    },
    /// An earlier state is not the beginning of this one.
    #[error("the first {known} entries are not those that were seen before: the history was rewritten")]
    Rewritten {
        /// Entries of the earlier state.
        known: u64,
    },
}

/// A bundle with all of its lines and the wrong length ends in the middle of one.
fn bundle(path: &str, found: usize, wanted: usize) -> String {
    if found == wanted {
        return format!("bundle \"{path}\" is cut off in its last entry");
    }
    format!("bundle \"{path}\" has {found} entries, not {wanted}")
}

impl Problem {
    /// A name for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Problem::Unreadable(_) => "unreadable",
            Problem::Origin { .. } => "foreign-origin",
            Problem::Empty => "empty",
            Problem::Unexpected(_) => "unexpected-file",
            Problem::Missing { .. } => "missing-file",
            Problem::TooLarge { .. } => "size-too-large",
            Problem::Bundle { .. } => "bundle",
            Problem::Entry { .. } => "entry",
            Problem::Order { .. } => "order",
            Problem::Link { .. } => "link",
            Problem::Backdated { .. } => "backdated",
            Problem::Future { .. } => "future",
            Problem::Doubled { .. } => "doubled",
            Problem::Tile(_) => "tile",
            Problem::Root => "root",
            Problem::Unsigned => "unsigned",
            Problem::ForeignKeys => "foreign-keys",
            Problem::Fork { .. } => "fork",
            Problem::Truncated { .. } => "truncated",
            Problem::Rewritten { .. } => "rewritten",
        }
    }
}

/// Something worth a word that is not wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// A file that an append left behind when it was cut off.
    #[error(
        "\"{0}\" was left behind by an append that was cut off; nobody reads it, the next append goes on without it"
    )]
    Leftover(String),
    /// Bytes behind the last entry that an append left behind when it was cut off.
    #[error("{bytes} bytes behind the last entry are of an append that was cut off; the next append removes them")]
    Tail {
        /// How many.
        bytes: usize,
    },
    /// The checkpoint of a ledger without keys is signed by a key that is not known here.
    #[error("the checkpoint is signed by a key that is not known here, so its signature says nothing")]
    UnknownSigner,
}
