//! The source files of functions: entries and whatever they reach inside the repository.

use hashbrown::HashMap;

use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::resolve::{self, Guesses, Resolved};
use crate::project::javascript::{self, Language, Module};
use crate::project::path::parent;
use crate::text::span::FileId;

use super::bundler::{self, Bundler, Settings};
use super::discovery::{self, Found, Runtime};

/// Files that are read for all functions of a site at most.
const MAX_FILES: usize = 400;

/// A module of the repository.
#[derive(Debug)]
pub struct Code {
    /// Its number among the sources.
    pub file: FileId,
    /// What it says.
    pub module: Module,
}

/// A function of the site.
#[derive(Debug)]
pub struct Function {
    /// Its name and files.
    pub found: Found,
    /// What `[functions]` says about it.
    pub settings: Settings,
    /// How it is bundled.
    pub bundler: Bundler,
}

/// An edge function of the site.
#[derive(Debug)]
pub struct EdgeFunction {
    /// Its name.
    pub name: String,
    /// Its file, as a repository path.
    pub entry: String,
}

/// All functions that are tracked, and the code that they reach.
#[derive(Debug, Default)]
pub struct Functions {
    /// The functions, by name.
    pub list: Vec<Function>,
    /// The edge functions, by name.
    pub edge: Vec<EdgeFunction>,
    codes: HashMap<String, Code>,
}

impl Functions {
    /// Finds the functions of a site and reads their code.
    #[must_use]
    pub fn of(site: &NetlifySite<'_>) -> Functions {
        let mut functions = Functions::default();
        let Some(plan) = &site.plan else { return functions };
        if let Some(dir) = &plan.edge_functions {
            let found = discovery::edge_functions(site.snapshot, &dir.value);
            functions.edge = found.into_iter().map(|(name, entry)| EdgeFunction { name, entry }).collect();
        }
        let found = plan.functions.as_ref().map(|dir| discovery::functions(site.snapshot, &dir.value));
        for found in found.unwrap_or_default() {
            if found.runtime == Runtime::JavaScript {
                functions.load(site, &found.entry);
            }
            let table = site.config(&["functions"]).and_then(|node| node.as_table());
            let settings = table.map(|table| Settings::of(&found.name, table)).unwrap_or_default();
            let code = functions.code(&found.entry);
            let bundler = code.map_or(Bundler::Unknown, |code| bundler::bundler(&found.entry, &code.module, &settings));
            functions.list.push(Function { found, settings, bundler });
        }
        functions.load_all(site);
        functions
    }

    /// The code of a file, if it was read.
    #[must_use]
    pub fn code(&self, path: &str) -> Option<&Code> {
        self.codes.get(path)
    }

    fn load(&mut self, site: &NetlifySite<'_>, path: &str) -> bool {
        if self.codes.contains_key(path) || self.codes.len() >= MAX_FILES || Language::of(path).is_none() {
            return false;
        }
        let Some((file, source)) = site.source(path) else { return false };
        let module = javascript::read(&source.text, path, file);
        self.codes.insert(path.to_owned(), Code { file, module });
        true
    }

    /// Reads everything that the entries reach through relative imports.
    fn load_all(&mut self, site: &NetlifySite<'_>) {
        let edge: Vec<String> = self.edge.iter().map(|edge| edge.entry.clone()).collect();
        let mut waiting: Vec<String> = edge.into_iter().filter(|entry| self.load(site, entry)).collect();
        waiting.extend(self.list.iter().map(|function| function.found.entry.clone()));
        while let Some(path) = waiting.pop() {
            let Some(code) = self.code(&path) else { continue };
            let dir = parent(&path).unwrap_or_default();
            let specifiers: Vec<String> = code.module.imports.iter().map(|import| import.specifier.clone()).collect();
            for specifier in specifiers.iter().filter(|specifier| resolve::is_relative(specifier)) {
                if let Resolved::File(found) = resolve::resolve(site.snapshot, dir, specifier, resolve::ANY)
                    && self.load(site, &found)
                {
                    waiting.push(found);
                }
            }
        }
    }

    /// The files of the repository that a function is made of, its entry first.
    ///
    /// `follows` says which imports are followed.
    pub fn reach(
        &self,
        site: &NetlifySite<'_>,
        entry: &str,
        guesses: Guesses,
        follows: impl Fn(&javascript::Import, &Module) -> bool,
    ) -> Vec<String> {
        let mut reached = vec![entry.to_owned()];
        let mut at = 0;
        while let Some(path) = reached.get(at).cloned() {
            at += 1;
            let Some(code) = self.code(&path) else { continue };
            let dir = parent(&path).unwrap_or_default();
            let imports = code.module.imports.iter().filter(|import| resolve::is_relative(&import.specifier));
            for import in imports.filter(|import| follows(import, &code.module)) {
                if let Resolved::File(found) = resolve::resolve(site.snapshot, dir, &import.specifier, guesses)
                    && !reached.contains(&found)
                {
                    reached.push(found);
                }
            }
        }
        reached
    }
}
