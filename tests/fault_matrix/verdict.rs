//! Rows in which the real judge decides: what a run makes of a site that flaps, and of one that is slower.

use std::cell::RefCell;
use std::rc::Rc;

use chimera::pipeline::port::{Subject, Verifier as _};
use chimera::pipeline::state::Check as Phase;
use chimera::pipeline::world::World as _;
use chimera::verify::check::Check;
use chimera::verify::expectation::Expectation;
use chimera::verify::probe::{Origin, Probe};
use chimera::verify::setting::Settings;
use chimera::verify::site::{Memory, Reference, SiteVerifier};

use crate::scene::Scene;
use crate::town::{CONTROL, Deploy, LIVE, OLD, PREVIEW, Town};
use crate::{counters, expect};

/// How long the site is watched.
const BAKE: u64 = 300_000;

/// A scene whose site is looked at by the real judge.
fn scene(seed: u64, change: impl Fn(&mut Deploy, &mut Deploy)) -> Scene {
    let mut scene = Scene::new();
    scene.order.limits.bake = BAKE + 30_000;
    let clock = Rc::clone(&scene.clock);
    let town = Town::new(clock.clone(), seed);
    change(&mut town.new.borrow_mut(), &mut town.old.borrow_mut());
    scene.judge(move |subject, _| {
        let reference = || Some(Reference { deploy: "old".to_owned(), address: OLD.to_owned() });
        let probe = || Probe::get("page", Origin::derived("a test"), "/checkout").expect(Expectation::StatusClass(2));
        let verifier = SiteVerifier {
            prober: &town,
            world: &*clock,
            settings: Settings::default(),
            checks: (0..100).map(|_| Check::Probe(probe())).collect(),
            bake: BAKE,
            control: Some(CONTROL.to_owned()),
            last_good: &reference,
            tell: &|_| {},
            memory: RefCell::new(Memory::default()),
        };
        let address = if subject.is_live { LIVE } else { PREVIEW };
        let span = if subject.check == Phase::Bake { BAKE + 30_000 } else { 120_000 };
        let subject = Subject { address: Some(address.to_owned()), ..subject.clone() };
        verifier.verify(&subject, clock.now() + span)
    });
    scene
}

#[test]
fn row_30_a_site_that_answers_503_once_in_a_hundred_times_stays_and_that_is_told() {
    for seed in [1, 2, 3] {
        let mut scene = scene(seed, |new, old| (new.flakes, old.flakes) = (0.01, 0.01));
        let ending = expect(&mut scene, "SUCCESS");
        let remarks = &ending.run.facts.remarks;
        let is_told = |remark: &String| {
            remark.contains("held when they were asked again") || remark.contains("sampled requests failed")
        };
        assert!(remarks.iter().any(is_told), "{remarks:?}");
        assert_eq!(counters(&scene).switches, 1);
    }
}

#[test]
fn row_31_twice_and_half_as_slow_goes_back_a_tenth_stays() {
    for (factor, end, switches) in [(2.0, "ROLLED_BACK", 2), (1.5, "ROLLED_BACK", 2), (1.1, "SUCCESS", 1)] {
        let mut scene = scene(5, |new, _| new.latency *= factor);
        let ending = expect(&mut scene, end);
        assert_eq!(counters(&scene).switches, switches, "×{factor}");
        if switches == 2 {
            let remarks = &ending.run.facts.remarks;
            assert!(remarks.iter().any(|remark| remark.starts_with("latency: \"/\" is")), "×{factor}: {remarks:?}");
        }
    }
}
