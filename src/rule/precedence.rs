//! One cause, one finding: the more specific rule silences the general one.

use super::finding::Finding;

/// `(specific, silenced)`: a finding of the first silences all findings of the others on the same site.
const PRECEDENCE: &[(&str, &[&str])] = &[
    ("NTL007", &["NTL009", "NTL010", "NTL011", "NTL012", "NTL013", "NTL014", "NTL027"]),
    ("NTL009", &["NTL010", "NTL011", "NTL013"]),
    ("NTL013", &["NTL010", "NTL011", "NTL012", "NTL014"]),
    ("NTL012", &["NTL010", "NTL014"]),
    ("NTL010", &["NTL014"]),
    ("NTL011", &["NTL010", "NTL014"]),
    ("NTL015", &["PRJ014", "PRJ015"]),
    ("NTL048", &["NTL046"]),
    ("NTL047", &["NTL046", "NTL070"]),
    ("NTL049", &["NTL046"]),
    ("NTL074", &["NTL075", "NTL078"]),
    ("NTL076", &["NTL064", "NTL065"]),
];

/// Drops the findings that a more specific one explains.
pub fn apply(findings: &mut Vec<Finding>) {
    let silenced: Vec<&str> = PRECEDENCE
        .iter()
        .filter(|(specific, _)| findings.iter().any(|finding| finding.rule.id == *specific))
        .flat_map(|(_, silenced)| silenced.iter().copied())
        .collect();
    findings.retain(|finding| !silenced.contains(&finding.rule.id));
}
