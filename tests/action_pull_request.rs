//! End to end: the workflow that `init` writes, run by `act` with the real `action.yml`, against our stateful GitHub behind Prism.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/act.rs"]
mod act;
#[allow(dead_code, unused_imports, reason = "no test uses all of it")]
#[path = "support/github/mod.rs"]
mod github;
#[path = "support/judge.rs"]
mod judge;

use std::process::Command;

use act::{ACTION, Job, Ran};
use github::{Repository, Rights, TOKEN};
use serde_json::{Value, json};

const GOOD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n";
const BAD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"build\"\n";
const PACKAGE: &str = r#"{
  "name": "shop",
  "private": true,
  "scripts": { "build": "vite build" },
  "devDependencies": { "vite": "6.0.0" }
}
"#;
const SITE: [(&str, &str); 3] = [("netlify.toml", GOOD), ("package.json", PACKAGE), ("index.html", "<h1>Shop</h1>\n")];

fn broken(name: &str) -> Repository {
    Repository::new(name, &SITE, &[("netlify.toml", BAD)])
}

/// Runs one of the workflows that `init` writes, with steps that tell the test the outputs, as GitHub would.
fn run(repository: &Repository, workflow: &str, event: &str, payload: &Value, with: &[(&str, &str)]) -> Option<Ran> {
    let folder = repository.workspace();
    let git = |arguments: &[&str]| Command::new("git").args(arguments).current_dir(&folder).output().unwrap();
    git(&["remote", "set-url", "origin", &format!("https://github.com/{}", repository.name)]);
    let scratch = tempfile::tempdir().unwrap();
    let mut init = Command::new(act::binary());
    let init = init.args(["init", "--forks", &format!("--action={ACTION}")]).current_dir(scratch.path());
    Command::new("git").args(["init", "-q"]).current_dir(scratch.path()).output().unwrap();
    assert!(init.output().unwrap().status.success());
    let path = scratch.path().join(".github/workflows").join(workflow);
    let mut text = std::fs::read_to_string(&path).unwrap();
    text = text.replace(&format!("- uses: {ACTION}"), &format!("- id: chimera\n        uses: {ACTION}"));
    if !with.is_empty() && !text.contains("source: api") {
        text.push_str("        with:\n");
    }
    text.extend(with.iter().map(|(name, value)| format!("          {name}: {value}\n")));
    std::fs::write(&path, text + act::OUTPUTS).unwrap();
    act::run(&Job {
        repository: &folder,
        workflow: path.to_str().unwrap(),
        event: (event, payload),
        is_released: true,
        variables: &[("GITHUB_API_URL", repository.api())],
        token: TOKEN,
    })
}

fn on_pull_request(repository: &Repository, with: &[(&str, &str)]) -> Option<Ran> {
    run(repository, "chimera.yml", "pull_request", &repository.event("topic"), with)
}

#[test]
fn a_pull_request_gets_a_red_job_a_check_run_and_a_suggestion_and_a_rerun_adds_nothing() {
    let repository = broken("octo/whole");
    let Some(ran) = on_pull_request(&repository, &[]) else { return };
    assert!(!ran.is_green && ran.log.contains("chimeractl 9.9.9 was here already"), "{}", ran.log);
    assert_eq!((ran.output("verdict"), ran.output("sinks")), ("failed", "check:1,suggestion:1,log:0"), "{}", ran.log);
    assert!(ran.output("check-run-url").starts_with("https://github.com/octo/whole/runs/"));
    assert!(ran.output("review-url").contains("octo/whole"), "{}", ran.output("review-url"));
    assert!(ran.file("patch").contains("+publish = \"dist\""));
    let check = repository.with(|world| world.check_runs[0].clone());
    assert_eq!((check.conclusion.as_str(), check.head), ("failure", repository.commit_of("topic")));
    let comment = repository.with(|world| world.comments[0].clone());
    assert!(comment.body.contains("```suggestion\npublish = \"dist\"\n```\n"), "{}", comment.body);
    let again = on_pull_request(&repository, &[]).unwrap();
    assert_eq!(again.output("sinks"), ran.output("sinks"));
    assert_eq!(repository.with(|world| (world.check_runs.len(), world.comments.len())), (1, 1));
    assert!(!ran.log.contains(TOKEN), "the token stands nowhere");
    repository.assert_in_order();
}

