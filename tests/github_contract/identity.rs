//! Who certifies: what GitHub says about the run counts, and what a variable says does not.

use std::process::Command;

use serde_json::Value;

use crate::github::{Repository, Run, TOKEN};
use crate::trouble::fault;

const POLICY: &str = "[environments.production]\ndeploy = [\"admiral\"]\ntwo_person = true\nmax_age = \"3h\"\n";
const INDEX: &str = "<h1>Shop</h1>\n";
const CONFIG: &str = "[build]\npublish = \".\"\n";

fn repository(name: &str, policy: &str) -> Repository {
    let base = [("netlify.toml", CONFIG), ("index.html", INDEX), (".chimera/config.toml", policy)];
    let repository = Repository::new(name, &base, &[("index.html", "<h1>New</h1>\n")]);
    let head = repository.commit_of("topic");
    repository.with(|world| {
        world.people = vec![("ann", "maintain"), ("bob", "admin"), ("eve", "read"), ("octo", "admin")];
        world.runs.push(Run {
            id: 17,
            attempt: 1,
            head,
            branch: "topic",
            event: "push",
            status: "in_progress",
            created: hours_ago(1),
            actor: "ann",
            triggering_actor: "ann",
            reviews: vec![("bob", "approved", "Production")],
        });
    });
    repository
}

/// A moment as GitHub writes it.
fn hours_ago(hours: u64) -> String {
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3_600);
    let seconds = then.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    jiff::Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap().to_string()
}

