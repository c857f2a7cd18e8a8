//! PRJ018: an import differs from the file's name only in the case of letters.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::import::{self, Cause};

/// An import is spelled in another case than the tracked file.
pub(super) static RULE: Rule = Rule {
    id: "PRJ018",
    name: "import-case",
    summary: "An import differs from the tracked file only in upper and lower case",
    docs: "\
## What happens

The build stops: the bundler finds no file of that name. On the author's machine it works.

## Why

The file systems of macOS and Windows take `header.js` and `Header.js` for one name; the platform's Linux does not. Git \
keeps the name under which a file was added, also when it was renamed on such a disk later on.

## How to mend it

Write the import as git knows the file, or rename the file with `git mv`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/gatsbyjs/gatsby/issues/3910", "2026-11-20"),
        observed("https://github.com/withastro/astro/issues/2175", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/150", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let lost = import::lost(job).into_iter().filter(|lost| lost.cause(job) == Some(Cause::Case));
    // What a manifest names is wrong once, whoever imports it.
    let mut seen = std::collections::HashSet::new();
    let lost = lost.filter(|lost| lost.missing.via.is_none() || seen.insert(lost.missing.wanted.clone()));
    for lost in lost.take(import::MOST) {
        let Some(variant) = lost.missing.variants.first() else { continue };
        let (specifier, path) = (&lost.load.specifier, &variant.path);
        let message = format!("\"{specifier}\" is imported, and the file is \"{path}\"");
        let mut finding = lost.finding(job, &RULE, message).label("another case");
        // Where a manifest names the file, it is the manifest that is wrong.
        let span = match &lost.missing.via {
            Some(via) => import::span(job, &via.manifest, via.start + 1, via.end.saturating_sub(1)),
            None => lost.span(job),
        };
        let written = span.and_then(|span| job.written(span));
        let is_plain = match &variant.specifier {
            Some(spelled) if lost.missing.via.is_some() => {
                written.is_some_and(|written| written.eq_ignore_ascii_case(spelled))
            }
            _ => written == Some(specifier.as_str()),
        };
        match (&variant.specifier, lost.missing.variants.len(), span) {
            (Some(spelled), 1, Some(span)) if is_plain => {
                let title = format!("write \"{spelled}\"");
                finding = finding.fix(Fix::replace(Applicability::Safe, title, span, spelled.clone()));
            }
            (_, 1, _) => finding = finding.help(format!("write it as git knows it: \"{path}\"")),
            _ => finding = finding.help("several files differ only in case: keep one, and import it by its name"),
        }
        out.report(finding);
    }
}
