//! GHP014: pointers of Git LFS are published in the place of files.

use super::step::{editor, set_input};
use crate::platform::pages::outlet::Outlet;
use crate::platform::pages::site::{PagesSite, Source};
use crate::platform::pages::workflow::Step;
use crate::project::lfs::{self, Lfs};
use crate::project::path::child;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// Neither Pages nor a checkout fetches them unasked.
pub(super) static RULE: Rule = Rule {
    id: "GHP014",
    name: "lfs-not-fetched",
    summary: "Files in Git LFS are published as pointers",
    docs: "\
## What happens

Images and downloads are texts of three lines that begin with `version https://git-lfs.github.com/spec/v1`.

## Why

Git keeps a pointer in the place of a file that Git LFS holds. Pages does not fetch the file behind it for a site that it \
builds from a branch, and `actions/checkout` does so only with `lfs: true`.

## How to mend it

Give `lfs: true` to the checkout; or keep the files of the site out of LFS.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-git-large-file-storage", "2026-11-21"),
        source("https://github.com/actions/checkout/blob/main/action.yml", "2026-11-21"),
        observed("https://github.com/Mikaela/mikaela.github.io/issues/126", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

/// Files that are opened at most: contents may be large.
const MAX_OPENED: usize = 3;

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let lfs = Lfs::of(site.snapshot);
    if lfs.first.is_none() {
        return;
    }
    if site.source == Source::Classic {
        if let Some(path) = pointer(site, &lfs, "") {
            out.report(finding(site, &lfs, &path).help("keep the files of the site out of Git LFS"));
        }
        return;
    }
    for outlet in site.outlets() {
        let Some((fix, path)) = fetched(site, &outlet, &lfs) else { continue };
        out.report(finding(site, &lfs, &path).related(outlet.span, "is published").maybe_fix(fix));
    }
}

/// A pointer that is published, with what would fetch its file.
fn fetched(site: &PagesSite<'_>, outlet: &Outlet, lfs: &Lfs) -> Option<(Option<Fix>, String)> {
    let workflow = site.workflow.as_ref()?;
    let place = outlet.place?;
    let (job, _) = place.of(workflow)?;
    let run = site.runs.get(place.job)?;
    let checkout = run.checkout.as_ref().filter(|checkout| checkout.with_lfs == Some(false))?;
    let is_pulled = |step: &Step| {
        step.run.as_ref().is_some_and(|run| run.value.contains("lfs"))
            || step.action.as_ref().is_some_and(|action| action.name.contains("lfs"))
    };
    if job.steps.iter().any(is_pulled) {
        return None;
    }
    let folder = outlet.folder.as_deref()?;
    let product = run.build.products().find(|product| product.folder.path == folder);
    let path = match product {
        Some(product) => {
            let mut dirs = product.tool.assets.iter().map(|dir| child(&product.dir, dir));
            dirs.find_map(|dir| pointer(site, lfs, &dir))?
        }
        None if site.snapshot.is_dir(folder) => pointer(site, lfs, folder)?,
        None => return None,
    };
    let step = job.steps.get(checkout.step)?;
    let change = set_input(site, workflow, (job, step), ("lfs", "true"));
    Some((editor(site, workflow).fix(Applicability::Safe, "fetch the files of Git LFS", [change]), path))
}

/// A file below a folder that is a pointer here, too.
fn pointer(site: &PagesSite<'_>, lfs: &Lfs, dir: &str) -> Option<String> {
    let is_served = |path: &str| !path.split('/').any(|part| part.starts_with('.'));
    let files = lfs.files(site.snapshot, dir).filter(|entry| is_served(&entry.path));
    files.take(MAX_OPENED).find(|entry| lfs::is_pointer(site.snapshot, entry)).map(|entry| entry.path.to_string())
}

fn finding(site: &PagesSite<'_>, lfs: &Lfs, path: &str) -> Finding {
    let finding = RULE.finding(format!("\"{path}\" is kept in Git LFS, and its pointer is published")).at_path(path);
    let attributes = lfs.first.as_ref().and_then(|(path, _)| site.open(path));
    match attributes {
        Some((file, _)) => finding.at(lfs.span(file)).label("handed to LFS"),
        None => finding,
    }
}
