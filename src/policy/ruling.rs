//! From a request to a ruling: every rule is asked, in a fixed order, and says what it saw.

use jiff::{SignedDuration, Timestamp};

use crate::certificate::Level;
use crate::certificate::claim::{Check, Ruling};
use crate::certificate::hxo_approval::Kind;

use super::environment::{Environment, Mode};
use super::role::Person;
use super::{Action, DEV, Policy};

/// What somebody wants, and all that is known about it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What is to be done.
    pub action: Action,
    /// Name of the environment.
    pub environment: &'a str,
    /// Who caused the run.
    pub actor: &'a Person,
    /// Who started it: a run that is started again keeps its actor.
    pub triggering_actor: &'a Person,
    /// Who approved it, and when.
    pub approver: Option<(&'a Person, Timestamp)>,
    /// Who wrote the commit.
    pub author: Option<&'a str>,
    /// When it is.
    pub at: Timestamp,
    /// What is deployed: `refs/heads/main`.
    pub reference: Option<&'a str>,
    /// What started the run: `push`.
    pub event: Option<&'a str>,
    /// The level of the certificate.
    pub level: Level,
    /// What it certifies.
    pub kind: Kind,
    /// How many deploys began within the last hour, if somebody counted.
    pub recent_deploys: Option<u32>,
}

impl Policy {
    /// Decides a request.
    #[must_use]
    pub fn decide(&self, request: &Request<'_>) -> Ruling {
        let name = request.environment;
        let Some(environment) = self.environments.get(name) else {
            let allowed = name == DEV;
            let evidence = if allowed {
                format!("\"{DEV}\" needs no policy")
            } else {
                let place = self.place.as_deref().map(|place| format!(" {place}")).unwrap_or_default();
                format!("there is no [environments.{name}]{place}, and what is not allowed is denied")
            };
            return Ruling { allowed, mode: "enforce", checks: vec![Check::new("environment", allowed, evidence)] };
        };
        if environment.mode == Mode::Off {
            let check = Check::new("environment", true, format!("[environments.{name}] is off: nothing was asked"));
            return Ruling { allowed: true, mode: Mode::Off.name(), checks: vec![check] };
        }
        let checks = self.checks(environment, request);
        let allowed = environment.mode == Mode::Warn || checks.iter().all(|check| check.passed);
        Ruling { allowed, mode: environment.mode.name(), checks }
    }

    /// What was live before is always admissible: a rollback is asked who does it and when, and nothing else. A run that goes
    /// on was asked everything else when it began.
    fn checks(&self, environment: &Environment, request: &Request<'_>) -> Vec<Check> {
        let mut checks = vec![
            Check::new("environment", true, format!("[environments.{}]", request.environment)),
            identity(environment, request),
            self.role("actor", environment, request.action, request.actor),
            self.role("triggering_actor", environment, request.action, request.triggering_actor),
            frozen(environment, request),
        ];
        if !matches!(request.action, Action::Rollback | Action::Resume) {
            checks.push(reference(environment, request));
            checks.push(event(environment, request));
        }
        if request.action == Action::Deploy {
            checks.push(level(environment, request));
            checks.push(kind(environment, request));
            checks.push(self.second_person(environment, request));
            checks.extend(environment.max_per_hour.map(|most| rate(most, request.recent_deploys)));
        }
        checks
    }

    fn role(&self, rule: &str, environment: &Environment, action: Action, person: &Person) -> Check {
        let roles = environment.roles(action);
        let login = &person.login;
        let mut refused = Vec::new();
        for name in roles {
            match person.holds(name, self.roles.get(name)) {
                Ok(reason) => return Check::new(rule, true, format!("\"{login}\" holds role {name}: {reason}")),
                Err(reason) => refused.push(format!("{name}: {reason}")),
            }
        }
        let asked = if refused.is_empty() { "no role may".to_owned() } else { refused.join("; ") };
        Check::new(rule, false, format!("\"{login}\" may not {}: {asked}", action.name()))
    }

