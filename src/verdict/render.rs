//! Render: its Blueprints and their verdicts.

use std::collections::BTreeSet;

use crate::config::Configuration;
use crate::platform::render::PROFILE;
use crate::platform::render::site::{self, RenderSite};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Finding, Level, Severity, Sink};
use crate::rule::{self, Check, precedence};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::registry::{Platform, Question, Target};
use super::{Simulated, SiteVerdict};

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
    judge(RenderSite::new(snapshot, &target.place), configuration)
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
    let mut findings = sink.into_findings();
    drop_repetitions(&mut findings);
    precedence::apply(&mut findings);
    site.unknowns.extend(doubt_parts_of_repositories(site.snapshot, &mut findings));
    super::conclude(simulated(site), findings, configuration)
}

/// Services that share a folder or a command share what is wrong with it.
fn drop_repetitions(findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert((finding.rule.id, finding.place.clone(), finding.message.clone())));
}

/// Rules that find something missing in the repository, beside those about projects.
const OF_FILES: [&str; 9] = ["RND026", "RND028", "RND029", "RND030", "RND031", "RND037", "RND038", "RND041", "RND042"];

/// Where only configuration was handed over, what services need may well exist elsewhere.
fn doubt_parts_of_repositories(snapshot: &Snapshot, findings: &mut [Finding]) -> Option<Unknown> {
    let is_doubtful = |finding: &Finding| {
        let id = finding.rule.id;
        finding.level() == Level::Error && (id.starts_with("PRJ") || OF_FILES.contains(&id))
    };
    if !findings.iter().any(is_doubtful) || !snapshot.holds_only_configuration() {
        return None;
    }
    for finding in findings.iter_mut().filter(|finding| is_doubtful(finding)) {
        finding.severity = Severity::Medium;
        finding.notes.push("no error, since the repository holds nothing but configuration files".to_owned());
    }
    Some(Unknown {
        stage: Stage::Build,
        what: "what the build finds: the repository holds nothing but configuration files".to_owned(),
        would_change: "whether folders, commands and programs exist".to_owned(),
        tell: Some("simulate the whole repository".to_owned()),
        decides: true,
    })
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
        steps: site.steps,
        sources: site.sources,
    }
}
