//! Netlify forms in pages of Next.js that are rendered while the site is built.

use std::collections::BTreeMap;

use crate::platform::netlify::form::{self, Form};
use crate::platform::netlify::next::{self, NextSite};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, name, parent, strip};

/// When a form's page is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// While the site is built.
    Build,
    /// While the site is built, if a condition holds.
    Perhaps,
    /// At each request.
    Request,
}

/// A form in the tree of a page.
#[derive(Debug)]
pub struct PageForm {
    /// The file that holds the form, as a repository path.
    pub path: String,
    /// The page, as a repository path.
    pub page: String,
    /// The form.
    pub form: Form,
    /// When the page is rendered.
    pub rendering: Rendering,
}

/// Files that are read at most.
const MAX_FILES: usize = 300;
/// Longest file that is read.
const MAX_LENGTH: usize = 1 << 18;
/// Files between a page and the component with the form at most.
const MAX_STEPS: usize = 4;

/// The forms of all pages, each once.
#[must_use]
pub fn forms(site: &NetlifySite<'_>, project: &NextSite<'_>) -> Vec<PageForm> {
    let texts = texts(site, project.dir);
    let mut found = Vec::new();
    for (path, text) in &texts {
        if !text.contains("<form") || !text.contains("netlify") {
            continue;
        }
        let forms = form::in_jsx(text);
        if forms.is_empty() {
            continue;
        }
        let Some((page, rendering)) = page_of(site, project.dir, &texts, path) else { continue };
        for form in forms {
            let rendering = match rendering {
                Rendering::Build if form.is_conditional => Rendering::Perhaps,
                other => other,
            };
            found.push(PageForm { path: (*path).to_owned(), page: page.to_owned(), form, rendering });
        }
    }
    found
}

/// Whether a tracked HTML file of `public` shows Netlify a form.
#[must_use]
pub fn has_static_twin(site: &NetlifySite<'_>, dir: &str) -> bool {
    let below = site.snapshot.below(&child(dir, "public"));
    let pages = below.iter().filter(|entry| entry.path.ends_with(".html")).take(MAX_FILES);
    pages.into_iter().any(|entry| site.snapshot.text(&entry.path).is_ok_and(|html| form::is_in_html(&html)))
}

/// The scripts of the folders in which pages and components live.
fn texts<'s>(site: &NetlifySite<'s>, dir: &str) -> BTreeMap<&'s str, String> {
    let folders = ["app", "pages", "components", "src"].map(|folder| child(dir, folder));
    let entries = folders.iter().flat_map(|folder| site.snapshot.below(folder));
    let scripts = entries.filter(|entry| next::is_script(&entry.path) && !entry.path.contains("/node_modules/"));
    let read = |path: &'s str| {
        let text = site.snapshot.text(path).ok().filter(|text| text.len() <= MAX_LENGTH)?;
        Some((path, text))
    };
    scripts.take(MAX_FILES).filter_map(|entry| read(&entry.path)).collect()
}

/// The page whose tree a file belongs to, and when it is rendered.
fn page_of<'t>(
    site: &NetlifySite<'_>,
    dir: &str,
    texts: &BTreeMap<&'t str, String>,
    file: &'t str,
) -> Option<(&'t str, Rendering)> {
    let (app, pages) = (next::app_dir(site, dir), next::pages_dir(site, dir));
    let mut level = vec![(file, Rendering::Build)];
    let mut seen = vec![file];
    for _ in 0..MAX_STEPS {
        let own = level.iter().filter_map(|(path, rendering)| {
            let page = page_rendering(texts, path, app.as_deref(), pages.as_deref())?;
            Some((*path, weaker(page, *rendering)))
        });
        if let Some(found) = own.min_by_key(|(_, rendering)| *rendering as u8) {
            return Some(found);
        }
        let mut above = Vec::new();
        for (path, rendering) in level {
            for (importer, text) in texts.iter().filter(|(importer, _)| !seen.contains(importer)) {
                if let Some(component) = imported_name(text, path) {
                    let is_sure = form::is_rendered(text, &component);
                    above.push((*importer, if is_sure { rendering } else { Rendering::Perhaps }));
                }
            }
        }
        seen.extend(above.iter().map(|(path, _)| *path));
        level = above;
    }
    None
}

