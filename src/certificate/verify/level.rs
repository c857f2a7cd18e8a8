//! What all the rest comes to: whether it proves as much as is asked for, and as much as it says itself.

use serde_json::Value;

use crate::certificate::bundle::Bundle;
use crate::certificate::{Approval, Level};

use super::{Expectation, Outcome, Refusal};

pub(super) fn check(bundle: &Bundle, reached: Level, expected: &Expectation<'_>) -> Outcome {
    let list = bundle.link(Approval::HxoApproval).statement.predicate.get("verifiedLevels").and_then(Value::as_array);
    let claims: Vec<&str> = list.into_iter().flatten().filter_map(Value::as_str).collect();
    for approval in Approval::ALL {
        if !claims.contains(&approval.title()) {
            return Err((Refusal::Invalid, format!("\"verifiedLevels\" does not name {}", approval.title())));
        }
    }
    let claimed = claims.iter().find_map(|claim| Level::of_claim(claim));
    let claimed = claimed.ok_or((Refusal::Invalid, "\"verifiedLevels\" names no level".to_owned()))?;
    let told = |level: Level| format!("{level} ({})", level.promise());
    // A level above what a signature gives is proven from outside, so saying less is no contradiction.
    if reached < claimed {
        return Err((Refusal::Level, format!("it says {}, but shows {}", told(claimed), told(reached))));
    }
    if reached < expected.min_level {
        return Err((Refusal::Level, format!("it shows {}; {} is asked for", told(reached), told(expected.min_level))));
    }
    Ok((true, told(reached)))
}
