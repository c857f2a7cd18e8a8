//! The folder in which a service's commands run.

use crate::platform::render::blueprint::Service;
use crate::project::path;
use crate::project::snapshot::{Snapshot, Target};
use crate::text::span::Span;

/// Whether a folder is in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    There,
    /// Nothing of that name is tracked, or it is a file.
    Missing,
    /// Below a submodule, or a link that leads elsewhere.
    Unknown,
}

/// `rootDir`, relative to the repository's root (<https://render.com/docs/monorepo-support>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The repository path; none when it leads out of the repository.
    pub path: Option<String>,
    /// Whether the folder is there.
    pub presence: Presence,
    /// Where the value is written; none when there is none.
    pub span: Option<Span>,
}

impl Root {
    /// The folder of a service.
    #[must_use]
    pub fn of(service: &Service, snapshot: &Snapshot) -> Root {
        let span = service.text("rootDir").map(|text| text.span);
        let Some(path) = service.root_dir() else { return Root { path: None, presence: Presence::Missing, span } };
        let presence = match snapshot.target(&path) {
            Target::Directory(_) => Presence::There,
            Target::File(_) | Target::Missing => Presence::Missing,
            Target::Submodule(_) | Target::Loop | Target::Outside => Presence::Unknown,
        };
        let leads_away = path::ancestors(&path)
            .any(|dir| matches!(snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop));
        Root { path: Some(path), presence: if leads_away { Presence::Unknown } else { presence }, span }
    }
}
