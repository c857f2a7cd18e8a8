//! Scripts of the repository that Node.js runs: a folder that neither they nor the modules that they load name, and
//! that nothing else tells them, they do not make.

use std::collections::VecDeque;

use super::call::Call;
use crate::project::javascript::resolve::{is_builtin, is_relative};
use crate::project::javascript::{self, ImportKind};
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::text::span::FileId;

/// Modules that are read for one script.
const MOST: usize = 20;

/// Modules of Node.js through which a script may run other programs.
const RUNNERS: [&str; 5] = ["child_process", "worker_threads", "vm", "cluster", "module"];

/// Everything that a script and its arguments say, if it loads nothing but files of the repository and Node.js itself.
pub(super) fn text(name: &str, call: &Call<'_, '_>) -> Option<String> {
    let is_node = matches!(name, "node" | "nodejs");
    let at = call.args.iter().position(|arg| !arg.text.starts_with('-')).filter(|at| is_node && *at == 0)?;
    let start = path::join(&call.dir, call.args[at].plain()?)?;
    let mut said = said(call.snapshot, start)?;
    for arg in &call.args[at + 1..] {
        said.push(' ');
        said.push_str(arg.plain()?);
    }
    Some(said)
}

/// The texts of a module and of those that it loads; `None` when it may do more than they say.
#[must_use]
pub fn said(snapshot: &Snapshot, start: String) -> Option<String> {
    let mut waiting = VecDeque::from([start]);
    let mut seen: Vec<String> = Vec::new();
    let mut said = String::new();
    while let Some(wanted) = waiting.pop_front() {
        let ends = ["", ".js", ".cjs", ".mjs", ".ts", ".json", "/index.js"];
        let found = ends.iter().map(|end| format!("{wanted}{end}")).find(|path| snapshot.is_file(path))?;
        if seen.contains(&found) {
            continue;
        }
        if seen.len() >= MOST {
            return None;
        }
        let text = snapshot.text(&found).ok()?;
        if javascript::Language::of(&found).is_some() {
            let module = javascript::read(&text, &found, FileId::NONE);
            if !module.is_complete || takes_from_elsewhere(&text) {
                return None;
            }
            for import in module.imports.iter().filter(|import| !import.is_type_only) {
                let name = import.specifier.strip_prefix("node:").unwrap_or(&import.specifier);
                if is_relative(&import.specifier) {
                    let dir = path::parent(&found).unwrap_or_default();
                    waiting.push_back(path::join(dir, &import.specifier)?);
                } else if !is_builtin(name) || RUNNERS.contains(&name) || import.kind == ImportKind::Dynamic {
                    return None;
                }
            }
        } else if !found.ends_with(".json") {
            return None;
        }
        said.push_str(&text);
        said.push('\n');
        seen.push(found);
    }
    Some(said)
}

/// Whether names may come from variables, from loaded code, or from the platform.
fn takes_from_elsewhere(text: &str) -> bool {
    ["process.env", "eval(", "Function(", "PUBLISH_DIR", "readFile", "createRequire"]
        .iter()
        .any(|word| text.contains(word))
}
