//! The step of a workflow against our stateful GitHub, with GitHub's own description as the judge of both.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/github/mod.rs"]
mod github;

use serde_json::{Value, json};

use github::{Fault, Repository, Rights, TOKEN};

const CLEAN: i32 = 0;
const FINDINGS: i32 = 1;
const USAGE: i32 = 2;

const PACKAGE: &str = r#"{
  "name": "shop",
  "private": true,
  "scripts": { "build": "vite build" },
  "devDependencies": { "vite": "6.0.0" }
}
"#;
const GOOD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n";
const BAD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"build\"\n";

const SITE: [(&str, &str); 3] = [("netlify.toml", GOOD), ("package.json", PACKAGE), ("index.html", "<h1>Shop</h1>\n")];

#[test]
fn a_predicted_failure_is_a_red_check_run_with_an_annotation() {
    let repository = Repository::new("octo/thin", &SITE, &[("netlify.toml", BAD)]);
    let step = repository.run(&[("heal", "off")]);
    assert_eq!(step.code, FINDINGS, "{}", step.log);
    let run = repository.with(|world| world.check_runs.clone()).pop().unwrap();
    assert_eq!((run.name.as_str(), run.conclusion.as_str()), ("Chimera: certify", "failure"));
    assert_eq!(run.head, repository.commit_of("topic"));
    assert!(run.title.starts_with("Would fail on Netlify: "), "{}", run.title);
    assert_eq!(
        (run.annotations[0]["path"].as_str(), run.annotations[0]["start_line"].as_u64()),
        (Some("netlify.toml"), Some(3))
    );
    assert_eq!((step.output("verdict"), step.output("errors")), ("failed", "1"));
    assert!(step.output("check-run-url").starts_with("https://github.com/octo/thin/runs/"));
    repository.assert_in_order();
}

#[test]
fn a_site_that_deploys_is_a_green_check_run() {
    let repository = Repository::new("octo/green", &SITE, &[("index.html", "<h1>Store</h1>\n")]);
    let step = repository.run(&[]);
    assert_eq!((step.code, step.output("verdict")), (CLEAN, "passed"), "{}", step.log);
    let run = repository.with(|world| world.check_runs.clone()).pop().unwrap();
    assert_eq!((run.conclusion.as_str(), run.title.as_str()), ("success", "Would build and deploy on Netlify"));
    assert!(repository.with(|world| world.tokens.iter().all(|token| *token == format!("Bearer {TOKEN}"))));
    repository.assert_in_order();
}

fn fault(method: &'static str, place: &'static str, status: u16) -> Fault {
    let (headers, message, is_served) = (Vec::new(), "", false);
    Fault { method, place, status, headers, message, is_served }
}

