//! PRJ023: nvm cannot install the version of Node.js that is asked for.

use nodejs_semver::{Range, Version};

use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::toolchain::{self, Outcome};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::known::Because;
use crate::sim::stage::Stage;
use crate::text::span::{FileId, Span};

/// The version of Node.js that the site asks for does not exist, or is written as nvm cannot read it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ023",
    name: "node-version-unknown",
    summary: "The Node.js version that is asked for cannot be installed",
    docs: "\
## What happens

Netlify stops at the very beginning: the version of Node.js cannot be installed.

## Why

The text of `.nvmrc`, `.node-version` or `NODE_VERSION` is handed to nvm as it is. nvm takes a released version or \
its beginning (`20`, `20.11`, `v20.11.1`), `lts/*`, `lts/` with a name in small letters, and `node`. It knows no \
ranges (`>=18`), and quotes, comments and carriage returns become part of the version.

## How to mend it

Write a version that was released, for instance the number of a long-term major alone.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Node,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/nvm-sh/nvm/issues/2607", "2026-11-20"),
        source("https://github.com/nvm-sh/nvm/blob/master/nvm.sh", "2026-11-20"),
        docs("https://docs.netlify.com/build/configure-builds/manage-dependencies/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(plan) = &site.plan else { return };
    let wish = plan.node.value.as_str();
    let Outcome::Impossible(why) = toolchain::resolve(wish) else { return };
    let shown: String = wish.trim().chars().take(60).filter(|character| !character.is_control()).collect();
    let (place, span) = match &plan.node.because {
        Because::Present(path) => (path.clone(), whole(site, path)),
        _ => (toolchain::VARIABLE.to_owned(), plan.node.span().unwrap_or(Span::NONE)),
    };
    let mut finding = RULE
        .finding(format!("the Node.js version \"{shown}\" of \"{place}\" {why}"))
        .label("cannot be installed")
        .log_line(format!("Failed to install Node.js version '{shown}'"));
    if matches!(plan.node.because, Because::Present(_)) {
        finding = finding.at_path(place);
    }
    let clean = clean(wish);
    let is_clean = matches!(toolchain::resolve(&clean), Outcome::Release(..));
    let fix = (is_clean && site.written(span).is_some() && matches!(plan.node.because, Because::Present(_)))
        .then(|| Fix::replace(Applicability::Safe, format!("write \"{clean}\""), span, format!("{clean}\n")));
    let fix = fix.or_else(|| released(site, wish, span));
    let majors: Vec<String> = toolchain::long_term_majors().take(2).map(|major| major.to_string()).collect();
    out.report(
        finding.at(span).help(format!("accepted: a released version, such as {}", majors.join(" or "))).maybe_fix(fix),
    );
}

/// Names the newest long-term major that a range allows; where nothing was released by that name, the newest of all.
fn released(site: &NetlifySite<'_>, wish: &str, span: Span) -> Option<Fix> {
    let written = site.written(span).filter(|written| written.trim().lines().count() == 1)?;
    let range = Range::parse(clean(wish)).ok();
    let fits = |major: &u64| {
        let last = Version::parse(format!("{major}.999.0"));
        range.as_ref().is_none_or(|range| last.is_ok_and(|last| range.satisfies(&last)))
    };
    let mut majors = toolchain::long_term_majors();
    let newest = toolchain::long_term_majors().next()?;
    let major = majors.find(fits).unwrap_or(newest);
    let text = match written.trim().chars().next()? {
        quote @ ('"' | '\'') => format!("{quote}{major}{quote}"),
        _ => written.replace(written.trim(), &major.to_string()),
    };
    Some(Fix::replace(Applicability::Review, format!("take Node.js {major}"), span, text))
}

/// The wish without what surrounds it.
fn clean(wish: &str) -> String {
    let line = wish.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    line.trim_matches(['"', '\'']).to_owned()
}

/// The span of a whole file among the sources.
fn whole(site: &NetlifySite<'_>, path: &str) -> Span {
    let Some(file) = site.resolution.sources.find(path) else { return Span::NONE };
    let length = site.resolution.sources.get(file).map_or(0, |source| source.text.len());
    if file == FileId::NONE { Span::NONE } else { Span::new(file, 0, length) }
}
