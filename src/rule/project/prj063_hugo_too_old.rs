//! PRJ063: a Hugo that is older than what the theme demands.

use crate::platform::netlify::hugo;
use crate::platform::netlify::image::numbers;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The pinned version of Hugo lies below the minimum of the configuration or of the theme.
pub(super) static RULE: Rule = Rule {
    id: "PRJ063",
    name: "hugo-too-old",
    summary: "HUGO_VERSION is older than the site or its theme demands",
    docs: "\
## What happens

Hugo stops: the theme or the site does not support this version.

## Why

Themes name the oldest Hugo that they work with, in `theme.toml` or in `module.hugoVersion`. `HUGO_VERSION` pins \
an older one, often since the day on which the site was made.

## How to mend it

Raise `HUGO_VERSION` to the minimum or later.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/HugoBlox/kit/issues/191", "2026-11-21"),
        observed("https://github.com/Fastbyte01/KeepIt/issues/1", "2026-11-21"),
        observed("https://github.com/panr/hugo-theme-hello-friend/issues/145", "2026-11-21"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(plan) = site.plan.as_ref().filter(|_| hugo::runs_installed(site)) else { return };
    let Some(pinned) = plan.variable("HUGO_VERSION") else { return };
    let version = pinned.value.strip_prefix("extended_").unwrap_or(&pinned.value);
    let Some(own) = numbers(version) else { return };
    let Some(minimum) = hugo::minimum(site).filter(|minimum| numbers(&minimum.version) > Some(own)) else { return };
    let span = pinned.span().unwrap_or(Span::NONE);
    let fix = hugo::release(&minimum.version)
        .filter(|_| site.written(span).is_some_and(|text| text.starts_with('"')))
        .map(|release| {
            Fix::replace(
                Applicability::Safe,
                format!("set HUGO_VERSION to \"{release}\""),
                span,
                format!("\"{release}\""),
            )
        });
    out.report(
        RULE.finding(format!("HUGO_VERSION is {version}, and \"{}\" needs {} or later", minimum.path, minimum.version))
            .at(span)
            .label("too old")
            .related(minimum.span, "asks for more")
            .log_line("does not support Hugo version")
            .help(format!("raise it to {} or later", minimum.version))
            .maybe_fix(fix),
    );
}
