//! What the ledger is told of each step of a run.

use serde_json::{Map, Value, json};

use crate::pipeline::journal::Topic;
use crate::pipeline::order::{Order, Target};
use crate::pipeline::run::Run;
use crate::pipeline::state::{End, Hold};

/// The name of a target in the ledger and in certificates.
pub(crate) fn uri(target: &Target) -> String {
    format!("{}:site/{}", target.platform, target.site)
}

/// The payload of an event; none for what is recorded elsewhere.
pub(crate) fn payload(topic: Topic, detail: Option<&str>, run: &Run) -> Option<Value> {
    let (facts, target) = (&run.facts, uri(run.target()));
    let cause = || detail.or(facts.cause.as_deref()).unwrap_or("not said").to_owned();
    let value = match topic {
        Topic::Initiated => initiated(&run.order),
        Topic::DeployStart => json!({
            "step": detail, "target": target, "certificate": facts.certificate, "fallback_to": facts.last_good,
            "expected_live": facts.expected_live, "fence": facts.fence,
        }),
        Topic::DeployComplete => json!({
            "result": if detail == Some("failed") { "failed" } else { "live" },
            "target": target, "deploy_id": facts.ours, "url": facts.address,
            "reason": run.end().and_then(End::reason).map(plain),
        }),
        Topic::VerifyStart => json!({"target": target}),
        Topic::VerifyComplete => verified(detail, run, &target),
        Topic::RollbackTriggered => {
            json!({"target": target, "from": facts.ours, "to": facts.last_good, "reason": plain(&cause())})
        }
        Topic::RollbackComplete => json!({
            "result": if detail == Some("failed") { "rollback_failed" } else { "rolled_back" },
            "target": target, "live": if detail == Some("failed") { None } else { facts.last_good.as_ref() },
            "reason": run.end().and_then(End::reason).map(plain),
        }),
        Topic::Rejected => json!({
            "phase": detail.unwrap_or("certification"),
            "reason": plain(run.end().and_then(End::reason).or(facts.rejection.as_deref()).unwrap_or("not certified")),
        }),
        Topic::Recovered => {
            json!({"found": facts.ours.as_deref().unwrap_or("nothing of ours"), "action": run.state.to_string()})
        }
        // The certification writes its own events, and the lock; nothing is healed on the way.
        Topic::SimulateStart
        | Topic::SimulateComplete
        | Topic::Certified
        | Topic::LockAcquired
        | Topic::LockReleased
        | Topic::HealIntent
        | Topic::HealComplete => return None,
    };
    Some(without_nulls(value))
}

fn initiated(order: &Order) -> Value {
    let targets: Vec<String> = order.targets.iter().map(uri).collect();
    json!({"commit": order.commit, "environment": order.environment, "targets": targets})
}

fn verified(detail: Option<&str>, run: &Run, target: &str) -> Value {
    let hold = match run.end() {
        Some(End::Hold(hold)) => Some(*hold),
        _ => None,
    };
    let verdict = hold.map_or(detail.unwrap_or("pass"), |_| "hold");
    let failed: Vec<String> = if matches!(verdict, "fail" | "hold") {
        run.facts.cause.iter().map(|text| plain(text)).collect()
    } else {
        Vec::new()
    };
    json!({"verdict": verdict, "target": target, "failed": failed, "reason": hold.map(Hold::name)})
}

/// A text of one line.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}
