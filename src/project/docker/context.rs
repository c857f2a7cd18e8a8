//! The build context: what `COPY` and `ADD` can take.

use crate::project::path::{self, child};
use crate::project::snapshot::{Mode, Snapshot, Target};

use super::Ignore;

/// A build context without what `.dockerignore` leaves out.
#[derive(Debug)]
pub struct Context<'a> {
    snapshot: &'a Snapshot,
    /// The folder, as a repository path.
    pub dir: String,
    /// Path of the file that leaves something out, if there is one.
    pub ignore_file: Option<String>,
    ignore: Ignore,
}

/// What a source of `COPY` leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Something.
    Yes,
    /// Nothing: git tracks no such path below the context.
    No,
    /// It is tracked, and `.dockerignore` leaves all of it out.
    Ignored,
    /// Links and submodules: only a checkout tells.
    Unknown,
}

impl<'a> Context<'a> {
    /// The context in a folder, for a Dockerfile at this path: a `.dockerignore` that bears its name comes first
    /// (<https://docs.docker.com/build/concepts/context/#dockerignore-files>).
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, dir: &str, dockerfile: &str) -> Context<'a> {
        let files = [format!("{dockerfile}.dockerignore"), child(dir, ".dockerignore")];
        let ignore_file = files.into_iter().find(|file| snapshot.is_file(file));
        let text = ignore_file.as_ref().and_then(|file| snapshot.text(file).ok()).unwrap_or_default();
        Context { snapshot, dir: dir.to_owned(), ignore_file, ignore: Ignore::parse(&text) }
    }

    /// The repository path of a source; `..` does not lead out of the context.
    #[must_use]
    pub fn path(&self, source: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for part in source.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        child(&self.dir, &parts.join("/"))
    }

    /// What a source leads to, if it is neither a pattern nor an address.
    #[must_use]
    pub fn find(&self, source: &str) -> Found {
        let wanted = self.path(source);
        if wanted == self.dir {
            return Found::Yes;
        }
        let leads_away = path::ancestors(&wanted)
            .any(|dir| matches!(self.snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop));
        if leads_away {
            return Found::Unknown;
        }
        match self.snapshot.target(&wanted) {
            Target::File(_) if self.excludes(&wanted) => Found::Ignored,
            Target::File(_) => Found::Yes,
            Target::Directory(at) => {
                let below = self.snapshot.below(&at);
                let is_kept = |path: &str| !self.excludes(path);
                let is_open = below.iter().any(|entry| matches!(entry.mode, Mode::Symlink | Mode::Submodule));
                if is_open || at != wanted || below.iter().any(|entry| is_kept(&entry.path)) {
                    Found::Yes
                } else {
                    Found::Ignored
                }
            }
            _ => Found::No,
        }
    }

    fn excludes(&self, path: &str) -> bool {
        path::strip(path, &self.dir).is_some_and(|inner| self.ignore.excludes(inner))
    }
}
