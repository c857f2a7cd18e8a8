//! What a build makes: paths that are not tracked and may be there when functions are bundled.

use crate::platform::netlify::site::NetlifySite;
use crate::project::ignore;
use crate::project::javascript::extension;
use crate::project::path::{child, name, strip};
use crate::text::tree::Node;

/// Folders that builds are known to make.
const OUTPUT_FOLDERS: [&str; 22] = [
    ".astro",
    ".cache",
    ".generated",
    ".netlify",
    ".next",
    ".nuxt",
    ".output",
    ".solid",
    ".svelte-kit",
    ".vercel",
    "__generated__",
    "_site",
    "build",
    "dist",
    "esm",
    "generated",
    "node_modules",
    "out",
    "output",
    "pkg",
    "target",
    "tmp",
];

/// The commands of a site: the build command and the scripts of its `package.json`.
#[must_use]
pub fn commands(site: &NetlifySite<'_>) -> Vec<String> {
    let command = site.plan.as_ref().and_then(|plan| plan.command.as_ref());
    let mut commands: Vec<String> = command.map(|command| command.value.clone()).into_iter().collect();
    if let Some(manifest) = site.manifest() {
        commands.extend(manifest.scripts().into_iter().filter_map(|script| script.text.map(str::to_owned)));
    }
    commands
}

/// Whether a path that is not tracked may be made by the build.
#[must_use]
pub fn may_be_made(site: &NetlifySite<'_>, path: &str) -> bool {
    let publish = site.publish();
    let is_published = publish != site.build_dir() && !publish.is_empty() && strip(path, publish).is_some();
    let is_output = path.split('/').any(|part| OUTPUT_FOLDERS.contains(&part));
    is_published || is_output || ignore::is_ignored(site.snapshot, path) || is_mentioned(site, path)
}

/// Whether a command names the file, or the first folder on the way to it that is not tracked.
fn is_mentioned(site: &NetlifySite<'_>, path: &str) -> bool {
    let mut at = String::new();
    let missing = path.split('/').find(|part| {
        at = child(&at, part);
        !site.snapshot.exists(&at)
    });
    let file = name(path);
    let stem = file.strip_suffix(extension(file)).unwrap_or(file);
    let words: Vec<&str> = missing.into_iter().chain([stem]).filter(|word| word.len() > 2).collect();
    commands(site).iter().any(|command| words.iter().any(|word| command.contains(word)))
}

/// Whether something installs the dependencies of the folder `dir`, beside the platform.
#[must_use]
pub fn is_installed_separately(site: &NetlifySite<'_>, dir: &str) -> bool {
    const PLUGIN: &str = "@netlify/plugin-functions-install-core";
    let plugins = site.config(&["plugins"]).and_then(Node::as_array).unwrap_or_default();
    let packages = plugins.iter().filter_map(|plugin| plugin.at(&["package"])?.as_str());
    if packages.into_iter().any(|package| package == PLUGIN || package.starts_with(['.', '/'])) {
        return true;
    }
    commands(site).iter().any(|command| may_install(command, name(dir)))
}

/// Whether a command may install more than the dependencies of the folder in which it runs.
fn may_install(command: &str, folder: &str) -> bool {
    const TOOLS: [&str; 10] =
        ["lerna", "rush", "turbo", "nx ", "make", ".sh", "workspaces", "recursive", " -r", "netlify-lambda"];
    const PLACES: [&str; 6] = ["--prefix", "--cwd", "--dir", " -C", "pushd", "--filter"];
    if TOOLS.iter().any(|tool| command.contains(tool)) {
        return true;
    }
    let installs = ["install", " i ", " ci", " add "].iter().any(|word| command.contains(word));
    let elsewhere = command.contains("cd ") || PLACES.iter().any(|place| command.contains(place));
    installs && (elsewhere || command.contains(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_install_elsewhere_is_told_from_a_plain_one() {
        for command in ["cd functions && npm ci", "npm i --prefix netlify/functions/a", "lerna bootstrap", "./setup.sh"]
        {
            assert!(may_install(command, "functions"), "{command}");
        }
        for command in ["npm ci && npm run build", "vite build", "npm install", "cd site && hugo"] {
            assert!(!may_install(command, "functions"), "{command}");
        }
    }
}
