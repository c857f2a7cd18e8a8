//! Puts repairs on the pull request as suggestions, and takes back those that no longer hold.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::github::{Client, GitHubError};
use crate::pull::diff::Diff;
use crate::pull::event::PullRequest;
use crate::pull::piece::pieces;
use crate::pull::sink::Sink;
use crate::pull::suggestion::{self, Comment, Plan};

use super::examine::Examined;
use super::scene::Scene;
use super::tell::{Told, refused};

/// How long the pieces of repairs may be tried one by one.
const BUDGET: Duration = Duration::from_secs(20);

const WHAT: &str = "suggestions";
const RIGHT: &str = "pull-requests: write";

/// Suggests what can be suggested, and writes into the remarks what became of them.
pub(super) fn suggest(scene: &mut Scene, examined: &[Examined], told: &mut Told) {
    let (Some(client), Some(pull_request)) = (scene.client.clone(), scene.pull_request.clone()) else { return };
    let plans = match plans(&client, &pull_request, examined) {
        Ok(Some(plans)) => plans,
        Ok(None) => {
            scene.tally.note("The pull request has moved on meanwhile; the suggestions are left to its next run.");
            return;
        }
        Err(error) => return refused(scene, WHAT, RIGHT, &error),
    };
    if let Err(error) = review(&client, &pull_request, &plans, told) {
        return refused(scene, WHAT, RIGHT, &error);
    }
    for ((plan, one), remarks) in plans.iter().zip(examined).zip(&mut told.remarks) {
        plan.apply(&one.inspection, remarks);
        scene.tally.count(Sink::Suggestion, plan.suggested());
        scene.tally.count(Sink::File, plan.on_files());
    }
    let rest = beside(&client, &pull_request, &plans);
    rest.unwrap_or_else(|error| refused(scene, "comments", RIGHT, &error));
}

/// What is to be done; nothing when the pull request is at another commit.
fn plans(client: &Client, pull_request: &PullRequest, examined: &[Examined]) -> Result<Option<Vec<Plan>>, GitHubError> {
    let started = Instant::now();
    let is_over = || started.elapsed() >= BUDGET;
    let has_repairs = examined.iter().any(|one| !one.inspection.healing.files.is_empty());
    let standing = client.comments_of(pull_request.number)?;
    if !has_repairs && standing.is_empty() {
        return Ok(Some(Vec::new()));
    }
    if client.head_of(pull_request.number)? != pull_request.head {
        return Ok(None);
    }
    let diff = if has_repairs { client.diff_of(pull_request.number) } else { Ok(String::new()) };
    let diff = match diff {
        // Too large to be shown: then no line of it can carry a comment.
        Err(GitHubError::Refused { status: 406, .. }) => String::new(),
        diff => diff?,
    };
    let split = examined.iter().map(|one| {
        let trial = |path: &str, text: &str| {
            let changed = BTreeMap::from([(path.to_owned(), Arc::from(text.as_bytes()))]);
            one.judge(&one.repository.snapshot.with_files(&changed))
        };
        (&one.inspection, pieces(&one.inspection, &trial, &is_over))
    });
    Ok(Some(suggestion::plan(&split.collect::<Vec<_>>(), &Diff::parse(&diff), &standing)))
}

fn review(client: &Client, pull_request: &PullRequest, plans: &[Plan], told: &mut Told) -> Result<(), GitHubError> {
    let suggestions: Vec<Comment> = plans.iter().flat_map(|plan| plan.suggestions.iter().cloned()).collect();
    if suggestions.is_empty() {
        return Ok(());
    }
    let body = suggestion::review_body(suggestions.len(), plans.iter().map(|plan| plan.over).sum());
    told.review = posted(client, pull_request.number, &pull_request.head, &body, &suggestions)?;
    Ok(())
}

/// Comments on files, and the end of those that no longer hold.
fn beside(client: &Client, pull_request: &PullRequest, plans: &[Plan]) -> Result<(), GitHubError> {
    for comment in plans.iter().flat_map(|plan| &plan.files) {
        client.comment_on_file(pull_request.number, &pull_request.head, comment)?;
    }
    plans.iter().flat_map(|plan| &plan.taken_back).try_for_each(|comment| client.take_back(*comment))
}

/// Posts the review; when its answer was lost, looks whether it is there before anything is said twice.
fn posted(
    client: &Client,
    number: u64,
    head: &str,
    body: &str,
    suggestions: &[Comment],
) -> Result<Option<String>, GitHubError> {
    match client.review(number, head, body, suggestions) {
        Err(error) if error.is_open() => {
            let standing = client.comments_of(number)?;
            let is_there = |comment: &Comment| standing.iter().any(|known| known.body.trim() == comment.body.trim());
            if suggestions.iter().all(is_there) { Ok(None) } else { client.review(number, head, body, suggestions) }
        }
        done => done,
    }
}
