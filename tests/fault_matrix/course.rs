//! The other rows: what happens to the run, to the site, to the ledger.

use chimera::pipeline::guard::{Control, Migration};
use chimera::pipeline::input::{Certified, Simulated};
use chimera::pipeline::lease::LeaseEvent;
use chimera::pipeline::state::Check;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::transport::{Method, TransportError};

use crate::netlify::{self, Wrong};
use crate::scene::{Scene, pass};
use crate::{counters, expect, expect_success, expect_untouched, fails_live};

#[test]
fn row_00_without_a_fault_the_deploy_is_live_and_nothing_is_done_twice() {
    let mut scene = Scene::new();
    expect_success(&mut scene);
    assert_eq!(counters(&scene).restores, 1);
}

#[test]
fn row_01_a_simulation_that_hangs_is_given_up_after_300_seconds() {
    let mut scene = Scene::new();
    scene.shop.hangs = true;
    let ending = expect_untouched(&mut scene, "ABORTED");
    let took = scene.entered("ABORTED").unwrap() - 1_000;
    assert!((299_000..=301_000).contains(&took), "{took}");
    assert_eq!(ending.code(), Some(40));
}

#[test]
fn row_02_a_healer_that_oscillates_is_stopped_and_the_commit_rejected() {
    let mut scene = Scene::new();
    let issue = |name: &str| Simulated::Issues { is_fixable: true, fingerprint: name.to_owned() };
    scene.shop.simulated = vec![issue("a"), issue("b"), issue("a"), issue("b")];
    scene.shop.certified = Certified::Refused { reason: "1 predicted failure".to_owned() };
    let ending = expect_untouched(&mut scene, "REJECTED");
    assert!(ending.run.facts.heals <= 3);
    assert_eq!(ending.code(), Some(10));
}

#[test]
fn row_03_without_a_signing_key_nothing_is_published() {
    let mut scene = Scene::new();
    scene.shop.certified = Certified::Refused { reason: "the secret \"CHIMERA_SIGNING_KEY\" is missing".to_owned() };
    let ending = expect_untouched(&mut scene, "REJECTED");
    assert!(ending.reason().contains("CHIMERA_SIGNING_KEY"));
    assert_eq!(counters(&scene).mutating, 0);
}

#[test]
fn row_04_a_directory_that_changed_after_certification_is_not_sent() {
    let mut scene = Scene::new();
    scene.directory.is_changed = true;
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("not what was certified"));
    assert_eq!(counters(&scene).created, 0);
}

#[test]
fn row_05_a_certificate_that_expired_meanwhile_publishes_nothing() {
    let mut scene = Scene::new();
    scene.shop.expires_at = 2_000;
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("certify again"));
}

#[test]
fn row_23_a_last_good_deploy_that_is_gone_is_found_out_before_anything_is_changed() {
    let mut scene = Scene::new();
    scene.past.last_good = Some("deleted".to_owned());
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("\"deleted\" is gone"), "{}", ending.reason());
    assert_eq!(counters(&scene).mutating, 0);
    let mut scene = Scene::new();
    scene.past.last_good = None;
    scene.order.accepts_no_last_good = true;
    expect_success(&mut scene);
}

#[test]
fn row_24_another_commit_that_the_platform_publishes_is_not_undone() {
    let mut scene = Scene::new();
    scene.state.borrow_mut().meanwhile(Method::Post, "/restore", 1, |state| {
        state.meanwhile(Method::Get, "/sites/", 1, netlify::State::publish_foreign);
    });
    let ending = expect(&mut scene, "HOLD");
    assert_eq!((ending.reason(), ending.code()), ("not_ours".to_owned(), Some(32)));
    assert_eq!(counters(&scene).restores, 1);
}

#[test]
fn row_25_what_a_person_publishes_while_it_bakes_is_not_undone() {
    for verdict in [Grade::Pass, Grade::Fail] {
        let mut scene = Scene::new();
        let state = std::rc::Rc::clone(&scene.state);
        state.borrow_mut().meanwhile(Method::Post, "/restore", 1, |state| {
            state.meanwhile(Method::Get, "/sites/", 4, netlify::State::publish_foreign);
        });
        scene.judge(move |subject, _| if subject.check == Check::Bake { Verdict::new(verdict, "x") } else { pass() });
        let ending = expect(&mut scene, "HOLD");
        assert_eq!(ending.reason(), "not_ours");
        assert_eq!(scene.state.borrow().published.as_deref(), Some("third"));
    }
}

