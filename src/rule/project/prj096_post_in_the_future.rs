//! PRJ096: posts that Jekyll and Hugo leave out because of their date.

use crate::platform::job::{Job, ToolRun};
use crate::project::front_matter::FrontMatter;
use crate::project::path::{child, strip};
use crate::project::setting::yaml;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::{FileId, Span};

use super::command;
use super::post::{self, Post};

/// A post bears a date behind the day of the build, or years ahead where that day is not known.
pub(super) static RULE: Rule = Rule {
    id: "PRJ096",
    name: "post-in-the-future",
    summary: "A post is dated in the future and left out of the build",
    docs: "\
## What happens

The deploy turns green, and the page is missing. With Jekyll the build fails if another page links to the post by \
`post_url`.

## Why

Jekyll leaves out posts that are dated after the moment of the build, and Hugo pages whose `publishDate`, or else \
`date`, lies ahead. Nothing builds the site again on that day by itself. A date years ahead is mostly a slip of the \
pen.

The clock is that of the caller (`--day`), in UTC, and a post of tomorrow may be one of today where it was written: it is \
told from the day after tomorrow on. Repositories with a workflow that runs by the clock are taken to publish by plan.

## How to mend it

Correct the date, build again on that day (a build hook and a schedule do), or ask for posts of the future: \
`future: true` in `_config.yml`, `buildFuture` in Hugo's configuration.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/jekyll/jekyll/issues/4507", "2026-11-21"),
        observed("https://github.com/jekyll/jekyll/issues/7493", "2026-11-21"),
        observed("https://github.com/maptime/maptime-admin/issues/176", "2026-11-21"),
        docs("https://gohugo.io/methods/page/publishdate/", "2026-11-22"),
    ],
    check: Check::Job(check),
};

/// Tags of Liquid inside which something may not be rendered.
const BLOCKS: [&str; 8] = ["raw", "comment", "if", "unless", "case", "for", "capture", "highlight"];

/// Pages that are searched for links to posts.
const MAX_PAGES: usize = 2000;

fn check(job: &Job<'_>, out: &mut Sink) {
    let posts = post::of_jekyll(job);
    if let Some(finding) = link(job, &posts) {
        return out.report(finding);
    }
    told(job, &posts, "set \"future: true\" in \"_config.yml\"", out);
    told(job, &post::of_hugo(job), "build with \"--buildFuture\"", out);
}

/// Slips of the pen one by one, and what may be planned as one: the earliest.
fn told(job: &Job<'_>, posts: &[Post], ask: &str, out: &mut Sink) {
    for post in posts.iter().filter(|post| post.is_far()) {
        let message = format!("\"{}\" is dated {} and left out until then", post.path, post.day);
        out.report(RULE.finding(message).at_path(&*post.path).help(format!("correct the date, or {ask}")));
    }
    let near = || posts.iter().filter(|post| !post.is_far());
    let Some((today, first)) = job.day.zip(near().min_by_key(|post| (post.day, &post.path))) else { return };
    if post::is_scheduled(job) {
        return;
    }
    let message = format!("\"{}\" is dated {}, and a build on {today} leaves it out", first.path, first.day);
    let mut finding = RULE.finding(message).at_path(&*first.path);
    let others = near().count() - 1;
    if others > 0 {
        let noun = if others == 1 { "post is" } else { "posts are" };
        finding = finding.note(format!("{others} more {noun} dated later than the build"));
    }
    out.report(finding.help(format!("correct the date, build again on that day, or {ask}")));
}

/// A page of Jekyll that links to a post which is left out: that ends the build.
fn link(job: &Job<'_>, posts: &[Post]) -> Option<Finding> {
    let mut runs = job.tools("jekyll").chain(job.tools("bundle"));
    let run = runs.find(|run| run.dir == job.dir && is_build(run)).filter(|_| !posts.is_empty())?;
    let config = job.snapshot.text(&child(job.dir, "_config.yml")).unwrap_or_default();
    let excludes = !yaml::setting(&config, FileId::NONE, "exclude").is_absent();
    let entries = job.snapshot.below(job.dir).iter().filter(|entry| is_page(job, &entry.path, excludes));
    let pages = entries.filter(|entry| posts.iter().all(|post| post.path != *entry.path)).take(MAX_PAGES);
    for page in pages {
        let Ok(text) = job.snapshot.text(&page.path) else { continue };
        let Some((at, name, post)) = linked(job, &text, posts) else { continue };
        let (file, _) = job.open(&page.path)?;
        let log_line = format!("Could not find post \"{name}\" in tag 'post_url'");
        let message = format!("\"{}\" links to \"{}\", which is dated {} and left out", page.path, post.path, post.day);
        let finding = RULE.finding(message).at(Span::new(file, at, at + name.len())).label("not there yet");
        let help = "link to it when it is published, correct its date, or set \"future: true\" in \"_config.yml\"";
        return Some(finding.severity(command::severity(job)).stage(run.stage).log_line(log_line).help(help));
    }
    None
}

fn is_build(tool: &ToolRun<'_>) -> bool {
    let words: Vec<&str> = tool.run.args.iter().map(|arg| arg.text.as_str()).collect();
    matches!((tool.run.name(), words.as_slice()), ("jekyll", ["build" | "b", ..]))
        || matches!((tool.run.name(), words.as_slice()), ("bundle", ["exec", "jekyll", "build" | "b", ..]))
}

/// Whether Jekyll renders a file: a post, or a page outside all folders that it treats in a way of their own.
fn is_page(job: &Job<'_>, path: &str, excludes: bool) -> bool {
    const APART: [&str; 2] = ["node_modules", "vendor"];
    let Some(path) = strip(path, job.dir) else { return false };
    let is_text = [".md", ".markdown", ".html"].iter().any(|end| path.ends_with(end));
    let is_apart = |part: &str| part.starts_with(['_', '.']) || APART.contains(&part);
    let is_post = path.strip_prefix("_posts/").is_some_and(|below| !below.split('/').any(is_apart));
    is_text && (is_post || !excludes && !path.split('/').any(is_apart))
}

/// The first link of a page to one of the posts, as `post_url` takes it, and where its name stands.
fn linked<'t, 'p>(job: &Job<'_>, text: &'t str, posts: &'p [Post]) -> Option<(usize, &'t str, &'p Post)> {
    let head = FrontMatter::of(text)?;
    let is_plain = ["published", "render_with_liquid"].iter().all(|key| head.setting(key).is_absent());
    let folder = child(job.dir, "_posts");
    let named = |name: &str| posts.iter().find(|post| stem(&post.path, &folder) == Some(name));
    for (at, _) in text.match_indices("{%").filter(|_| is_plain) {
        let tag = text[at + 2..].split("%}").next()?.trim_matches('-').trim();
        let word = tag.split_whitespace().next().unwrap_or_default();
        if BLOCKS.contains(&word) {
            return None;
        }
        let Some(name) = tag.strip_prefix("post_url").map(str::trim) else { continue };
        if let Some(post) = named(name) {
            return Some((at + text[at..].find(name)?, name, post));
        }
    }
    None
}

/// The path of a post below its folder, without its ending.
fn stem<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    strip(path, folder)?.rsplit_once('.').map(|(stem, _)| stem)
}
