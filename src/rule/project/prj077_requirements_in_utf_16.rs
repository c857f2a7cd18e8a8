//! PRJ077: a requirements file with UTF-16 text that pip does not recognise.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::command;

/// A requirements file holds bytes of UTF-16 and does not begin with a byte order mark.
pub(super) static RULE: Rule = Rule {
    id: "PRJ077",
    name: "requirements-in-utf-16",
    summary: "A requirements file holds UTF-16 without a mark",
    docs: "\
## What happens

pip stops: it reads zero bytes between the letters.

## Why

`>>` in PowerShell appends UTF-16 to a file that was UTF-8 before, and some editors drop the byte order mark. \
With the mark pip recognises UTF-16; without it, it does not.

## How to mend it

Save the file as UTF-8.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/nensii21/devlink/pull/1352", "2026-11-21"),
        observed("https://github.com/Sudharsanselvaraj/Token-Print/pull/229", "2026-11-21"),
        observed("https://github.com/django-simple-deploy/django-simple-deploy/issues/426", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Longest file that is read.
const MAX_LENGTH: usize = 2 << 20;

fn check(job: &Job<'_>, out: &mut Sink) {
    for path in &job.requirements {
        let Some(bytes) = job.snapshot.read(path).ok().filter(|bytes| bytes.len() <= MAX_LENGTH) else { continue };
        let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        if has_mark || !bytes.contains(&0) {
            continue;
        }
        let Some((file, source)) = job.open(path) else { continue };
        let at = source.text.find('\0').unwrap_or_default();
        let line = source.text[..at].rfind('\n').map_or(0, |end| end + 1);
        // What is neither ASCII nor a zero would have to be decoded piece by piece.
        let is_plain = bytes.iter().all(u8::is_ascii);
        let fix = is_plain.then(|| {
            let text = source.text.replace(['\0', '\r'], "");
            Fix::replace(Applicability::Safe, "save it as UTF-8", Span::new(file, 0, source.text.len()), text)
        });
        out.report(
            RULE.finding(format!("\"{path}\" holds UTF-16 without a byte order mark, which pip does not recognise"))
                .at(Span::new(file, line, line))
                .severity(command::severity(job))
                .log_line("Invalid requirement")
                .help("save the file as UTF-8")
                .maybe_fix(fix),
        );
    }
}
