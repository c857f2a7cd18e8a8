//! Where an import leads, as an answer.

/// Where an import leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// To this file.
    File(String),
    /// To this package.
    Package(String),
    /// To nothing in the repository.
    Missing(Missing),
    /// To a part of a package of the repository that the package does not hand out.
    Refused(Refusal),
    /// Somewhere that cannot be looked at, or that something unknown may answer for.
    Unknown,
}

/// An import that leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The repository path that is wanted, before it is completed.
    pub wanted: String,
    /// The files that differ from it only in case, with the specifier in their spelling.
    pub variants: Vec<Variant>,
    /// What a manifest says the name stands for.
    pub via: Option<Via>,
}

/// A place in a manifest that says what a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// The manifest.
    pub manifest: String,
    /// First byte of what is written.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// A part of a package that `exports` or `imports` does not name, or closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field's name.
    pub field: &'static str,
    /// The key that would have to be there: `./x`, `#x`.
    pub key: String,
    /// The field of the manifest that says so.
    pub via: Via,
}

/// A file that differs from what is wanted only in the case of letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The file.
    pub path: String,
    /// The specifier as it should be written; `None` where that cannot be said.
    pub specifier: Option<String>,
}