    fn second_person(&self, environment: &Environment, request: &Request<'_>) -> Check {
        let rule = "two_person";
        if !environment.two_person {
            return Check::new(rule, true, "not asked for");
        }
        let Some((approver, at)) = request.approver else {
            return Check::new(rule, false, "nobody has approved");
        };
        let login = &approver.login;
        let same = |other: &str| other.eq_ignore_ascii_case(login);
        if same(&request.actor.login) || same(&request.triggering_actor.login) || request.author.is_some_and(same) {
            return Check::new(rule, false, format!("\"{login}\" approved, and also wrote or started it"));
        }
        if request.author.is_none() {
            return Check::new(rule, false, "it is not known who wrote the commit");
        }
        if !approver.is_verified && !environment.accepts_claims {
            return Check::new(rule, false, format!("that \"{login}\" approved is only said by {}", approver.source));
        }
        let limit = environment.max_age_minutes;
        let age = request.at.duration_since(at);
        if limit.is_some_and(|limit| age > SignedDuration::from_mins(i64::from(limit))) {
            return Check::new(rule, false, format!("\"{login}\" approved {} minutes ago, too long", age.as_mins()));
        }
        let role = self.role(rule, environment, Action::Approve, approver);
        if role.passed { Check::new(rule, true, format!("approved by \"{login}\"")) } else { role }
    }
}

/// A variable can be set by any step of a workflow, so it proves nobody.
fn identity(environment: &Environment, request: &Request<'_>) -> Check {
    let people = [request.actor, request.triggering_actor];
    match people.into_iter().find(|person| !person.is_verified) {
        None => Check::new("identity", true, format!("verified by {}", request.actor.source)),
        Some(person) if environment.accepts_claims => Check::new(
            "identity",
            true,
            format!("\"{}\" is said by {}; claims are accepted", person.login, person.source),
        ),
        Some(person) => {
            let (login, source) = (&person.login, &person.source);
            Check::new("identity", false, format!("\"{login}\" is only said by {source}, which proves nobody"))
        }
    }
}

fn frozen(environment: &Environment, request: &Request<'_>) -> Check {
    let covering = |freeze: &&super::freeze::Freeze| {
        !freeze.allow.contains(&request.action) && freeze.covers(request.at).is_some()
    };
    match environment.freeze.iter().find(covering) {
        Some(freeze) => {
            let until = freeze.covers(request.at).map(|(_, to)| format!(", until {to}")).unwrap_or_default();
            Check::new("freeze", false, format!("{} is frozen{until}", freeze.written))
        }
        None => Check::new("freeze", true, format!("{} lies in no freeze of {}", request.at, environment.freeze.len())),
    }
}

fn reference(environment: &Environment, request: &Request<'_>) -> Check {
    let accepted: Vec<&str> = environment.refs.iter().map(|pattern| pattern.written()).collect();
    let accepted = accepted.join(", ");
    match request.reference {
        _ if environment.refs.is_empty() => Check::new("reference", true, "any is accepted"),
        None => Check::new("reference", false, format!("it is not known which is deployed (accepted: {accepted})")),
        Some(name) => {
            let passed = environment.refs.iter().any(|pattern| pattern.covers(name));
            Check::new("reference", passed, format!("\"{name}\" (accepted: {accepted})"))
        }
    }
}

fn event(environment: &Environment, request: &Request<'_>) -> Check {
    let accepted = environment.events.join(", ");
    match request.event {
        _ if environment.events.is_empty() => Check::new("event", true, "any is accepted"),
        None => Check::new("event", false, format!("it is not known what started the run (accepted: {accepted})")),
        Some(name) => {
            let passed = environment.events.iter().any(|event| event == name);
            Check::new("event", passed, format!("\"{name}\" (accepted: {accepted})"))
        }
    }
}

fn level(environment: &Environment, request: &Request<'_>) -> Check {
    let (level, least) = (request.level, environment.min_level);
    Check::new("level", level >= least, format!("{level} ({}); at least {least}", level.promise()))
}

fn kind(environment: &Environment, request: &Request<'_>) -> Check {
    let kind = request.kind;
    match environment.kind {
        None => Check::new("kind", true, format!("{}; any is accepted", kind.name())),
        // Who knows the bytes knows the sources too.
        Some(wanted) => {
            let passed = wanted == kind || kind == Kind::Artifact;
            Check::new("kind", passed, format!("{} certificate; {} wanted", kind.name(), wanted.name()))
        }
    }
}

fn rate(most: u32, recent: Option<u32>) -> Check {
    let rule = "max_per_hour";
    match recent {
        None => Check::new(rule, false, format!("nobody counted the deploys of the last hour (accepted: {most})")),
        Some(count) => Check::new(rule, count < most, format!("{count} within the last hour (accepted: {most})")),
    }
}
