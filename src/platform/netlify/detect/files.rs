//! What detection asks of the repository, each question answered once.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;
use indexmap::IndexSet;

use super::javascript::Thrown;
use super::{Environment, Note};
use crate::project::snapshot::Snapshot;
use crate::project::{manifest, path};
use crate::text::json;
use crate::text::span::FileId;
use crate::text::tree::{Kind, Node, Table};

/// No file system holds a longer path, so nothing is looked for there.
const MAX_PATH: usize = 4_096;

/// A JSON file; what cannot be read counts as an empty object.
#[derive(Debug)]
pub(super) struct Json {
    /// Repository path.
    pub(super) path: String,
    /// The value.
    pub(super) node: Node,
    /// Whether the file could be read.
    pub(super) is_readable: bool,
}

impl Json {
    /// A field of the top level.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.node.as_table()?.get(key)
    }

    /// The value, unless taking it apart throws.
    pub(super) fn not_null(self: Rc<Json>) -> Result<Rc<Json>, Thrown> {
        if self.node.is_null() { Err(Thrown::new(&*self.path, "is \"null\", expected an object")) } else { Ok(self) }
    }
}

/// The repository with what has been read of it.
pub(super) struct Files<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) environment: &'a Environment,
    parsed: RefCell<HashMap<String, Rc<Json>>>,
    present: RefCell<HashMap<String, Rc<[bool]>>>,
    notes: RefCell<IndexSet<Note>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, environment: &'a Environment) -> Files<'a> {
        Files {
            snapshot,
            environment,
            parsed: RefCell::default(),
            present: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// Remembers something that a person should hear of.
    pub(super) fn note(&self, path: impl Into<String>, reason: impl Into<String>) {
        self.notes.borrow_mut().insert(Note { path: path.into(), reason: reason.into() });
    }

    /// What there is to hear of, in the order of discovery.
    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner().into_iter().collect()
    }

    /// Whether a variable of the environment has a value that is not empty.
    pub(super) fn is_set(&self, variable: &str) -> bool {
        self.environment.get(variable).is_some_and(|value| !value.is_empty())
    }

    /// Reads a file with `JSON.parse`.
    pub(super) fn json(&self, path: &str) -> Rc<Json> {
        if let Some(known) = self.parsed.borrow().get(path) {
            return Rc::clone(known);
        }
        let text = self.snapshot.text(path).map_err(|error| error.to_string());
        let parsed = text.and_then(|text| json::parse(&text, FileId::NONE).map_err(|error| error.to_string()));
        let read = Rc::new(match parsed {
            Ok(node) => Json { path: path.to_owned(), node, is_readable: true },
            Err(reason) => {
                if self.snapshot.is_file(path) {
                    self.note(path, format!("counts as an empty object: {reason}"));
                }
                let node = Node::default_of(Kind::Table(Table::default()));
                Json { path: path.to_owned(), node, is_readable: false }
            }
        });
        self.parsed.borrow_mut().insert(path.to_owned(), Rc::clone(&read));
        read
    }

    /// The folder and those above it, nearest first.
    pub(super) fn upwards<'b>(&self, from: &'b str) -> impl Iterator<Item = &'b str> + use<'b> {
        let slash = from.as_bytes().get(..=MAX_PATH).map(|start| start.iter().rposition(|byte| *byte == b'/'));
        path::ancestors(slash.map_or(from, |slash| &from[..slash.unwrap_or_default()]))
    }

    /// The first of some files that the nearest folder upwards has.
    pub(super) fn find_up(&self, names: &[&str], from: &str) -> Option<String> {
        self.upwards(from).find_map(|dir| {
            let name = names.iter().find(|name| self.snapshot.holds(dir, name))?;
            Some(path::child(dir, name))
        })
    }

    /// Every `package.json` from a folder upwards, nearest first.
    pub(super) fn manifests_up(&self, from: &str) -> Vec<String> {
        let dirs = self.upwards(from).filter(|dir| self.snapshot.holds(dir, manifest::NAME));
        dirs.map(|dir| path::child(dir, manifest::NAME)).collect()
    }

    /// The nearest `package.json` upwards; throws when it is `null`.
    pub(super) fn manifest(&self, from: &str) -> Result<Option<Rc<Json>>, Thrown> {
        self.find_up(&[manifest::NAME], from).map(|path| self.json(&path).not_null()).transpose()
    }

    /// Which of the configuration files of all frameworks a folder has.
    pub(super) fn configs(&self, dir: &str, names: &[String]) -> Rc<[bool]> {
        if let Some(known) = self.present.borrow().get(dir) {
            return Rc::clone(known);
        }
        let found: Rc<[bool]> = names.iter().map(|name| self.snapshot.holds(dir, name)).collect();
        self.present.borrow_mut().insert(dir.to_owned(), Rc::clone(&found));
        found
    }
}
