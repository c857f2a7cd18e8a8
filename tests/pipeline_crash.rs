//! Killed before and after everything that reaches the outside, taken up again: the promises hold.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/netlify/mod.rs"]
mod netlify;
#[path = "support/scene/mod.rs"]
mod scene;

use chimera::pipeline::order::{Gate, Way, Wish};
use chimera::pipeline::platform::Platform;
use chimera::pipeline::rehearsal::Rehearsal;
use chimera::pipeline::state::End;
use chimera::pipeline::verdict::{Grade, Verdict};
use chimera::remote::transport::{Method, TransportError};
use netlify::Wrong;
use scene::{Ending, Scene, pass};

/// How a site turns out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Story {
    Good,
    Bad,
    Doubtful,
    Rejected,
    Asked,
    Hooked,
    Held,
}

const STORIES: [Story; 7] =
    [Story::Good, Story::Bad, Story::Doubtful, Story::Rejected, Story::Asked, Story::Hooked, Story::Held];

fn tell(story: Story) -> Scene {
    let mut scene = Scene::new();
    let grade = match story {
        Story::Bad => Grade::Fail,
        Story::Doubtful => Grade::Inconclusive,
        _ => Grade::Pass,
    };
    scene.judge(
        move |subject, _| {
            if subject.is_live && subject.deploy != "old" { Verdict::new(grade, "x") } else { pass() }
        },
    );
    let target = &mut scene.order.targets[0];
    match story {
        Story::Rejected => {
            // The platform was faster: the rejected commit is live.
            target.gate = Gate::Observe;
            let reason = "predicted failure".to_owned();
            scene.shop.certified = chimera::pipeline::input::Certified::Refused { reason };
            let mut state = scene.state.borrow_mut();
            let pushed = netlify::Deploy {
                id: "pushed".to_owned(),
                state: "ready".to_owned(),
                commit: Some("c0ffee".to_owned()),
                ..netlify::Deploy::default()
            };
            state.deploys.insert(0, pushed);
            state.published = Some("pushed".to_owned());
        }
        Story::Asked => {
            scene.order.wish = Wish::Return { to: "old".to_owned(), reason: "slow".to_owned() };
            let mut state = scene.state.borrow_mut();
            let bad = netlify::Deploy { id: "bad".to_owned(), state: "ready".to_owned(), ..netlify::Deploy::default() };
            state.deploys.insert(0, bad);
            state.published = Some("bad".to_owned());
        }
        Story::Hooked => target.way = Way::Hook,
        Story::Held => target.gate = Gate::Hold,
        Story::Good | Story::Bad | Story::Doubtful => {}
    }
    scene
}

/// What the invariants say, for stories that begin with "old" live.
fn check(scene: &Scene, ending: &Ending, story: Story, at: &str) {
    assert!(ending.run.is_over(), "{story:?} {at}: {}", ending.name());
    let state = scene.state.borrow();
    let live = state.published.clone().unwrap();
    match story {
        Story::Rejected => {
            let may_be = ["old", "pushed"].contains(&live.as_str());
            assert!(may_be && state.counters.created == 0, "{story:?} {at}: {live}");
        }
        Story::Asked => assert!(["old", "bad"].contains(&live.as_str()), "{story:?} {at}: {live}"),
        _ => {
            drop(state);
            assert_eq!(scene.violations(&ending.run), Vec::<String>::new(), "{story:?} {at}: {}", ending.name());
        }
    }
}

#[test]
fn every_story_ends_as_it_should_when_nobody_dies() {
    let ends = STORIES.map(|story| {
        let mut scene = tell(story);
        let ending = scene.run();
        check(&scene, &ending, story, "undisturbed");
        ending.name()
    });
    let expected = ["SUCCESS", "ROLLED_BACK", "SUCCESS_UNPROVEN", "REJECTED", "ROLLED_BACK", "SUCCESS", "SUCCESS"];
    assert_eq!(ends, expected);
}

#[test]
fn killed_before_and_after_every_effect_a_run_is_brought_to_its_end() {
    let mut kills = 0;
    for story in STORIES {
        let mut plain = tell(story);
        plain.run();
        let boundaries = plain.clock.boundaries.get();
        assert!(boundaries >= 12, "{story:?}: {boundaries}");
        for (boundary, happens) in (1..=boundaries).flat_map(|at| [(at, false), (at, true)]) {
            let at = format!("boundary {boundary} of {boundaries}, happens: {happens}");
            let mut scene = tell(story);
            scene.clock.kill_after.set(Some((boundary, happens)));
            scene.run();
            kills += 1;
            let begun = scene.clock.now.get();
            // Nothing was recorded: then nothing was done either.
            let Some(ending) = scene.recover(false) else {
                assert_eq!(scene.state.borrow().counters.mutating, 0, "{story:?} {at}");
                continue;
            };
            check(&scene, &ending, story, &at);
            let took = scene.clock.now.get() - begun;
            assert!(took <= 60_000, "{story:?} {at}: resumed in {took} ms");
            let restores = scene.state.borrow().counters.switches;
            assert!(restores <= 2, "{story:?} {at}: {restores} switches");
            // Once more changes nothing.
            let counters = scene.state.borrow().counters;
            let again = scene.recover(false).unwrap();
            assert_eq!(
                (again.run.end(), scene.state.borrow().counters),
                (ending.run.end(), counters),
                "{story:?} {at}"
            );
        }
    }
    assert!(kills > 300, "{kills}");
}

