//! Render: its Blueprints and their verdicts.

use crate::config::Configuration;
use crate::platform::newer;
use crate::platform::render::PROFILE;
use crate::platform::render::site::{self, RenderSite};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::Sink;
use crate::rule::{self, Check, precedence};
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
    let mut sink = Sink::default();
    let jobs = site.jobs();
    for rule in rule::registry::rules() {
        match rule.check {
            Check::Render(check) => check(&site, &mut sink),
            Check::Job(check) => jobs.iter().for_each(|job| check(job, &mut sink)),
            _ => {}
        }
    }
    let newer = jobs.iter().flat_map(newer::unknowns).map(|unknown| Unknown { stage: Stage::Build, ..unknown });
    let newer: Vec<Unknown> = newer.collect();
    let mut findings = sink.into_findings();
    super::drop_repetitions(&mut findings);
    precedence::apply(&mut findings);
    let is_of_configuration = |stage| matches!(stage, Stage::Blueprint | Stage::Runtime);
    let doubt = doubt::part_of_a_repository(site.snapshot, &mut findings, is_of_configuration, Stage::Build);
    site.unknowns.extend(newer.into_iter().chain(doubt));
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
