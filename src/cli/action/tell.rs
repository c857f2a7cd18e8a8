//! Tells GitHub what was found; what it does not take goes to the next place.

use crate::cli::CliError;
use crate::github::GitHubError;
use crate::pull::check_run::{CheckRun, check_run};
use crate::pull::remark::{Remark, remarks};
use crate::pull::sink::Sink;
use crate::pull::{check_run, command, overview};

use super::examine::Examined;
use super::repair;
use super::review;
use super::scene::Scene;
use super::setting::{Comments, Heal, Settings, Tell};

/// What has become of the remarks.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The remarks of every folder.
    pub(super) remarks: Vec<Vec<Remark>>,
    /// Page of the first check run.
    pub(super) check_run: Option<String>,
    /// The certificate, as a file.
    pub(super) certificate: Option<std::path::PathBuf>,
    /// Page of the review.
    pub(super) review: Option<String>,
    /// The commit that heals.
    pub(super) commit: Option<String>,
    /// Page of the pull request that heals.
    pub(super) pull_request: Option<String>,
    /// Workflow commands, for want of a check run.
    pub(super) commands: String,
    /// The sentences for the log.
    pub(super) notes: Vec<String>,
    /// What was said where.
    pub(super) sinks: String,
}

pub(super) fn all(settings: &Settings, scene: &mut Scene, examined: &mut [Examined]) -> Told {
    let mut told = Told { remarks: examined.iter().map(|one| remarks(&one.inspection)).collect(), ..Told::default() };
    let is_done = match settings.heal {
        Heal::Off => true,
        Heal::Suggest => settings.tell == Tell::Log,
        Heal::Commit => repair::commit(settings, scene, examined, &mut told),
        Heal::PullRequest => repair::pull_request(scene, examined, &mut told),
    };
    if !is_done {
        review::suggest(scene, examined, &mut told);
    }
    let untold = match settings.tell {
        Tell::Job => on_job(settings, scene, examined, &mut told),
        Tell::Check | Tell::Log => check_runs(settings, scene, examined, &mut told),
    };
    if settings.comments == Comments::Always {
        overview(scene, examined, &told);
    }
    let mut shown = 0;
    if settings.tell != Tell::Log {
        (told.commands, shown) = command::commands(&untold);
    }
    scene.tally.count(Sink::Command, shown);
    scene.tally.count(Sink::Log, untold.len().saturating_sub(shown));
    told.notes = scene.tally.notes().to_vec();
    told.sinks = scene.tally.line();
    told
}

/// Writes the check runs; the remarks of those that could not be written, worst first.
fn check_runs(settings: &Settings, scene: &mut Scene, examined: &[Examined], told: &mut Told) -> Vec<Remark> {
    let mut untold: Vec<Remark> = Vec::new();
    let head = scene.head.clone().unwrap_or_default();
    for (one, remarks) in examined.iter().zip(&told.remarks) {
        let run = check_run(&one.inspection, remarks, &head, one.threshold(settings), examined.len() == 1);
        match write_check_run(settings, scene, &run) {
            Some(page) => {
                told.check_run = told.check_run.take().or(page);
                scene.tally.count(Sink::Check, run.told);
            }
            None => untold.extend(remarks.iter().cloned()),
        }
    }
    worst_first(untold)
}

fn worst_first(mut remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.sort_by_key(|remark| std::cmp::Reverse(remark.severity));
    remarks
}

/// Annotates the job that runs us; the remarks that could not be told so.
fn on_job(settings: &Settings, scene: &mut Scene, examined: &[Examined], told: &mut Told) -> Vec<Remark> {
    let all = || told.remarks.iter().flatten().cloned().collect();
    let (Some(job), Some(client)) = (settings.job, &scene.client) else {
        scene.tally.note(format!(
            "The job cannot be annotated: {}. {ELSEWHERE}",
            if settings.job.is_none() { "this runner does not say which check run it is" } else { "no token is given" }
        ));
        return worst_first(all());
    };
    let runs = examined.iter().zip(&told.remarks);
    let runs = runs.map(|(one, remarks)| check_run(&one.inspection, remarks, "", one.threshold(settings), true));
    let (run, at_no_line) = (check_run::joined(runs.collect()), |remark: &&Remark| remark.path.is_none());
    match client.annotate_job(job, &run) {
        Ok(page) => {
            told.check_run = page;
            scene.tally.count(Sink::Job, run.annotations.len());
            told.remarks.iter().flatten().filter(at_no_line).cloned().collect()
        }
        Err(error) => {
            let untold = worst_first(all());
            refused(scene, "annotations of the job", CHECKS, &error);
            untold
        }
    }
}

/// The verdict below the pull request, in the one comment that is ours.
fn overview(scene: &mut Scene, examined: &[Examined], told: &Told) {
    let (Some(client), Some(pull_request)) = (scene.client.clone(), scene.pull_request.clone()) else { return };
    let folders: Vec<_> = examined.iter().map(|one| &one.inspection).zip(&told.remarks).collect();
    let written = client.rewrite_comment(pull_request.number, overview::MARK, &overview::comment(&folders));
    written.unwrap_or_else(|error| refused(scene, "comment", "pull-requests: write", &error));
}

/// The page of the check run; nothing when it could not be written.
pub(super) fn write_check_run(settings: &Settings, scene: &mut Scene, run: &CheckRun) -> Option<Option<String>> {
    if settings.tell != Tell::Check || run.head.is_empty() {
        return None;
    }
    let written = scene.client.as_ref()?.write_check_run(run);
    match written {
        Ok(written) => Some(written.html_url),
        Err(error) => {
            refused(scene, "check run", CHECKS, &error);
            None
        }
    }
}

/// Says once what is missing, and where the findings are instead.
pub(super) fn refused(scene: &mut Scene, what: &str, right: &str, error: &GitHubError) {
    let is_fork = scene.pull_request.as_ref().is_some_and(|pull_request| pull_request.is_fork);
    let note = match error {
        GitHubError::MissingRight { .. } if is_fork => {
            "A pull request from a fork may only read, so that nothing was written on it; the companion workflow can. The \
             findings are in the log and in the summary."
                .to_owned()
        }
        GitHubError::MissingRight { needed, .. } => {
            let needed = needed.as_ref().map(|needed| format!(" (GitHub says \"{needed}\")")).unwrap_or_default();
            format!("Could not write the {what}: the token lacks \"{right}\"{needed}. {ELSEWHERE}")
        }
        error => format!("Could not write the {what}: {error}. {ELSEWHERE}"),
    };
    scene.tally.note(note);
}

const CHECKS: &str = "checks: write";
const ELSEWHERE: &str = "The findings are in the log and in the summary.";

/// Says on the commit that the run could not finish.
pub(super) fn failure(settings: &Settings, scene: &Scene, error: &CliError) {
    let (Some(client), Some(head)) = (&scene.client, scene.head.as_ref().filter(|_| settings.tell == Tell::Check))
    else {
        return;
    };
    let is_alone = settings.folders.len() == 1;
    for folder in &settings.folders {
        let run = check_run::unfinished(crate::project::path::display(folder), head, &error.message, is_alone);
        // The run fails anyway, with its reason in the log.
        let _: Result<_, GitHubError> = client.write_check_run(&run);
    }
}