#[test]
fn a_run_that_was_cut_off_before_publication_goes_on_if_it_is_wanted() {
    let mut ends = std::collections::BTreeSet::new();
    let mut plain = tell(Story::Good);
    plain.run();
    for boundary in 1..=plain.clock.boundaries.get() {
        let mut scene = tell(Story::Good);
        scene.clock.kill_after.set(Some((boundary, false)));
        scene.run();
        let Some(ending) = scene.recover(true) else { continue };
        check(&scene, &ending, Story::Good, &format!("boundary {boundary}"));
        ends.insert(ending.name());
    }
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), ["ABORTED", "SUCCESS"]);
}

#[test]
fn five_thousand_random_misfortunes_break_no_promise() {
    let mut ends = std::collections::BTreeMap::<String, u32>::new();
    for seed in 0..5_000_u64 {
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut pick = |bound: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % bound
        };
        let story = [Story::Good, Story::Bad, Story::Doubtful, Story::Hooked, Story::Held][pick(5) as usize];
        let mut scene = tell(story);
        scene.clock.seed.set(seed);
        for _ in 0..pick(3) {
            let places = [
                (Method::Get, "/sites/"),
                (Method::Get, "/deploys/new1"),
                (Method::Get, "/deploys?page"),
                (Method::Post, "title="),
                (Method::Put, "/files/"),
                (Method::Post, "/restore"),
                (Method::Post, "/lock"),
            ];
            let (method, place) = places[pick(7) as usize];
            let wrong = match pick(6) {
                0 => Wrong::After(502),
                1 => Wrong::Lost(TransportError::Broken),
                2 => Wrong::Unsent(TransportError::Connect),
                3 => Wrong::Instead(429, vec![("retry-after".to_owned(), "3".to_owned())], String::new()),
                4 => Wrong::Instead(200, Vec::new(), "<html>".to_owned()),
                _ => Wrong::Instead(503, Vec::new(), String::new()),
            };
            let times = 1 + u32::try_from(pick(6)).unwrap();
            scene.state.borrow_mut().fail(method, place, times, wrong);
        }
        if pick(8) == 0 {
            // Somebody else publishes, sooner or later.
            let nth = 1 + u32::try_from(pick(8)).unwrap();
            scene.state.borrow_mut().meanwhile(Method::Get, "/sites/", nth, netlify::State::publish_foreign);
        }
        if pick(2) == 0 {
            scene.clock.kill_after.set(Some((1 + u32::try_from(pick(60)).unwrap(), pick(2) == 0)));
        } else if pick(3) == 0 {
            scene.clock.interrupt_at.set(Some(1_000 + pick(40_000)));
        }
        let ending = scene.run();
        let is_cut = scene.clock.dead.get() || !ending.run.is_over();
        let ending = if is_cut {
            // The faults are over when somebody looks again.
            scene.state.borrow_mut().faults.clear();
            match scene.recover(false) {
                Some(ending) => ending,
                None => continue,
            }
        } else {
            ending
        };
        *ends.entry(ending.name()).or_default() += 1;
        check(&scene, &ending, story, &format!("seed {seed}"));
    }
    assert!(ends.len() >= 5, "{ends:?}");
}

#[test]
fn a_rehearsal_changes_nothing_and_goes_the_same_way() {
    for story in [Story::Good, Story::Hooked, Story::Asked, Story::Held] {
        let mut real = tell(story);
        real.run();
        let way: Vec<String> = real.states.iter().map(|(_, state)| state.clone()).collect();
        let mut scene = tell(story);
        let ending = scene.rehearse();
        let rehearsed: Vec<String> = scene.states.iter().map(|(_, state)| state.clone()).collect();
        assert_eq!(rehearsed, way, "{story:?}");
        assert_eq!(scene.state.borrow().counters.mutating, 0);
        assert!(matches!(ending.run.end(), Some(End::Success | End::RolledBack)), "{}", ending.name());
    }
}

impl Scene {
    /// Runs without changing anything.
    fn rehearse(&mut self) -> Ending {
        let order = self.order.clone();
        let wire = scene::Wire { clock: self.clock.clone(), state: self.state.clone(), latency: scene::LATENCY };
        let clock = self.clock.clone();
        let netlify = chimera::remote::netlify::Netlify::new(&self.access(), &wire, &*clock);
        let rehearsal = Rehearsal::new(&netlify as &dyn Platform);
        self.act_on(&rehearsal, |ports| {
            let run = chimera::pipeline::run::Run::new(order);
            let (run, stop) = chimera::pipeline::drive::Driver::begin(run, ports).drive();
            Ending { run, stop }
        })
    }
}
