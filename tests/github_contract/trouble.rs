//! Missing rights, limits, lost answers, races, and hostile names.

use crate::github::{self, Fault, Repository, Rights};
use crate::{BAD, FINDINGS, GOOD, PACKAGE, SITE, USAGE};

pub(crate) fn fault(method: &'static str, place: &'static str, status: u16) -> Fault {
    let (headers, message, is_served) = (Vec::new(), "", false);
    Fault { method, place, status, headers, message, is_served }
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
fn the_token_stands_nowhere_whatever_goes_wrong() {
    for (name, status) in [("octo/canary", None), ("octo/canary-bad", Some(401)), ("octo/canary-down", Some(500))] {
        let repository = Repository::new(name, &SITE, &[("netlify.toml", BAD)]);
        repository.with(|world| {
            let faults =
                ["comments", "check-runs"].map(|place| ("GET", place)).into_iter().chain([("POST", "check-runs")]);
            world.faults.extend(
                status
                    .into_iter()
                    .flat_map(|status| faults.clone().map(move |(method, place)| fault(method, place, status))),
            );
        });
        let step = repository.run(&[]);
        assert_eq!(step.code, FINDINGS, "{}", step.log);
        let said = repository.with(|world| format!("{:?} {:?} {:?}", world.check_runs, world.comments, world.reviews));
        let mut all = vec![step.log.clone(), step.summary.clone(), step.outputs.clone(), said];
        for file in std::fs::read_dir(&step.reports).unwrap() {
            all.push(std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
        assert_eq!(all.len(), 9, "four report files and the certificate");
        assert!(!all.iter().any(|text| text.contains("c4n4rY")), "{all:#?}");
    }
}

#[test]
fn names_that_want_to_break_out_reach_github_as_names() {
    let folder = "we`b|<b>##[error]x::\u{202e}@org";
    let at = |name: &str| format!("{folder}/{name}");
    let (toml, package, index) = (at("netlify.toml"), at("package.json"), at("index.html"));
    let base = [(toml.as_str(), GOOD), (&package, PACKAGE), (&index, "x\n")];
    let repository = Repository::new("octo/hostile", &base, &[(&toml, BAD)]);
    let step = repository.run(&[("working-directory", folder)]);
    assert_eq!((step.code, step.output("sinks")), (FINDINGS, "check:1,suggestion:1,log:0"), "{}", step.log);
    assert!(!step.log.lines().any(|line| line.contains("##[") || line.trim_start().starts_with("::")), "{}", step.log);
    let (run, comment) = repository.with(|world| (world.check_runs[0].clone(), world.comments[0].clone()));
    assert_eq!((run.annotations[0]["path"].as_str(), comment.path.as_str()), (Some(toml.as_str()), toml.as_str()));
    assert!(!run.summary.contains('\u{202e}'), "{}", run.summary);
    let refused = repository.run(&[("working-directory", "##[error]no/such\u{202e}")]);
    assert_eq!(refused.code, USAGE, "{}", refused.log);
    assert!(!refused.log.contains("##[") && !refused.log.contains('\u{202e}'), "{}", refused.log);
    repository.assert_in_order();
}

#[test]
fn two_runs_at_once_agree_and_the_next_one_takes_twins_back() {
    let repository = Repository::new("octo/at-once", &SITE, &[("netlify.toml", BAD)]);
    let codes = std::thread::scope(|scope| {
        let runs = [(); 2].map(|()| scope.spawn(|| repository.run(&[]).code));
        runs.map(|run| run.join().unwrap())
    });
    assert_eq!(codes, [FINDINGS, FINDINGS]);
    let titles = repository.with(|world| world.check_runs.iter().map(|run| run.title.clone()).collect::<Vec<_>>());
    assert!(titles.windows(2).all(|pair| pair[0] == pair[1]), "both say the same: {titles:?}");
    let (runs, notes) = (titles.len(), |world: &mut github::World| world.check_runs[0].annotations.len());
    let step = repository.run(&[]);
    assert_eq!(step.output("sinks"), "check:1,suggestion:1,log:0", "{}", step.log);
    let (after, comments) = repository.with(|world| (world.check_runs.len(), world.comments.len()));
    assert_eq!((after, comments, repository.with(notes)), (runs, 1, 1));
    repository.assert_in_order();
}
