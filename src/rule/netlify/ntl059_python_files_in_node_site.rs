//! NTL059: Python files in the base directory of a JavaScript site are installed as well.

use crate::platform::netlify::function::made;
use crate::platform::netlify::python;
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::{Invocation, Reach, Via};
use crate::project::path::{child, display, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// Python manifests lie beside the `package.json` of a site that does not use Python.
pub(super) static RULE: Rule = Rule {
    id: "NTL059",
    name: "python-files-in-node-site",
    summary: "Python files in the base directory start a Python install for a JavaScript site",
    docs: "\
## What happens

Before the build command runs, Netlify sets Python up and installs what these files list. That takes time, and fails the \
build if a package or a version cannot be had there, although the site needs none of it.

## Why

The platform looks for `requirements.txt`, `Pipfile`, `runtime.txt` and `.python-version` in the base directory, whatever the \
build command does. A repository that holds a front end and a Python back end side by side has both in one folder.

## How to mend it

Put the front end into a folder of its own and set `base` to it, or move the Python files into the folder of the back \
end. A repair never deletes or renames \
what somebody has committed, so the command is only shown.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Always,
    evidence: &[
        source("https://github.com/netlify/build-image/blob/focal/run-build-functions.sh", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/398", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/141", "2026-11-20"),
        observed("https://github.com/opengaming/osgameclones/issues/1522", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Programs of JavaScript sites, and plain ones of the shell.
const NODE_PROGRAMS: [&str; 52] = [
    "11ty",
    "astro",
    "bun",
    "cp",
    "craco",
    "cross-env",
    "docusaurus",
    "eleventy",
    "ember",
    "esbuild",
    "gatsby",
    "gridsome",
    "gulp",
    "grunt",
    "hexo",
    "lerna",
    "mkdir",
    "mv",
    "next",
    "ng",
    "node",
    "npm",
    "npm-run-all",
    "npx",
    "nuxi",
    "nuxt",
    "nx",
    "parcel",
    "pnpm",
    "postcss",
    "preact",
    "quasar",
    "react-scripts",
    "react-router",
    "redwood",
    "remix",
    "rm",
    "rimraf",
    "rollup",
    "run-p",
    "run-s",
    "sass",
    "svelte-kit",
    "tailwindcss",
    "tsc",
    "turbo",
    "vite",
    "vitepress",
    "vue-cli-service",
    "vue-tsc",
    "webpack",
    "yarn",
];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(file) = python::FILES.iter().find(|file| python::has(site, file)) else { return };
    let Some(trace) = site.plan.as_ref().and_then(|plan| plan.trace.as_ref()) else { return };
    let runs = || trace.invocations.iter().filter(|run| run.reach != Reach::Never);
    let is_open = trace.gaps.iter().any(|gap| gap.reach != Reach::Never);
    let uses_python = made::commands(site).iter().any(|command| python::is_used_in(command));
    if site.manifest().is_none() || runs().next().is_none() || is_open || uses_python || !runs().all(is_of_node) {
        return;
    }
    let path = child(site.build_dir(), file);
    let is_version_only = matches!(*file, ".python-version");
    let finding = RULE
        .finding(format!("\"{path}\" makes Netlify set Python up, which the build command does not use"))
        .at_path(path.clone())
        .note(format!("the base directory is \"{}\"", display(site.build_dir())))
        .help("set \"base\" to the folder of the front end, or move the Python files out of it")
        .fix(Fix::show(moved(site, &path)));
    out.report(if is_version_only { finding.severity(Severity::Low) } else { finding });
}

/// The command that takes the file away: to the first folder with a Python program, or out of the repository.
fn moved(site: &NetlifySite<'_>, path: &str) -> String {
    let programs = site.snapshot.below(site.build_dir()).iter().filter(|entry| entry.path.ends_with(".py"));
    let mut folders = programs.filter_map(|entry| {
        let (folder, _) = strip(&entry.path, site.build_dir())?.split_once('/')?;
        (!folder.starts_with('.') && folder != "node_modules").then(|| child(site.build_dir(), folder))
    });
    match folders.next() {
        Some(folder) => format!("run \"git mv {path} {folder}/\""),
        None => format!("run \"git rm {path}\" if nothing else uses it"),
    }
}

fn is_of_node(run: &Invocation) -> bool {
    run.is_harmless() || run.via != Via::Path || NODE_PROGRAMS.contains(&run.name())
}
