//! From a site to its verdict: run the rules, let specific ones silence general ones, apply suppressions, judge.
//!
//! One file per platform, registered in [`registry::PLATFORMS`].

mod doubt;
pub mod netlify;
pub mod pages;
pub mod registry;
pub mod render;
pub mod suppress;

use std::collections::BTreeSet;

use crate::config::Configuration;
use crate::platform::job::Job;
use crate::platform::{Profile, newer};
use crate::rule::finding::{Finding, Level, Severity, Sink};
use crate::rule::{self, Check};
use crate::sim::plan::{Decision, Graph, Group, Step, Unknown};
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
    /// The platform.
    pub platform: &'static Profile,
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
    /// What it would decide about every part of the site, if it has parts.
    pub groups: Vec<Group>,
    /// Which part refers to which.
    pub graph: Graph,
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

/// What a platform's simulation hands over to be judged.
#[derive(Debug)]
pub struct Simulated {
    /// Folder of the site, `.` for the root; a Blueprint's path.
    pub name: String,
    /// The site's folder or file, as `[[ignore]]` entries name paths.
    pub place: String,
    /// The platform.
    pub platform: &'static Profile,
    /// Deploy context.
    pub context: String,
    /// The configuration file in force.
    pub config_path: Option<String>,
    /// The log line of a rejection that no rule needs to find, and its stage.
    pub rejection: Option<(Stage, String)>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
    /// What the platform would decide.
    pub decisions: Vec<Decision>,
    /// What it would decide about every part of the site, if it has parts.
    pub groups: Vec<Group>,
    /// Which part refers to which.
    pub graph: Graph,
    /// The steps it would take.
    pub steps: Vec<Step>,
    /// The texts that spans point into.
    pub sources: Sources,
}

/// What all rules find, those about builds on every one of them, and what releases that are not known yet leave open.
/// `own` asks the rules of the platform.
fn examine(jobs: &[Job<'_>], own: impl Fn(Check, &mut Sink)) -> (Vec<Finding>, Vec<Unknown>) {
    let mut sink = Sink::default();
    for rule in rule::registry::rules() {
        match rule.check {
            Check::Job(check) => jobs.iter().for_each(|job| check(job, &mut sink)),
            check => own(check, &mut sink),
        }
    }
    let mut findings = sink.into_findings();
    drop_repetitions(&mut findings);
    (findings, jobs.iter().flat_map(newer::unknowns).collect())
}

/// Builds of one place that share a folder or a command share what is wrong with it.
fn drop_repetitions(findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert((finding.rule.id, finding.place.clone(), finding.message.clone())));
}

/// Applies suppressions and judges.
#[must_use]
pub fn conclude(simulated: Simulated, findings: Vec<Finding>, configuration: &Configuration) -> SiteVerdict {
    let (mut findings, silenced) = suppress::apply(findings, &simulated.sources, &simulated.place, configuration);
    sort(&mut findings);
    judge(simulated, findings, silenced)
}

/// Worst first, then by place, then by rule: an order that does not depend on that of the rules.
fn sort(findings: &mut [Finding]) {
    let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.place.clone(), finding.rule.id);
    findings.sort_by_cached_key(key);
}

fn judge(simulated: Simulated, findings: Vec<Finding>, silenced: Vec<Silenced>) -> SiteVerdict {
    let platform = simulated.platform;
    let errors = || findings.iter().filter(|finding| finding.level() == Level::Error);
    // A finding without a log line is one that the platform does not get to.
    let failing = errors().min_by_key(|finding| {
        (platform.order(finding.stage), std::cmp::Reverse(finding.severity), finding.log_line.is_none())
    });
    let deciding = simulated.unknowns.iter().filter(|unknown| unknown.decides);
    let deciding = deciding.min_by_key(|unknown| platform.order(unknown.stage));
    // A rejected configuration fails even if no rule has a word for it.
    let rejection = simulated.rejection.filter(|_| silenced.is_empty());
    let status_of = |failing: Option<&Finding>| match (failing, deciding) {
        (Some(_), _) => Status::Fail,
        _ if rejection.is_some() => Status::Fail,
        (None, Some(_)) => Status::Unknown,
        (None, None) => Status::Pass,
    };
    let stage = failing.map(|finding| finding.stage).or(rejection.as_ref().map(|(stage, _)| *stage));
    let stage = stage.or_else(|| deciding.map(|unknown| unknown.stage));
    SiteVerdict {
        status: status_of(failing),
        deploy: status_of(failing.filter(|finding| !platform.is_green(finding.stage))),
        stage,
        log_line: failing.map_or_else(|| rejection.map(|(_, line)| line), |finding| finding.log_line.clone()),
        name: simulated.name,
        platform,
        context: simulated.context,
        config_path: simulated.config_path,
        decisions: simulated.decisions,
        groups: simulated.groups,
        graph: simulated.graph,
        steps: simulated.steps,
        unknowns: simulated.unknowns,
        sources: simulated.sources,
        silenced,
        findings,
    }
}

/// The worst level among findings, for exit codes.
#[must_use]
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}
