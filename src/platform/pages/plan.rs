//! What Pages would do and why, as lines for people and programs.

use crate::project::path::display;
use crate::sim::known::Because;
use crate::sim::plan::{Decision, Step, Unknown};
use crate::sim::stage::Stage;

use super::run::CHECKOUT;
use super::site::{PagesSite, Source};
use super::workflow::Workflow;

/// What Pages would decide.
pub(super) fn decisions(site: &PagesSite<'_>) -> Vec<Decision> {
    let mut found = Vec::new();
    let mut add = |name: &str, value: String, because: Because| {
        found.push(Decision { name: name.to_owned(), value, because, overrides: None });
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
        Source::Unknown => return found,
    }
    if let Some(workflow) = &site.workflow {
        triggers(workflow, &mut add);
    }
    for run in &site.runs {
        for product in run.build.products() {
            add("generator", product.tool.name.to_owned(), Because::Written(product.span));
            let because = product.folder.because.iter().find(|span| span.is_written());
            let because = because.map_or(Because::Default("what the generator writes"), |span| Because::Written(*span));
            add("output", display(&product.folder.path).to_owned(), because);
        }
    }
    for outlet in site.outlets() {
        let value = outlet.folder.as_deref().map_or("unknown", display).to_owned();
        add("publish", value, Because::Written(outlet.span));
    }
    if let Some(repository) = &site.repository {
        add("repository", repository.value.to_string(), repository.because.clone());
        if let Some(domain) = site.domain() {
            add("address", format!("https://{}/", domain.value), domain.because);
        } else {
            add("address", repository.value.address(), Because::Default("what Pages gives without a domain"));
        }
    }
    found
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

/// What the files do not say.
pub(super) fn unknowns(site: &PagesSite<'_>) -> Vec<Unknown> {
    let unknown = |stage, what: &str, would_change: &str, tell: Option<&str>, decides| Unknown {
        stage,
        what: what.to_owned(),
        would_change: would_change.to_owned(),
        tell: tell.map(str::to_owned),
        decides,
    };
    let mut found = Vec::new();
    if let Some(reason) = &site.unreadable {
        let what = format!("what \"{}\" does: it {reason}", site.place);
        found.push(unknown(Stage::Workflow, &what, "whether anything is published", None, true));
        return found;
    }
    match site.source {
        Source::Unknown => {
            let tell = Some("add a workflow that uses \"actions/deploy-pages\"");
            found.push(unknown(
                Stage::Workflow,
                "how the site gets to Pages: no workflow, script or Jekyll site is here",
                "everything",
                tell,
                true,
            ));
            return found;
        }
        Source::Classic => {
            let what = "the source of Pages: a branch and its folder are set in the settings of the repository";
            found.push(unknown(Stage::Build, what, "which folder is built", None, true));
        }
        Source::Workflow | Source::Script => {}
    }
    if !site.publication.deploys.is_empty() {
        let what = "whether the source of Pages is set to GitHub Actions in the settings of the repository";
        found.push(unknown(Stage::Deploy, what, "whether a deployment is accepted", None, false));
    }
    if site.repository.is_none() {
        let tell = Some("give --repository OWNER/NAME");
        found.push(unknown(
            Stage::Routing,
            "the name of the repository",
            "whether pages find their files below /NAME/",
            tell,
            false,
        ));
    }
    for (job, run) in site.relevant().filter_map(|job| Some((job, site.runs.get(job)?))) {
        let Some(step) = run.gaps.first() else { continue };
        let name = site.workflow.as_ref().and_then(|workflow| workflow.jobs.get(job)).map(|job| job.id.clone());
        let what = format!("what step {} of the job \"{}\" does", step + 1, name.unwrap_or_default());
        found.push(unknown(Stage::Build, &what, "whether the published folder is there", None, false));
    }
    found
}