#[test]
fn a_repair_is_suggested_at_its_line_once_and_only_once() {
    let repository = Repository::new("octo/suggested", &SITE, &[("netlify.toml", BAD)]);
    let step = repository.run(&[]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:1,suggestion:1,log:0"), "{}", step.log);
    let comment = repository.with(|world| world.comments.clone()).pop().unwrap();
    assert_eq!((comment.path.as_str(), comment.line, comment.start_line), ("netlify.toml", Some(3), None));
    assert!(comment.body.contains("```suggestion\npublish = \"dist\"\n```\n"), "{}", comment.body);
    assert!(comment.body.contains("the simulated deploy passes"), "{}", comment.body);
    let run = repository.with(|world| world.check_runs.clone()).pop().unwrap();
    assert!(run.summary.contains("suggested") && run.title.ends_with("; 1 repair ready"), "{}", run.title);
    let again = repository.run(&[]);
    assert_eq!((again.code, again.output("sinks")), (step.code, step.output("sinks")));
    let (runs, comments, notes) =
        repository.with(|world| (world.check_runs.len(), world.comments.len(), world.check_runs[0].annotations.len()));
    assert_eq!((runs, comments, notes), (1, 1, 1), "a rerun on the same head says nothing twice");
    repository.assert_in_order();
}

#[test]
fn a_suggestion_that_no_longer_holds_is_taken_back_unless_somebody_answered() {
    for (name, is_answered) in [("octo/outlived", false), ("octo/answered", true)] {
        let repository = Repository::new(name, &SITE, &[("netlify.toml", BAD)]);
        repository.run(&[]);
        if is_answered {
            repository.with(|world| {
                let mut reply = world.comments[0].clone();
                (reply.id, reply.user, reply.body) = (world.new_id(), "alice", "why?".to_owned());
                reply.reply_to = Some(world.comments[0].id);
                world.comments.push(reply);
            });
        }
        repository.push("topic", &[("netlify.toml", GOOD)]);
        repository.check_out("topic");
        let step = repository.run(&[]);
        assert_eq!(step.code, CLEAN, "{}", step.log);
        assert_eq!(repository.with(|world| world.comments.len()), if is_answered { 2 } else { 0 });
        repository.assert_in_order();
    }
}

#[test]
fn a_repair_outside_the_diff_is_told_on_its_file_or_in_the_patch() {
    let far = "\n".repeat(30);
    let base = format!("{BAD}{far}[build.environment]\nA = \"1\"\n");
    let head = format!("{BAD}{far}[build.environment]\nA = \"2\"\n");
    let repository =
        Repository::new("octo/outside", &[("netlify.toml", &base), SITE[1], SITE[2]], &[("netlify.toml", &head)]);
    let step = repository.run(&[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:0,log:0,file:1".replace("log:0,file:1", "file:1,log:0"));
    let comment = repository.with(|world| world.comments.clone()).pop().unwrap();
    assert!(comment.line.is_none() && comment.body.contains("+publish = \"dist\""), "{}", comment.body);

    let elsewhere = Repository::new("octo/elsewhere", &[("netlify.toml", BAD), SITE[1], SITE[2]], &[("README", "x\n")]);
    let step = elsewhere.run(&[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:0,log:0", "{}", step.log);
    assert!(elsewhere.with(|world| world.comments.is_empty() && world.check_runs[0].summary.contains("proven: set")));
    let patch = std::fs::read_to_string(elsewhere_patch(&step)).unwrap();
    assert!(patch.contains("+publish = \"dist\""), "{patch}");
    repository.assert_in_order();
    elsewhere.assert_in_order();
}

fn elsewhere_patch(step: &github::Step) -> std::path::PathBuf {
    assert_eq!(step.output("patch"), step.reports.join("heal.patch").display().to_string());
    step.reports.join("heal.patch")
}

#[test]
fn a_missing_right_is_named_once_and_every_finding_goes_to_the_next_place() {
    let repository = Repository::new("octo/rightless", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| world.rights = Rights::NONE);
    let step = repository.run(&[]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:0,suggestion:0,command:1,log:0"), "{}", step.log);
    assert_eq!(step.log.matches("lacks \"checks: write\" (GitHub says \"checks=write\")").count(), 1, "{}", step.log);
    assert_eq!(step.log.matches("lacks \"pull-requests: write\"").count(), 1, "{}", step.log);
    assert!(step.log.contains("::error file=netlify.toml,line=3,endLine=3,title=NTL011"), "{}", step.log);
    assert!(step.summary.contains("NTL011") && step.summary.contains("proven: set"), "{}", step.summary);
    repository.assert_in_order();
}

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

#[test]
fn limits_are_waited_out_and_said_when_they_are_too_long() {
    let repository = Repository::new("octo/limited", &SITE, &[("netlify.toml", BAD)]);
    let after = |seconds: &str| vec![("retry-after", seconds.to_owned())];
    repository.with(|world| {
        world.faults.push_back(Fault { headers: after("1"), ..fault("GET", "comments", 429) });
        world.faults.push_back(Fault {
            headers: after("1"),
            message: "secondary rate limit",
            ..fault("POST", "check-runs", 403)
        });
        world.faults.push_back(fault("GET", "check-runs", 502));
        world.faults.push_back(Fault { headers: after("900"), ..fault("POST", "reviews", 429) });
    });
    let step = repository.run(&[]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:1,suggestion:0,log:0"), "{}", step.log);
    assert!(step.log.contains("asks to wait 900 s"), "{}", step.log);
    assert_eq!(repository.with(|world| world.check_runs.len()), 1);
    repository.assert_in_order();
}

#[test]
fn a_lost_answer_makes_nothing_twice() {
    let repository = Repository::new("octo/lost", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| {
        world.faults.push_back(Fault { is_served: true, ..fault("POST", "check-runs", 502) });
        world.faults.push_back(Fault { is_served: true, ..fault("POST", "reviews", 502) });
    });
    let step = repository.run(&[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0", "{}", step.log);
    let (runs, comments) = repository.with(|world| (world.check_runs.clone(), world.comments.len()));
    assert_eq!((runs.len(), runs[0].annotations.len(), comments), (1, 1, 1));
    repository.assert_in_order();
}

#[test]
fn sixty_findings_cost_at_most_eight_requests_and_none_is_lost() {
    let rules: String = (0..60).map(|number| format!("/p{number}\n")).collect();
    let head = [("_redirects", rules.as_str()), ("netlify.toml", "[build]\npublish = \".\"\n")];
    let repository = Repository::new("octo/sixty", &[("index.html", "<h1>Hello</h1>\n")], &head);
    let step = repository.run(&[("fail-on", "warning")]);
    let run = repository.with(|world| world.check_runs.clone()).pop().unwrap();
    assert_eq!(run.annotations.len(), 60, "{}", step.log);
    let journal = repository.journal("");
    assert!(journal.len() <= 8, "{journal:#?}");
    let again = repository.run(&[("fail-on", "warning")]);
    assert_eq!(again.code, step.code);
    assert_eq!(repository.with(|world| (world.check_runs.len(), world.check_runs[0].annotations.len())), (1, 60));
    repository.assert_in_order();
}

#[test]
fn a_check_run_that_was_cut_short_is_completed_by_the_next_run() {
    let rules: String = (0..60).map(|number| format!("/p{number}\n")).collect();
    let head = [("_redirects", rules.as_str()), ("netlify.toml", "[build]\npublish = \".\"\n")];
    let repository = Repository::new("octo/short", &[("index.html", "<h1>Hello</h1>\n")], &head);
    repository.with(|world| world.faults.push_back(fault("PATCH", "check-runs", 502)));
    repository.run(&[]);
    assert_eq!(repository.with(|world| world.check_runs[0].annotations.len()), 50);
    repository.run(&[]);
    assert_eq!(repository.with(|world| (world.check_runs.len(), world.check_runs[0].annotations.len())), (1, 60));
}

#[test]
fn a_push_between_reading_and_writing_leaves_the_suggestions_to_the_next_run() {
    let repository = Repository::new("octo/raced", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| {
        let push = |world: &mut github::World| github::push(&world.folder, "topic", &[("netlify.toml", GOOD)]);
        world.meanwhile.push(("GET", "comments", Box::new(push)));
    });
    let event = repository.event("topic");
    let step = repository.run_on("pull_request", &event, &[]);
    assert!(step.log.contains("moved on"), "{}", step.log);
    assert!(repository.with(|world| world.comments.is_empty() && world.check_runs.len() == 1));
    repository.assert_in_order();
}

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
fn a_push_before_the_branch_is_moved_is_never_overwritten() {
    let repository = Repository::new("octo/overtaken", &SITE, &[("netlify.toml", BAD)]);
    repository.with(|world| {
        let push =
            |world: &mut github::World| github::push(&world.folder, "topic", &[("index.html", "<h1>New</h1>\n")]);
        world.meanwhile.push(("POST", "git/commits", Box::new(push)));
    });
    let event = repository.event("topic");
    let step = repository.run_on("pull_request", &event, &[("heal", "commit")]);
    assert!(step.log.contains("moved on"), "{}", step.log);
    assert_eq!(repository.file("topic", "index.html"), "<h1>New</h1>");
    assert_eq!(repository.file("topic", "netlify.toml"), BAD.trim_end());
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
fn a_merge_queue_gets_its_check_run_on_the_commit_of_the_queue() {
    let repository = Repository::new("octo/queued", &SITE, &[("netlify.toml", BAD)]);
    let head = repository.commit_of("topic");
    let payload = json!({"action": "checks_requested", "merge_group": {"head_sha": head},
        "repository": {"full_name": "octo/queued"}});
    let step = repository.run_on("merge_group", &payload, &[]);
    assert_eq!(step.code, FINDINGS, "{}", step.log);
    assert_eq!(repository.with(|world| world.check_runs[0].head.clone()), head);
    assert!(repository.journal("pulls").is_empty());
    repository.assert_in_order();
}

#[test]
fn two_pull_requests_of_one_commit_share_its_check_run() {
    let repository = Repository::new("octo/shared", &SITE, &[("netlify.toml", BAD)]);
    repository.branch("twin", "topic");
    repository.open("twin", "octo/shared");
    repository.run(&[]);
    let step = repository.run_on("pull_request", &repository.event("twin"), &[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0", "{}", step.log);
    let (runs, pulls) = repository.with(|world| {
        let pulls: Vec<u64> = world.comments.iter().map(|comment| comment.pull).collect();
        (world.check_runs.len(), pulls)
    });
    assert_eq!((runs, pulls), (1, vec![7, 8]));
    repository.assert_in_order();
}

#[test]
fn a_run_that_cannot_look_says_so_on_the_commit() {
    let repository = Repository::new("octo/unreadable", &SITE, &[(".chimera/config.toml", "fail_on = 7\n")]);
    let step = repository.run(&[]);
    assert_eq!(step.code, USAGE, "{}", step.log);
    let run = repository.with(|world| world.check_runs[0].clone());
    assert_eq!(run.conclusion, "failure");
    assert!(run.title.starts_with("Chimera could not finish: "), "{}", run.title);
    repository.assert_in_order();
}

#[test]
fn several_folders_have_a_check_run_each() {
    let base = [
        ("web/netlify.toml", GOOD),
        ("web/package.json", PACKAGE),
        ("web/index.html", "x\n"),
        ("docs/netlify.toml", "[build]\npublish = \".\"\n"),
        ("docs/index.html", "x\n"),
    ];
    let repository = Repository::new("octo/several", &base, &[("web/netlify.toml", BAD)]);
    let step = repository.run(&[("working-directory", "web\ndocs")]);
    assert_eq!((step.code, step.output("verdict")), (FINDINGS, "failed"), "{}", step.log);
    let mut runs = repository.with(|world| world.check_runs.clone());
    runs.sort_by(|one, other| one.name.cmp(&other.name));
    let verdicts: Vec<(&str, &str)> = runs.iter().map(|run| (run.name.as_str(), run.conclusion.as_str())).collect();
    assert_eq!(verdicts, [("Chimera: certify (docs)", "success"), ("Chimera: certify (web)", "failure")]);
    assert_eq!(repository.with(|world| world.comments[0].path.clone()), "web/netlify.toml");
    repository.assert_in_order();
}