#[test]
fn row_26_an_old_deploy_that_answers_well_is_not_taken_for_the_new_one() {
    let mut scene = Scene::new();
    scene.state.borrow_mut().switch_delay = 40_000;
    expect_success(&mut scene);
    let (asked, seen) = (scene.entered("DEPLOYING.CONFIRM").unwrap(), scene.entered("VERIFYING.CRITICAL").unwrap());
    assert!(seen - asked >= 39_000, "{}", seen - asked);
    let mut scene = Scene::new();
    scene.state.borrow_mut().switch_delay = 90_000;
    let ending = scene.run();
    assert_ne!(ending.name(), "SUCCESS");
    assert!(scene.entered("VERIFYING.CRITICAL").is_none(), "verified before it was live");
}

#[test]
fn row_27_a_site_that_answers_500_goes_back_within_thirty_seconds() {
    let mut scene = Scene::new();
    scene.judge(fails_live("status 500"));
    let ending = expect(&mut scene, "ROLLED_BACK");
    assert_eq!(ending.code(), Some(30));
    let took = scene.entered("ROLLED_BACK").unwrap() - scene.entered("VERIFYING.CRITICAL").unwrap();
    assert!(took <= 30_000, "{took}");
    assert_eq!((counters(&scene).switches, counters(&scene).locks), (2, 1));
    assert!(scene.state.borrow_mut().deploy("old").unwrap().locked);
}

#[test]
fn row_28_a_fault_that_the_last_good_deploy_has_as_well_changes_nothing() {
    let mut scene = Scene::new();
    scene.judge(fails_live("dependency down"));
    scene.control = Control::Fails;
    let ending = expect(&mut scene, "HOLD");
    assert_eq!((ending.reason(), counters(&scene).restores), ("external".to_owned(), 1));
}

#[test]
fn row_29_a_runner_without_network_looks_once_more_and_then_leaves_it_to_a_person() {
    let count = std::cell::Cell::new(0);
    let mut scene = Scene::new();
    scene.judge(move |subject, _| {
        if subject.check == Check::Bake && count.replace(count.get() + 1) == 0 {
            return Verdict::new(Grade::Inconclusive, "runner_network");
        }
        pass()
    });
    expect_success(&mut scene);
    let mut scene = Scene::new();
    scene.judge(
        |subject, _| {
            if subject.is_live { Verdict::new(Grade::Inconclusive, "runner_network") } else { pass() }
        },
    );
    let ending = expect(&mut scene, "SUCCESS_UNPROVEN");
    assert_eq!(ending.code(), Some(20));
}

#[test]
fn row_32_a_migration_that_the_last_good_deploy_cannot_live_with_is_left_to_a_person() {
    let mut scene = Scene::new();
    scene.judge(fails_live("down"));
    scene.past.migration = Migration::Breaking;
    let ending = expect(&mut scene, "HOLD");
    assert_eq!((ending.reason(), counters(&scene).restores), ("schema".to_owned(), 1));
}

#[test]
fn row_33_a_return_whose_answer_was_lost_happens_once() {
    for wrong in [Wrong::After(500), Wrong::Lost(TransportError::Broken)] {
        let mut scene = Scene::new();
        scene.judge(fails_live("down"));
        scene.state.borrow_mut().fail(Method::Post, "/deploys/old/restore", 1, wrong);
        expect(&mut scene, "ROLLED_BACK");
        assert_eq!(counters(&scene).switches, 2);
    }
    let mut scene = Scene::new();
    scene.judge(fails_live("down"));
    scene.state.borrow_mut().fail(Method::Post, "/deploys/old/restore", 99, Wrong::After(500));
    expect(&mut scene, "ROLLED_BACK");
    assert_eq!(counters(&scene).switches, 2);
}

#[test]
fn row_34_a_last_good_deploy_that_is_bad_as_well_is_loud_and_not_left() {
    let mut scene = Scene::new();
    scene.judge(|subject, _| if subject.is_live { Verdict::new(Grade::Fail, "down") } else { pass() });
    let ending = expect(&mut scene, "ROLLBACK_FAILED");
    assert_eq!((counters(&scene).switches, ending.code()), (2, Some(31)));
}

