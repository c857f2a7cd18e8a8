//! CFG001: a suppression says too little.

use crate::rule::finding::Severity;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::stage::Stage;

/// A suppression that says too little, or names no rule.
pub static RULE: Rule = Rule {
    id: "CFG001",
    name: "suppression-incomplete",
    summary: "A suppression names no known rule or gives no reason",
    docs: "## What happens\n\nThe comment has no effect: the finding is reported as if it were not there.\n\n\
           ## Why\n\nA finding that is silenced without a reason cannot be judged by the next reader.\n\n\
           ## How to mend it\n\nWrite `# chimera: ignore NTL007 because …` with the rule's id and a reason.\n",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Never,
    evidence: &[],
    check: Check::Own,
};
