//! GHP007: every push of the branch takes the domain away.

use super::step::{editor, set_input};
use crate::platform::pages::domain::FILE;
use crate::platform::pages::outlet::{Outlet, Way};
use crate::platform::pages::publication::Pusher;
use crate::platform::pages::run::Run;
use crate::platform::pages::site::PagesSite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// The file that names the domain is not in the pushed folder.
pub(super) static RULE: Rule = Rule {
    id: "GHP007",
    name: "domain-lost",
    summary: "The published branch loses its domain with every push",
    docs: "\
## What happens

After a deployment the field for the domain in the settings is empty, and the site answers under `github.io` only.

## Why

For a site that is published from a branch the domain stands in a file `CNAME` at the root of that branch. A deployment \
replaces everything in it; a `CNAME` at the root of the source branch is not part of what is pushed.

## How to mend it

Put `CNAME` into the folder whose files are copied into the output, or give the domain to the action (`cname`) or the \
program (`gh-pages --cname`).
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs(
            "https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site/troubleshooting-custom-domains-and-github-pages",
            "2026-11-21",
        ),
        observed("https://github.com/tschaub/gh-pages/issues/236", "2026-11-21"),
        observed("https://github.com/alshedivat/al-folio/issues/130", "2026-11-21"),
        observed("https://github.com/bridgetownrb/bridgetown/issues/529", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Ok(text) = site.snapshot.text(FILE) else { return };
    let Some(host) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return };
    for outlet in site.outlets() {
        let (Way::Branch(pusher), Some(run)) = (outlet.way, site.run_of(&outlet)) else { continue };
        let Some(folder) = outlet.folder.as_deref().filter(|folder| !folder.is_empty()) else { continue };
        let is_kept = site.snapshot.is_file(&child(folder, FILE)) || is_given(site, &outlet, pusher, run);
        let product = run.build.products().find(|product| product.folder.path == folder);
        let Some(product) = product.filter(|product| !is_kept && !product.tool.assets.is_empty()) else { continue };
        let passed = || product.tool.assets.iter().map(|dir| child(&child(&product.dir, dir), FILE));
        if passed().any(|path| site.snapshot.is_file(&path)) {
            continue;
        }
        let fix = of_action(site, &outlet, pusher, host).or_else(|| {
            let path = passed().next()?;
            Some(Fix::create(Applicability::Safe, format!("add \"{path}\""), path, format!("{host}\n")))
        });
        out.report(
            RULE.finding(format!("the pushed branch holds no \"{FILE}\", so that it loses the domain \"{host}\""))
                .at(outlet.span)
                .label("replaces the whole branch")
                .note(format!("\"{FILE}\" at the root of the repository is not part of \"{folder}\""))
                .maybe_fix(fix),
        );
    }
}

/// Whether the domain reaches the branch, or what is there is kept.
fn is_given(site: &PagesSite<'_>, outlet: &Outlet, pusher: Pusher, run: &Run) -> bool {
    let step = outlet.place.and_then(|place| place.of(site.workflow.as_ref()?)).map(|(_, step)| step);
    let has = |name: &str| step.is_some_and(|step| step.input(name).is_some_and(|text| text.value != "false"));
    if run.commands.iter().any(|command| command.trace.mentions(FILE)) {
        return true;
    }
    match pusher {
        Pusher::Peaceiris => {
            ["cname", "keep_files", "destination_dir", "external_repository"].iter().any(|name| has(name))
        }
        Pusher::GhPages => {
            let mut calls = run.commands.iter().flat_map(|command| command.trace.runs("gh-pages"));
            calls.any(|call| {
                call.args.iter().any(|arg| {
                    let text = arg.text.as_str();
                    matches!(text, "--add" | "-a" | "--cname" | "-e" | "--dest" | "-r" | "--repo")
                        || text.starts_with("--cname=")
                })
            })
        }
        Pusher::CrazyMax => has("fqdn"),
        // What the branch holds already is kept, or nobody knows.
        Pusher::JamesIves | Pusher::Other | Pusher::MkDocs => true,
    }
}

fn of_action(site: &PagesSite<'_>, outlet: &Outlet, pusher: Pusher, host: &str) -> Option<Fix> {
    let key = match pusher {
        Pusher::Peaceiris => "cname",
        Pusher::CrazyMax => "fqdn",
        _ => return None,
    };
    let workflow = site.workflow.as_ref()?;
    let change = set_input(site, workflow, outlet.place?.of(workflow)?, (key, host));
    editor(site, workflow).fix(Applicability::Safe, format!("set \"{key}\" to \"{host}\""), [change])
}
