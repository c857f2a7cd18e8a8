//! PRJ096: posts that Jekyll leaves out because of their date.

use crate::platform::job::Job;
use crate::project::path::{child, name};
use crate::project::setting::{Setting, yaml};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::FileId;

/// A post of Jekyll bears a date that lies years ahead.
pub(super) static RULE: Rule = Rule {
    id: "PRJ096",
    name: "post-in-the-future",
    summary: "A post is dated far in the future and left out of the build",
    docs: "\
## What happens

The deploy turns green, and the page is missing.

## Why

Jekyll leaves out posts that are dated after the moment of the build. A date years ahead is mostly a slip of the \
pen.

## How to mend it

Correct the date, or set `future: true` in `_config.yml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/jekyll/jekyll/issues/4507", "2026-11-21"),
        observed("https://github.com/jekyll/jekyll/issues/7493", "2026-11-21"),
        observed("https://github.com/maptime/maptime-admin/issues/176", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// The files do not tell the day of the build: a post that is as far ahead as this is in the future for years to come.
const FAR: u32 = 2036;

fn check(job: &Job<'_>, out: &mut Sink) {
    let is_jekyll = |text: &str| text.contains("jekyll");
    let mut texts = job.commands.iter().flat_map(|(_, trace)| &trace.texts);
    let builds = texts.clone().any(|text| is_jekyll(&text.text));
    if !builds || texts.any(|text| text.text.contains("--future")) {
        return;
    }
    let config = job.snapshot.text(&child(job.dir, "_config.yml")).unwrap_or_default();
    if yaml::setting(&config, FileId::NONE, "future") != Setting::Absent {
        return;
    }
    for entry in job.snapshot.below(&child(job.dir, "_posts")) {
        let date: Vec<&str> = name(&entry.path).splitn(4, '-').collect();
        let [year, month, day, _] = date.as_slice() else { continue };
        let is_date = year.len() == 4 && [month, day].iter().all(|part| part.len() == 2 && part.parse::<u32>().is_ok());
        if is_date && year.parse::<u32>().is_ok_and(|year| year >= FAR) {
            out.report(
                RULE.finding(format!("\"{}\" is dated {year}-{month}-{day} and left out until then", entry.path))
                    .at_path(&*entry.path)
                    .help("correct the date, or set \"future: true\" in \"_config.yml\""),
            );
        }
    }
}
