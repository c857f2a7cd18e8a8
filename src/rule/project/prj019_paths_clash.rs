//! PRJ019: two tracked paths differ only in the case of letters.

use std::collections::HashMap;

use crate::platform::job::Job;
use crate::project::import::scan::Dialect;
use crate::project::path::{name, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::import;

/// Two tracked sources have one name on some disks.
pub(super) static RULE: Rule = Rule {
    id: "PRJ019",
    name: "paths-clash",
    summary: "Two tracked paths differ only in upper and lower case",
    docs: "\
## What happens

The platform has both files; a machine with macOS or Windows has one of them, and shows the other as changed. What is \
built there is not what is built here.

## Why

A file was renamed in case only, on a disk that does not tell case apart, and git kept the old path beside the new one.

## How to mend it

Keep the path that is imported, and remove the other one with `git rm --cached`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/ryanwiemer/gatsby-starter-gcn/issues/86", "2026-11-20"),
        observed("https://github.com/Novicell/novicell-frontend/pull/295", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let mut known: HashMap<u64, &str, hashbrown::DefaultHashBuilder> = HashMap::default();
    let sources = job.snapshot.below(job.dir).iter().filter(|entry| is_source(&entry.path));
    let mut reported = 0;
    for entry in sources {
        let first = *known.entry(folded(&entry.path)).or_insert(&entry.path);
        if first == &*entry.path || !first.eq_ignore_ascii_case(&entry.path) || reported >= import::MOST {
            continue;
        }
        reported += 1;
        let build = job.commands.first().map_or(RULE.stage, |(stage, _)| *stage);
        let message = format!("\"{first}\" and \"{}\" differ only in case", entry.path);
        let finding = RULE.finding(message).at_path(entry.path.to_string()).stage(build);
        out.report(finding.help("keep the one that is imported, and remove the other one with \"git rm --cached\""));
    }
}

/// A number that is the same for paths that differ only in case (FNV-1a).
fn folded(path: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    path.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Sources, and what lies beside them; other people's code and prose are left alone.
fn is_source(path: &str) -> bool {
    let is_read = Dialect::of(name(path)).is_some() || path.ends_with(".json") || path.ends_with(".scss");
    let is_vendored = || path.split('/').any(|part| matches!(part, "node_modules" | "vendor" | "third_party"));
    is_read && parent(path).is_some() && !is_vendored()
}
