//! A module and all modules of the repository that it loads.

use std::collections::{BTreeSet, VecDeque};

use super::resolve::{self, Resolved, is_builtin, is_relative, package_name};
use super::{ImportKind, Language, MAX_LENGTH};
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::text::span::FileId;

/// Modules that are read for one program.
const MOST: usize = 60;

/// What a program consists of.
#[derive(Debug, Clone, Default)]
pub struct Closure {
    /// Repository paths of its modules, the first one being where it begins.
    pub paths: Vec<String>,
    /// The packages that it loads.
    pub packages: BTreeSet<String>,
    /// The modules of Node.js that it loads, without `node:`.
    pub builtins: BTreeSet<String>,
    /// Whether everything that it loads is here.
    pub is_complete: bool,
}

impl Closure {
    /// Follows the imports of the module at a path.
    #[must_use]
    pub fn of(snapshot: &Snapshot, start: &str) -> Closure {
        let mut closure = Closure { is_complete: true, ..Closure::default() };
        let mut waiting = VecDeque::from([start.to_owned()]);
        while let Some(file) = waiting.pop_front() {
            if closure.paths.contains(&file) || Language::of(&file).is_none() {
                continue;
            }
            let text = snapshot.text(&file).ok().filter(|text| text.len() <= MAX_LENGTH);
            let Some(text) = text.filter(|_| closure.paths.len() < MOST) else {
                closure.is_complete = false;
                continue;
            };
            let module = super::read(&text, &file, FileId::NONE);
            closure.is_complete &= module.is_complete;
            for import in module.imports.iter().filter(|import| !import.is_type_only) {
                closure.is_complete &= import.kind != ImportKind::Dynamic || is_relative(&import.specifier);
                let dir = path::parent(&file).unwrap_or_default();
                closure.add(snapshot, dir, &import.specifier, &mut waiting);
            }
            closure.paths.push(file);
        }
        closure
    }

    fn add(&mut self, snapshot: &Snapshot, dir: &str, specifier: &str, waiting: &mut VecDeque<String>) {
        if is_relative(specifier) {
            match resolve::resolve(snapshot, dir, specifier, resolve::ANY) {
                Resolved::File(found) => waiting.push_back(found),
                Resolved::Missing(_) | Resolved::Unknown => self.is_complete = false,
            }
        } else if let Some(name) = specifier.strip_prefix("node:") {
            self.builtins.insert(name.to_owned());
        } else if is_builtin(specifier) {
            self.builtins.insert(specifier.to_owned());
        } else if let Some(name) = package_name(specifier) {
            self.packages.insert(name.to_owned());
        } else {
            self.is_complete = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_packages_and_builtins_are_gathered() {
        let files = [
            ("a.js", "import x from './b.js'; import y from 'express/lib/x'; require('node:http');"),
            ("b.js", "const fs = require('fs'); require('./a')"),
        ];
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        let closure = Closure::of(&snapshot, "a.js");
        assert_eq!(closure.paths, ["a.js", "b.js"]);
        assert!(closure.packages.contains("express") && closure.is_complete);
        assert_eq!(closure.builtins.into_iter().collect::<Vec<_>>(), ["fs", "http"]);
        assert!(!Closure::of(&snapshot, "c.js").is_complete);
    }
}
