//! The builder of Pages itself: Jekyll with fixed versions and plugins (`github/pages-gem`).

pub mod liquid;

use std::sync::LazyLock;

use globset::GlobBuilder;
use serde::Deserialize;

use crate::project::command::Reach;
use crate::project::path::{child, join, name, strip};
use crate::project::snapshot::{Entry, Mode};
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};
use crate::text::yaml;

use super::publication::CLASSIC_BUILD;
use super::site::{PagesSite, Source};

const DATA: &str = include_str!("../../data/pages-jekyll.json");

#[derive(Deserialize, Default)]
struct File {
    plugins: String,
    tags: String,
}

static TABLE: LazyLock<File> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// Files that are looked at, and the longest of them.
const MAX_FILES: usize = 5_000;
const MAX_LENGTH: usize = 1 << 20;

/// One build by the builder of Pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The folder that it builds.
    pub dir: String,
    /// The step; none for a branch.
    pub span: Option<Span>,
}

/// A page that Liquid cannot parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path.
    pub path: String,
    /// What is wrong.
    pub fault: liquid::Fault,
    /// Where.
    pub span: Span,
    /// The paragraph around it.
    pub paragraph: Span,
}

/// Whether the builder runs a plugin.
#[must_use]
pub fn allows(plugin: &str) -> bool {
    TABLE.plugins.split(' ').any(|known| known == plugin)
}

fn is_tag(tag: &str) -> bool {
    TABLE.tags.split(' ').any(|known| known == tag)
}

/// The builds of a site that are certain.
#[must_use]
pub fn builds(site: &PagesSite<'_>) -> Vec<Build> {
    if site.source == Source::Classic {
        let is_off = site.snapshot.is_file(".nojekyll");
        return (!is_off).then(|| Build { dir: String::new(), span: None }).into_iter().collect();
    }
    let Some(workflow) = &site.workflow else { return Vec::new() };
    let mut found = Vec::new();
    for (job, run) in site.relevant().filter_map(|job| Some((workflow.jobs.get(job)?, site.runs.get(job)?))) {
        let steps = job.steps.iter().enumerate();
        for (index, step) in steps.filter(|(_, step)| step.uses(CLASSIC_BUILD) && step.is_unconditional()) {
            let source = step.input("source").map_or(Some("./"), |text| text.plain());
            let Some(dir) = source.and_then(|source| join("", source)) else { continue };
            // Commands before it may have changed the pages.
            let mut calls = run.commands_before(index).flat_map(|command| &command.trace.invocations);
            let is_untouched = run.is_known_before(index)
                && calls.all(|call| call.reach == Reach::Never || call.is_harmless())
                && !run
                    .commands_before(index)
                    .any(|command| command.trace.texts.iter().any(|text| text.text.contains('>')));
            if is_untouched && job.is_unconditional() {
                found.push(Build { dir, span: Some(step.place()) });
            }
        }
    }
    found
}

/// The plugins that `_config.yml` lists, and where.
#[must_use]
pub fn plugins(site: &PagesSite<'_>, build: &Build) -> Vec<(String, Span)> {
    let Some(root) = configuration(site, &build.dir) else { return Vec::new() };
    let lists = ["plugins", "gems"].iter().filter_map(|key| root.at(&[key]));
    let items = lists.flat_map(|node| node.as_array().unwrap_or_default().iter());
    items.filter_map(|node| Some((node.as_str()?.to_owned(), node.span))).collect()
}

fn configuration(site: &PagesSite<'_>, dir: &str) -> Option<Node> {
    let path = child(dir, "_config.yml");
    let (file, text) = site.open(&path).filter(|_| site.snapshot.is_file(&path))?;
    let document = yaml::parse(text, file);
    document.root.filter(|_| document.errors.is_empty())
}

