//! What the files of a repository do not say about its site on Pages.

use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;

use super::site::{PagesSite, Source};

fn unknown(stage: Stage, what: impl Into<String>, would_change: &str, tell: Option<&str>, decides: bool) -> Unknown {
    Unknown { stage, what: what.into(), would_change: would_change.to_owned(), tell: tell.map(str::to_owned), decides }
}

/// Everything that is not known.
pub(super) fn unknowns(site: &PagesSite<'_>) -> Vec<Unknown> {
    if let Some(reason) = &site.unreadable {
        let what = format!("what \"{}\" does: it {reason}", site.place);
        return vec![unknown(Stage::Workflow, what, "whether anything is published", None, true)];
    }
    if site.source == Source::Unknown {
        let what = "how the site gets to Pages: no workflow, script or Jekyll site is here";
        let tell = Some("add a workflow that uses \"actions/deploy-pages\"");
        return vec![unknown(Stage::Workflow, what, "everything", tell, true)];
    }
    let mut found = Vec::new();
    of_settings(site, &mut found);
    of_address(site, &mut found);
    of_build(site, &mut found);
    found
}

/// What is set in the repository's settings.
fn of_settings(site: &PagesSite<'_>, found: &mut Vec<Unknown>) {
    if site.source == Source::Classic {
        let what = "whether Pages is set to build the root of a branch in the settings of the repository";
        found.push(unknown(Stage::Build, what, "which folder is built", None, false));
    }
    let Some(workflow) = site.workflow.as_ref().filter(|_| !site.publication.deploys.is_empty()) else { return };
    let what = "whether the source of Pages is set to GitHub Actions in the settings of the repository";
    found.push(unknown(Stage::Deploy, what, "whether a deployment is accepted", None, false));
    let mut jobs = site.publication.deploys.iter().filter_map(|place| workflow.jobs.get(place.job));
    if let Some(job) = jobs.find(|job| job.environment.is_none()) {
        let what =
            format!("whether Pages lets the job \"{}\" deploy without an environment, as it rarely does", job.id);
        found.push(unknown(Stage::Deploy, what, "whether the deployment is refused", None, true));
    }
}

/// Under which address the site will live.
fn of_address(site: &PagesSite<'_>, found: &mut Vec<Unknown>) {
    if site.repository.is_none() {
        let tell = Some("give --repository OWNER/NAME");
        let would_change = "whether pages find their files below /NAME/";
        found.push(unknown(Stage::Routing, "the name of the repository", would_change, tell, site.needs_name));
    }
    let proofs = site.misplaced.iter().map(|it| &it.proof).chain(site.addresses.iter().map(|it| &it.proof));
    if proofs.into_iter().any(Option::is_none) {
        let what = "whether the settings of the repository give the site a domain of its own";
        let tell = Some("add a CNAME, or give the address in README.md or \"homepage\" of package.json");
        found.push(unknown(Stage::Routing, what, "whether pages find their files", tell, true));
    }
}

/// What jobs do that cannot be followed.
fn of_build(site: &PagesSite<'_>, found: &mut Vec<Unknown>) {
    let Some(workflow) = &site.workflow else { return };
    for outlet in site.outlets() {
        let (Some(run), Some(place)) = (site.run_of(&outlet), outlet.place) else { continue };
        let Some((job, _)) = place.of(workflow).filter(|_| !run.is_known_before(place.step)) else { continue };
        let what = format!("all that the job \"{}\" does before it publishes", job.id);
        found.push(unknown(Stage::Build, what, "whether the published folder is there", None, false));
    }
}
