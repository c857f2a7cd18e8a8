//! Who certifies what. What only a variable says is a claim; what GitHub says about the run that we are in is not.

mod lookup;

use std::sync::OnceLock;

use jiff::Timestamp;

use crate::certificate::HOME;
use crate::cli::input::{Repository, Target};
use crate::cli::random;
use crate::platform::pages::repository::Repository as Name;
use crate::policy::role::Person;
use crate::project::collect;

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Identity {
    /// Who deploys; default: GITHUB_ACTOR. It is a claim, which a policy accepts with identity = "claimed" only. With
    /// GITHUB_TOKEN set, GitHub is asked who runs the workflow, and that counts
    #[arg(long, value_name = "LOGIN")]
    actor: Option<String>,
    /// Who approved; a claim, too. In a workflow the reviews of its environment are asked for
    #[arg(long, value_name = "LOGIN")]
    approver: Option<String>,
    /// What is deployed; default: GITHUB_REF
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// What started the run; default: GITHUB_EVENT_NAME
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// What was found out; it is asked for once.
    #[arg(skip)]
    found: OnceLock<People>,
}

/// Everybody who has a part in it.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// Who caused the run.
    pub(crate) actor: Person,
    /// Who started it.
    pub(crate) triggering_actor: Person,
    /// Who approved it, and when at the latest.
    pub(crate) approver: Option<(Person, Timestamp)>,
    /// Who wrote the commit.
    pub(crate) author: Option<String>,
}

impl Identity {
    /// What is deployed.
    pub(super) fn reference(&self) -> Option<String> {
        self.reference.clone().or_else(|| variable("GITHUB_REF"))
    }

    /// What started the run.
    pub(crate) fn event(&self) -> Option<String> {
        self.event.clone().or_else(|| variable("GITHUB_EVENT_NAME"))
    }

    /// Who is recorded: the actor, else the user of this machine.
    pub(crate) fn actor(&self) -> String {
        if let Some(found) = self.found.get().filter(|found| found.actor.is_verified) {
            return found.actor.login.clone();
        }
        let named = self.actor.clone().or_else(|| variable("GITHUB_ACTOR"));
        named.or_else(|| variable("USER")).or_else(|| variable("USERNAME")).unwrap_or_else(|| "unknown".to_owned())
    }

    /// Who they are, as far as it can be found out.
    ///
    /// GitHub is asked at most once, and only about an environment that has a policy: the others ask for nobody.
    pub(crate) fn people(&self, environment: &str, commit: &str, author: Option<&str>, is_guarded: bool) -> People {
        if !is_guarded {
            return self.claimed(author);
        }
        let find = || {
            let claimed = self.claimed(author);
            match lookup::question(self, environment, commit) {
                Some(question) => question.ask(claimed),
                None => claimed,
            }
        };
        self.found.get_or_init(find).clone()
    }

    /// What options and variables say.
    fn claimed(&self, author: Option<&str>) -> People {
        let said = |name: &str| variable(name).map(|login| Person::claimed(login, name));
        let actor = self.actor.as_ref().map(|login| Person::claimed(login, "--actor")).or_else(|| said("GITHUB_ACTOR"));
        let actor = actor.unwrap_or_else(|| Person::claimed("nobody", "the absence of --actor and GITHUB_ACTOR"));
        let given = self.actor.as_ref().map(|_| actor.clone());
        let triggering_actor = given.or_else(|| said("GITHUB_TRIGGERING_ACTOR")).unwrap_or_else(|| actor.clone());
        let approver = self.approver.as_ref().map(|login| (Person::claimed(login, "--approver"), random::now()));
        People { actor, triggering_actor, approver, author: author.map(str::to_owned) }
    }
}

/// A variable of the environment that is not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.trim().is_empty())
}

/// The repository on GitHub, as `OWNER/NAME`.
pub(super) fn repository(target: &Target, repository: &Repository) -> Option<String> {
    let remote = || collect::remote(repository.root()).0.filter(|text| text.contains("github.com"));
    let named = target.repository.clone().or_else(|| variable("GITHUB_REPOSITORY")).or_else(remote)?;
    Name::parse(&named).map(|name| format!("{}/{}", name.owner, name.name))
}

/// The address of the workflow that runs, else of the program.
pub(super) fn verifier() -> String {
    let server = variable("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
    variable("GITHUB_WORKFLOW_REF")
        .map_or_else(|| format!("{HOME}/chimeractl"), |workflow| format!("{server}/{workflow}"))
}
