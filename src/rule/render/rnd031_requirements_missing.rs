//! RND031: a requirements file that is to be installed is not there.

use crate::platform::render::python;
use crate::platform::render::run::Run;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::path::{child, name, parent, strip};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::suggest;

/// pip is given a file that git does not hold.
pub(super) static RULE: Rule = Rule {
    id: "RND031",
    name: "requirements-file-missing",
    summary: "The build command installs a requirements file that is not in the repository",
    docs: "\
## What happens

pip stops before it installs anything, and the build fails.

## Why

The path is relative to the folder in which the command runs: the repository's root, `rootDir`, or where a `cd` led. Lines \
such as `-r base.txt` inside a file are relative to that file.

## How to mend it

Name the file with its folder, set `rootDir` to the folder of the service, or commit the file.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/pandora-next/deploy/issues/156", "2026-11-21"),
        observed("https://github.com/sqldelight/sqldelight/issues/1915", "2026-11-21"),
    ],
    check: Check::Render(check),
};

const LOG: &str = "Could not open requirements file";

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        let builds: Vec<&Run> = service.builds().collect();
        let decides = |run: &Run| {
            run.invocation.decides() && !run.invocation.is_after_gap && service.runs.is_known(&[Phase::Build])
        };
        for missing in &service.installed.missing {
            let Some(run) = builds.get(missing.invocation).filter(|run| decides(run)) else { continue };
            let span = run.span(site, missing.start, missing.end);
            let finding = RULE
                .finding(format!("there is no file \"{}\"", missing.path))
                .at(span)
                .log_line(LOG)
                .help("name the file with its folder, or commit it");
            let is_plain =
                site.sources.slice(span) == Some(missing.name.as_str()) && !site.document.marks.is_shared(span);
            let cwd = run.invocation.cwd.as_deref().unwrap_or_default();
            out.report(with_candidate(site, finding, &missing.path, cwd, is_plain.then_some(span)));
        }
        let is_installed = builds.iter().any(|run| decides(run));
        for missing in service.declared().missing.iter().filter(|_| is_installed) {
            let Some((file, _)) = site.files().open(&missing.from) else { continue };
            let finding = RULE
                .finding(format!("\"{}\" includes \"{}\", and there is no such file", missing.from, missing.path))
                .at(Span::new(file, missing.range.start, missing.range.end))
                .log_line(LOG)
                .help("a path in a requirements file is relative to that file");
            out.report(finding);
        }
    }
}

/// Proposes the only other file that can be meant.
fn with_candidate(site: &RenderSite<'_>, finding: Finding, path: &str, cwd: &str, span: Option<Span>) -> Finding {
    let entries =
        || site.snapshot.entries().iter().map(|entry| &*entry.path).filter(|path| !path.contains("node_modules/"));
    let same: Vec<&str> = entries().filter(|other| name(other) == name(path)).collect();
    let stem = name(path).trim_end_matches(".txt");
    let is_part = |other: &&str| {
        other.ends_with(".txt") && parent(other).is_some_and(|dir| dir == child(parent(path).unwrap_or_default(), stem))
    };
    let parts: Vec<&str> = entries().filter(is_part).collect();
    let beside = || entries().filter(|other| other.ends_with(".txt") && parent(other) == parent(path));
    let near =
        || suggest::nearest(name(path), beside().map(name)).map(|near| child(parent(path).unwrap_or_default(), near));
    let found = match (same.as_slice(), parts.as_slice()) {
        ([only], _) | ([], [only]) => Some((*only).to_owned()),
        ([], []) => near(),
        _ => None,
    };
    let Some(found) = found.as_deref() else { return finding };
    let Some(relative) = strip(found, cwd) else { return finding.note(format!("\"{found}\" is there")) };
    let title = format!("install \"{relative}\"");
    let fix = span.map(|span| Fix::replace(Applicability::Review, title, span, relative));
    finding.note(format!("\"{found}\" is there")).maybe_fix(fix)
}
