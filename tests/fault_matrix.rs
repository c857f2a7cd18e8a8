//! The fault matrix of the state machine: each row injects one fault and counts what happened outside.
//!
//! Everything runs on a clock that only the run moves. Rows of other platforms, and of the verifier's own judgement, are not here.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/netlify/mod.rs"]
mod netlify;
#[path = "support/scene.rs"]
mod scene;

use chimera::pipeline::guard::{Control, Migration};
use chimera::pipeline::input::{Certified, Simulated};
use chimera::pipeline::lease::LeaseEvent;
use chimera::pipeline::state::Check;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::transport::{Method, TransportError};
use netlify::{Counters, Wrong};
use scene::{Ending, Scene, pass};

const CREATE: (Method, &str) = (Method::Post, "/deploys?title=");
const RESTORE: (Method, &str) = (Method::Post, "/restore");
const SITE: (Method, &str) = (Method::Get, "/sites/0a1b2c3d-site");

fn scene_with(place: (Method, &str), times: u32, wrong: Wrong) -> Scene {
    let scene = Scene::new();
    scene.state.borrow_mut().fail(place.0, place.1, times, wrong);
    scene
}

fn status(status: u16, headers: &[(&str, &str)]) -> Wrong {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Wrong::Instead(status, headers, String::new())
}

fn page(content_type: &str, body: &str) -> Wrong {
    Wrong::Instead(200, vec![("content-type".to_owned(), content_type.to_owned())], body.to_owned())
}

fn counters(scene: &Scene) -> Counters {
    scene.state.borrow().counters
}

/// Runs, checks the end and the invariants.
fn expect(scene: &mut Scene, end: &str) -> Ending {
    let ending = scene.run();
    let reason = ending.reason();
    assert_eq!(ending.name(), end, "{reason}; {:?}; {:#?}", ending.run.facts.remarks, scene.states);
    assert_eq!(scene.violations(&ending.run), Vec::<String>::new());
    ending
}

/// One deploy, one publication: nothing was done twice.
fn expect_success(scene: &mut Scene) {
    let ending = expect(scene, "SUCCESS");
    let seen = counters(scene);
    assert_eq!((seen.created, seen.switches, ending.code()), (1, 1, Some(0)));
    assert_eq!(seen.uploads, 2, "files with the same bytes are sent once");
}

fn expect_untouched(scene: &mut Scene, end: &str) -> Ending {
    let ending = expect(scene, end);
    let seen = counters(scene);
    assert_eq!((seen.switches, seen.restores), (0, 0));
    assert_eq!(scene.state.borrow().published.as_deref(), Some("old"));
    ending
}

fn fails_live(reason: &'static str) -> impl Fn(&chimera::pipeline::port::Subject, &netlify::State) -> Verdict {
    move |subject, _| {
        if subject.is_live && subject.deploy != "old" { Verdict::new(Grade::Fail, reason) } else { pass() }
    }
}

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
fn row_06_a_connection_that_times_out_three_times_costs_three_repetitions() {
    let mut scene = scene_with(SITE, 3, Wrong::Unsent(TransportError::Connect));
    expect_success(&mut scene);
    let mut more = scene_with(SITE, 4, Wrong::Unsent(TransportError::Connect));
    expect_untouched(&mut more, "ABORTED");
}

#[test]
fn row_07_a_platform_that_never_takes_the_connection_is_left_after_four_tries() {
    let mut scene = scene_with(CREATE, 99, Wrong::Unsent(TransportError::Connect));
    let ending = expect_untouched(&mut scene, "ABORTED");
    let tries =
        scene.state.borrow().log.iter().filter(|line| line.starts_with("POST") && line.contains("title=")).count();
    assert_eq!(tries, 4);
    assert!(scene.clock.now.get() < 90_000, "{}", scene.clock.now.get());
    assert!(ending.reason().contains("in 4 tries"), "{}", ending.reason());
}

#[test]
fn row_08_a_server_that_stumbles_twice_makes_one_deploy() {
    for code in [500, 502, 503, 504] {
        expect_success(&mut scene_with(CREATE, 2, status(code, &[])));
    }
}

