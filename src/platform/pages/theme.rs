//! Submodules that a site generator cannot do without.

use crate::project::command::{Reach, Word};
use crate::project::output::peel;
use crate::project::path::{child, join};
use crate::project::snapshot::{Snapshot, Target};
use crate::text::span::{FileId, Span};
use crate::text::tree::Node;
use crate::text::{json, toml, yaml};

use super::run::Command;
use super::site::PagesSite;

/// A submodule that a build needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Its path.
    pub path: String,
    /// What it is for: `theme`, `content`.
    pub role: &'static str,
    /// Where the configuration names it.
    pub span: Span,
    /// The generator.
    pub generator: &'static str,
    /// The fragment of the log when it is empty.
    pub log: Option<&'static str>,
    /// Whether the build stops without it.
    pub stops: bool,
    /// Whether the site could do without it: it has templates of its own.
    pub is_doubtful: bool,
}

/// Configuration files of Hugo and Zola, and folders that may hold parts of them.
const HUGO: [&str; 8] =
    ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json"];
const HUGO_FOLDERS: [&str; 3] = ["", "config", "config/_default"];
const ZOLA: [&str; 2] = ["zola.toml", "config.toml"];

/// The submodules that a command needs, in order.
#[must_use]
pub fn needed(site: &PagesSite<'_>, command: &Command) -> Vec<Needed> {
    let calls = command.trace.invocations.iter().filter(|call| call.reach == Reach::Certain);
    let mut found = Vec::new();
    for call in calls {
        let (name, args) = peel(call);
        let Some(cwd) = call.cwd.as_deref() else { continue };
        let source = args.iter().position(|arg| matches!(arg.text.as_str(), "-s" | "--source" | "-r" | "--root"));
        let source = source.and_then(|at| args.get(at + 1)).and_then(Word::plain);
        let Some(dir) = source.map_or(Some(cwd.to_owned()), |source| join(cwd, source)) else { continue };
        let is_building =
            |word: &str| args.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-')) == Some(word);
        match name {
            Some("hugo")
                if args.iter().filter_map(Word::plain).all(|arg| !matches!(arg, "version" | "mod" | "new" | "env")) =>
            {
                found.extend(of_hugo(site, &dir));
            }
            Some("zola") if is_building("build") => found.extend(of_zola(site, &dir)),
            Some("mdbook") if is_building("build") => found.extend(content(site, &dir, "src", "mdBook")),
            _ => {}
        }
    }
    found
}

fn of_hugo(site: &PagesSite<'_>, dir: &str) -> Vec<Needed> {
    let places = HUGO_FOLDERS.iter().flat_map(|folder| HUGO.iter().map(move |name| child(folder, name)));
    let mut themes = Vec::new();
    let mut folder = "themes".to_owned();
    for place in places {
        let Some((_, root)) = read(site, &child(dir, &place)) else { continue };
        let at = |key: &str| {
            let table = root.as_table()?;
            table.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, entry)| &entry.value)
        };
        if let Some(other) = at("themesDir").and_then(Node::as_str) {
            other.clone_into(&mut folder);
        }
        match at("theme") {
            Some(node) if node.as_array().is_some() => {
                let names = node.as_array().unwrap_or_default().iter();
                themes.extend(names.filter_map(|node| Some((node.as_str()?.to_owned(), node.span))));
            }
            Some(node) => themes.extend(node.as_str().map(|name| (name.to_owned(), node.span))),
            None => {}
        }
    }
    let has_layouts = !site.snapshot.below(&child(dir, "layouts")).is_empty();
    let theme = |(name, span): (String, Span)| {
        let path = join(dir, &format!("{folder}/{name}")).filter(|path| is_submodule(site.snapshot, path))?;
        // The folder is there and empty, so that Hugo goes on and finds no templates (`gohugoio/hugo`, issue 8430).
        let log = Some("found no layout file for");
        Some(Needed { path, role: "theme", span, generator: "Hugo", log, stops: false, is_doubtful: has_layouts })
    };
    let themes: Vec<Needed> = themes.into_iter().filter_map(theme).collect();
    themes.into_iter().chain(content(site, dir, "content", "Hugo")).collect()
}

fn of_zola(site: &PagesSite<'_>, dir: &str) -> Vec<Needed> {
    let theme = ZOLA.iter().find_map(|name| {
        let (_, root) = read(site, &child(dir, name))?;
        let node = root.at(&["theme"])?;
        let name = node.as_str()?;
        let path = join(dir, &format!("themes/{name}")).filter(|path| is_submodule(site.snapshot, path))?;
        let log = Some("theme.toml");
        Some(Needed { path, role: "theme", span: node.span, generator: "Zola", log, stops: true, is_doubtful: false })
    });
    theme.into_iter().chain(content(site, dir, "content", "Zola")).collect()
}

/// The folder of the pages themselves.
fn content(site: &PagesSite<'_>, dir: &str, name: &str, generator: &'static str) -> Option<Needed> {
    let path = child(dir, name);
    is_submodule(site.snapshot, &path).then_some(Needed {
        path,
        role: "content",
        span: Span::NONE,
        generator,
        log: (generator == "mdBook").then_some("SUMMARY.md"),
        stops: generator == "mdBook",
        is_doubtful: false,
    })
}

fn is_submodule(snapshot: &Snapshot, path: &str) -> bool {
    matches!(snapshot.target(path), Target::Submodule(_))
}

/// A configuration file as a tree, by its ending.
fn read(site: &PagesSite<'_>, path: &str) -> Option<(FileId, Node)> {
    const LONGEST: usize = 1 << 18;
    if !site.snapshot.is_file(path) {
        return None;
    }
    let (file, text) = site.open(path).filter(|(_, text)| text.len() <= LONGEST)?;
    let root = match path.rsplit('.').next() {
        Some("toml") => toml::parse(text, file).ok(),
        Some("json") => json::parse(text, file).ok(),
        _ => yaml::parse(text, file).root,
    };
    Some((file, root?))
}
