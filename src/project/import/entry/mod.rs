//! Where each tool begins: the pages, routes and scripts that it reads without being told by an import.

pub(super) mod astro;
pub(super) mod bundler;
pub(super) mod docusaurus;
pub(super) mod gatsby;
pub(super) mod next;
pub(super) mod nuxt;
pub(super) mod react_router;
pub(super) mod svelte_kit;
pub(super) mod vite;

use super::bundle::{Bundle, Call, Config, Loader, of_config};
use super::resolve::{Completion, Resolver};
use super::scan::Dialect;
use crate::project::path;

/// A script that Node.js runs.
pub(super) fn node(call: &Call<'_, '_>) -> Option<Bundle> {
    let changes = [
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental",
        "-e",
        "--eval",
        "-p",
        "--input-type",
        "-C",
        "--conditions",
        "--preserve-symlinks",
    ];
    if changes.iter().any(|option| call.has(option)) {
        return None;
    }
    let script = call.args.iter().find(|arg| !arg.text.starts_with('-'))?.plain()?;
    let wanted = path::join(&call.dir, script)?;
    let names = [wanted.clone(), format!("{wanted}.js"), path::child(&wanted, "index.js")];
    let entry = names.into_iter().find(|path| call.snapshot.is_file(path))?;
    matches!(Dialect::of(&entry)?, Dialect::JavaScript | Dialect::Module | Dialect::Common).then(|| {
        Bundle::new("Node.js", Loader::Node, call.dir.clone(), vec![entry], Resolver::new(&call.dir, Completion::Node))
    })
}

/// The configuration of Eleventy, which Node.js loads (`@11ty/eleventy/src/TemplateConfig.js`).
pub(super) fn eleventy(call: &Call<'_, '_>) -> Option<Bundle> {
    const NAMES: [&str; 4] = [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"];
    let names: Vec<&str> = call.option(&["--config"]).map_or(NAMES.to_vec(), |name| vec![name]);
    let config = Config::first(call.snapshot, &call.dir, names)?;
    Some(of_config(call.snapshot, &config, "Eleventy", false))
}
