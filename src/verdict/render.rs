//! Render: its Blueprints and their verdicts.

use crate::config::Configuration;
use crate::platform::render::PROFILE;
use crate::platform::render::site::{self, RenderSite};
use crate::project::snapshot::Snapshot;
use crate::rule::{Check, precedence};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::registry::{Platform, Question, Target};
use super::{Simulated, SiteVerdict, doubt};

/// Render and how it is simulated.
pub const PLATFORM: Platform = Platform { profile: &PROFILE, is_meant, targets, judge: judge_target };

fn is_meant(snapshot: &Snapshot, _: &Configuration) -> bool {
    !site::find(snapshot).is_empty() || site::misnamed(snapshot).is_some()
}

fn targets(snapshot: &Snapshot, question: &Question, _: &Configuration) -> Vec<Target> {
    let found = site::find(snapshot);
    let places = if found.is_empty() { vec![PROFILE.config_name.to_owned()] } else { found };
    places.into_iter().map(|place| Target { place, question: question.clone() }).collect()
}

fn judge_target(snapshot: &Snapshot, target: &Target, configuration: &Configuration) -> SiteVerdict {
    let mut site = RenderSite::new(snapshot, &target.place);
    site.day = target.question.day;
    judge(site, configuration)
}

/// Judges a Blueprint about which everything has been worked out.
#[must_use]
pub fn judge(mut site: RenderSite<'_>, configuration: &Configuration) -> SiteVerdict {
    let (mut findings, newer) = super::examine(&site.jobs(), |check, sink| {
        if let Check::Render(check) = check {
            check(&site, sink);
        }
    });
    let newer = newer.into_iter().map(|unknown| Unknown { stage: Stage::Build, ..unknown });
    precedence::apply(&mut findings);
    let is_of_configuration = |stage| matches!(stage, Stage::Blueprint | Stage::Runtime);
    let doubt = doubt::part_of_a_repository(site.snapshot, &mut findings, is_of_configuration, Stage::Build);
    site.unknowns.extend(newer.chain(doubt));
    super::conclude(simulated(site), findings, configuration)
}

fn simulated(site: RenderSite<'_>) -> Simulated {
    let rejection = site.unreadable.map(|reason| (Stage::Blueprint, reason));
    Simulated {
        name: site.path.clone(),
        place: site.path.clone(),
        platform: &PROFILE,
        context: String::new(),
        config_path: site.snapshot.is_file(&site.path).then_some(site.path),
        rejection,
        unknowns: site.unknowns,
        decisions: site.decisions,
        groups: site.groups,
        graph: site.graph,
        steps: site.steps,
        sources: site.sources,
    }
}
