//! What GitHub says about the run that we are in.
//!
//! `GITHUB_ACTOR` can be set by any step; the run that `GITHUB_RUN_ID` names is the one that GitHub knows. It counts when it is
//! still going on, and when attempt, commit, event and reference are those that we were told.

use std::time::Duration;

use crate::github::client::{API, Access};
use crate::github::patience::Patience;
use crate::github::run::{User, WorkflowRun};
use crate::github::{Client, GitHubError};
use crate::policy::role::{Permission, Person};

use super::{Identity, People, variable};

/// All waits for GitHub together.
const WAITS: Duration = Duration::from_secs(30);

/// Events whose run is about the commit that is checked out.
const OF_COMMIT: [&str; 4] = ["push", "workflow_dispatch", "schedule", "release"];

/// What is asked.
pub(super) struct Question<'a> {
    identity: &'a Identity,
    access: Access,
    run: u64,
    attempt: Option<u32>,
    environment: &'a str,
    commit: &'a str,
}

/// The question, in a workflow that was given a token.
pub(super) fn question<'a>(identity: &'a Identity, environment: &'a str, commit: &'a str) -> Option<Question<'a>> {
    let access = Access {
        api: variable("GITHUB_API_URL").unwrap_or_else(|| API.to_owned()),
        token: variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"))?.trim().to_owned(),
        repository: variable("GITHUB_REPOSITORY")?,
        patience: Patience { waits: WAITS, spacing: Duration::ZERO },
    };
    let run = variable("GITHUB_RUN_ID")?.parse().ok()?;
    let attempt = variable("GITHUB_RUN_ATTEMPT").and_then(|text| text.parse().ok());
    Some(Question { identity, access, run, attempt, environment, commit })
}

impl Question<'_> {
    /// The people as GitHub knows them, else as they were claimed, with the reason.
    pub(super) fn ask(&self, claimed: People) -> People {
        match self.answer(&claimed) {
            Ok(people) => people,
            Err(reason) => without_proof(claimed, &reason),
        }
    }

    fn answer(&self, claimed: &People) -> Result<People, String> {
        let failed = |error: GitHubError| format!("run {} cannot be looked up: {error}", self.run);
        let client = Client::new(&self.access).map_err(failed)?;
        let run = client.workflow_run(self.run).map_err(failed)?;
        self.check(&run)?;
        let login = |user: &Option<User>| user.as_ref().map(|user| user.login.clone());
        let actor = login(&run.actor).ok_or_else(|| format!("run {} names no actor", self.run))?;
        let triggering = login(&run.triggering_actor).unwrap_or_else(|| actor.clone());
        if let Some(named) = self.identity.actor.as_ref().filter(|named| !named.eq_ignore_ascii_case(&actor)) {
            return Err(format!("run {} is that of \"{actor}\", not of \"{named}\"", self.run));
        }
        let author = client.author_of(self.commit).ok().flatten().or_else(|| claimed.author.clone());
        let actor = self.person(&client, &actor);
        let is_one = actor.login.eq_ignore_ascii_case(&triggering);
        let triggering_actor = if is_one { actor.clone() } else { self.person(&client, &triggering) };
        let mut people = People { actor, triggering_actor, approver: None, author };
        people.approver = self.approver(&client, &run, &people)?.or_else(|| claimed.approver.clone());
        Ok(people)
    }

    /// A run that is not the one that we are in proves nobody.
    fn check(&self, run: &WorkflowRun) -> Result<(), String> {
        let wrong = |what: String| Err(format!("run {} {what}", self.run));
        if run.status.as_deref() == Some("completed") {
            return wrong("is over".to_owned());
        }
        if self.attempt.is_some_and(|attempt| attempt != run.run_attempt) {
            return wrong(format!("is in attempt {}", run.run_attempt));
        }
        let event = self.identity.event();
        if event.as_deref().is_some_and(|event| event != run.event) {
            return wrong(format!("was started by \"{}\"", run.event));
        }
        if !OF_COMMIT.contains(&run.event.as_str()) {
            return Ok(());
        }
        if run.head_sha != self.commit {
            return wrong(format!("is about commit {}", run.head_sha));
        }
        let name = self.identity.reference();
        let name = name.as_deref().map(|name| name.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/"));
        match (name, run.head_branch.as_deref()) {
            (Some(name), Some(branch)) if name != branch => wrong(format!("is about \"{branch}\"")),
            _ => Ok(()),
        }
    }

    fn person(&self, client: &Client, login: &str) -> Person {
        let mut source = format!("run {} on GitHub", self.run);
        let permission = match client.permission(login) {
            Ok(found) => found.and_then(|(role, permission)| {
                // A role of one's own has a name of its own, and amounts to one of the usual.
                Permission::parse(&role).or_else(|| Permission::parse(&permission))
            }),
            Err(error) => {
                source.push_str(&format!("; the permission is not known: {error}"));
                None
            }
        };
        Person { permission, is_verified: true, ..Person::claimed(login, source) }
    }

    /// Who approved this run for the environment; best somebody who did not start it and did not write it.
    ///
    /// GitHub does not say when. It was after the run began, so that counts: an approval is never taken for newer than it is.
    fn approver(
        &self,
        client: &Client,
        run: &WorkflowRun,
        people: &People,
    ) -> Result<Option<(Person, jiff::Timestamp)>, String> {
        let approvals = match client.approvals(self.run) {
            Ok(approvals) => approvals,
            Err(error) => return Err(format!("the approvals of run {} cannot be read: {error}", self.run)),
        };
        let is_here = |name: &str| name.eq_ignore_ascii_case(self.environment);
        let mut logins: Vec<String> = approvals
            .into_iter()
            .filter(|approval| approval.state == "approved")
            .filter(|approval| approval.environments.iter().any(|environment| is_here(&environment.name)))
            .map(|approval| approval.user.login)
            .collect();
        let has_part = |login: &String| {
            let is = |other: &str| other.eq_ignore_ascii_case(login);
            is(&people.actor.login) || is(&people.triggering_actor.login) || people.author.as_deref().is_some_and(is)
        };
        logins.sort_by_key(has_part);
        let Some(login) = logins.first() else { return Ok(None) };
        let began = run.created_at.parse();
        let began = began.map_err(|_| format!("run {} does not say when it began", self.run))?;
        Ok(Some((self.person(client, login), began)))
    }
}

/// The people as they were claimed; why nothing more is known stands with each.
fn without_proof(mut people: People, reason: &str) -> People {
    for person in [&mut people.actor, &mut people.triggering_actor] {
        person.source = format!("{} ({reason})", person.source);
    }
    people
}