/// What the policy decided: the rule that refused, and what it saw; nothing when it allows.
fn decide(repository: &Repository, variables: &[(&str, &str)], arguments: &[&str]) -> Option<(String, String)> {
    let event = repository.workspace().join("event.json");
    std::fs::write(&event, r#"{"repository": {"default_branch": "main"}}"#).unwrap();
    let key = chimera::key::signing::SigningKey::from_seed(&[7; 32]).to_pem().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    command.args(["certify", "--environment", "production", "--target", "netlify:site/1", "--no-ledger", "--out", "-"]);
    command.args(arguments).current_dir(repository.workspace()).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("CHIMERA_SIGNING_KEY", key);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_EVENT_NAME", "push").env("GITHUB_EVENT_PATH", event);
    command.env("GITHUB_REPOSITORY", &repository.name).env("GITHUB_API_URL", repository.api());
    command.env("GITHUB_REF", "refs/heads/topic").env("GITHUB_RUN_ID", "17").env("GITHUB_RUN_ATTEMPT", "1");
    command.env("GITHUB_ACTOR", "ann").env("GITHUB_TRIGGERING_ACTOR", "ann").env("GITHUB_TOKEN", TOKEN);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let (text, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    // What the runner is asked to black out is said to nobody else.
    let log: String = log.lines().filter(|line| !line.starts_with("::add-mask::")).collect();
    assert!(!text.contains(TOKEN) && !log.contains(TOKEN), "the token is told: {text}{log}");
    let bundle = chimera::certificate::bundle::Bundle::parse(text.as_bytes()).unwrap_or_else(|_| panic!("{text}{log}"));
    let decision = &bundle.links[2].statement.predicate["https://chimera.dev/v1"]["decision"];
    let refusal = decision["rules"].as_array().unwrap().iter().find(|rule| rule["passed"] == Value::Bool(false));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    refusal.map(|rule| (text(&rule["name"]), text(&rule["evidence"])))
}

fn with(repository: &Repository, change: impl FnOnce(&mut Run)) {
    repository.with(|world| change(&mut world.runs[0]));
}

#[test]
fn a_run_that_another_admiral_approved_is_certified() {
    let repository = repository("octo/two-people", POLICY);
    assert_eq!(decide(&repository, &[], &[]), None);
    assert_eq!(repository.journal("actions/runs/17").len(), 2, "the run and its approvals");
    repository.assert_in_order();
}

#[test]
fn who_the_variables_name_does_not_count() {
    let repository = repository("octo/spoofed", POLICY);
    with(&repository, |run| run.actor = "eve");
    let (rule, evidence) = decide(&repository, &[("GITHUB_ACTOR", "ann")], &[]).unwrap();
    assert!(rule == "actor" && evidence.contains("\"eve\" may not deploy"), "{rule}: {evidence}");
    let (rule, evidence) = decide(&repository, &[], &["--actor", "ann"]).unwrap();
    assert!(rule == "identity" && evidence.contains("is that of \"eve\", not of \"ann\""), "{evidence}");
    with(&repository, |run| (run.actor, run.triggering_actor) = ("ann", "eve"));
    assert_eq!(decide(&repository, &[], &[]).unwrap().0, "triggering_actor", "who starts it again is asked, too");
    repository.assert_in_order();
}

#[test]
fn nobody_approves_what_he_wrote_or_started() {
    let repository = repository("octo/own-approval", POLICY);
    let refused = |reviews: &[(&'static str, &'static str, &'static str)], part: &str| {
        with(&repository, |run| run.reviews = reviews.to_vec());
        let (rule, evidence) = decide(&repository, &[], &[]).unwrap();
        assert!(rule == "two_person" && evidence.contains(part), "{reviews:?}: {rule}: {evidence}");
    };
    refused(&[], "nobody");
    refused(&[("ann", "approved", "production")], "also wrote or started");
    refused(&[("octo", "approved", "production")], "also wrote or started");
    refused(&[("bob", "rejected", "production")], "nobody");
    refused(&[("bob", "approved", "staging")], "nobody");
    refused(&[("eve", "approved", "production")], "may not approve");
    with(&repository, |run| run.reviews = vec![("ann", "approved", "production"), ("bob", "approved", "production")]);
    assert_eq!(decide(&repository, &[], &[]), None, "one of two is another person");
    with(&repository, |run| run.created = hours_ago(4));
    assert!(decide(&repository, &[], &[]).unwrap().1.contains("too long"));
    repository.assert_in_order();
}

#[test]
fn a_run_that_is_not_ours_proves_nobody() {
    let repository = repository("octo/other-run", POLICY);
    let refused = |change: &dyn Fn(&mut Run), part: &str| {
        let before = repository.with(|world| world.runs[0].clone());
        with(&repository, |run| change(run));
        let (rule, evidence) = decide(&repository, &[], &[]).unwrap();
        assert!(rule == "identity" && evidence.contains(part), "{part}: {rule}: {evidence}");
        with(&repository, |run| *run = before);
    };
    refused(&|run| run.status = "completed", "is over");
    refused(&|run| run.attempt = 2, "is in attempt 2");
    refused(&|run| run.event = "workflow_dispatch", "was started by \"workflow_dispatch\"");
    refused(&|run| run.head = "0".repeat(40), "is about commit 0000");
    refused(&|run| run.branch = "main", "is about \"main\"");
    refused(&|run| run.id = 18, "cannot be looked up");
    assert_eq!(decide(&repository, &[], &[]), None);
    repository.with(|world| world.faults.push_back(fault("GET", "actions/runs/17", 403)));
    assert!(decide(&repository, &[], &[]).unwrap().1.contains("cannot be looked up"));
}

#[test]
fn without_a_token_everything_is_a_claim_and_says_so() {
    let claims = POLICY.replace("two_person", "identity = \"claimed\"\ntwo_person").replace("admiral", "anyone");
    let repository = repository("octo/claimed", &(claims + "approve = [\"anyone\"]\n"));
    let no_token = [("GITHUB_TOKEN", "")];
    let (rule, evidence) = decide(&repository, &no_token, &[]).unwrap();
    assert!(rule == "two_person" && evidence.contains("nobody"), "{rule}: {evidence}");
    let (rule, evidence) = decide(&repository, &no_token, &["--approver", "Ann"]).unwrap();
    assert!(rule == "two_person" && evidence.contains("also wrote or started"), "{rule}: {evidence}");
    let (_, evidence) = decide(&repository, &no_token, &["--approver", "bob"]).unwrap();
    assert!(evidence.contains("not known who wrote"), "{evidence}");
    assert!(repository.journal("").is_empty(), "nobody was asked");
    assert_eq!(decide(&repository, &[], &["--approver", "eve"]), None, "the review of the environment counts");
    repository.assert_in_order();
}
