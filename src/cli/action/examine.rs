//! Looks at every folder: the files, the verdicts, the proven repairs.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::cli::discretion;
use crate::cli::input::{self, Repository};
use crate::cli::{CliError, input::Plan};
use crate::config;
use crate::heal::{Healing, Limits};
use crate::platform::Profile;
use crate::project::snapshot::Snapshot;
use crate::pull::Inspection;
use crate::pull::outlook::Threshold;
use crate::rule::finding::{Level, Severity};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::verdict::registry::PLATFORMS;

use super::scene::{Scene, unreachable};
use super::setting::{Heal, Settings, Source};

/// How long healing may take, for all folders together.
const BUDGET: Duration = Duration::from_secs(60);

/// A folder, and how to look at other trees of it.
pub(super) struct Examined {
    pub(super) inspection: Inspection,
    pub(super) repository: Repository,
    plans: Vec<Plan>,
}

impl Examined {
    /// From which level on findings fail the run; the usual one leaves it to the configuration of the folder.
    pub(super) fn threshold(&self, settings: &Settings) -> Threshold {
        match settings.threshold {
            Some(Level::Error) => self.repository.configuration.fail_on.or(settings.threshold),
            threshold => threshold,
        }
    }

    /// The verdicts on another tree.
    pub(super) fn judge(&self, snapshot: &Snapshot) -> Vec<crate::verdict::SiteVerdict> {
        judge(&self.plans, &self.repository.configuration, snapshot)
    }
}

pub(super) fn all(settings: &Settings, scene: &Scene) -> Result<Vec<Examined>, CliError> {
    let started = Instant::now();
    let is_over = || started.elapsed() >= BUDGET;
    let mut trees = None;
    let mut found = Vec::new();
    for folder in &settings.folders {
        let root = scene.workspace.join(folder);
        let mut repository = match scene.source {
            Source::Checkout => opened(&root, folder)?,
            Source::Api => {
                let tree = match &mut trees {
                    Some(tree) => tree,
                    none => none.insert(fetched(scene)?),
                };
                let snapshot = tree.folder(folder).ok_or_else(|| no_folder(folder))?;
                input::read(&root, snapshot)?
            }
        };
        if let Some(path) = &settings.config {
            repository.configuration = configuration(&scene.workspace.join(path))?;
        }
        found.push(examined(settings, scene, folder, repository, &is_over)?);
    }
    Ok(found)
}

fn fetched(scene: &Scene) -> Result<crate::github::tree::Tree, CliError> {
    let (Some(client), Some(head)) = (&scene.client, &scene.head) else {
        return Err(CliError::unreadable("the files are to be read over the API, and no commit is known"));
    };
    client.tree(head).map_err(|error| unreachable(&error))
}

fn no_folder(folder: &str) -> CliError {
    CliError::usage(format!("input \"working-directory\": there is no folder \"{folder}\" in the repository"))
        .hint("name folders of the repository, one a line, such as apps/web")
}

fn opened(root: &Path, folder: &str) -> Result<Repository, CliError> {
    if !root.is_dir() {
        return Err(match folder {
            "" => CliError::unreadable(format!("the checkout \"{}\" is not there", root.display())),
            folder => no_folder(folder),
        });
    }
    let repository = input::open(root)?;
    if folder.is_empty() && repository.snapshot.entries().is_empty() {
        return Err(CliError::unreadable("nothing is checked out")
            .hint("put a step with actions/checkout before this one, or set the input \"source\" to \"api\""));
    }
    Ok(repository)
}

fn configuration(path: &Path) -> Result<config::Configuration, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::usage(format!("input \"config\": \"{}\" cannot be read: {error}", path.display()))
    })?;
    config::parse(&text).map_err(|error| CliError::usage(format!("input \"config\": {error}")))
}

fn examined(
    settings: &Settings,
    scene: &Scene,
    folder: &str,
    mut repository: Repository,
    is_over: &dyn Fn() -> bool,
) -> Result<Examined, CliError> {
    let is_meant = |profile: &Profile| {
        let platform = PLATFORMS.iter().find(|platform| platform.profile == profile);
        platform.is_some_and(|platform| (platform.is_meant)(&repository.snapshot, &repository.configuration))
    };
    let is_any_meant = PLATFORMS.iter().any(|platform| is_meant(platform.profile));
    let mut plans = Vec::new();
    for platform in &settings.platforms {
        // What is made for no platform is not judged as if it were made for the first.
        if *platform == input::Platform::Auto && !is_any_meant {
            continue;
        }
        let target = input::Target {
            platform: *platform,
            context: "production".to_owned(),
            branch: scene.branch.clone().unwrap_or_else(|| "main".to_owned()),
            site_settings: None,
            repository: None,
            day: None,
        };
        plans.push(target.plan(&repository)?);
    }
    let healing = healing(settings, &repository, &plans, is_over);
    input::check_read(&scene.workspace.join(folder), &repository)?;
    let notices = std::mem::take(&mut repository.notices);
    let inspection = Inspection { prefix: folder.to_owned(), healing, notices, certification: None };
    Ok(Examined { inspection, repository, plans })
}

fn judge(
    plans: &[Plan],
    configuration: &config::Configuration,
    snapshot: &Snapshot,
) -> Vec<crate::verdict::SiteVerdict> {
    let sites = plans.iter().flat_map(|plan| plan.sites(snapshot, configuration)).collect();
    let mut verdicts = input::map_all(sites, |(platform, target)| (platform.judge)(snapshot, &target, configuration));
    for finding in verdicts.iter_mut().flat_map(|verdict| &mut verdict.findings) {
        // A patch shows what it takes away, and everybody who sees the pull request would read it.
        let is_secret = finding.is_secret();
        // Neither a comment nor a commit of ours gives a file another name.
        let renames = |fix: &Fix| fix.changes.iter().any(|change| matches!(change, Change::Rename { .. }));
        finding.fixes.retain(|fix| !is_secret && !renames(fix));
    }
    verdicts
}

fn healing(settings: &Settings, repository: &Repository, plans: &[Plan], is_over: &dyn Fn() -> bool) -> Healing {
    let judge = |snapshot: &Snapshot| judge(plans, &repository.configuration, snapshot);
    let permission = match settings.heal {
        Heal::Off => return Healing::untried(judge(&repository.snapshot)),
        // A person looks at a suggestion before it is taken; nobody looks at a commit.
        Heal::Suggest => Applicability::Review,
        Heal::Commit | Heal::PullRequest => Applicability::Safe,
    };
    let severity = repository.configuration.heal.severity.unwrap_or(Severity::Medium);
    discretion::heal(&repository.snapshot, &judge, &Limits { permission, severity }, is_over).0
}
