//! Parts of repositories: what a build would miss there may well exist in the whole.

use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Finding, Level, Severity};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

/// Where only configuration was handed over, files that a build needs may exist elsewhere: errors in stages that do not
/// hang on the configuration alone become warnings, and what they would stop becomes unknown. Gives what is unknown then.
pub(super) fn part_of_a_repository(
    snapshot: &Snapshot,
    findings: &mut [Finding],
    is_of_configuration: impl Fn(Stage) -> bool,
    build: Stage,
) -> Option<Unknown> {
    let is_doubtful = |finding: &Finding| finding.level() == Level::Error && !is_of_configuration(finding.stage);
    if !findings.iter().any(is_doubtful) || !snapshot.holds_only_configuration() {
        return None;
    }
    for finding in findings.iter_mut().filter(|finding| is_doubtful(finding)) {
        finding.severity = Severity::Medium;
        finding.notes.push("no error, since the repository holds nothing but configuration files".to_owned());
    }
    Some(Unknown {
        stage: build,
        what: "what the build finds: the repository holds nothing but configuration files".to_owned(),
        would_change: "whether commands, plugins and folders exist".to_owned(),
        tell: Some("simulate the whole repository".to_owned()),
        decides: true,
    })
}
