//! Hugo on Netlify: whether the site runs the image's Hugo, and which version it needs.

use crate::platform::netlify::image::numbers;
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::Via;
use crate::project::path::child;
use crate::text::span::Span;
use crate::text::toml;
use crate::text::tree::Node;

/// A declared minimum version of Hugo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// The version as written.
    pub version: String,
    /// Who declares it: a file, as a repository path.
    pub path: String,
    /// Where.
    pub span: Span,
}

/// npm packages that bring a Hugo of their own.
const WRAPPERS: [&str; 5] = ["hugo-bin", "hugo-cli", "hugo-extended", "hugo-installer", "@zinc/hugo"];
/// Files that may hold the configuration, the strongest first (`hugo/config/allconfig/load.go`).
const CONFIGURATIONS: [&str; 4] =
    ["hugo.toml", "config.toml", "config/_default/hugo.toml", "config/_default/config.toml"];

/// Whether the build command runs the Hugo that the platform installs.
#[must_use]
pub fn runs_installed(site: &NetlifySite<'_>) -> bool {
    let trace = site.plan.as_ref().and_then(|plan| plan.trace.as_ref());
    let runs = trace
        .is_some_and(|trace| trace.runs("hugo").any(|run| run.via == Via::Path && is_here(site, run.cwd.as_deref())));
    let has_wrapper = || {
        site.manifest()
            .is_some_and(|manifest| WRAPPERS.iter().any(|wrapper| manifest.dependency(wrapper).next().is_some()))
    };
    runs && !has_wrapper()
}

fn is_here(site: &NetlifySite<'_>, cwd: Option<&str>) -> bool {
    cwd.is_none_or(|cwd| cwd == site.build_dir())
}

/// The highest minimum that the site's configuration or its theme declares.
#[must_use]
pub fn minimum(site: &NetlifySite<'_>) -> Option<Minimum> {
    let dir = site.build_dir();
    let (path, root) = CONFIGURATIONS.iter().find_map(|file| read(site, child(dir, file)))?;
    let mut found: Vec<Minimum> = declared(site, &path, &root, &["module", "hugoVersion", "min"]).into_iter().collect();
    for theme in themes(&root) {
        let folder = child(dir, &format!("themes/{theme}"));
        let files: [(&str, &[&str]); 3] = [
            ("theme.toml", &["min_version"]),
            ("hugo.toml", &["module", "hugoVersion", "min"]),
            ("config.toml", &["module", "hugoVersion", "min"]),
        ];
        for (file, keys) in files {
            if let Some((path, root)) = read(site, child(&folder, file)) {
                found.extend(declared(site, &path, &root, keys));
            }
        }
    }
    found.into_iter().max_by_key(|minimum| numbers(&minimum.version))
}

fn read(site: &NetlifySite<'_>, path: String) -> Option<(String, Node)> {
    let (file, source) = site.source(&path)?;
    let root = toml::parse(&source.text, file).ok()?;
    Some((path, root))
}

/// The names of the themes in a configuration; those of modules are addresses.
fn themes(root: &Node) -> Vec<String> {
    let Some(node) = root.at(&["theme"]) else { return Vec::new() };
    let items = node.as_array().unwrap_or(std::slice::from_ref(node));
    let names = items.iter().filter_map(Node::as_str).filter(|name| !name.contains('/') && !name.is_empty());
    names.map(str::to_owned).collect()
}

/// A version in a file; a number without quotes counts as it is written.
fn declared(site: &NetlifySite<'_>, path: &str, root: &Node, keys: &[&str]) -> Option<Minimum> {
    let node = root.at(keys)?;
    let version = site.resolution.sources.slice(node.span)?.trim_matches(['"', '\'']).to_owned();
    numbers(&version)?;
    Some(Minimum { version, path: path.to_owned(), span: node.span })
}

/// A version with all three numbers, as Hugo's releases are named.
#[must_use]
pub fn release(version: &str) -> Option<String> {
    numbers(version).map(|(major, minor, patch)| format!("{major}.{minor}.{patch}"))
}