#[test]
fn row_09_a_deploy_that_was_made_before_the_server_broke_is_adopted() {
    expect_success(&mut scene_with(CREATE, 1, Wrong::After(500)));
}

#[test]
fn row_10_the_wait_that_is_asked_for_is_kept() {
    for place in [SITE, CREATE, RESTORE] {
        let mut plain = Scene::new();
        expect_success(&mut plain);
        let mut scene = scene_with(place, 1, status(429, &[("retry-after", "7")]));
        expect_success(&mut scene);
        let longer = scene.clock.now.get() - plain.clock.now.get();
        assert!((7_000..=8_000).contains(&longer), "{place:?}: {longer}");
    }
}

#[test]
fn row_11_every_way_to_ask_for_a_wait_is_understood() {
    // The clock of the scene stands at 1,790,000,001.
    let forms = [
        ("retry-after", "Mon, 21 Sep 2026 14:13:28 GMT"),
        ("x-ratelimit-reset", "1790000008"),
        ("ratelimit-reset", "7"),
        ("ratelimit-reset", "1790000008"),
    ];
    for form in forms {
        let mut scene = scene_with(SITE, 1, status(429, &[form]));
        expect_success(&mut scene);
        let at = scene.entered("DEPLOYING.PREPARE").unwrap();
        assert!((6_500..=9_500).contains(&at), "{form:?}: {at}");
    }
}

#[test]
fn row_12_a_wait_of_ten_minutes_is_not_begun() {
    let mut scene = scene_with(CREATE, 99, status(429, &[("retry-after", "600")]));
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(scene.clock.now.get() < 10_000, "{}", scene.clock.now.get());
    assert!(ending.reason().contains("600 s"), "{}", ending.reason());
}

#[test]
fn row_13_a_storm_of_429_does_not_keep_the_return_from_being_issued() {
    let mut spans = Vec::new();
    for seed in 0..200 {
        let mut scene = Scene::new();
        scene.clock.seed.set(seed);
        scene.judge(|subject, _| {
            if subject.is_live && subject.deploy != "old" { Verdict::new(Grade::Fail, "down") } else { pass() }
        });
        // The first restore publishes; the storm begins with the last look before the return.
        scene.state.borrow_mut().meanwhile(Method::Post, "/restore", 1, move |state| {
            state.fail(Method::Get, "/deploys/old", u32::from(seed % 2 == 0), status(429, &[]));
            state.fail(Method::Post, "/deploys/old/restore", u32::from(seed % 3 == 0), status(429, &[]));
        });
        expect(&mut scene, "ROLLED_BACK");
        spans.push(scene.entered("ROLLBACK.CONFIRM").unwrap() - scene.entered("ROLLBACK.DECIDE").unwrap());
    }
    spans.sort_unstable();
    assert!(spans[190] <= 2_000, "p95 {}", spans[190]);
}

#[test]
fn row_13_a_storm_that_never_ends_is_loud() {
    let mut scene = Scene::new();
    scene.judge(fails_live("down"));
    scene.state.borrow_mut().fail(Method::Post, "/deploys/old/restore", 99, status(429, &[("retry-after", "60")]));
    let ending = expect(&mut scene, "ROLLBACK_FAILED");
    assert!(ending.run.facts.remarks.iter().any(|remark| remark.contains("/deploys/old/restore")));
}

#[test]
fn row_14_a_connection_that_broke_before_anything_was_sent_makes_one_deploy() {
    expect_success(&mut scene_with(CREATE, 1, Wrong::Unsent(TransportError::Broken)));
}

#[test]
fn row_15_a_connection_that_broke_after_the_request_was_done_makes_one_deploy() {
    for error in [TransportError::Broken, TransportError::TimedOut] {
        expect_success(&mut scene_with(CREATE, 1, Wrong::Lost(error)));
    }
}

