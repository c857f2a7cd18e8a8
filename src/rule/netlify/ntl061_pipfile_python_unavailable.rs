//! NTL061: the Pipfile requires a Python that will not be there.

use crate::platform::netlify::image::{image, numbers};
use crate::platform::netlify::python::{self, Pipfile};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

/// `python_version` is too old, or differs from the version that is pinned.
pub(super) static RULE: Rule = Rule {
    id: "NTL061",
    name: "pipfile-python-unavailable",
    summary: "The Pipfile requires a Python that the builder does not have",
    docs: "\
## What happens

`pipenv install` stops, and the build with it, before the build command runs.

## Why

Without a `requirements.txt`, Netlify installs what the `Pipfile` lists. pipenv then looks for exactly the Python that \
`[requires]` names. It finds the one that the site pins in `runtime.txt` or `PYTHON_VERSION`, or the default, and no version \
that is long out of support.

## How to mend it

Write the pinned version into `python_version`, or pin the version that the `Pipfile` requires; then run `pipenv lock`.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build-image/blob/focal/run-build-functions.sh", "2026-11-20"),
        observed("https://github.com/spiffe/spiffe.io/issues/235", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/5027", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if python::has(site, "requirements.txt") {
        return;
    }
    let Some(pipfile) = Pipfile::of(site) else { return };
    let Some((required, span)) = pipfile.required() else { return };
    let Some((major, minor, _)) = numbers(required).filter(|_| required.contains('.')) else { return };
    let table = &image().python;
    let (why, place, wanted) = match pinned(site) {
        Some((text, place)) => match numbers(text) {
            Some((other_major, other_minor, _)) if (other_major, other_minor) != (major, minor) => {
                (format!("but \"{text}\" is pinned"), place, format!("{other_major}.{other_minor}"))
            }
            _ => return,
        },
        None if Some((major, minor, 0)) < numbers(&table.oldest) => (
            format!("which is older than \"{}\", the oldest that can be installed", table.oldest),
            Span::NONE,
            table.default.clone(),
        ),
        None => return,
    };
    let title = format!("require Python {wanted}");
    out.report(
        RULE.finding(format!("the Pipfile requires Python \"{required}\", {why}"))
            .at(span)
            .label("not available")
            .related(place, "pinned here")
            .log_line(format!("Warning: Python {major}.{minor} was not found on your system"))
            .help("after the change run \"pipenv lock\"")
            .fix(Fix::replace(Applicability::Review, title, span, format!("\"{wanted}\""))),
    );
}

/// The version that the site pins: `runtime.txt`, else `PYTHON_VERSION`.
fn pinned<'s>(site: &'s NetlifySite<'_>) -> Option<(&'s str, Span)> {
    let variable = || {
        let node = site.config(&["build", "environment", "PYTHON_VERSION"])?;
        Some((Node::as_str(node)?, node.span))
    };
    python::line(site, "runtime.txt").or_else(variable)
}