fn weaker(a: Rendering, b: Rendering) -> Rendering {
    match (a, b) {
        (Rendering::Request, _) | (_, Rendering::Request) => Rendering::Request,
        (Rendering::Perhaps, _) | (_, Rendering::Perhaps) => Rendering::Perhaps,
        _ => Rendering::Build,
    }
}

/// The name under which a text imports the default export, or any, of the file at `path`.
fn imported_name(text: &str, path: &str) -> Option<String> {
    let base = name(path);
    let stem = base.split('.').next().unwrap_or_default();
    let stem = if stem == "index" { name(parent(path)?) } else { stem };
    for line in text.lines().filter(|line| line.contains(stem) && line.contains("from")) {
        let (clause, specifier) = line.rsplit_once("from")?;
        let specifier = specifier.trim().trim_matches([';', '"', '\'']);
        let last = specifier.rsplit('/').next().unwrap_or_default();
        let is_it = last.split('.').next() == Some(stem) && (specifier.starts_with('.') || specifier.contains('/'));
        let is_import = clause.trim_start().strip_prefix("import");
        let names = is_import.filter(|_| is_it).map(|names| names.trim().trim_matches(['{', '}', ' ']));
        if let Some(names) = names {
            let first = names.split([',', ' ']).find(|word| word.starts_with(|first: char| first.is_uppercase()))?;
            return Some(first.trim_matches(['{', '}', ' ']).to_owned());
        }
    }
    None
}

/// What makes a page of the app router be rendered at each request, or may do so.
const AT_REQUEST: [&str; 11] = [
    "force-dynamic",
    "cookies(",
    "headers(",
    "draftMode(",
    "connection(",
    "searchParams",
    "noStore(",
    "no-store",
    "revalidate = 0",
    "\"edge\"",
    "'edge'",
];

/// When a file is rendered, if it is a page or a layout.
fn page_rendering(
    texts: &BTreeMap<&str, String>,
    path: &str,
    app: Option<&str>,
    pages: Option<&str>,
) -> Option<Rendering> {
    let stem = name(path).split('.').next().unwrap_or_default();
    if let Some(below) = app.and_then(|app| strip(path, app)) {
        if !matches!(stem, "page" | "layout") {
            return None;
        }
        let has_parameter = below.contains('[');
        let text = texts.get(path).map(String::as_str).unwrap_or_default();
        let layouts = texts.iter().filter(|(layout, _)| {
            name(layout).starts_with("layout.") && parent(layout).is_some_and(|dir| strip(path, dir).is_some())
        });
        let mut whole = layouts.map(|(_, text)| text.as_str()).chain([text]);
        let is_dynamic = whole.any(|text| AT_REQUEST.iter().any(|mark| text.contains(mark)));
        let is_unlisted = has_parameter && !text.contains("generateStaticParams");
        return Some(match (is_dynamic, is_unlisted) {
            (true, _) | (_, true) => Rendering::Request,
            _ if has_parameter => Rendering::Perhaps,
            _ => Rendering::Build,
        });
    }
    let below = pages.and_then(|pages| strip(path, pages))?;
    if below.starts_with("api/") || stem == "_document" {
        return None;
    }
    let text = texts.get(path).map(String::as_str).unwrap_or_default();
    let is_dynamic =
        ["getServerSideProps", "getInitialProps", "\"edge\"", "'edge'"].iter().any(|mark| text.contains(mark));
    Some(match is_dynamic {
        true => Rendering::Request,
        false if below.contains('[') => Rendering::Perhaps,
        false => Rendering::Build,
    })
}
