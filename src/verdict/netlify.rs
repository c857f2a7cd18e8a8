//! Netlify: its sites and their verdicts.

use crate::config::Configuration;
use crate::platform::netlify::PROFILE;
use crate::platform::netlify::setting::SiteSettings;
use crate::platform::netlify::site::{self, Dashboard, NetlifySite, Request, Site};
use crate::platform::newer;
use crate::project::snapshot::Snapshot;
use crate::rule::finding::Sink;
use crate::rule::{self, Check, precedence};
use crate::sim::plan::Graph;
use crate::sim::stage::Stage;

use super::registry::{Platform, Question, Target};
use super::{Simulated, SiteVerdict, doubt};

/// Netlify and how it is simulated.
pub const PLATFORM: Platform = Platform { profile: &PROFILE, is_meant, targets, judge: judge_target };

/// File names that only Netlify reads; a `_redirects` or `_headers` is also read by others and proves nothing.
const SIGNS: [&str; 1] = [site::CONFIG_NAME];

fn is_meant(snapshot: &Snapshot, configuration: &Configuration) -> bool {
    configuration.has_sites() || SIGNS.iter().any(|sign| snapshot.named(sign).next().is_some())
}

fn request(question: &Question, settings: Option<&SiteSettings>) -> Request {
    Request {
        context: question.context.clone(),
        branch: question.branch.clone(),
        dashboard: settings.cloned().map_or(Dashboard::Unknown, Dashboard::Given),
        day: question.day,
    }
}

fn targets(snapshot: &Snapshot, question: &Question, configuration: &Configuration) -> Vec<Target> {
    let root = question.settings.as_ref().or_else(|| configuration.site(""));
    let target = |site: Site| {
        let mut question = question.clone();
        question.settings = question.settings.or_else(|| configuration.site(&site.directory).cloned());
        Target { place: site.directory, question }
    };
    site::find(snapshot, &request(question, root)).into_iter().map(target).collect()
}

fn judge_target(snapshot: &Snapshot, target: &Target, configuration: &Configuration) -> SiteVerdict {
    let site = Site { directory: target.place.clone() };
    let question = &target.question;
    simulate(snapshot, site, &request(question, question.settings.as_ref()), configuration)
}

/// Simulates one Netlify site and judges it.
#[must_use]
pub fn simulate(snapshot: &Snapshot, site: Site, request: &Request, configuration: &Configuration) -> SiteVerdict {
    let context = if request.context.is_empty() { "production" } else { &request.context };
    judge(NetlifySite::new(snapshot, site, request), context, configuration)
}

/// Judges a Netlify site about which everything has been worked out.
#[must_use]
pub fn judge(mut site: NetlifySite<'_>, context: &str, configuration: &Configuration) -> SiteVerdict {
    let mut sink = Sink::default();
    let job = site.job();
    for rule in rule::registry::rules() {
        match (rule.check, &job) {
            (Check::Netlify(check), _) => check(&site, &mut sink),
            (Check::Job(check), Some(job)) => check(job, &mut sink),
            _ => {}
        }
    }
    let newer = job.as_ref().map(newer::unknowns).unwrap_or_default();
    let mut findings = sink.into_findings();
    precedence::apply(&mut findings);
    let doubt =
        doubt::part_of_a_repository(site.snapshot, &mut findings, |stage| stage == Stage::Config, Stage::BuildCommand);
    if let Some(plan) = &mut site.plan {
        plan.unknowns.extend(newer.into_iter().chain(doubt));
    }
    super::conclude(simulated(site, context), findings, configuration)
}

fn simulated(site: NetlifySite<'_>, context: &str) -> Simulated {
    let name = site.name().into_owned();
    let rejection = site.resolution.outcome.as_ref().err().map(|failure| (Stage::Config, failure.to_string()));
    let (unknowns, decisions, steps) =
        site.plan.map(|plan| (plan.unknowns, plan.decisions, plan.steps)).unwrap_or_default();
    Simulated {
        name,
        place: site.site.directory,
        platform: &PROFILE,
        context: context.to_owned(),
        config_path: site.resolution.config_path,
        rejection,
        unknowns,
        decisions,
        groups: Vec::new(),
        graph: Graph::default(),
        steps,
        sources: site.resolution.sources,
    }
}