#[test]
fn row_40_without_a_ledger_nothing_is_published_and_what_is_live_is_still_looked_after() {
    let mut scene = Scene::new();
    scene.book.borrow_mut().fails_at = Some(4);
    let ending = scene.run();
    assert_eq!((ending.name().as_str(), counters(&scene).switches), ("ABORTED", 0));
    // As many records as there are until publication is asked for.
    let mut count = Scene::new();
    count.run();
    let records = count.book.borrow().records.clone();
    let asked = records.iter().position(|record| record.from == "DEPLOYING.PUBLISH").unwrap();
    for fails_at in [asked + 1, asked + 2, asked + 3] {
        let mut scene = Scene::new();
        scene.book.borrow_mut().fails_at = Some(fails_at);
        let ending = scene.run();
        assert_eq!(ending.name(), "SUCCESS");
        assert!(ending.run.facts.is_journal_lost);
        assert!(ending.run.facts.remarks.iter().any(|remark| remark.contains("ledger")));
    }
}

#[test]
fn row_42_a_second_run_waits_for_the_first_and_gives_up_after_ten_minutes() {
    let taken = |until| LeaseEvent::Taken { holder: "dk_other".to_owned(), fence: 1, at: 0, until };
    let mut scene = Scene::new();
    scene.lock.borrow_mut().push(taken(1_790_000_000 + 60));
    expect_success(&mut scene);
    assert!(scene.entered("DEPLOYING.PREFLIGHT").unwrap() >= 60_000);
    let mut scene = Scene::new();
    scene.lock.borrow_mut().push(taken(1_790_000_000 + 3_600));
    let ending = scene.run();
    assert_eq!((ending.name().as_str(), counters(&scene).mutating), ("ABORTED", 0));
    assert!(ending.reason().contains("dk_other"));
    assert!((600_000..610_000).contains(&scene.clock.now.get()));
}

#[test]
fn row_43_a_run_that_slept_while_its_lease_was_taken_publishes_nothing() {
    let mut scene = Scene::new();
    let lock = std::rc::Rc::clone(&scene.lock);
    scene.judge(move |subject, _| {
        if !subject.is_live {
            let at = 1_790_000_000 + 20 * 60;
            let theft = LeaseEvent::Taken { holder: "dk_other".to_owned(), fence: 99, at, until: u64::MAX };
            lock.borrow_mut().push(theft);
        }
        pass()
    });
    let ending = scene.run();
    assert_eq!((ending.name().as_str(), counters(&scene).switches), ("ABORTED", 0));
    assert!(ending.reason().contains("lock"));
}

#[test]
fn row_44_a_clock_that_is_wrong_by_ten_minutes_changes_no_deadline() {
    for skew in [-600, 600] {
        let mut scene = Scene::new();
        scene.clock.skew.set(skew);
        expect_success(&mut scene);
    }
}

#[test]
fn row_46_an_interrupted_run_ends_within_seven_seconds_and_can_be_taken_up() {
    let mut plain = Scene::new();
    plain.run();
    let moments: Vec<u64> = plain.states.iter().map(|(at, _)| *at).collect();
    for (moment, offset) in moments.iter().flat_map(|moment| [(*moment, 1), (*moment, 700)]) {
        let mut scene = Scene::new();
        scene.clock.interrupt_at.set(Some(moment + offset));
        let ending = scene.run();
        let late = scene.clock.now.get().saturating_sub(moment + offset);
        assert!(late <= 7_000, "{} ended {late} ms after the signal at {moment}", ending.name());
        let ending = if ending.run.is_over() { ending } else { scene.recover(false).unwrap() };
        assert!(ending.run.is_over(), "{}", ending.name());
        assert_eq!(scene.violations(&ending.run), Vec::<String>::new(), "{} at {moment}", ending.name());
    }
}

#[test]
fn row_52_a_certificate_that_was_used_before_publishes_nothing() {
    let mut scene = Scene::new();
    scene.past.is_used = true;
    let ending = expect_untouched(&mut scene, "REJECTED");
    assert!(ending.reason().contains("used before"));
    assert_eq!(counters(&scene).mutating, 0);
}
