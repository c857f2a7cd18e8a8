//! Netlify: its sites and their verdicts.

use crate::config::Configuration;
use crate::platform::netlify::PROFILE;
use crate::platform::netlify::setting::SiteSettings;
use crate::platform::netlify::site::{self, Dashboard, NetlifySite, Request, Site};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Finding, Level, Severity, Sink};
use crate::rule::{self, Check, precedence};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::registry::{Platform, Question, Target};
use super::{Simulated, SiteVerdict};

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
pub fn judge(site: NetlifySite<'_>, context: &str, configuration: &Configuration) -> SiteVerdict {
    let mut sink = Sink::default();
    let job = site.job();
    for rule in rule::registry::rules() {
        match (rule.check, &job) {
            (Check::Netlify(check), _) => check(&site, &mut sink),
            (Check::Job(check), Some(job)) => check(job, &mut sink),
            _ => {}
        }
    }
    let mut findings = sink.into_findings();
    precedence::apply(&mut findings);
    let site = doubt_parts_of_repositories(site, &mut findings);
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
        steps,
        sources: site.resolution.sources,
    }
}

/// Where only configuration was handed over, files that commands and plugins need may well exist elsewhere: what would
/// stop the build for want of them is unknown.
fn doubt_parts_of_repositories<'a>(mut site: NetlifySite<'a>, findings: &mut [Finding]) -> NetlifySite<'a> {
    let is_doubtful = |finding: &Finding| finding.level() == Level::Error && finding.stage != Stage::Config;
    if !findings.iter().any(is_doubtful) || !site.snapshot.holds_only_configuration() {
        return site;
    }
    for finding in findings.iter_mut().filter(|finding| is_doubtful(finding)) {
        finding.severity = Severity::Medium;
        finding.notes.push("no error, since the repository holds nothing but configuration files".to_owned());
    }
    if let Some(plan) = &mut site.plan {
        plan.unknowns.push(Unknown {
            stage: Stage::BuildCommand,
            what: "what the build finds: the repository holds nothing but configuration files".to_owned(),
            would_change: "whether commands, plugins and folders exist".to_owned(),
            tell: Some("simulate the whole repository".to_owned()),
            decides: true,
        });
    }
    site
}
