//! Writes repairs to the repository: as a commit on the branch of the pull request, or as a pull request of our own.

use std::sync::Arc;

use crate::github::git::{Commit, Moved};
use crate::github::{Client, GitHubError};
use crate::heal::Healing;
use crate::pull::Inspection;
use crate::pull::check_run::check_run;
use crate::pull::commit::{self, Entry};
use crate::pull::remark::{Repair, remarks};

use super::examine::Examined;
use super::scene::Scene;
use super::setting::{Comments, Settings};
use super::tell::{Told, refused, write_check_run};

const RIGHT: &str = "contents: write";

/// What repairs can be built on.
struct Base {
    client: Arc<Client>,
    head: Commit,
    entries: Vec<Entry>,
}

/// Commits the repairs to the branch of the pull request. Whether that is the end of it: if not, they are suggested.
pub(super) fn commit(settings: &Settings, scene: &mut Scene, examined: &mut [Examined], told: &mut Told) -> bool {
    let Some(pull_request) = scene.pull_request.clone().filter(|found| !found.is_fork) else {
        scene.tally.note("Repairs are committed only to branches of pull requests of this repository.");
        return false;
    };
    let Some(base) = base(scene, examined) else { return false };
    if base.entries.is_empty() {
        return true;
    }
    if commit::is_ours(&base.head.message) {
        scene.tally.note("The head is a repair of Chimera already; what is left is suggested and not committed again.");
        return false;
    }
    let made = match pushed(&base, examined, &pull_request.branch) {
        Ok(Some(made)) => made,
        Ok(None) => {
            scene.tally.note("The pull request has moved on meanwhile; the repairs are left to its next run.");
            return true;
        }
        Err(error) => {
            refused(scene, "commit", RIGHT, &error);
            return false;
        }
    };
    let healed = mark(examined, told, &Repair::Committed);
    told.commit = Some(made.sha.clone());
    if settings.comments != Comments::Never && made.is_of_workflow() {
        let comment = base.client.comment(pull_request.number, &commit::notice(&made.sha, healed));
        comment.unwrap_or_else(|error| refused(scene, "comment about the commit", "pull-requests: write", &error));
    }
    certify(settings, scene, examined, &made.sha);
    true
}

/// Opens a pull request with the repairs, or brings it up to date, or closes it when nothing is left.
pub(super) fn pull_request(scene: &mut Scene, examined: &mut [Examined], told: &mut Told) -> bool {
    let of_pull_request = scene.pull_request.as_ref().filter(|found| !found.is_fork);
    let target = of_pull_request.map(|found| (found.branch.clone(), found.number.to_string()));
    let target = target.or_else(|| scene.pushed.as_ref().map(|branch| (branch.clone(), branch.clone())));
    let Some((onto, subject)) = target.filter(|(onto, _)| !onto.starts_with("chimera/heal/")) else {
        scene.tally.note("Pull requests with repairs are opened only for branches of this repository.");
        return false;
    };
    let Some(base) = base(scene, examined) else { return false };
    let branch = commit::branch(&subject);
    if base.entries.is_empty() {
        match closed(&base.client, &branch) {
            Ok(()) | Err(Obstacle::Foreign) => {}
            Err(Obstacle::Forbidden(error) | Obstacle::Other(error)) => {
                refused(scene, "end of the pull request with repairs", RIGHT, &error);
            }
        }
        return true;
    }
    match opened(&base, examined, &branch, &onto) {
        Ok(page) => {
            mark(examined, told, &Repair::PullRequest);
            told.pull_request = Some(page);
            true
        }
        Err(Obstacle::Foreign) => {
            scene
                .tally
                .note(format!("The branch \"{branch}\" holds commits that are not Chimera's; it is left alone."));
            false
        }
        Err(Obstacle::Forbidden(error)) => {
            let setting = "Settings → Actions → General → \"Allow GitHub Actions to create and approve pull requests\"";
            scene.tally.note(format!("Could not open the pull request with repairs ({error}): switch on {setting}."));
            false
        }
        Err(Obstacle::Other(error)) => {
            refused(scene, "pull request with repairs", RIGHT, &error);
            false
        }
    }
}

/// The commit to build on and the files to write; nothing when something stands in the way, which is said.
fn base(scene: &mut Scene, examined: &[Examined]) -> Option<Base> {
    let client = scene.client.clone()?;
    let Some(head) = scene.commit.clone() else {
        scene.tally.note("The head commit cannot be read, so that nothing is built on it.");
        return None;
    };
    let mut entries = Vec::new();
    for one in examined {
        match commit::entries(&one.inspection, &one.repository.snapshot) {
            Ok(more) => entries.extend(more),
            Err((path, taboo)) => {
                scene.tally.note(format!("The repairs are not committed, because \"{path}\" is among them: {taboo}."));
                return None;
            }
        }
    }
    Some(Base { client, head, entries })
}

