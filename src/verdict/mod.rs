//! From a site to its verdict: run the rules, let specific ones silence general ones, apply suppressions, judge.

pub mod suppress;

use crate::config::Configuration;
use crate::platform::netlify::site::{NetlifySite, Request, Site};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Finding, Level, Severity, Sink};
use crate::rule::{Check, precedence, registry};
use crate::sim::plan::{Decision, Step, Unknown};
use crate::sim::stage::Stage;
use crate::text::source::Sources;

use suppress::Silenced;

/// What will become of a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing that the files show stands in the way.
    Pass,
    /// It fails, or turns green and is broken.
    Fail,
    /// The files do not decide it.
    Unknown,
}

impl Status {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::Unknown => "unknown",
        }
    }
}

/// Everything a report says about one site.
#[derive(Debug)]
pub struct SiteVerdict {
    /// Folder of the site, `.` for the root.
    pub name: String,
    /// The platform's name.
    pub platform: &'static str,
    /// Deploy context.
    pub context: String,
    /// The configuration file in force.
    pub config_path: Option<String>,
    /// What will become of the deploy.
    pub status: Status,
    /// Whether the deploy itself turns green, whatever is broken afterwards.
    pub deploy: Status,
    /// The first stage that fails, or the first that is unknown.
    pub stage: Option<Stage>,
    /// The platform's log line for the failure.
    pub log_line: Option<String>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
    /// What somebody chose to ignore, with the reason.
    pub silenced: Vec<Silenced>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
    /// What the platform would decide.
    pub decisions: Vec<Decision>,
    /// The steps it would take.
    pub steps: Vec<Step>,
    /// The texts that spans point into.
    pub sources: Sources,
}

impl SiteVerdict {
    /// The findings of one level.
    pub fn at_level(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level() == level)
    }
}

/// Simulates one Netlify site and judges it.
#[must_use]
pub fn netlify(snapshot: &Snapshot, site: Site, request: &Request, configuration: &Configuration) -> SiteVerdict {
    let context = if request.context.is_empty() { "production" } else { &request.context };
    netlify_site(NetlifySite::new(snapshot, site, request), context, configuration)
}

/// Judges a Netlify site about which everything has been worked out.
#[must_use]
pub fn netlify_site(site: NetlifySite<'_>, context: &str, configuration: &Configuration) -> SiteVerdict {
    let mut sink = Sink::default();
    for rule in registry::rules() {
        if let Check::Netlify(check) = rule.check {
            check(&site, &mut sink);
        }
    }
    let mut findings = sink.into_findings();
    precedence::apply(&mut findings);
    let site = doubt_parts_of_repositories(site, &mut findings);
    let (mut findings, silenced) = suppress::apply(findings, &site, configuration);
    sort(&mut findings);
    judge(site, context, findings, silenced)
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

/// Worst first, then by place, then by rule: an order that does not depend on that of the rules.
fn sort(findings: &mut [Finding]) {
    let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.place.clone(), finding.rule.id);
    findings.sort_by_cached_key(key);
}

fn judge(site: NetlifySite<'_>, context: &str, findings: Vec<Finding>, silenced: Vec<Silenced>) -> SiteVerdict {
    let errors = || findings.iter().filter(|finding| finding.level() == Level::Error);
    let is_green = |stage: Stage| matches!(stage, Stage::Routing | Stage::Runtime);
    // A finding without a log line is one that the platform does not get to.
    let failing = errors()
        .min_by_key(|finding| (order(finding.stage), std::cmp::Reverse(finding.severity), finding.log_line.is_none()));
    let plan = site.plan.as_ref();
    let unknowns = plan.map(|plan| plan.unknowns.clone()).unwrap_or_default();
    let deciding = unknowns.iter().filter(|unknown| unknown.decides).min_by_key(|unknown| order(unknown.stage));
    // A rejected configuration fails even if no rule has a word for it.
    let rejection = site.resolution.outcome.as_ref().err().filter(|_| silenced.is_empty());
    let status_of = |failing: Option<&Finding>| match (failing, deciding) {
        (Some(_), _) => Status::Fail,
        _ if rejection.is_some() => Status::Fail,
        (None, Some(_)) => Status::Unknown,
        (None, None) => Status::Pass,
    };
    let stage = failing.map(|finding| finding.stage).or(rejection.map(|_| Stage::Config));
    let stage = stage.or_else(|| deciding.map(|unknown| unknown.stage));
    SiteVerdict {
        name: site.name().into_owned(),
        platform: "netlify",
        context: context.to_owned(),
        config_path: site.resolution.config_path.clone(),
        status: status_of(failing),
        deploy: status_of(failing.filter(|finding| !is_green(finding.stage))),
        stage,
        log_line: failing.map_or_else(|| rejection.map(ToString::to_string), |finding| finding.log_line.clone()),
        decisions: plan.map(|plan| plan.decisions.clone()).unwrap_or_default(),
        steps: plan.map(|plan| plan.steps.clone()).unwrap_or_default(),
        unknowns,
        silenced,
        sources: site.resolution.sources,
        findings,
    }
}

/// Position of a stage in a Netlify deploy.
fn order(stage: Stage) -> usize {
    const ORDER: [Stage; 12] = [
        Stage::Checkout,
        Stage::Node,
        Stage::Install,
        Stage::Config,
        Stage::PluginResolution,
        Stage::Plugin,
        Stage::BuildCommand,
        Stage::Functions,
        Stage::EdgeFunctions,
        Stage::Deploy,
        Stage::Routing,
        Stage::Runtime,
    ];
    ORDER.iter().position(|known| *known == stage).unwrap_or(ORDER.len())
}

/// The worst level among findings, for exit codes.
#[must_use]
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}
