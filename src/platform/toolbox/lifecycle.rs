//! The manifest's own scripts that run during an installation.

use crate::project::command::follow::{self, Start};
use crate::project::command::{Judge, Shell, Trace};
use crate::project::manifest::Manifest;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

use super::{Installation, Variables};

/// The scripts that a package manager runs for the project that it installs, in its order (measured with npm 11,
/// Yarn 1.22, pnpm 9 and 10, Bun 1.4).
#[must_use]
pub fn scripts(manager: &str, is_berry: bool) -> &'static [&'static str] {
    match manager {
        "npm" => &["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"],
        "yarn" if is_berry => &["preinstall", "install", "postinstall"],
        "yarn" => &["preinstall", "install", "postinstall", "prepublish", "prepare"],
        "pnpm" => &["preinstall", "install", "postinstall", "prepare"],
        _ => &["preinstall", "postinstall", "prepare"],
    }
}

/// Follows them; a script that fails for certain stops the installation.
#[must_use]
pub fn follow(
    snapshot: &Snapshot,
    installation: &Installation,
    environment: &Variables,
    checkout: &str,
    judge: &dyn Judge,
    sources: &mut Sources,
) -> Vec<Trace> {
    let Ok(manifest) = &installation.manifest else { return Vec::new() };
    if installation.ignores_scripts() {
        return Vec::new();
    }
    let is_husky_off = environment.iter().any(|(name, value)| name == "HUSKY" && value.value == "0");
    let names = scripts(installation.manager, installation.is_berry()).iter();
    let present = names.filter_map(|name| Some((*name, script(manifest, name)?)));
    let mut is_pristine = true;
    present
        .filter(|(_, (text, _))| !(is_husky_off && text.starts_with("husky")))
        .map(|(_, (text, span))| {
            let start = Start {
                snapshot,
                command: &text,
                span,
                shell: Shell::Sh,
                dir: &installation.dir,
                checkout,
                judge,
                is_pristine,
            };
            let trace = follow::follow(&start, sources);
            is_pristine &= trace.keeps_tree();
            trace
        })
        .collect()
}

fn script(manifest: &Manifest, name: &str) -> Option<(String, crate::text::span::Span)> {
    let field = manifest.script(name)?;
    Some((field.text.filter(|text| !text.is_empty())?.to_owned(), field.span))
}
