//! The transition function, walked through from end to end.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::OnceLock;

use chimera::pipeline::guard::{Control, Migration, Situation};
use chimera::pipeline::input::*;
use chimera::pipeline::limit::Limits;
use chimera::pipeline::order::*;
use chimera::pipeline::platform::{Fault, FaultKind, Live};
use chimera::pipeline::run::Run;
use chimera::pipeline::state::{Hold, State};
use chimera::pipeline::transition::{Effect, transition};
use chimera::pipeline::verdict::{Grade, Verdict};
use proptest::prelude::*;

fn target(gate: Gate) -> Target {
    Target { platform: "netlify".to_owned(), site: "s".to_owned(), gate, way: Way::Upload, has_preview: true }
}

fn order(gate: Gate, wish: Wish) -> Order {
    Order {
        deploy_key: "dk_test".to_owned(),
        environment: "production".to_owned(),
        commit: "c0ffee".to_owned(),
        wish,
        targets: vec![target(gate), target(gate)],
        is_healing: true,
        accepts_no_last_good: false,
        doubt: Doubt::Keep,
        contain: Contain::StopAutodeploy,
        limits: Limits::NETLIFY,
    }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn live(id: &str) -> Live {
    Live { id: text(id), commit: None, is_pinned: false, address: None }
}

fn survey() -> Survey {
    Survey {
        live: live("old"),
        last_good: text("old"),
        is_restorable: true,
        is_superseded: false,
        is_replayed: false,
        recent_returns: 0,
    }
}

fn situation() -> Situation {
    Situation {
        live: text("new"),
        ours: text("new"),
        last_good: text("old"),
        is_restorable: true,
        control: Control::Passes,
        migration: Migration::Compatible,
        recent_returns: 0,
        is_authorised: true,
        is_asked_for: false,
    }
}

fn readiness() -> Readiness {
    Readiness { live: text("old"), is_locked_by_us: true, is_certificate_valid: true }
}

/// Every kind of thing that can happen.
fn inputs() -> Vec<Input> {
    let issues = |is_fixable, fingerprint: &str| {
        Input::Simulated(Simulated::Issues { is_fixable, fingerprint: fingerprint.to_owned() })
    };
    let found = |is_live, pending: Option<&str>, last_good: Option<&str>| {
        let (pending, last_good) = (pending.map(str::to_owned), last_good.map(str::to_owned));
        Input::Found(Whereabouts { is_live, pending, live: text("new"), last_good })
    };
    let reality = |live: &str, may_continue| {
        let reality = Reality { live: text(live), ours: text("new"), is_ready: true, may_continue, fence: 2 };
        Input::Resumed(reality)
    };
    let mut all = vec![
        Input::Started,
        Input::Simulated(Simulated::Clean),
        Input::Simulated(Simulated::TimedOut),
        issues(true, "a"),
        issues(true, "b"),
        issues(false, "c"),
        Input::Healed(Healed::Applied),
        Input::Healed(Healed::Stopped),
        Input::Certified(Certified::Granted { certificate: "chc".to_owned() }),
        Input::Certified(Certified::Refused { reason: "no".to_owned() }),
        Input::Certified(Certified::Waived),
        found(false, None, None),
        found(false, Some("new"), None),
        found(true, None, Some("old")),
        Input::Locked { fence: 1 },
        Input::LockBusy { holder: "other".to_owned() },
        Input::Surveyed(survey()),
        Input::Surveyed(Survey { is_restorable: false, ..survey() }),
        Input::Surveyed(Survey { last_good: None, ..survey() }),
        Input::Surveyed(Survey { is_superseded: true, ..survey() }),
        Input::Surveyed(Survey { is_replayed: true, ..survey() }),
        Input::Surveyed(Survey { recent_returns: 3, ..survey() }),
        Input::Prepared(Prepared::Ready { deploy: "new".to_owned(), address: text("https://new") }),
        Input::Prepared(Prepared::Ready { deploy: "new".to_owned(), address: None }),
        Input::Prepared(Prepared::Changed),
        Input::Prepared(Prepared::Failed { deploy: "new".to_owned(), reason: "x".to_owned() }),
        Input::Looked(readiness()),
        Input::Looked(Readiness { live: text("third"), ..readiness() }),
        Input::Looked(Readiness { live: text("new"), ..readiness() }),
        Input::Looked(Readiness { is_locked_by_us: false, ..readiness() }),
        Input::Looked(Readiness { is_certificate_valid: false, ..readiness() }),
        Input::Accepted,
        Input::Confirmed(Confirmed::Live),
        Input::Confirmed(Confirmed::Failed { reason: "x".to_owned() }),
        Input::Confirmed(Confirmed::Other { live: text("third") }),
        Input::Confirmed(Confirmed::TimedOut),
        Input::Read(live("old")),
        Input::Read(live("new")),
        Input::Read(live("third")),
        Input::Situated(situation()),
        Input::Situated(Situation { control: Control::Fails, ..situation() }),
        Input::Interrupted,
        Input::OutOfTime,
        Input::JournalLost,
        reality("old", false),
        reality("old", true),
        reality("new", false),
        reality("third", false),
    ];
    all.extend(
        [Grade::Pass, Grade::Warn, Grade::Inconclusive, Grade::Fail]
            .map(|grade| Input::Verified(Verdict::new(grade, "x"))),
    );
    all.extend([FaultKind::Unauthorised, FaultKind::Exhausted].map(|kind| Input::Failed(Fault::new(kind, "x"))));
    all
}

/// What distinguishes runs for the walk: the words in them do not.
fn fingerprint(run: &Run) -> String {
    let facts = &run.facts;
    let is = [
        facts.fence.is_some(),
        facts.is_published,
        facts.is_prepared,
        facts.last_good.is_some(),
        facts.cause.is_some(),
        facts.pending.is_some(),
        facts.rejection.is_some(),
        facts.ours == facts.expected_live,
    ];
    let end = run.end().map(ToString::to_string);
    let state = end.map_or_else(|| format!("{:?}", run.state), |end| format!("{end}{:?}", facts.cleanup.len()));
    format!("{state} {is:?} {} {} {}", facts.heals.min(2), facts.leg, facts.doubts.min(2))
}

/// Every run that can be reached, and by which (state, input) it goes where.
fn walk(order: Order) -> Walk {
    let mut seen = BTreeSet::new();
    let mut waiting = VecDeque::from([Run::new(order)]);
    let (mut runs, mut edges) = (Vec::new(), BTreeMap::<String, BTreeSet<String>>::new());
    while let Some(run) = waiting.pop_front() {
        if !seen.insert(fingerprint(&run)) {
            continue;
        }
        for input in inputs() {
            let (next, effects) = transition(run.clone(), &input);
            let performed = effects.iter().filter(|effect| matches!(effect, Effect::Perform(_))).count();
            assert!(performed <= 1, "{:?} on {input:?} wants several things at once", run.state);
            if next.state != run.state {
                edges.entry(run.state.to_string()).or_default().insert(next.state.to_string());
            }
            waiting.push_back(next);
        }
        runs.push(run);
    }
    (runs, edges)
}

type Walk = (Vec<Run>, BTreeMap<String, BTreeSet<String>>);

fn deploy_walk() -> &'static Walk {
    static WALK: OnceLock<Walk> = OnceLock::new();
    WALK.get_or_init(|| walk(order(Gate::Observe, Wish::Deploy)))
}

