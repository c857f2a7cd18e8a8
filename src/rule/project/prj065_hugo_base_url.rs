//! PRJ065: a base URL that leads away from the site.

use crate::platform::job::Job;
use crate::project::setting::Setting;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::hugo::{self, Configuration};

/// `baseURL` holds the starter's value, plain http, or no scheme, and the command sets none.
pub(super) static RULE: Rule = Rule {
    id: "PRJ065",
    name: "hugo-base-url",
    summary: "The base URL of Hugo does not fit the deployment",
    docs: "\
## What happens

The deploy turns green. Style sheets and links lead to another site, or are refused because they come over plain \
http.

## Why

Templates build absolute addresses from `baseURL`. The starter writes `http://example.org/`, and a development \
machine has an address of its own.

## How to mend it

Give Hugo the address of the deploy (on Netlify `hugo --baseURL $URL`), or write the real one with `https://`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/themefisher/educenter-hugo/issues/8", "2026-11-21"),
        observed("https://github.com/apvarun/showfolio-hugo-theme/issues/4", "2026-11-21"),
        observed("https://github.com/lxndrblz/anatole/issues/78", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for tool in hugo::builds(job) {
        let sets = |name: &str| ["-b", "--baseURL", "--baseUrl"].contains(&name);
        let is_told = tool
            .run
            .args
            .iter()
            .any(|arg| sets(arg.text.split('=').next().unwrap_or_default()) || arg.text.starts_with("-b"));
        let by_variable = ["HUGO_BASEURL", "HUGO_BASE_URL"]
            .iter()
            .any(|name| job.variable(name).is_some() || tool.run.variable(name).is_some());
        let Some(configuration) = Configuration::of(job, tool.dir).filter(|_| !is_told && !by_variable) else {
            continue;
        };
        let Setting::Written(url) = configuration.setting("baseURL") else { continue };
        let Some(what) = fault(&url.text).filter(|_| !configuration.has("relativeURLs")) else { continue };
        let end = tool.run.program.end;
        let place = tool.trace.span(tool.run.text, job.sources, tool.run.program.start, end);
        let at = Span { start: place.end, ..place };
        let fix = if url.text.starts_with("http://") && !is_placeholder(&url.text) {
            let written = job.written(url.span);
            written.map(|text| {
                Fix::replace(Applicability::Review, "use https", url.span, text.replacen("http://", "https://", 1))
            })
        } else {
            let is_word = job.is_own_strict && job.written(place) == Some("hugo");
            is_word.then(|| {
                Fix::replace(Applicability::Review, "give Hugo the address of the deploy", at, " --baseURL $URL")
            })
        };
        return out.report(
            RULE.finding(format!("\"baseURL\" of \"{}\" is \"{}\", which {what}", configuration.path, url.text))
                .at(url.span)
                .label("every address begins with this")
                .help("write the real address with https, or give it with --baseURL")
                .maybe_fix(fix),
        );
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest).trim_start_matches("//");
    rest.split(['/', ':']).next().unwrap_or_default()
}

fn is_placeholder(url: &str) -> bool {
    matches!(
        host(url),
        "example.org"
            | "example.com"
            | "www.example.org"
            | "www.example.com"
            | "localhost"
            | "127.0.0.1"
            | "yoursite.com"
    )
}

fn fault(url: &str) -> Option<&'static str> {
    match url.trim() {
        "" | "/" => None,
        url if is_placeholder(url) => Some("is not the site's"),
        url if url.starts_with("http://") => Some("is refused by pages that come over https"),
        url if !url.contains("://") && !url.starts_with('/') => Some("has no scheme"),
        _ => None,
    }
}
