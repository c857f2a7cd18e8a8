//! Manifests and lock files, judged by us and by the real npm, pnpm, Yarn 1 and Yarn 4.
//!
//! A site whose build command installs from the lock file is simulated; the package manager is called in the same
//! folder, offline. Where we say that it fails, it must refuse, and where we say nothing, it must accept. A case that
//! we leave open says why, and must not be an error.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the figures are what this test is for")]

mod lock_cases;
mod support;

use std::collections::BTreeMap;

use chimera::config::Configuration;
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Level;
use chimera::verdict;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use support::manager::Manager;

/// A folder that somebody installs from its lock file.
struct Case {
    manager: Manager,
    name: &'static str,
    files: BTreeMap<String, String>,
    /// Why we leave it open.
    open: Option<&'static str>,
}

fn main() {
    let arguments = Arguments::from_args();
    let trials = if Manager::are_installed() { trials() } else { Vec::new() };
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials() -> Vec<Trial> {
    let cases: Vec<Case> =
        [lock_cases::npm::cases(), lock_cases::pnpm::cases(), lock_cases::classic::cases(), lock_cases::berry::cases()]
            .into_iter()
            .flatten()
            .collect();
    let open = cases.iter().filter(|case| case.open.is_some()).count();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    println!("{} lock files, {open} of them left open", cases.len());
    let title = |case: &Case| format!("{:?}/{}", case.manager, case.name);
    cases.into_iter().map(|case| Trial::test(title(&case), move || judge(&case))).collect()
}

fn judge(case: &Case) -> Result<(), Failed> {
    let folder = tempfile::Builder::new().prefix("chimera-managers-").tempdir()?;
    let dir = folder.path().join("site");
    for (path, text) in &case.files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap())?;
        std::fs::write(path, text)?;
    }
    let (accepts, said) = case.manager.accepts(&dir, folder.path());
    let predicted = predicted(case);
    let says = predicted.as_deref().unwrap_or("nothing");
    match (&predicted, case.open) {
        (Some(_), Some(_)) => Err(format!("is said to be open, and we say {says}").into()),
        (None, Some(_)) => Ok(()),
        (found, None) if found.is_none() == accepts => Ok(()),
        _ => Err(format!("the package manager accepts: {accepts}; we say {says}\n{said}").into()),
    }
}

/// The error that the simulation finds in the installation, if it finds one.
fn predicted(case: &Case) -> Option<String> {
    let command = case.manager.command();
    let blueprint = format!(
        "services:\n  - type: web\n    name: site\n    runtime: node\n    plan: starter\n    buildCommand: {command}\n    \
         startCommand: node server.js\n"
    );
    let mut files = case.files.clone();
    files.insert("render.yaml".to_owned(), blueprint);
    files.insert(
        "server.js".to_owned(),
        "require('http').createServer().listen(process.env.PORT, '0.0.0.0');\n".to_owned(),
    );
    let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())));
    let site = chimera::platform::render::site::RenderSite::new(&snapshot, "render.yaml");
    let verdict = verdict::render::judge(site, &Configuration::default());
    let found = verdict.at_level(Level::Error).find(|finding| finding.rule.id.starts_with("PRJ"));
    found.map(|finding| format!("{} {}", finding.rule.id, finding.message))
}

/// Changes of a value, one after the other.
type Change = fn(&mut Value);

fn text(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

fn set(value: &mut Value, path: &[&str], new: Value) {
    let (last, path) = path.split_last().unwrap();
    let target = path.iter().fold(value, |value, key| {
        if value.get(key).is_none() {
            value[*key] = json!({});
        }
        value.get_mut(key).unwrap()
    });
    target[*last] = new;
}

fn remove(value: &mut Value, path: &[&str]) {
    let (last, path) = path.split_last().unwrap();
    let target = path.iter().fold(value, |value, key| value.get_mut(key).unwrap());
    target.as_object_mut().unwrap().remove(*last);
}

fn manifest() -> Value {
    json!({
        "name": "site", "version": "1.0.0", "private": true,
        "dependencies": {"apple": "^1.2.0", "berry": "~2.0.1"},
        "devDependencies": {"cherry": "3.1.0"}
    })
}

/// A case with one manifest and one lock file.
fn case(manager: Manager, name: &'static str, manifest: &Value, lock: (&str, String)) -> Case {
    let files = [("package.json".to_owned(), text(manifest)), (lock.0.to_owned(), lock.1)];
    Case { manager, name, files: files.into(), open: None }
}

impl Case {
    fn with(mut self, path: &str, text: impl Into<String>) -> Case {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    fn open(mut self, why: &'static str) -> Case {
        self.open = Some(why);
        self
    }
}
