//! Tells GitHub what was found; what it does not take goes to the next place.

use crate::cli::CliError;
use crate::github::GitHubError;
use crate::pull::check_run::{CheckRun, check_run};
use crate::pull::remark::{Remark, remarks};
use crate::pull::sink::Sink;
use crate::pull::{check_run, command};

use super::examine::Examined;
use super::repair;
use super::review;
use super::scene::Scene;
use super::setting::{Heal, Settings};

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
        Heal::Suggest => !settings.has_check_run,
        Heal::Commit => repair::commit(settings, scene, examined, &mut told),
        Heal::PullRequest => repair::pull_request(scene, examined, &mut told),
    };
    if !is_done {
        review::suggest(scene, examined, &mut told);
    }
    let untold = check_runs(settings, scene, examined, &mut told);
    let mut shown = 0;
    if settings.has_check_run {
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
    untold.sort_by_key(|remark| std::cmp::Reverse(remark.severity));
    untold
}

/// The page of the check run; nothing when it could not be written.
pub(super) fn write_check_run(settings: &Settings, scene: &mut Scene, run: &CheckRun) -> Option<Option<String>> {
    if !settings.has_check_run || run.head.is_empty() {
        return None;
    }
    let written = scene.client.as_ref()?.write_check_run(run);
    match written {
        Ok(written) => Some(written.html_url),
        Err(error) => {
            refused(scene, "check run", "checks: write", &error);
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

const ELSEWHERE: &str = "The findings are in the log and in the summary.";

/// Says on the commit that the run could not finish.
pub(super) fn failure(settings: &Settings, scene: &Scene, error: &CliError) {
    let (Some(client), Some(head)) = (&scene.client, scene.head.as_ref().filter(|_| settings.has_check_run)) else {
        return;
    };
    let is_alone = settings.folders.len() == 1;
    for folder in &settings.folders {
        let run = check_run::unfinished(crate::project::path::display(folder), head, &error.message, is_alone);
        // The run fails anyway, with its reason in the log.
        let _: Result<_, GitHubError> = client.write_check_run(&run);
    }
}
