//! One cause, one finding: the more specific rule silences the general one.

use super::finding::{Finding, Level, Place};
use crate::text::span::FileId;

/// `(specific, silenced)`: a finding of the first silences all findings of the others on the same site.
const PRECEDENCE: &[(&str, &[&str])] = &[
    ("GHP008", &["PRJ098"]),
    ("GHP019", &["GHP001", "PRJ065"]),
    ("GHP021", &["GHP006"]),
    ("NTL007", &["NTL009", "NTL010", "NTL011", "NTL012", "NTL013", "NTL014", "NTL027"]),
    ("NTL009", &["NTL010", "NTL011", "NTL013"]),
    ("NTL013", &["NTL010", "NTL011", "NTL012", "NTL014"]),
    ("NTL012", &["NTL010", "NTL014"]),
    ("NTL010", &["NTL014"]),
    ("NTL011", &["NTL010", "NTL014"]),
    ("NTL015", &["PRJ014", "PRJ015"]),
    ("NTL046", &["PRJ098"]),
    ("NTL048", &["NTL046"]),
    ("NTL047", &["NTL046", "NTL070"]),
    ("NTL049", &["NTL046"]),
    ("NTL074", &["NTL075", "NTL078"]),
    ("NTL076", &["NTL064", "NTL065"]),
    ("PRJ043", &["PRJ044", "PRJ066"]),
    ("PRJ059", &["GHP006", "NTL010", "NTL011", "RND041"]),
    ("PRJ075", &["PRJ081"]),
    ("PRJ076", &["PRJ022", "PRJ075", "PRJ087"]),
    ("PRJ077", &["PRJ039", "PRJ040", "PRJ041", "PRJ090", "PRJ091", "RND029"]),
    ("PRJ078", &["GHP006", "NTL011", "RND041", "RND042"]),
    ("PRJ079", &["PRJ080"]),
    ("PRJ082", &["NTL010", "NTL011", "NTL014", "RND041"]),
    ("PRJ095", &["GHP006", "NTL010", "NTL011", "RND041", "RND042"]),
    ("PRJ099", &["PRJ085"]),
    ("RND029", &["PRJ015"]),
    ("RND031", &["PRJ015", "RND030"]),
    ("RND033", &["RND032"]),
    ("RND035", &["RND032", "RND044"]),
];

/// A finding of this rule explains whatever else is odd about the lines of its file.
const WHOLE_FILE: &str = "PRJ017";

/// Drops the findings that a more specific one explains.
pub fn apply(findings: &mut Vec<Finding>) {
    let silenced: Vec<&str> = PRECEDENCE
        .iter()
        .filter(|(specific, _)| findings.iter().any(|finding| finding.rule.id == *specific))
        .flat_map(|(_, silenced)| silenced.iter().copied())
        .collect();
    findings.retain(|finding| !silenced.contains(&finding.rule.id));
    let explained: Vec<FileId> =
        findings.iter().filter(|finding| finding.rule.id == WHOLE_FILE).filter_map(file).collect();
    let is_explained = |finding: &Finding| {
        let is_other = finding.rule.id != WHOLE_FILE && finding.level() < Level::Error;
        is_other && file(finding).is_some_and(|file| explained.contains(&file))
    };
    findings.retain(|finding| !is_explained(finding));
}

fn file(finding: &Finding) -> Option<FileId> {
    if let Place::Span(span) = finding.place { Some(span.file) } else { None }
}
