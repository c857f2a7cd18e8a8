//! Check runs: annotations are appended, everything else is replaced.

use serde_json::{Value, json};

use super::answer::{Answer, forbidden, json_of, refusal};
use super::route::{ROOT, like, text_of};
use super::{CheckRun, JOB, World, example, git};

/// The check run that GitHub made for the running job.
pub(super) fn of_job() -> CheckRun {
    CheckRun {
        id: JOB,
        name: "certify".to_owned(),
        head: "0".repeat(40),
        external_id: String::new(),
        conclusion: String::new(),
        title: String::new(),
        summary: String::new(),
        text: String::new(),
        annotations: Vec::new(),
    }
}

pub(super) fn shown_run(run: &CheckRun, world: &World) -> Value {
    let page = format!("https://github.com/{}/runs/{}", world.name, run.id);
    json!({
        "id": run.id, "name": run.name, "head_sha": run.head, "external_id": run.external_id, "status": "completed",
        "conclusion": run.conclusion, "html_url": page, "pull_requests": [],
        "output": {"title": run.title, "summary": run.summary, "text": run.text,
            "annotations_count": run.annotations.len()},
    })
}

pub(super) fn list_check_runs(world: &World, head: &str, name: &str) -> Answer {
    let of_head = world.check_runs.iter().filter(|run| run.head == head && run.name == name);
    let example = example::of("get", &format!("{ROOT}/commits/{{ref}}/check-runs"), "200")["check_runs"][0].clone();
    let runs: Vec<Value> = of_head.map(|run| example::with(example.clone(), shown_run(run, world))).collect();
    json_of(200, &json!({"total_count": runs.len(), "check_runs": runs}))
}

pub(super) fn write_run(run: &mut CheckRun, body: &Value) {
    for (member, target) in [
        (&body["name"], &mut run.name),
        (&body["external_id"], &mut run.external_id),
        (&body["conclusion"], &mut run.conclusion),
        (&body["output"]["title"], &mut run.title),
        (&body["output"]["summary"], &mut run.summary),
        (&body["output"]["text"], &mut run.text),
    ] {
        if let Some(text) = member.as_str() {
            *target = text.to_owned();
        }
    }
    run.annotations.extend(body["output"]["annotations"].as_array().into_iter().flatten().cloned());
}

pub(super) fn create_check_run(world: &mut World, body: &Value) -> Answer {
    if !world.rights.checks {
        return forbidden("checks=write");
    }
    let head = text_of(&body["head_sha"]);
    if git::attempt(&world.folder, &["cat-file", "-e", &head], b"").is_err() {
        return refusal(422, "No commit found for SHA");
    }
    let mut run = CheckRun {
        id: world.new_id(),
        head,
        name: String::new(),
        external_id: String::new(),
        conclusion: String::new(),
        title: String::new(),
        summary: String::new(),
        text: String::new(),
        annotations: Vec::new(),
    };
    write_run(&mut run, body);
    let shown = like("post", "/check-runs", "201", shown_run(&run, world));
    world.check_runs.push(run);
    json_of(201, &shown)
}

pub(super) fn update_check_run(world: &mut World, id: &str, body: &Value) -> Answer {
    if !world.rights.checks {
        return forbidden("checks=write");
    }
    if id == JOB.to_string() {
        // A workflow's token may not say how a job of Actions has ended.
        if ["name", "status", "conclusion"].iter().any(|member| body.get(member).is_some()) {
            return refusal(422, "Check run is made by GitHub Actions");
        }
        write_run(&mut world.job, body);
        let shown = json!({"id": JOB, "html_url": format!("https://github.com/{}/runs/{JOB}", world.name)});
        return json_of(200, &like("patch", "/check-runs/{check_run_id}", "200", shown));
    }
    let Some(at) = world.check_runs.iter().position(|run| run.id.to_string() == id) else {
        return refusal(404, "Not Found");
    };
    write_run(&mut world.check_runs[at], body);
    let shown = shown_run(&world.check_runs[at], world);
    json_of(200, &like("patch", "/check-runs/{check_run_id}", "200", shown))
}
