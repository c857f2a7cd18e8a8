//! What the token of a job may do
//! (<https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/controlling-permissions-for-github_token>).

use std::collections::BTreeMap;

use crate::text::span::Span;
use crate::text::tree::{Entry, Kind};

use super::Text;

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Read and write.
    Write,
}

impl Access {
    /// The word for it in a workflow.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Access::None => "none",
            Access::Read => "read",
            Access::Write => "write",
        }
    }
}

/// What a block grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// The same for everything: `read-all`, `write-all`.
    All(Access),
    /// These scopes, and nothing else.
    Listed(BTreeMap<String, Access>),
    /// Something that is not understood.
    Unknown,
}

/// A block `permissions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// What it grants.
    pub grant: Grant,
    /// Where its key is written.
    pub key_span: Span,
    /// Where its value is written.
    pub span: Span,
}

impl Permissions {
    pub(super) fn read(entry: &Entry, source: &str) -> Permissions {
        let grant = match &entry.value.kind {
            Kind::String(text) => match text.as_str() {
                "read-all" => Grant::All(Access::Read),
                "write-all" => Grant::All(Access::Write),
                _ => Grant::Unknown,
            },
            Kind::Table(table) => {
                let access = |(scope, entry): (&str, &Entry)| {
                    let access = match Text::read(&entry.value, source)?.value.as_str() {
                        "none" => Access::None,
                        "read" => Access::Read,
                        "write" => Access::Write,
                        _ => return None,
                    };
                    Some((scope.to_owned(), access))
                };
                table.iter().map(access).collect::<Option<_>>().map_or(Grant::Unknown, Grant::Listed)
            }
            _ => Grant::Unknown,
        };
        Permissions { grant, key_span: entry.key_span, span: entry.value.span }
    }

    /// Whether a scope may be written; `None` when the block is not understood.
    #[must_use]
    pub fn may_write(&self, scope: &str) -> Option<bool> {
        match &self.grant {
            Grant::All(access) => Some(*access == Access::Write),
            Grant::Listed(scopes) => Some(scopes.get(scope) == Some(&Access::Write)),
            Grant::Unknown => None,
        }
    }
}
