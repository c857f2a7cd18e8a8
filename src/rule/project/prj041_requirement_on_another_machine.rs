//! PRJ041: a requirement that names a path of another machine.

use crate::platform::job::Job;
use crate::project::python::requirement::Item;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, requirement};

/// A requirements file takes a package from an absolute path.
pub(super) static RULE: Rule = Rule {
    id: "PRJ041",
    name: "requirement-on-another-machine",
    summary: "A requirement names a path of the developer's machine",
    docs: "\
## What happens

pip stops: there is no such file or folder.

## Why

`pip freeze` writes where a package came from. In an environment of conda that is the folder in which conda \
built it; for a package that was installed from a folder it is that folder.

## How to mend it

Write name and version instead, or run `pip list --format=freeze`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[observed("https://github.com/ibmm-unibe-ch/TemBERTure/issues/4", "2026-11-21")],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let files = requirement::files(job);
    for file in &files {
        for line in &file.lines {
            let text = file.text(line);
            let Some(path) = foreign(text).filter(|_| !text.contains(';')) else { continue };
            let shown: String = path.chars().take(80).collect();
            let name = text.split('@').next().map(str::trim).filter(|_| matches!(line.item, Item::Distribution(_)));
            let fix = name.filter(|name| !name.is_empty() && text.contains(" @ ")).map(|name| {
                Fix::replace(Applicability::Review, format!("ask for \"{name}\" by name"), file.span(line), name)
            });
            out.report(
                RULE.finding(format!("\"{}\" takes a package from \"{shown}\", a path of another machine", file.path))
                    .at(file.span(line))
                    .label("not there on the builder")
                    .severity(command::severity(job))
                    .log_line("Could not install packages due to an OSError: [Errno 2] No such file or directory")
                    .help("write name and version instead")
                    .maybe_fix(fix),
            );
        }
    }
}

/// The path of another machine that a line names, if it does.
fn foreign(text: &str) -> Option<&str> {
    let text = text.strip_prefix("-e ").unwrap_or(text).trim();
    if let Some(at) = text.find("@ file:///") {
        let path = &text[at + "@ file://".len()..];
        return (!is_platform_s(path)).then_some(path);
    }
    let is_drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let is_home = ["/Users/", "/home/", "/croot/", "/private/", "file:///"].iter().any(|start| text.starts_with(start));
    (is_drive || is_home).then_some(text)
}

/// Folders in which platforms build.
fn is_platform_s(path: &str) -> bool {
    path.starts_with("/opt/") || path.starts_with("/usr/") || path.starts_with("/app/")
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn only_paths_of_other_machines_count() {
        for text in ["six @ file:///croot/six_1/work", "-e c:\\users\\me\\lib", "-e /Users/me/lib", "C:/wheels/a.whl"] {
            assert!(foreign(text).is_some(), "{text}");
        }
        for text in
            ["six==1.16", "-e .", "./lib", "-e git+https://a/b", "six @ https://a/b.whl", "a @ file:///opt/a.whl", "é"]
        {
            assert!(foreign(text).is_none(), "{text}");
        }
    }
}