#[test]
fn every_state_that_has_not_ended_wants_exactly_one_thing() {
    let (runs, _) = deploy_walk();
    for run in runs {
        let is_waiting = run.state == State::Idle || run.is_over();
        assert_eq!(run.due().is_none(), is_waiting, "{:?} {:?}", run.state, run.facts);
    }
    assert!(runs.len() > 500, "{}", runs.len());
}

#[test]
fn every_transition_of_the_table_is_reached() {
    let (_, edges) = deploy_walk();
    let table = [
        ("IDLE", "SIMULATING"),
        ("SIMULATING", "CERTIFYING"),
        ("SIMULATING", "HEALING"),
        ("SIMULATING", "ABORTED"),
        ("HEALING", "SIMULATING"),
        ("HEALING", "CERTIFYING"),
        ("CERTIFYING", "DEPLOYING.LOCK"),
        ("CERTIFYING", "CONTAINING.LOOK"),
        ("CONTAINING.LOOK", "CONTAINING.LOCK"),
        ("CONTAINING.LOCK", "CONTAINING.CANCEL"),
        ("CONTAINING.LOCK", "CONTAINING.STOP_AUTODEPLOY"),
        ("CONTAINING.LOCK", "ROLLBACK.DECIDE"),
        ("CONTAINING.CANCEL", "CONTAINING.STOP_AUTODEPLOY"),
        ("CONTAINING.STOP_AUTODEPLOY", "REJECTED"),
        ("DEPLOYING.LOCK", "DEPLOYING.PREFLIGHT"),
        ("DEPLOYING.LOCK", "ABORTED"),
        ("DEPLOYING.PREFLIGHT", "DEPLOYING.PREPARE"),
        ("DEPLOYING.PREFLIGHT", "ABORTED"),
        ("DEPLOYING.PREFLIGHT", "REJECTED"),
        ("DEPLOYING.PREPARE", "DEPLOYING.PREVIEW"),
        ("DEPLOYING.PREPARE", "DEPLOYING.PUBLISH_INTENT"),
        ("DEPLOYING.PREPARE", "DEPLOYING.PREFLIGHT"),
        ("DEPLOYING.PREPARE", "ABORTED"),
        ("DEPLOYING.PREVIEW", "DEPLOYING.PUBLISH_INTENT"),
        ("DEPLOYING.PREVIEW", "REJECTED"),
        ("DEPLOYING.PUBLISH_INTENT", "DEPLOYING.PUBLISH"),
        ("DEPLOYING.PUBLISH_INTENT", "DEPLOYING.CONFIRM"),
        ("DEPLOYING.PUBLISH_INTENT", "ABORTED"),
        ("DEPLOYING.PUBLISH", "DEPLOYING.CONFIRM"),
        ("DEPLOYING.PUBLISH", "DEPLOYING.RECONCILE"),
        ("DEPLOYING.CONFIRM", "VERIFYING.CRITICAL"),
        ("DEPLOYING.CONFIRM", "DEPLOYING.RECONCILE"),
        ("DEPLOYING.CONFIRM", "ROLLBACK.DECIDE"),
        ("DEPLOYING.CONFIRM", "ABORTED"),
        ("DEPLOYING.CONFIRM", "HOLD"),
        ("DEPLOYING.RECONCILE", "VERIFYING.CRITICAL"),
        ("DEPLOYING.RECONCILE", "ROLLBACK.DECIDE"),
        ("DEPLOYING.RECONCILE", "HOLD"),
        ("VERIFYING.CRITICAL", "VERIFYING.FULL"),
        ("VERIFYING.FULL", "VERIFYING.BAKE"),
        ("VERIFYING.BAKE", "VERIFYING.IDENTITY"),
        ("VERIFYING.BAKE", "VERIFYING.EXTENDED"),
        ("VERIFYING.EXTENDED", "VERIFYING.IDENTITY"),
        ("VERIFYING.CRITICAL", "ROLLBACK.DECIDE"),
        ("VERIFYING.IDENTITY", "SUCCESS"),
        ("VERIFYING.IDENTITY", "SUCCESS_UNPROVEN"),
        ("VERIFYING.IDENTITY", "SUCCESS_DEGRADED"),
        ("VERIFYING.IDENTITY", "HOLD"),
        ("ROLLBACK.DECIDE", "ROLLBACK.ISSUE"),
        ("ROLLBACK.DECIDE", "HOLD"),
        ("ROLLBACK.DECIDE", "ROLLBACK_FAILED"),
        ("ROLLBACK.ISSUE", "ROLLBACK.CONFIRM"),
        ("ROLLBACK.ISSUE", "ROLLBACK.RECONCILE"),
        ("ROLLBACK.ISSUE", "ROLLBACK_FAILED"),
        ("ROLLBACK.RECONCILE", "ROLLBACK.VERIFY"),
        ("ROLLBACK.RECONCILE", "ROLLBACK_FAILED"),
        ("ROLLBACK.CONFIRM", "ROLLBACK.VERIFY"),
        ("ROLLBACK.CONFIRM", "ROLLBACK_FAILED"),
        ("ROLLBACK.VERIFY", "ROLLBACK.PIN"),
        ("ROLLBACK.VERIFY", "ROLLBACK_FAILED"),
        ("ROLLBACK.PIN", "ROLLED_BACK"),
        ("ROLLBACK.PIN", "REJECTED"),
    ];
    let missing: Vec<_> =
        table.iter().filter(|(from, to)| !edges.get(*from).is_some_and(|found| found.contains(*to))).collect();
    assert!(missing.is_empty(), "never happens: {missing:#?}");
}

