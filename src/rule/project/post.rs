//! The posts that a generator leaves out of a build because of their date.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::platform::job::Job;
use crate::project::front_matter::FrontMatter;
use crate::project::path::{child, name};
use crate::project::setting::{Setting, yaml};
use crate::text::span::FileId;

use super::hugo;

/// A post and the day before which it is left out.
pub(super) struct Post {
    pub(super) path: String,
    pub(super) day: Date,
}

/// Without the day of the build a post that is as far ahead as this is in the future for years to come.
const FAR: i16 = 2036;

/// Posts of Hugo that are looked at; more than this is read by nobody in time.
const MAX_POSTS: usize = 2000;

/// Settings of Hugo that decide what a page's date is, whether it counts, or where pages are.
const DECIDING: [&str; 5] = ["buildfuture", "frontmatter", "contentdir", "mounts", "languages"];

impl Post {
    /// Whether its date is a slip of the pen rather than a plan.
    pub(super) fn is_far(&self) -> bool {
        self.day.year() >= FAR
    }
}

/// Whether a build leaves out what bears this date. Where the author's clock is, it may be tomorrow already.
fn is_ahead(job: &Job<'_>, day: Date) -> bool {
    match job.day {
        Some(today) => today.checked_add(1.day()).is_ok_and(|tomorrow| day > tomorrow),
        None => day.year() >= FAR,
    }
}

/// The posts that Jekyll leaves out (`publisher.rb`: `hidden_in_the_future?`; measured with 4.3.1).
pub(super) fn of_jekyll(job: &Job<'_>) -> Vec<Post> {
    let mut texts = job.commands.iter().flat_map(|(_, trace)| &trace.texts);
    let builds = texts.clone().any(|text| text.text.contains("jekyll"));
    let is_elsewhere = |text: &str| ["--future", "--config", "--source", " -s "].iter().any(|word| text.contains(word));
    if !builds || texts.any(|text| is_elsewhere(&text.text)) {
        return Vec::new();
    }
    let config = job.snapshot.text(&child(job.dir, "_config.yml")).unwrap_or_default();
    // GitHub's collection of gems has defaults of its own.
    let is_of_pages = job.snapshot.text(&child(job.dir, "Gemfile")).is_ok_and(|text| text.contains("github-pages"));
    if is_of_pages || !yaml::setting(&config, FileId::NONE, "future").is_absent() {
        return Vec::new();
    }
    let entries = job.snapshot.below(&child(job.dir, "_posts")).iter();
    let posts = entries.filter_map(|entry| {
        let named = date(name(&entry.path)).filter(|day| is_ahead(job, *day))?;
        let text = job.snapshot.text(&entry.path).ok()?;
        let head = FrontMatter::of(&text);
        let day = match head.map_or(Setting::Absent, |head| head.setting("date")) {
            Setting::Absent => named,
            written => date(written.text()?).filter(|day| is_ahead(job, *day))?,
        };
        let is_published = head.is_none_or(|head| head.setting("published").is_absent());
        is_published.then(|| Post { path: entry.path.to_string(), day })
    });
    posts.collect()
}

/// The pages that Hugo leaves out (`hugolib/site.go`: `shouldBuild`; measured with 0.168.0).
pub(super) fn of_hugo(job: &Job<'_>) -> Vec<Post> {
    let mut runs = hugo::builds(job);
    let Some(run) = runs.next().filter(|_| runs.next().is_none()) else { return Vec::new() };
    let asks = |word: &str| matches!(word.split('=').next(), Some("--buildFuture" | "-F"));
    let is_asked = run.run.args.iter().any(|arg| asks(&arg.text))
        || job.variables.iter().any(|(name, _)| name.eq_ignore_ascii_case("HUGO_BUILDFUTURE"));
    let Some(configuration) = hugo::Configuration::of(job, run.dir).filter(|_| !is_asked) else { return Vec::new() };
    let text = configuration.source.text.to_ascii_lowercase();
    // A folder of configurations has others for environments.
    let has_more = !job.snapshot.below(&child(run.dir, "config")).is_empty();
    if has_more || DECIDING.iter().any(|key| text.contains(key)) {
        return Vec::new();
    }
    let entries = job.snapshot.below(&child(run.dir, "content")).iter();
    let pages = entries.filter(|entry| entry.path.ends_with(".md") && !name(&entry.path).starts_with('_'));
    let posts = pages.take(MAX_POSTS).filter_map(|entry| {
        let text = job.snapshot.text(&entry.path).ok()?;
        let head = FrontMatter::of(&text).filter(|head| names_year_from(head.text(), first_year(job)))?;
        let day = of_page(head).filter(|day| is_ahead(job, *day))?;
        Some(Post { path: entry.path.to_string(), day })
    });
    posts.collect()
}

/// The least year of a post that may be left out.
fn first_year(job: &Job<'_>) -> i16 {
    job.day.map_or(FAR, Date::year)
}

/// Whether a text holds such a year or a later one: most pages need no closer look.
fn names_year_from(text: &str, first: i16) -> bool {
    let years = text.as_bytes().windows(4).filter(|four| four.iter().all(u8::is_ascii_digit));
    years.filter_map(|four| std::str::from_utf8(four).ok()?.parse::<i16>().ok()).any(|year| year >= first)
}

/// When Hugo publishes a page; none when it is a draft, or only another name of the setting would tell.
fn of_page(head: FrontMatter<'_>) -> Option<Date> {
    let is_plain = ["draft", "Draft", "Date", "PublishDate", "publishdate", "pubdate", "published", "expiryDate"]
        .iter()
        .all(|key| head.setting(key).is_absent());
    let written = head.setting("publishDate").or(|| head.setting("date"));
    date(written.text().filter(|_| is_plain)?)
}

/// The date at the beginning of a text.
fn date(text: &str) -> Option<Date> {
    let rest = text.get(10..)?;
    let is_whole = !rest.starts_with(|c: char| c.is_ascii_digit());
    text.get(..10)?.parse().ok().filter(|_| is_whole)
}

/// Whether a workflow of the repository starts by the clock, as one does that builds on the day of each post.
pub(super) fn is_scheduled(job: &Job<'_>) -> bool {
    job.snapshot.below(".github/workflows").iter().any(|entry| {
        job.snapshot.text(&entry.path).is_ok_and(|text| text.contains("schedule:") && text.contains("cron:"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_text_is_a_date() {
        let day = jiff::civil::date(2026, 12, 1);
        for text in ["2026-12-01", "2026-12-01-a-post.md", "2026-12-01T10:00:00+02:00", "2026-12-01 10:00"] {
            assert_eq!(date(text), Some(day), "{text}");
        }
        for text in ["", "2026-12-1", "2026-02-30-a.md", "2026-12-012", "1 December 2026", "ä026-12-01"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn hugo_publishes_on_the_day_of_publication_and_no_draft() {
        let of = |page: &str| FrontMatter::of(page).and_then(of_page);
        assert_eq!(of("---\ndate: 2020-01-01\npublishDate: 2030-01-01\n---\n"), Some(jiff::civil::date(2030, 1, 1)));
        assert_eq!(of("+++\ndate = 2030-01-01T10:00:00Z\n+++\n"), Some(jiff::civil::date(2030, 1, 1)));
        for head in ["draft: true\ndate: 2030-01-01", "pubdate: 2030-01-01", "lastmod: 2030-01-01", "date: soon"] {
            assert_eq!(of(&format!("---\n{head}\n---\n")), None, "{head}");
        }
    }
}
