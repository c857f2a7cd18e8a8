//! Who certifies what, as far as the surroundings say; a variable proves nobody, and the policy knows that.

use crate::certificate::HOME;
use crate::cli::input::{Repository, Target};
use crate::platform::pages::repository::Repository as Name;
use crate::policy::role::Person;
use crate::project::collect;

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Identity {
    /// Who deploys; default: GITHUB_ACTOR. It is a claim, which a policy accepts with identity = "claimed" only
    #[arg(long, value_name = "LOGIN")]
    actor: Option<String>,
    /// What is deployed; default: GITHUB_REF
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// What started the run; default: GITHUB_EVENT_NAME
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
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
    pub(super) fn actor(&self) -> String {
        let named = self.actor.clone().or_else(|| variable("GITHUB_ACTOR"));
        named.or_else(|| variable("USER")).or_else(|| variable("USERNAME")).unwrap_or_else(|| "unknown".to_owned())
    }

    /// Who caused the run, and who started it.
    pub(crate) fn people(&self) -> (Person, Person) {
        let said = |name: &str| variable(name).map(|login| Person::claimed(login, name));
        let actor = self.actor.as_ref().map(|login| Person::claimed(login, "--actor")).or_else(|| said("GITHUB_ACTOR"));
        let actor = actor.unwrap_or_else(|| Person::claimed("nobody", "nothing"));
        let given = self.actor.as_ref().map(|_| actor.clone());
        let triggering = given.or_else(|| said("GITHUB_TRIGGERING_ACTOR")).unwrap_or_else(|| actor.clone());
        (actor, triggering)
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
