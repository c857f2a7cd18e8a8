//! How a run ended, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::Exit;
use crate::pipeline::drive::Stop;
use crate::pipeline::plan::Plan;
use crate::pipeline::run::Run;
use crate::pipeline::state::{End, State};

/// The exit code of a run.
pub(crate) fn exit(run: &Run, stop: Stop) -> Exit {
    match (run.end(), stop) {
        (Some(End::Success), _) => Exit::Clean,
        (Some(End::Rejected(_)), _) => Exit::Rejected,
        (Some(End::SuccessUnproven), _) => Exit::Unproven,
        (Some(End::SuccessDegraded), _) => Exit::Degraded,
        (Some(End::RolledBack), _) => Exit::RolledBack,
        (Some(End::RollbackFailed(_)), _) => Exit::RollbackFailed,
        (Some(End::Hold(_)), _) => Exit::Hold,
        (Some(End::Aborted(_)), _) => Exit::Aborted,
        // Interrupted: what is live is live, and nobody has looked at it.
        (None, _) if matches!(run.state, State::Returning(_)) => Exit::RollbackFailed,
        (None, _) => Exit::Unproven,
    }
}

/// The address of the schema, and the version of the document (`docs/schema/run.schema.json`).
const SCHEMA_URI: &str = "chimera:schema/run/1";
const SCHEMA_VERSION: &str = "1.0";

fn tool() -> Value {
    json!({"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")})
}

/// Several runs as a JSON document.
pub(crate) fn all(runs: &[(Run, Stop)]) -> Value {
    let runs: Vec<Value> = runs.iter().map(|(run, stop)| json(run, *stop, None, false)).collect();
    json!({
        "$schema": SCHEMA_URI, "schema_version": SCHEMA_VERSION, "kind_of_document": "runs", "tool": tool(),
        "runs": runs,
    })
}

/// The run as a JSON document.
pub(crate) fn json(run: &Run, stop: Stop, plan: Option<&Plan>, is_rehearsal: bool) -> Value {
    let (facts, order) = (&run.facts, &run.order);
    json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "kind_of_document": "run",
        "tool": tool(),
        "deploy_key": order.deploy_key,
        "platform": run.target().platform,
        "site": run.target().site,
        "environment": order.environment,
        "commit": order.commit,
        "state": run.state.to_string(),
        "reason": run.end().and_then(End::reason),
        "exit_code": exit(run, stop) as u8,
        "dry_run": is_rehearsal,
        "deploy": facts.ours,
        "address": facts.address,
        "last_good": facts.last_good,
        "live_before": facts.expected_live,
        "certificate": facts.certificate,
        "remarks": facts.remarks,
        "plan": plan,
        "plan_digest": plan.and_then(|plan| plan.digest().ok()).map(|digest| digest.to_string()),
    })
}

/// The run in words.
pub(crate) fn human(run: &Run, stop: Stop, plan: Option<&Plan>, is_rehearsal: bool) -> String {
    let mut out = String::new();
    if let Some(plan) = plan.filter(|_| is_rehearsal) {
        let digest = plan.digest().map(|digest| digest.to_string()).unwrap_or_default();
        let _ = writeln!(out, "plan {digest}");
        for step in &plan.steps {
            let mark = if step.is_effect { "changes" } else { "       " };
            let _ = writeln!(out, "  {mark}  {}", step.state);
        }
        let _ = writeln!(out, "  ends in  {}\n", plan.end);
    }
    let word = if is_rehearsal { " (nothing was changed)" } else { "" };
    let _ = writeln!(out, "{}  {}:site/{}{word}", run.state, run.target().platform, run.target().site);
    let mut row = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name:<12} {value}");
        }
    };
    row("because", run.end().and_then(End::reason));
    row("deploy", run.facts.ours.as_deref());
    row("address", run.facts.address.as_deref());
    row("last good", run.facts.last_good.as_deref());
    row("certificate", run.facts.certificate.as_deref());
    row("run", Some(&run.order.deploy_key));
    for remark in &run.facts.remarks {
        row("note", Some(remark));
    }
    if stop == Stop::Interrupted {
        row("next", Some("it was interrupted; \"chimeractl recover\" brings it to its end"));
    }
    out
}