fn inspections(examined: &[Examined]) -> Vec<&Inspection> {
    let inspections = examined.iter().map(|one| &one.inspection);
    inspections.filter(|inspection| !inspection.healing.files.is_empty()).collect()
}

/// The commit on the branch; nothing when the branch has moved.
fn pushed(base: &Base, examined: &[Examined], branch: &str) -> Result<Option<Commit>, GitHubError> {
    let message = commit::message(&inspections(examined), &base.head.sha);
    let made = base.client.make_commit(&base.head, &base.entries, &message)?;
    let moved = base.client.move_branch(branch, &made.sha, false)?;
    Ok((moved == Moved::Yes).then_some(made))
}

/// Writes down that the proven repairs were made; how many.
fn mark(examined: &[Examined], told: &mut Told, fate: &Repair) -> usize {
    let mut healed = 0;
    for (_, remarks) in examined.iter().zip(&mut told.remarks) {
        for remark in remarks.iter_mut().filter(|remark| remark.repair == Repair::Patch) {
            remark.repair = fate.clone();
            healed += 1;
        }
    }
    healed
}

/// Certifies the new head, whose very tree was simulated.
fn certify(settings: &Settings, scene: &mut Scene, examined: &mut [Examined], head: &str) {
    let is_alone = examined.len() == 1;
    for one in examined {
        let threshold = one.threshold(settings);
        let Some(healed) = one.inspection.healing.healed.take() else { continue };
        let inspection = Inspection {
            prefix: one.inspection.prefix.clone(),
            healing: Healing::untried(healed),
            notices: Vec::new(),
            certification: None,
        };
        let run = check_run(&inspection, &remarks(&inspection), head, threshold, is_alone);
        write_check_run(settings, scene, &run);
    }
}

/// Why there is no pull request.
enum Obstacle {
    /// The branch is somebody else's.
    Foreign,
    /// The repository does not let workflows open pull requests.
    Forbidden(GitHubError),
    Other(GitHubError),
}

impl From<GitHubError> for Obstacle {
    fn from(error: GitHubError) -> Obstacle {
        Obstacle::Other(error)
    }
}

/// The page of the pull request.
fn opened(base: &Base, examined: &[Examined], branch: &str, onto: &str) -> Result<String, Obstacle> {
    let client = &base.client;
    let inspections = inspections(examined);
    let message = commit::message(&inspections, &base.head.sha);
    let known = client.branch_of(branch)?.map(|sha| client.commit_of(&sha)).transpose()?;
    match &known {
        Some(known) if !commit::is_ours(&known.message) => return Err(Obstacle::Foreign),
        // Nothing has changed since.
        Some(known) if known.message.trim() == message.trim() => {}
        Some(_) => {
            let made = client.make_commit(&base.head, &base.entries, &message)?;
            client.move_branch(branch, &made.sha, true)?;
        }
        None => {
            let made = client.make_commit(&base.head, &base.entries, &message)?;
            client.make_branch(branch, &made.sha)?;
        }
    }
    let (title, body) = (commit::subject(&inspections), commit::pull_request_body(&inspections, onto));
    if let Some((number, page)) = client.pull_request_of(branch)? {
        client.edit_pull_request(number, &title, &body)?;
        return Ok(page);
    }
    match client.open_pull_request(branch, onto, &title, &body) {
        Ok(page) => Ok(page),
        Err(error) if error.is_open() => Err(Obstacle::Other(error)),
        Err(error) => {
            // A branch without its pull request would only lie around.
            client.delete_branch(branch)?;
            Err(Obstacle::Forbidden(error))
        }
    }
}

/// Closes the pull request and takes its branch away, if they are there and nobody has built on them.
fn closed(client: &Client, branch: &str) -> Result<(), Obstacle> {
    let Some((number, _)) = client.pull_request_of(branch)? else { return Ok(()) };
    let head = client.branch_of(branch)?.map(|sha| client.commit_of(&sha)).transpose()?;
    if head.is_some_and(|head| !commit::is_ours(&head.message)) {
        return Err(Obstacle::Foreign);
    }
    client.close_pull_request(number)?;
    Ok(client.delete_branch(branch)?)
}