#[test]
fn row_16_a_body_that_crawls_is_left_after_ten_seconds_and_asked_for_again() {
    let mut scene = scene_with((Method::Get, "/deploys/new1"), 1, Wrong::Unsent(TransportError::TimedOut));
    expect_success(&mut scene);
    assert!(scene.entered("DEPLOYING.PREVIEW").unwrap() < 20_000);
}

#[test]
fn row_17_what_is_no_answer_is_not_taken_for_a_state() {
    let wrong = [
        page("text/html", "<!doctype html><title>maintenance</title>"),
        page("application/json", "{\"id\": \"new1\", \"sta"),
        page("application/json", "{\"id\": 7, \"state\": \"ready\"}"),
        page("application/json", "[]"),
    ];
    for wrong in wrong {
        expect_success(&mut scene_with((Method::Get, "/deploys/new1"), 2, wrong.clone()));
        expect_success(&mut scene_with(CREATE, 1, wrong));
    }
}

#[test]
fn row_17_an_api_that_answers_html_is_named() {
    let mut scene = scene_with(SITE, 99, page("text/html", "<html>"));
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("HTML page"), "{}", ending.reason());
}

#[test]
fn row_18_an_unknown_state_is_waited_through() {
    let unknown = r#"{"id": "new1", "state": "dreaming"}"#;
    expect_success(&mut scene_with((Method::Get, "/deploys/new1"), 5, page("application/json", unknown)));
    let mut scene = scene_with((Method::Get, "/deploys/new1"), 9_999, page("application/json", unknown));
    expect_untouched(&mut scene, "ABORTED");
    assert!(scene.clock.now.get() < 25 * 60_000);
}

#[test]
fn row_19_a_host_without_an_address_is_tried_again_and_left() {
    expect_success(&mut scene_with(SITE, 2, Wrong::Unsent(TransportError::Name)));
    let mut scene = scene_with(SITE, 99, Wrong::Unsent(TransportError::Name));
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("no address"), "{}", ending.reason());
}

#[test]
fn row_20_a_certificate_that_cannot_be_trusted_ends_it_at_once() {
    let insecure = Wrong::Unsent(TransportError::Insecure("certificate expired".to_owned()));
    let mut scene = scene_with(SITE, 99, insecure);
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert_eq!(counters(&scene).requests, 1);
    assert!(ending.reason().contains("expired"));
}

#[test]
fn row_21_a_token_that_was_revoked_before_publication_ends_it() {
    let mut scene = Scene::new();
    scene.state.borrow_mut().meanwhile(Method::Put, "/files/", 1, |state| state.revoked = true);
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("token"), "{}", ending.reason());
    assert!(ending.run.facts.remarks.iter().any(|remark| remark.contains("NETLIFY_AUTH_TOKEN")));
}

#[test]
fn row_21_a_token_that_was_revoked_after_publication_is_loud_and_says_what_to_do() {
    let mut scene = Scene::new();
    scene.judge(fails_live("down"));
    scene.state.borrow_mut().meanwhile(Method::Post, "/restore", 1, |state| {
        state.meanwhile(Method::Get, "/sites/", 2, |state| state.revoked = true);
    });
    let ending = expect(&mut scene, "ROLLBACK_FAILED");
    let took = scene.entered("ROLLBACK_FAILED").unwrap() - scene.entered("ROLLBACK.DECIDE").unwrap();
    assert!(took <= 5_000, "{took}");
    assert_eq!(ending.code(), Some(31));
    let remarks = ending.run.facts.remarks.join("\n");
    assert!(remarks.contains("deploys/old/restore") && remarks.contains("app.netlify.com"), "{remarks}");
    assert!(!remarks.contains(netlify::TOKEN), "{remarks}");
}

#[test]
fn row_22_a_missing_right_is_named() {
    let refused = Wrong::Instead(403, Vec::new(), r#"{"code": 403, "message": "Forbidden"}"#.to_owned());
    let mut scene = scene_with(SITE, 99, refused);
    let ending = expect_untouched(&mut scene, "ABORTED");
    assert!(ending.reason().contains("may not read the site"), "{}", ending.reason());
    assert_eq!(counters(&scene).requests, 1, "a refusal is not repeated");
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
