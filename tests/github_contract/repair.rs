//! Repairs as commits and as pull requests of our own.

use serde_json::json;

use crate::github::Repository;
use crate::{BAD, CLEAN, FINDINGS, GOOD, PACKAGE, SITE};

#[test]
fn a_repair_is_committed_to_the_branch_and_its_new_head_is_certified() {
    let repository = Repository::new("octo/committed", &SITE, &[("netlify.toml", BAD)]);
    let before = repository.commit_of("topic");
    let step = repository.run(&[("heal", "commit")]);
    assert_eq!(step.code, FINDINGS, "{}", step.log);
    let after = repository.commit_of("topic");
    assert_eq!((step.output("heal-commit"), repository.commit_of("topic^")), (after.as_str(), before.clone()));
    assert_eq!(repository.file("topic", "netlify.toml"), GOOD.trim_end());
    assert_eq!(repository.file("topic", "package.json"), PACKAGE.trim_end());
    let message = repository.message("topic");
    assert!(message.starts_with("Heal netlify.toml for Netlify\n\nNTL011 "), "{message}");
    assert!(message.contains(&format!("\nChimera-Healed-From: {before}\n")), "{message}");
    let runs = repository.with(|world| world.check_runs.clone());
    let verdicts: Vec<(&str, &str)> = runs.iter().map(|run| (run.head.as_str(), run.conclusion.as_str())).collect();
    assert_eq!(verdicts.len(), 2);
    assert!(verdicts.contains(&(&before, "failure")) && verdicts.contains(&(&after, "success")), "{verdicts:?}");
    let comments = repository.with(|world| world.issue_comments.clone());
    assert!(comments.len() == 1 && comments[0].1.contains("Approve workflows to run"), "{comments:?}");
    repository.assert_in_order();
}

#[test]
fn a_commit_of_ours_is_not_healed_again() {
    let repository = Repository::new("octo/looped", &SITE, &[("netlify.toml", BAD)]);
    repository.run(&[("heal", "commit")]);
    let healed = repository.commit_of("topic");
    repository.amend("topic", &[("netlify.toml", BAD)]);
    repository.check_out("topic");
    let step = repository.run(&[("heal", "commit")]);
    assert!(step.log.contains("repair of Chimera already"), "{}", step.log);
    assert_ne!(repository.commit_of("topic"), healed);
    assert_eq!(step.output("heal-commit"), "");
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0");
    repository.assert_in_order();
}

#[test]
fn a_checkout_of_the_merge_is_no_base_for_a_commit() {
    let repository = Repository::new("octo/merged", &SITE, &[("netlify.toml", BAD)]);
    repository.push("main", &[("index.html", "<h1>Later</h1>\n")]);
    repository.merge_in_workspace("main");
    let step = repository.run(&[("heal", "commit")]);
    assert_eq!(repository.file("topic", "netlify.toml"), GOOD.trim_end(), "{}", step.log);
    assert_eq!(repository.file("topic", "index.html"), "<h1>Shop</h1>");
    assert!(!repository.journal("GET git/blobs").is_empty(), "the files of the head are read over the API");
    repository.assert_in_order();
}

