//! The check run: what it says, and that it is said once.

use serde_json::json;

use crate::github::{Repository, TOKEN};
use crate::trouble::fault;
use crate::{BAD, CLEAN, FINDINGS, GOOD, PACKAGE, SITE, USAGE};

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
    assert!(
        run.summary.contains("### Certificate **failed**") && run.summary.contains("Not certified: "),
        "{}",
        run.summary
    );
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
    let chain = "`ARIE_HEALTH_PASS` passed → `TRUTH_CERTIFICATION_PASS` passed → `HXO_FINAL_APPROVAL` passed";
    assert!(run.summary.contains(chain) && run.summary.contains("L0 (digest: nobody signed it)"), "{}", run.summary);
    assert!(
        run.summary.contains("chimeractl certificate verify certificate.intoto.jsonl --target "),
        "{}",
        run.summary
    );
    assert!(std::fs::read_to_string(step.output("certificate")).unwrap().lines().count() == 3);
    assert!(repository.with(|world| world.tokens.iter().all(|token| *token == format!("Bearer {TOKEN}"))));
    repository.assert_in_order();
}

/// A configuration with sixty dropped redirects beside a wrong folder.
fn sixty() -> String {
    let redirects: String =
        (0..60).map(|number| format!("\n[[redirects]]\nform = \"/p{number}\"\nto = \"/q\"\n")).collect();
    BAD.to_owned() + &redirects
}

#[test]
fn sixty_findings_cost_at_most_eight_requests_and_none_is_lost() {
    let repository = Repository::new("octo/sixty", &SITE, &[("netlify.toml", &sixty())]);
    let step = repository.run(&[]);
    let (runs, comments) = repository.with(|world| (world.check_runs.clone(), world.comments.len()));
    assert_eq!((runs.len(), runs[0].annotations.len()), (1, 61), "{}", step.log);
    assert_eq!(runs[0].annotations[0]["annotation_level"], "failure", "the worst comes first");
    let suggested = repository.with(|world| world.comments.iter().filter(|comment| comment.line.is_some()).count());
    assert_eq!(
        (suggested, comments),
        (30, 31),
        "thirty suggestions, and one comment on the file for what was not tried"
    );
    let journal = repository.journal("");
    assert!(journal.len() <= 8, "{journal:#?}");
    let again = repository.run(&[]);
    assert_eq!((again.code, again.output("sinks")), (step.code, step.output("sinks")));
    let (runs, twice) = repository.with(|world| (world.check_runs.clone(), world.comments.len()));
    assert_eq!((runs.len(), runs[0].annotations.len(), twice), (1, 61, comments));
    repository.assert_in_order();
}

#[test]
fn a_check_run_that_was_cut_short_is_completed_by_the_next_run() {
    let repository = Repository::new("octo/short", &SITE, &[("netlify.toml", &sixty())]);
    repository.with(|world| world.faults.push_back(fault("PATCH", "check-runs", 502)));
    repository.run(&[]);
    assert_eq!(repository.with(|world| world.check_runs[0].annotations.len()), 50);
    repository.run(&[]);
    assert_eq!(repository.with(|world| (world.check_runs.len(), world.check_runs[0].annotations.len())), (1, 61));
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
    std::fs::write(repository.workspace().join(".chimera/config.toml"), "fail_on = \"error\"\n").unwrap();
    let step = repository.run(&[]);
    assert_eq!(step.code, CLEAN, "{}", step.log);
    let runs = repository.with(|world| world.check_runs.clone());
    assert_eq!((runs.len(), runs[0].conclusion.as_str()), (1, "success"), "the run that could look takes its place");
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

#[test]
fn the_log_is_enough_for_those_who_want_nothing_else() {
    let repository = Repository::new("octo/quiet", &SITE, &[("netlify.toml", BAD)]);
    let step = repository.run(&[("report", "log")]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:0,suggestion:0,log:1"), "{}", step.log);
    assert!(!step.log.contains("::error") && step.log.contains("NTL011"), "{}", step.log);
    assert!(repository.journal("").is_empty(), "nothing is asked and nothing is written");
}

#[test]
fn the_job_itself_can_carry_the_annotations() {
    let repository = Repository::new("octo/job", &SITE, &[("netlify.toml", &sixty())]);
    let step = repository.run(&[("report", "job"), ("heal", "off")]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:0,job:61,suggestion:0,log:0"), "{}", step.log);
    let (runs, job) = repository.with(|world| (world.check_runs.len(), world.job.clone()));
    assert_eq!((runs, job.annotations.len(), job.name.as_str()), (0, 61, "certify"));
    assert!(job.title.starts_with("Would fail on Netlify: ") && !step.log.contains("::error"), "{}", step.log);
    assert!(step.output("check-run-url").ends_with("/runs/90"), "{}", step.outputs);
    repository.assert_in_order();
    repository.with(|world| world.rights.checks = false);
    let step = repository.run(&[("report", "job"), ("heal", "off")]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:0,suggestion:0,command:10,log:51"), "{}", step.log);
    assert!(step.log.contains("lacks \"checks: write\""), "{}", step.log);
}

#[test]
fn a_comment_with_the_verdict_is_written_again_and_never_twice() {
    let repository = Repository::new("octo/overview", &SITE, &[("netlify.toml", BAD)]);
    let always = [("comment", "always"), ("heal", "off")];
    repository.with(|world| world.issue_comments.push((7, "looks good".to_owned())));
    let step = repository.run(&always);
    let comments = repository.with(|world| world.issue_comments.clone());
    assert_eq!((step.code, comments.len(), comments[1].0), (FINDINGS, 2, 7), "{}", step.log);
    assert!(comments[1].1.contains("### Would fail on Netlify: "), "{}", comments[1].1);
    let written = |part: &str| repository.journal("issues").iter().filter(|line| line.contains(part)).count();
    repository.push("topic", &[("netlify.toml", GOOD)]);
    repository.check_out("topic");
    repository.run(&always);
    let comments = repository.with(|world| world.issue_comments.clone());
    assert_eq!((written("POST"), written("PATCH"), comments.len()), (1, 1, 2));
    assert!(comments[1].1.contains("### Would build and deploy on Netlify"), "{}", comments[1].1);
    assert_eq!(comments[0].1, "looks good");
    repository.assert_in_order();
}

#[test]
fn the_configuration_of_the_repository_says_what_fails_unless_the_workflow_does() {
    let toml = "[build]\npublish = \".\"\n\n[[redirects]]\nto = \"/q\"\n";
    let head = [("netlify.toml", toml), (".chimera/config.toml", "fail_on = \"warning\"\n")];
    let repository = Repository::new("octo/threshold", &[("index.html", "x\n")], &head);
    for (fail_on, code, conclusion) in [("error", FINDINGS, "failure"), ("never", CLEAN, "success")] {
        let step = repository.run(&[("fail-on", fail_on), ("heal", "off")]);
        assert_eq!(step.code, code, "{}", step.log);
        assert_eq!(repository.with(|world| world.check_runs[0].conclusion.clone()), conclusion);
    }
    repository.assert_in_order();
}