#[test]
fn no_way_leads_back_to_publication_from_verification() {
    let (_, edges) = deploy_walk();
    for (from, found) in edges {
        let is_late = from.starts_with("VERIFYING") || from.starts_with("ROLLBACK");
        let back = found.iter().any(|to| to.starts_with("DEPLOYING") || to == "SIMULATING");
        assert!(!(is_late && back), "{from} -> {found:?}");
    }
}

#[test]
fn how_a_run_ended_never_changes() {
    let (runs, edges) = deploy_walk();
    let ends: BTreeSet<String> = runs.iter().filter_map(Run::end).map(ToString::to_string).collect();
    assert_eq!(ends.len(), 8, "{ends:?}");
    assert!(ends.iter().all(|end| !edges.contains_key(end)), "an end was left");
}

#[test]
fn a_return_that_a_person_asked_for_ends_after_the_same_steps() {
    let wish = Wish::Return { to: "old".to_owned(), reason: "slow".to_owned() };
    let (runs, edges) = walk(order(Gate::Hold, wish));
    assert!(edges["ROLLBACK.LOCK"].contains("ROLLBACK.DECIDE"));
    let ends: BTreeSet<String> = runs.iter().filter_map(Run::end).map(ToString::to_string).collect();
    let expected = ["ABORTED", "HOLD", "ROLLBACK_FAILED", "ROLLED_BACK"];
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_healer_that_goes_in_circles_is_stopped() {
    let mut run = transition(Run::new(order(Gate::Strict, Wish::Deploy)), &Input::Started).0;
    let mut heals = 0;
    for fingerprint in ["a", "b"].into_iter().cycle().take(20) {
        let issues = Simulated::Issues { is_fixable: true, fingerprint: fingerprint.to_owned() };
        run = transition(run, &Input::Simulated(issues)).0;
        if run.state != State::Healing {
            break;
        }
        heals += 1;
        run = transition(run, &Input::Healed(Healed::Applied)).0;
    }
    assert_eq!((run.state, heals), (State::Certifying, 2));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_in_whatever_order_the_promises_hold(choices in prop::collection::vec(0..60_usize, 1..80)) {
        let inputs = inputs();
        let mut run = Run::new(order(Gate::Hold, Wish::Deploy));
        run = transition(run, &Input::Started).0;
        let (mut publications, mut returns) = (0, 0);
        for choice in choices {
            let before = run.clone();
            // A cut run goes on with its last state; each such time publication may be asked for again, by name.
            let input = &inputs[choice % inputs.len()];
            if matches!(input, Input::Resumed(_)) {
                continue;
            }
            let (next, effects) = transition(run, input);
            run = next;
            for effect in effects {
                if let Effect::Perform(action) = effect {
                    use chimera::pipeline::action::Action;
                    match action {
                        Action::Publish { deploy } => {
                            publications += 1;
                            prop_assert_eq!(deploy, "new");
                            prop_assert!(run.facts.fence.is_some(), "published without the lock");
                            prop_assert!(run.facts.last_good.is_some(), "published with no way back");
                        }
                        Action::Return { to } => {
                            returns += 1;
                            prop_assert_eq!(to, "old");
                        }
                        _ => {}
                    }
                }
            }
            if let Some(end) = before.end() {
                prop_assert_eq!(run.end(), Some(end));
            }
        }
        prop_assert!(publications <= 1 && returns <= 1, "{publications} publications, {returns} returns");
        if run.end().map(ToString::to_string).as_deref() == Some("HOLD") {
            prop_assert!(matches!(run.end(), Some(chimera::pipeline::state::End::Hold(hold)) if *hold == Hold::NotOurs || returns == 0));
        }
    }
}