#[test]
fn a_pull_request_that_deploys_gets_a_green_job_and_no_comment() {
    let repository = Repository::new("octo/fine", &SITE, &[("index.html", "<h1>Store</h1>\n")]);
    let Some(ran) = on_pull_request(&repository, &[]) else { return };
    assert!(ran.is_green && ran.output("verdict") == "passed", "{}", ran.log);
    let (check, comments) = repository.with(|world| (world.check_runs[0].clone(), world.comments.len()));
    assert_eq!((check.conclusion.as_str(), comments), ("success", 0));
    repository.assert_in_order();
}

#[test]
fn a_missing_right_is_named_and_the_findings_become_annotations_of_the_job() {
    let repository = broken("octo/unable");
    repository.with(|world| world.rights = Rights::NONE);
    let Some(ran) = on_pull_request(&repository, &[]) else { return };
    assert!(!ran.is_green, "{}", ran.log);
    assert_eq!(ran.output("sinks"), "check:0,suggestion:0,command:1,log:0");
    assert_eq!(ran.log.matches("lacks \"checks: write\" (GitHub says \"checks=write\")").count(), 1, "{}", ran.log);
    assert!(ran.log.contains("::error file=netlify.toml,line=3"), "{}", ran.log);
    repository.assert_in_order();
}

#[test]
fn a_fork_has_the_verdict_and_its_companion_the_check_run_and_the_suggestion() {
    let repository = broken("octo/forked-whole");
    repository.with(|world| {
        world.pulls[0].repository = "stranger/fork".to_owned();
        world.rights = Rights::NONE;
    });
    let Some(ran) = on_pull_request(&repository, &[]) else { return };
    assert!(!ran.is_green && ran.output("verdict") == "failed", "{}", ran.log);
    assert!(repository.with(|world| world.check_runs.is_empty() && world.comments.is_empty()));
    repository.with(|world| world.rights = Rights { contents: false, ..Rights::ALL });
    let payload = json!({"action": "completed", "repository": {"full_name": repository.name}, "workflow_run": {
        "event": "pull_request", "head_sha": repository.commit_of("topic"), "head_branch": "topic",
        "head_repository": {"full_name": "stranger/fork"}}});
    let companion = run(&repository, "chimera-forks.yml", "workflow_run", &payload, &[]).unwrap();
    assert_eq!(companion.output("sinks"), "check:1,suggestion:1,log:0", "{}", companion.log);
    let own = payload.to_string().replace("stranger/fork", &repository.name);
    let own = run(&repository, "chimera-forks.yml", "workflow_run", &serde_json::from_str(&own).unwrap(), &[]).unwrap();
    assert!(
        own.is_green && own.output("verdict").is_empty(),
        "a run of our own branch needs no companion: {}",
        own.log
    );
    repository.assert_in_order();
}

#[test]
fn a_repair_is_committed_when_the_workflow_says_so() {
    let repository = broken("octo/mended");
    let before = repository.commit_of("topic");
    let Some(ran) = on_pull_request(&repository, &[("heal", "commit")]) else { return };
    assert_eq!(ran.output("heal-commit"), repository.commit_of("topic"), "{}", ran.log);
    assert_eq!(
        (repository.commit_of("topic^"), repository.file("topic", "netlify.toml")),
        (before, GOOD.trim_end().to_owned())
    );
    repository.assert_in_order();
}

#[test]
fn sixty_findings_arrive_in_one_check_run() {
    let rules: String = (0..60).map(|number| format!("/p{number}\n")).collect();
    let head = [("_redirects", rules.as_str()), ("netlify.toml", "[build]\npublish = \".\"\n")];
    let repository = Repository::new("octo/sixty-whole", &[("index.html", "<h1>Hello</h1>\n")], &head);
    let Some(ran) = on_pull_request(&repository, &[("fail-on", "warning")]) else { return };
    assert!(!ran.is_green && ran.output("warnings") == "60", "{}", ran.log);
    assert_eq!(repository.with(|world| world.check_runs[0].annotations.len()), 60);
    assert!(repository.journal("").len() <= 8, "{:#?}", repository.journal(""));
    repository.assert_in_order();
}
