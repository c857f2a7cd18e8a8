//! Why a repair is not applied to a file.

/// What stands in the way of an edit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file is too large.
    #[error("\"{path}\" is larger than 10 MB; files of that size are not edited")]
    TooLarge {
        /// The file.
        path: String,
    },
    /// The file is not what the edit was made for.
    #[error("\"{path}\" is not UTF-8 text, so that no place in it is certain")]
    NotText {
        /// The file.
        path: String,
    },
    /// What the edit was made for is no file.
    #[error("\"{name}\" is no file of the repository")]
    NoFile {
        /// What is to be edited.
        name: String,
    },
    /// A symbolic link leads out of the repository.
    #[error("\"{path}\" is a symbolic link that leads out of the repository; only files inside it are edited")]
    Outside {
        /// The link.
        path: String,
    },
    /// A new file would replace one.
    #[error("\"{path}\" exists already")]
    Exists {
        /// The file.
        path: String,
    },
    /// A new file would lie in an odd place.
    #[error("\"{path}\" is no place for a new file")]
    NoPlace {
        /// The path.
        path: String,
    },
    /// Edits touch the same bytes or do not fit the text.
    #[error("the edits of \"{path}\" do not fit: {error}")]
    Misfit {
        /// The file.
        path: String,
        /// How.
        error: crate::text::edit::EditError,
    },
    /// The file would no longer be read.
    #[error("\"{path}\" would no longer be {language}: {error}")]
    Unreadable {
        /// The file.
        path: String,
        /// TOML, YAML or JSON.
        language: &'static str,
        /// What a reader would say.
        error: String,
    },
    /// The edit would change more than it seems to.
    #[error("line {line} of \"{path}\" {what}, so that a change there would reach farther than it looks")]
    Shared {
        /// The file.
        path: String,
        /// Line, from 1.
        line: usize,
        /// What is there.
        what: &'static str,
    },
}
