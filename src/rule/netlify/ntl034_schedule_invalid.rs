//! NTL034: the schedule of a function is no cron expression.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::parse_cron;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::property;

/// `functions.NAME.schedule` cannot be read.
pub(super) static RULE: Rule = Rule {
    id: "NTL034",
    name: "schedule-invalid",
    summary: "The schedule of a function is no cron expression",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

A schedule has five fields: minute, hour, day of the month, month, day of the week; a sixth in front means seconds. \
Names have three letters (`MON`, `JAN`), a value stands in a field once, and of the words only `@hourly`, `@daily`, \
`@weekly`, `@monthly`, `@yearly` and a few more are known. With `H` a value is drawn for each build, and some draws may \
not be accepted.

## How to mend it

Write the field as the message says; `*/5 * * * *` is every five minutes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/validations.js", "2026-11-20"),
        docs("https://docs.netlify.com/build/functions/scheduled-functions/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Violation(violation)) = site.failure(Topic::Schedule) else { return chances(site, out) };
    let finding = property::finding(&RULE, site, violation).label("not a schedule");
    out.report(finding.maybe_fix(rewritten(site, violation.span)));
}

/// Schedules that are accepted on some builds only.
fn chances(site: &NetlifySite<'_>, out: &mut Sink) {
    let functions = site.config(&["functions"]).and_then(Node::as_table).into_iter().flat_map(Table::iter);
    for (name, entry) in functions {
        let Some(schedule) = entry.value.at(&["schedule"]) else { continue };
        let cron = schedule.as_str().and_then(|text| parse_cron(text).ok());
        let Some(error) = cron.and_then(|cron| cron.chance) else { continue };
        let message = format!("the schedule of \"{name}\" fails for some of the values that \"H\" may get: {error}");
        out.report(
            RULE.finding(message)
                .severity(Severity::Medium)
                .at(schedule.span)
                .label("not always accepted")
                .help("write numbers instead of \"H\""),
        );
    }
}

/// The same schedule in the words that are known.
fn rewritten(site: &NetlifySite<'_>, span: Span) -> Option<Fix> {
    let written = site.written(span)?;
    let quote = written.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let text = known_words(written.trim_matches(quote));
    parse_cron(&text).ok().filter(|cron| cron.chance.is_none() && !text.is_empty())?;
    let title = format!("write \"{text}\"");
    Some(Fix::replace(Applicability::Review, title, span, format!("{quote}{text}{quote}")))
}

fn known_words(text: &str) -> String {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    const MONTHS: [&str; 11] = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = text.trim().to_ascii_lowercase();
    match lower.as_str() {
        "@midnight" | "@every 1d" | "@every 24h" | "@every 1 day" | "@every day" => return "@daily".to_owned(),
        "@every 1h" | "@every 60m" | "@every 1 hour" | "@every hour" => return "@hourly".to_owned(),
        "@every 1m" | "@every 60s" | "@every minute" => return "* * * * *".to_owned(),
        _ => {}
    }
    if let Some(minutes) = lower.strip_prefix("@every ").and_then(|rest| rest.strip_suffix('m')) {
        return format!("*/{minutes} * * * *");
    }
    if lower.starts_with('@') || ["hourly", "daily", "weekly", "monthly", "yearly", "annually"].contains(&&*lower) {
        return format!("@{}", lower.trim_start_matches('@'));
    }
    DAYS.iter().chain(&MONTHS).fold(lower, |text, word| text.replace(word, &word[..3].to_ascii_uppercase()))
}
