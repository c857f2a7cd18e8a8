//! Forks, their companion, and files over the API.

use serde_json::{Value, json};

use crate::github::{self, Repository, Rights};
use crate::{BAD, FINDINGS, PACKAGE, SITE, USAGE};

#[test]
fn a_fork_gets_the_verdict_and_the_findings_without_any_right() {
    let repository = Repository::new("octo/forked", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| {
        world.rights = Rights::NONE;
        world.pulls[0].repository = "stranger/forked".to_owned();
    });
    let step = repository.run(&[("heal", "commit")]);
    assert_eq!(step.code, FINDINGS, "{}", step.log);
    assert_eq!(step.log.matches("from a fork").count(), 1, "{}", step.log);
    assert!(step.log.contains("::error file=netlify.toml"), "{}", step.log);
    assert!(repository.journal("POST git").is_empty(), "a fork's branch is never written to");
    repository.assert_in_order();
}

fn fork_run(repository: &Repository) -> Value {
    json!({"action": "completed", "repository": {"full_name": repository.name}, "workflow_run": {
        "event": "pull_request", "head_sha": repository.commit_of("topic"), "head_branch": "topic",
        "head_repository": {"full_name": "stranger/fork"}}})
}

#[test]
fn the_companion_reads_a_forks_files_over_the_api_and_writes_for_it() {
    let repository = Repository::new("octo/companion", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| world.pulls[0].repository = "stranger/fork".to_owned());
    std::fs::remove_dir_all(repository.workspace()).unwrap();
    std::fs::create_dir(repository.workspace()).unwrap();
    let step = repository.run_on("workflow_run", &fork_run(&repository), &[("source", "api"), ("heal", "commit")]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:1,suggestion:1,log:0"), "{}", step.log);
    let run = repository.with(|world| world.check_runs[0].clone());
    assert_eq!((run.head, run.conclusion), (repository.commit_of("topic"), "failure".to_owned()));
    assert!(repository.journal("POST git").is_empty(), "a fork's branch is never written to");
    let refused = repository.run_on("workflow_run", &fork_run(&repository), &[]);
    assert_eq!(refused.code, USAGE, "{}", refused.log);
    assert!(refused.log.contains("\"source\" to \"api\""), "{}", refused.log);
    repository.assert_in_order();
}

#[test]
fn files_over_the_api_are_the_files_of_a_checkout() {
    let repository =
        Repository::new("octo/twofold", &SITE, &[("web/netlify.toml", BAD), ("web/package.json", PACKAGE)]);
    repository.with(|world| github::link_and_script(&world.folder, "topic"));
    repository.check_out("topic");
    let report = |source: &str| {
        let inputs = [("source", source), ("report", "log"), ("working-directory", "web\n.")];
        let step = repository.run(&inputs);
        (step.code, std::fs::read_to_string(step.reports.join("report.json")).unwrap())
    };
    let (by_disk, over_the_api) = (report("checkout"), report("api"));
    assert!(by_disk.1.contains("NTL011"), "{}", by_disk.1);
    assert_eq!(by_disk, over_the_api);
    repository.assert_in_order();
}
