//! PRJ090: an old Flask whose companions are not pinned.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::requirement;

/// Flask is pinned to an old release, and what it is built on is not.
pub(super) static RULE: Rule = Rule {
    id: "PRJ090",
    name: "flask-without-companion",
    summary: "An old Flask is installed with a newer Werkzeug, Jinja or MarkupSafe",
    docs: "\
## What happens

The build is green, and the service stops at its first import.

## Why

Old releases of Flask set no upper bound for Werkzeug, Jinja, MarkupSafe and itsdangerous. A fresh installation \
brings their newest releases, which have dropped names that the old Flask imports.

## How to mend it

Raise Flask (2.2.5 keeps the minor version of 2.2), or pin the companion.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/ncats/ncats-adme/issues/143", "2026-11-21"),
        observed("https://github.com/workos/python-flask-example-applications/issues/57", "2026-11-21"),
        observed("https://github.com/HubSpot/private-app-starter/issues/10", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// From which release of Flask on, before which, what has to be bounded, what does it, and the log line
/// (measured by fresh installations: 1.0.4, 1.1.4, 2.0.0 to 2.2.3 fail, 2.2.4 and later work).
struct Era {
    from: [u64; 3],
    before: [u64; 3],
    companions: &'static [&'static str],
    pins: &'static str,
    log_line: &'static str,
}

const ERAS: [Era; 2] = [
    Era {
        from: [0, 0, 0],
        before: [2, 0, 0],
        companions: &["jinja2", "markupsafe", "werkzeug", "itsdangerous"],
        pins: "Jinja2<3.1\nMarkupSafe<2.1\nWerkzeug<2.1\nitsdangerous<2.1",
        log_line: "ImportError: cannot import name 'escape' from 'jinja2'",
    },
    Era {
        from: [2, 0, 0],
        before: [2, 2, 4],
        companions: &["werkzeug"],
        pins: "Werkzeug<3",
        log_line: "ImportError: cannot import name 'url_quote' from 'werkzeug.urls'",
    },
];

fn check(job: &Job<'_>, out: &mut Sink) {
    let files = requirement::files(job);
    if job.start.is_empty() || requirement::is_constrained(&files) {
        return;
    }
    let all: Vec<_> = requirement::requirements(&files).collect();
    for (file, line, wanted) in all.iter().filter(|(_, _, wanted)| wanted.name == "flask" && wanted.marker.is_empty()) {
        let Some(version) = wanted.pinned() else { continue };
        let Some(numbers) = requirement::numbers(version) else { continue };
        let Some(era) = ERAS.iter().find(|era| numbers >= era.from.to_vec() && numbers < era.before.to_vec()) else {
            continue;
        };
        let is_pinned = all
            .iter()
            .any(|(_, _, other)| era.companions.contains(&other.name.as_str()) && requirement::is_bounded(other));
        if is_pinned {
            continue;
        }
        let newline = if file.source.text.contains("\r\n") { "\r\n" } else { "\n" };
        let at = Span::new(file.file, line.range.end, line.range.end);
        let first = era.pins.lines().next().unwrap_or_default();
        let is_plain = !file.text(line).contains(['\\', '\n']) && !file.source.text.contains("--hash=");
        let fix = is_plain.then(|| {
            let text = format!("{newline}{}", era.pins.replace('\n', newline));
            Fix::replace(Applicability::Safe, format!("pin \"{first}\" and what goes with it"), at, text)
        });
        out.report(
            RULE.finding(format!(
                "Flask {version} does not run with the newest \"{}\", which nothing holds back",
                era.companions[0]
            ))
            .at(file.span(line))
            .label("brings newer companions")
            .log_line(era.log_line)
            .help(format!("add \"{first}\", or raise Flask"))
            .maybe_fix(fix),
        );
    }
}
