//! Rows 6 to 22: the wire, the API, the token.

use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::transport::{Method, TransportError};

use crate::netlify::{self, Wrong};
use crate::scene::{Scene, pass};
use crate::{
    CREATE, RESTORE, SITE, counters, expect, expect_success, expect_untouched, fails_live, page, scene_with, status,
};

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
