//! The fault matrix of the state machine: each row injects one fault and counts what happened outside.
//!
//! Everything runs on a clock that only the run moves. Rows of other platforms are not here.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/netlify/mod.rs"]
mod netlify;
#[path = "../support/scene/mod.rs"]
mod scene;
#[path = "../support/town/mod.rs"]
mod town;

mod course;
mod ledger;
mod verdict;
mod wire;

use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::transport::Method;
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
