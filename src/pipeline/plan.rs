//! What a run would do, worked out without doing it.
//!
//! The plan follows from the order and from what the platform says before anything is changed: the same of both, the same
//! plan, in a dry run and in a real one.

use serde::Serialize;

use crate::digest::Digest;
use crate::pipeline::action::Action;
use crate::pipeline::guard::{Control, Migration, Situation};
use crate::pipeline::input::{
    Certified, Confirmed, Healed, Input, Prepared, Readiness, Simulated, Survey, Whereabouts,
};
use crate::pipeline::order::Order;
use crate::pipeline::platform::Live;
use crate::pipeline::run::Run;
use crate::pipeline::transition::transition;
use crate::pipeline::verdict::{Grade, Verdict};
use crate::text::canonical::{self, CanonicalError};

/// Stands for the deploy that does not exist yet.
pub const NEW: &str = "(the new deploy)";

/// A run has fewer steps than this.
const MAX_STEPS: usize = 64;

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanStep {
    /// Where the run stands.
    pub state: String,
    /// What it does there.
    #[serde(flatten)]
    pub action: Action,
    /// It changes something on the platform.
    pub is_effect: bool,
}

/// What a run would do if nothing fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The platform.
    pub platform: String,
    /// Its name for the site.
    pub site: String,
    /// The commit.
    pub commit: String,
    /// The environment.
    pub environment: String,
    /// What is live now.
    pub live: Option<String>,
    /// What would come back if the new deploy is bad.
    pub last_good: Option<String>,
    /// The steps.
    pub steps: Vec<PlanStep>,
    /// How it would end.
    pub end: String,
}

impl Plan {
    /// SHA3-256 of the plan in canonical JSON.
    ///
    /// # Errors
    /// When a name in it has no canonical form.
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        let value = serde_json::to_value(self).unwrap_or_default();
        Ok(Digest::sha3(canonical::write(&value)?.as_bytes()))
    }
}

/// Works out the plan of an order for a platform in this state.
#[must_use]
pub fn plan(order: &Order, survey: &Survey) -> Plan {
    let mut run = transition(Run::new(order.clone()), &Input::Started).0;
    let mut steps = Vec::new();
    while let Some(action) = run.due().filter(|_| steps.len() < MAX_STEPS) {
        steps.push(PlanStep { state: run.state.to_string(), is_effect: action.is_effect(), action: action.clone() });
        run = transition(run.clone(), &expected(&run, &action, survey)).0;
    }
    let target = run.target();
    Plan {
        platform: target.platform.clone(),
        site: target.site.clone(),
        commit: order.commit.clone(),
        environment: order.environment.clone(),
        live: survey.live.id.clone(),
        last_good: survey.last_good.clone().filter(|_| survey.is_restorable),
        end: run.state.to_string(),
        steps,
    }
}

/// What happens when nothing fails.
fn expected(run: &Run, action: &Action, survey: &Survey) -> Input {
    let ours = run.facts.ours.clone();
    match action {
        Action::Simulate => Input::Simulated(Simulated::Clean),
        Action::Heal => Input::Healed(Healed::Stopped),
        Action::Certify => Input::Certified(Certified::Granted { certificate: "(the certificate)".to_owned() }),
        Action::Look => {
            Input::Found(Whereabouts { is_live: false, pending: None, live: survey.live.id.clone(), last_good: None })
        }
        Action::Lock => Input::Locked { fence: 1 },
        Action::Survey => Input::Surveyed(survey.clone()),
        Action::Prepare => Input::Prepared(Prepared::Ready {
            deploy: NEW.to_owned(),
            address: run.target().has_preview.then(|| "(its own address)".to_owned()),
        }),
        Action::Preview { .. } | Action::Verify { .. } | Action::VerifyReturn { .. } => {
            Input::Verified(Verdict::new(Grade::Pass, ""))
        }
        Action::LookAgain => {
            Input::Looked(Readiness { live: survey.live.id.clone(), is_locked_by_us: true, is_certificate_valid: true })
        }
        Action::Confirm { .. } | Action::ConfirmReturn { .. } => Input::Confirmed(Confirmed::Live),
        Action::ReadLive => Input::Read(Live { id: ours, ..survey.live.clone() }),
        Action::Situate => Input::Situated(Situation {
            live: survey.live.id.clone(),
            ours: survey.live.id.clone(),
            last_good: run.facts.last_good.clone(),
            is_restorable: survey.is_restorable,
            control: Control::Unknown,
            migration: Migration::Compatible,
            recent_returns: 0,
            is_authorised: true,
            is_asked_for: true,
        }),
        Action::Publish { .. }
        | Action::Return { .. }
        | Action::Pin { .. }
        | Action::Cancel { .. }
        | Action::Unlock { .. } => Input::Accepted,
    }
}
