//! What Pages would do and why, as lines for people and programs.

use std::collections::BTreeSet;

use crate::project::path::display;
use crate::sim::known::Because;
use crate::sim::plan::{Decision, Step};
use crate::sim::stage::Stage;

use super::outlet::Way;
use super::run::{CHECKOUT, Run};
use super::site::{PagesSite, Source};
use super::workflow::{Grant, Workflow};

/// What Pages would decide.
pub(super) fn decisions(site: &PagesSite<'_>) -> Vec<Decision> {
    let mut found = Vec::new();
    // What several jobs or commands decide alike is said once.
    let mut seen = BTreeSet::new();
    let mut add = |name: &str, value: String, because: Because| {
        if seen.insert((name.to_owned(), value.clone())) {
            found.push(Decision { name: name.to_owned(), value, because, overrides: None });
        }
    };
    match site.source {
        Source::Workflow => add("source", "a workflow".to_owned(), Because::Present(site.place.clone())),
        Source::Script => {
            if let Some(script) = &site.script {
                let value = format!("the branch that the script \"{}\" pushes", script.name);
                add("source", value, Because::Written(script.span));
            }
        }
        Source::Classic => {
            add("source", "a branch, built by Pages itself".to_owned(), Because::Default("no workflow publishes"));
        }
        Source::Unknown => {
            let why = "no workflow, script or Jekyll site is here";
            add("source", "unknown".to_owned(), Because::Default(why));
            return found;
        }
    }
    if let Some(workflow) = &site.workflow {
        triggers(workflow, &mut add);
    }
    for (job, run) in site.relevant().filter_map(|job| Some((job, site.runs.get(job)?))) {
        if let Some(workflow) = &site.workflow {
            of_job(workflow, job, run, &mut add);
        }
        for product in run.build.products() {
            add("generator", product.tool.name.to_owned(), Because::Written(product.span));
            let because = product.folder.because.iter().find(|span| span.is_written());
            let because = because.map_or(Because::Default("what the generator writes"), |span| Because::Written(*span));
            add("output", display(&product.folder.path).to_owned(), because);
        }
    }
    for outlet in site.outlets() {
        let folder = outlet.folder.as_deref().map_or("unknown", display);
        let way = if outlet.way == Way::Artifact { "an artifact" } else { "a branch" };
        add("publish", format!("{folder}, as {way}"), Because::Written(outlet.span));
    }
    if site.snapshot.is_file(".nojekyll") {
        add("jekyll", "off for a branch".to_owned(), Because::Present(".nojekyll".to_owned()));
    }
    if let Some(repository) = &site.repository {
        add("repository", repository.value.to_string(), repository.because.clone());
        if let Some(domain) = site.domain() {
            let is_host = !domain.value.contains(' ');
            add("address", if is_host { format!("https://{}/", domain.value) } else { domain.value }, domain.because);
        } else {
            add("address", repository.value.address(), Because::Default("what Pages gives without a domain"));
        }
    }
    found
}

/// How a job gets its files and what its token may do.
fn of_job(workflow: &Workflow, index: usize, run: &Run, add: &mut impl FnMut(&str, String, Because)) {
    let Some(job) = workflow.jobs.get(index) else { return };
    if let Some((checkout, step)) = run.checkout.as_ref().and_then(|it| Some((it, job.steps.get(it.step)?))) {
        let word = |flag: Option<bool>, what: &str| match flag {
            Some(true) => format!("with {what}"),
            Some(false) => format!("without {what}"),
            None => format!("{what} unknown"),
        };
        let value = format!("{}, {}", word(checkout.with_submodules, "submodules"), word(checkout.with_lfs, "Git LFS"));
        add("checkout", value, Because::Written(step.place()));
    }
    if let Some(permissions) = workflow.permissions_of(job) {
        let value = match &permissions.grant {
            Grant::All(access) => format!("{} for everything", access.name()),
            Grant::Unknown => "unknown".to_owned(),
            Grant::Listed(scopes) => {
                let list = scopes.iter().map(|(scope, access)| format!("{scope}: {}", access.name()));
                list.collect::<Vec<_>>().join(", ")
            }
        };
        add("permissions", format!("{value} ({})", job.id), Because::Written(permissions.key_span));
    }
    if let Some(environment) = &job.environment {
        let name = environment.name.as_ref().map_or("unknown", |name| name.value.as_str());
        add("environment", format!("{name} ({})", job.id), Because::Written(environment.span));
    }
}

fn triggers(workflow: &Workflow, add: &mut impl FnMut(&str, String, Because)) {
    for event in &workflow.triggers.events {
        let branches = event.filter.branches.as_ref();
        let branches = branches.map(|list| list.iter().map(|text| text.value.as_str()).collect::<Vec<_>>().join(", "));
        let value = branches.map_or_else(|| event.name.clone(), |list| format!("{} to {list}", event.name));
        add("trigger", value, Because::Written(event.span));
    }
}

/// The steps of all jobs that the site hangs on.
pub(super) fn steps(site: &PagesSite<'_>) -> Vec<Step> {
    let Some(workflow) = &site.workflow else { return classic_steps(site) };
    let jobs = site.relevant().filter_map(|job| workflow.jobs.get(job));
    let steps = jobs.flat_map(|job| job.steps.iter().filter(|step| !step.is_off()).map(move |step| (job, step)));
    let one = |(job, step): (&super::workflow::Job, &super::workflow::Step)| {
        let action = step.action.as_ref().map(|action| action.name.as_str());
        let stage = match action {
            Some(CHECKOUT) => Stage::Checkout,
            Some(name) if name.starts_with("actions/setup-") => Stage::Toolchain,
            Some(super::publication::UPLOAD) => Stage::Publish,
            Some(super::publication::DEPLOY) => Stage::Deploy,
            Some(name) if super::publication::is_pusher(name) => Stage::Deploy,
            _ => Stage::Build,
        };
        let what = action.map(str::to_owned).or_else(|| {
            let first = step.run.as_ref()?.value.lines().find(|line| !line.trim().is_empty())?;
            Some(first.trim().to_owned())
        });
        Some(Step { stage, event: "step", name: format!("{}: {}", job.id, what?) })
    };
    steps.filter_map(one).collect()
}

fn classic_steps(site: &PagesSite<'_>) -> Vec<Step> {
    if site.source != Source::Classic {
        return Vec::new();
    }
    vec![Step { stage: Stage::Build, event: "build", name: "jekyll build, as Pages configures it".to_owned() }]
}
