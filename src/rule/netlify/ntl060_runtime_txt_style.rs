//! NTL060: `runtime.txt` is written for another host.

use crate::platform::netlify::image::numbers;
use crate::platform::netlify::python;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// `runtime.txt` holds `python-3.13.1`, not `3.13`.
pub(super) static RULE: Rule = Rule {
    id: "NTL060",
    name: "runtime-txt-style",
    summary: "runtime.txt is written in the style of another host",
    docs: "\
## What happens

On older build images the build stops before anything is installed, because there is no Python of that name. Newer images \
may understand it.

## Why

Netlify reads `runtime.txt` in the base directory and expects the bare number of a Python version. Heroku and Render write \
`python-3.13.1` into the same file.

## How to mend it

Write the number alone, without the patch version: `3.13`. Or leave `runtime.txt` to the other host and set `PYTHON_VERSION` \
or `.python-version` for Netlify.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build-image/blob/focal/run-build-functions.sh", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/141", "2026-11-20"),
        observed("https://github.com/peaceiris/mkdocs-material-boilerplate/pull/142", "2026-11-20"),
        observed("https://github.com/fastlane/docs/pull/1164", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((text, span)) = python::line(site, "runtime.txt") else { return };
    let Some(version) = text.strip_prefix("python-") else { return };
    let fix = numbers(version).map(|(major, minor, _)| {
        let plain = format!("{major}.{minor}");
        Fix::replace(Applicability::Review, format!("write \"{plain}\""), span, plain)
    });
    out.report(
        RULE.finding(format!("runtime.txt says \"{text}\"; Netlify expects the number alone, such as \"3.13\""))
            .at(span)
            .label("style of another host")
            .log_line("Error setting python version from runtime.txt")
            .maybe_fix(fix),
    );
}
