//! GitHub Pages: its workflows and their verdicts.

use crate::config::Configuration;
use crate::platform::pages::PROFILE;
use crate::platform::pages::site::{self, PagesSite};
use crate::project::manifest;
use crate::project::snapshot::Snapshot;
use crate::rule::finding::Finding;
use crate::rule::{Check, precedence};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::registry::{Platform, Question, Target};
use super::{Simulated, SiteVerdict, doubt, netlify, render};

/// GitHub Pages and how it is simulated.
pub const PLATFORM: Platform = Platform { profile: &PROFILE, is_meant, targets, judge: judge_target };

/// A workflow that publishes is proof; a script or a Jekyll site is, where nothing is made for another platform.
fn is_meant(snapshot: &Snapshot, configuration: &Configuration) -> bool {
    if !site::workflows(snapshot).is_empty() {
        return true;
    }
    let is_for_another = [netlify::PLATFORM, render::PLATFORM].iter().any(|it| (it.is_meant)(snapshot, configuration));
    let is_classic = || site::is_classic(snapshot) && !site::has_own_jekyll(snapshot);
    !is_for_another && (site::script(snapshot).is_some() || is_classic())
}

fn targets(snapshot: &Snapshot, question: &Question, _: &Configuration) -> Vec<Target> {
    let mut places = site::workflows(snapshot);
    if places.is_empty() {
        places.push(if site::script(snapshot).is_some() { manifest::NAME.to_owned() } else { String::new() });
    }
    places.into_iter().map(|place| Target { place, question: question.clone() }).collect()
}

fn judge_target(snapshot: &Snapshot, target: &Target, configuration: &Configuration) -> SiteVerdict {
    let mut site = PagesSite::new(snapshot, &target.place, &target.question.origin);
    site.day = target.question.day;
    judge(site, configuration)
}

/// Judges a way of publishing about which everything has been worked out.
#[must_use]
pub fn judge(mut site: PagesSite<'_>, configuration: &Configuration) -> SiteVerdict {
    let (mut findings, newer) = super::examine(&site.jobs(), |check, sink| {
        if let Check::Pages(check) = check {
            check(&site, sink);
        }
    });
    let newer = newer.into_iter().map(|unknown| Unknown { stage: Stage::Build, ..unknown });
    findings.iter_mut().for_each(rename_stage);
    precedence::apply(&mut findings);
    let is_of_configuration = |stage| matches!(stage, Stage::Workflow | Stage::Deploy | Stage::Routing);
    let doubt = doubt::part_of_a_repository(site.snapshot, &mut findings, is_of_configuration, Stage::Build);
    site.unknowns.extend(newer.chain(doubt));
    super::conclude(simulated(site), findings, configuration)
}

/// Rules for all platforms know the stages of others.
fn rename_stage(finding: &mut Finding) {
    finding.stage = match finding.stage {
        Stage::Node => Stage::Toolchain,
        Stage::BuildCommand => Stage::Build,
        stage => stage,
    };
}

fn simulated(site: PagesSite<'_>) -> Simulated {
    let is_file = site.snapshot.is_file(&site.place);
    Simulated {
        name: if site.place.is_empty() { ".".to_owned() } else { site.place.clone() },
        place: site.place.clone(),
        platform: &PROFILE,
        context: String::new(),
        config_path: is_file.then_some(site.place),
        rejection: None,
        unknowns: site.unknowns,
        decisions: site.decisions,
        groups: Vec::new(),
        graph: crate::sim::plan::Graph::default(),
        steps: site.steps,
        sources: site.sources,
    }
}
