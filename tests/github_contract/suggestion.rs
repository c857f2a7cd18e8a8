//! Repairs as suggestions, on files, or in the patch.

use crate::github::{self, Repository};
use crate::trouble::fault;
use crate::{BAD, CLEAN, FINDINGS, GOOD, SITE};

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
fn a_file_with_windows_line_ends_gets_its_suggestion() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let base = [("netlify.toml", windows(GOOD)), (SITE[1].0, SITE[1].1.to_owned()), (SITE[2].0, SITE[2].1.to_owned())];
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let repository = Repository::new("octo/windows", &base, &[("netlify.toml", &windows(BAD))]);
    let step = repository.run(&[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0", "{}", step.log);
    repository.assert_in_order();
}

#[test]
fn a_diff_that_is_too_large_leaves_the_repairs_in_the_patch() {
    let repository = Repository::new("octo/vast", &SITE, &[("netlify.toml", BAD)]);
    // The first question about the pull request is where it stands, the second is for its diff.
    repository.with(|world| {
        let ask = |world: &mut github::World| world.faults.push_back(fault("GET", "pulls/7", 406));
        world.meanwhile.push(("GET", "pulls/7/comments", Box::new(|_| ())));
        world.meanwhile.push(("GET", "pulls/7", Box::new(ask)));
    });
    let step = repository.run(&[]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:1,suggestion:0,log:0"), "{}", step.log);
    assert!(step.summary.contains("proven: set"), "{}", step.summary);
}