#[test]
fn without_the_right_to_push_repairs_are_suggested() {
    let repository = Repository::new("octo/unpushable", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| world.rights.contents = false);
    let step = repository.run(&[("heal", "commit")]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0", "{}", step.log);
    assert!(step.log.contains("lacks \"contents: write\""), "{}", step.log);
    repository.assert_in_order();
}

#[test]
fn a_pull_request_with_repairs_is_opened_once_updated_in_place_and_closed_in_the_end() {
    let repository = Repository::new("octo/healing", &SITE, &[("netlify.toml", BAD)]);
    let inputs = [("heal", "pull-request")];
    let step = repository.run(&inputs);
    let branch = "chimera/heal/7";
    assert_eq!(repository.file(branch, "netlify.toml"), GOOD.trim_end(), "{}", step.log);
    assert!(step.output("heal-pull-request").ends_with("/pull/8"), "{}", step.outputs);
    let first = repository.commit_of(branch);
    repository.run(&inputs);
    assert_eq!((repository.with(|world| world.pulls.len()), repository.commit_of(branch)), (2, first.clone()));
    repository.push("topic", &[("index.html", "<h1>New</h1>\n")]);
    repository.check_out("topic");
    repository.run(&inputs);
    assert_eq!(repository.with(|world| world.pulls.len()), 2);
    assert_ne!(repository.commit_of(branch), first);
    assert_eq!(repository.commit_of(&format!("{branch}^")), repository.commit_of("topic"));
    repository.push("topic", &[("netlify.toml", GOOD)]);
    repository.check_out("topic");
    let step = repository.run(&inputs);
    assert_eq!(step.code, CLEAN, "{}", step.log);
    assert!(repository.with(|world| !world.pulls[1].is_open) && !repository.has_branch(branch));
    repository.assert_in_order();
}

#[test]
fn a_pull_request_that_may_not_be_opened_leaves_no_branch_behind() {
    let repository = Repository::new("octo/forbidden", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| world.rights.may_open_pulls = false);
    let step = repository.run(&[("heal", "pull-request")]);
    assert!(step.log.contains("Allow GitHub Actions to create and approve pull requests"), "{}", step.log);
    assert!(!repository.has_branch("chimera/heal/7"));
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0");
    repository.assert_in_order();
}

#[test]
fn a_branch_that_is_not_ours_is_left_alone() {
    let repository = Repository::new("octo/foreign", &SITE, &[("netlify.toml", BAD)]);
    repository.branch("chimera/heal/7", "main");
    let step = repository.run(&[("heal", "pull-request")]);
    assert!(step.log.contains("left alone"), "{}", step.log);
    assert_eq!(repository.commit_of("chimera/heal/7"), repository.commit_of("main"));
    repository.assert_in_order();
}

#[test]
fn a_push_to_main_brings_a_pull_request_onto_main() {
    let repository = Repository::new("octo/pushed", &SITE, &[("netlify.toml", BAD)]);
    let payload = json!({"ref": "refs/heads/topic", "after": repository.commit_of("topic"),
        "repository": {"full_name": "octo/pushed"}});
    let step = repository.run_on("push", &payload, &[("heal", "pull-request")]);
    assert_eq!(repository.file("chimera/heal/topic", "netlify.toml"), GOOD.trim_end(), "{}", step.log);
    assert_eq!(repository.with(|world| world.pulls[1].base.clone()), "topic");
    repository.assert_in_order();
}

#[test]
fn a_repair_below_github_is_suggested_and_never_committed() {
    let workflow = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
        - uses: actions/upload-pages-artifact@v3\n        with: {path: .}\n      - uses: actions/deploy-pages@v4\n    \
        environment: github-pages\n    permissions: {contents: read}\n";
    let head = [(".github/workflows/pages.yml", workflow), ("index.html", "<h1>Hello</h1>\n")];
    let repository = Repository::new("octo/workflow", &[("README", "x\n")], &head);
    let step = repository.run(&[("heal", "commit")]);
    assert_eq!(step.code, FINDINGS, "{}", step.log);
    assert!(repository.journal("POST git").is_empty() && step.output("heal-commit").is_empty(), "{}", step.log);
    repository.assert_in_order();
}

#[test]
fn a_branch_with_repairs_that_somebody_built_on_is_not_deleted() {
    let repository = Repository::new("octo/built-on", &SITE, &[("netlify.toml", BAD)]);
    repository.run(&[("heal", "pull-request")]);
    repository.push("chimera/heal/7", &[("index.html", "<h1>Mine</h1>\n")]);
    repository.push("topic", &[("netlify.toml", GOOD)]);
    repository.check_out("topic");
    repository.run(&[("heal", "pull-request")]);
    assert!(repository.has_branch("chimera/heal/7") && repository.with(|world| world.pulls[1].is_open));
    repository.assert_in_order();
}