/// The pages of a build that Liquid cannot parse.
#[must_use]
pub fn faults(site: &PagesSite<'_>, build: &Build) -> Vec<Page> {
    let path = child(&build.dir, "_config.yml");
    let root = configuration(site, &build.dir);
    let text = site.snapshot.text(&path).unwrap_or_default();
    if site.snapshot.is_file(&path) && root.is_none() || text.contains("render_with_liquid") {
        return Vec::new();
    }
    let excluded = excluded(root.as_ref());
    let needs_front_matter = text.contains("optional_front_matter");
    let entries = site.snapshot.below(&build.dir).iter().take(MAX_FILES);
    let pages = entries.filter(|entry| {
        let below = strip(&entry.path, &build.dir).unwrap_or_default();
        is_page(entry, below) && !excluded.iter().any(|pattern| excludes(pattern, below))
    });
    pages.filter_map(|entry| page(site, entry, needs_front_matter)).collect()
}

/// What the configuration leaves out.
fn excluded(root: Option<&Node>) -> Vec<String> {
    let node = root.and_then(|root| root.at(&["exclude"]));
    match node.map(|node| &node.kind) {
        Some(Kind::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Some(Kind::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn excludes(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let is_glob = || GlobBuilder::new(pattern).build().is_ok_and(|glob| glob.compile_matcher().is_match(path));
    strip(path, pattern).is_some() || pattern.contains(['*', '?', '[', '{']) && is_glob()
}

/// Whether Jekyll reads a file (`jekyll/lib/jekyll/entry_filter.rb`, `reader.rb`).
fn is_page(entry: &Entry, below: &str) -> bool {
    const ENDS: [&str; 6] = [".md", ".markdown", ".mkdown", ".mkdn", ".mkd", ".html"];
    let is_hidden = |part: &str| part.starts_with(['_', '.', '#']) || part.ends_with('~');
    let is_foreign = |part: &str| matches!(part, "node_modules" | "vendor");
    matches!(entry.mode, Mode::File | Mode::Executable)
        && ENDS.iter().any(|end| below.ends_with(end))
        && !below.split('/').any(|part| is_hidden(part) && part != "_posts" || is_foreign(part))
}

/// The page, if it is rendered and cannot be.
fn page(site: &PagesSite<'_>, entry: &Entry, needs_front_matter: bool) -> Option<Page> {
    let text = site.snapshot.text(&entry.path).ok().filter(|text| text.len() <= MAX_LENGTH)?;
    let has_front_matter = text.starts_with("---\n") || text.starts_with("---\r\n");
    if !has_front_matter {
        // `jekyll-optional-front-matter` renders Markdown without one, too, but for what belongs to the repository.
        const KEPT: [&str; 8] = [
            "README",
            "LICENSE",
            "LICENCE",
            "COPYING",
            "CODE_OF_CONDUCT",
            "CONTRIBUTING",
            "ISSUE_TEMPLATE",
            "PULL_REQUEST_TEMPLATE",
        ];
        let stem = name(&entry.path).split('.').next().unwrap_or_default().to_uppercase();
        let is_markdown = !entry.path.ends_with(".html");
        if needs_front_matter || !is_markdown || KEPT.contains(&stem.as_str()) || entry.path.contains("_posts/") {
            return None;
        }
    }
    let start = if has_front_matter { front_matter_end(&text)? } else { 0 };
    let (fault, range) = liquid::fault(&text[start..], is_tag)?;
    let (from, to) = (start + range.start, start + range.end);
    let before = text[..from].rfind("\n\n").map_or(start, |at| at + 2);
    let after = text[to..].find("\n\n").map_or(text.trim_end().len().max(to), |at| to + at);
    let (file, _) = site.open(&entry.path)?;
    let span = |from, to| Span::new(file, from, to);
    Some(Page { path: entry.path.to_string(), fault, span: span(from, to), paragraph: span(before, after) })
}

/// Where the text begins behind the front matter; none when a setting in it may change what is rendered.
fn front_matter_end(text: &str) -> Option<usize> {
    let end = text[3..].find("\n---").map(|at| at + 3 + 4)?;
    let head = &text[..end];
    (!head.contains("render_with_liquid") && !head.contains("published: false")).then_some(end)
}
