//! The modules of the repository that a Python service certainly imports when it starts.

use std::collections::BTreeSet;

use crate::project::command::Word;
use crate::project::path::{join, parent};
use crate::project::python::install::is_python;
use crate::project::python::module::{self, Module};
use crate::project::python::target::{Found, find, folder};

use super::django::settings_of_server;
use super::python::PythonService;
use super::server::server_call;
use super::service::Phase;
use super::site::RenderSite;

/// Most modules that are followed.
const MAX_MODULES: usize = 300;

/// The files that are run or imported when the service starts, in the order in which they were found.
#[must_use]
pub fn modules(site: &RenderSite<'_>, service: &PythonService<'_>) -> Vec<String> {
    let mut walk = Walk { site, found: Vec::new(), seen: BTreeSet::new() };
    for run in service.runs.of_phase(Phase::Start).filter(|run| run.invocation.decides()) {
        if let Some(call) = server_call(site, service, run) {
            for root in &call.roots {
                walk.import(root, &call.target.module);
            }
        } else if is_python(run.program())
            && let Some(cwd) = run.invocation.cwd.as_deref()
        {
            let script = run.invocation.args.first().and_then(Word::plain).filter(|arg| arg.ends_with(".py"));
            if let Some(path) = script.and_then(|script| folder(cwd, script)).filter(|path| site.snapshot.is_file(path))
            {
                let root = parent(&path).unwrap_or_default().to_owned();
                walk.file(&root, path);
            }
        }
    }
    let mut found = walk.found;
    let settings = settings_of_server(site, service).map(|settings| settings.files).unwrap_or_default();
    found.extend(settings.into_iter().filter(|path| !walk.seen.contains(path)));
    found
}

struct Walk<'a, 's> {
    site: &'a RenderSite<'s>,
    found: Vec<String>,
    seen: BTreeSet<String>,
}

impl Walk<'_, '_> {
    /// Imports a module and the packages that hold it.
    fn import(&mut self, root: &str, module: &str) {
        for (at, _) in module.match_indices('.').chain([(module.len(), "")]) {
            match find(self.site.snapshot, root, &module[..at]) {
                Found::File(path) => self.file(root, path),
                Found::Package(dir) => {
                    let path = format!("{dir}/__init__.py");
                    if self.site.snapshot.is_file(&path) {
                        self.file(root, path);
                    }
                }
                Found::Missing | Found::Unknown => return,
            }
        }
    }

    fn file(&mut self, root: &str, path: String) {
        let mut waiting = vec![path];
        while let Some(path) = waiting.pop() {
            if self.found.len() >= MAX_MODULES || !self.seen.insert(path.clone()) {
                continue;
            }
            let Some(text) = self.site.files().text(&path) else { continue };
            let module = module::read(&text);
            self.found.push(path.clone());
            waiting.extend(self.imports(root, &path, &module));
        }
    }

    fn imports(&self, root: &str, path: &str, module: &Module) -> Vec<String> {
        let mut found = Vec::new();
        for import in module.imports.iter().filter(|import| import.is_plain) {
            let dots = import.module.bytes().take_while(|byte| *byte == b'.').count();
            let name = &import.module[dots..];
            let base = match dots {
                0 => Some(root.to_owned()),
                dots => parent(path).and_then(|dir| join(dir, &"../".repeat(dots - 1))),
            };
            let Some(base) = base else { continue };
            let names = import
                .names
                .iter()
                .map(|inner| if name.is_empty() { inner.clone() } else { format!("{name}.{inner}") });
            for module in names.chain([name.to_owned()]).filter(|module| !module.is_empty()) {
                found.extend(self.files_of(&base, &module));
            }
        }
        found
    }

    fn files_of(&self, base: &str, module: &str) -> Vec<String> {
        let files = module.match_indices('.').map(|(at, _)| at).chain([module.len()]).filter_map(|at| {
            match find(self.site.snapshot, base, &module[..at]) {
                Found::File(path) => Some(path),
                Found::Package(dir) => {
                    Some(format!("{dir}/__init__.py")).filter(|path| self.site.snapshot.is_file(path))
                }
                Found::Missing | Found::Unknown => None,
            }
        });
        files.collect()
    }
}
