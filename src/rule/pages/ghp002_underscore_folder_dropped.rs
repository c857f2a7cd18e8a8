//! GHP002: folders that begin with an underscore are not published from a branch.

use crate::platform::pages::outlet::{Outlet, Way};
use crate::platform::pages::publication::Pusher;
use crate::platform::pages::site::{PagesSite, Source};
use crate::project::output::Product;
use crate::project::path::child;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// Jekyll runs over a published branch and passes over such folders.
pub(super) static RULE: Rule = Rule {
    id: "GHP002",
    name: "underscore-folder-dropped",
    summary: "Pages runs Jekyll over the published branch, which drops folders that begin with an underscore",
    docs: "\
## What happens

The page is there, and everything below `_next/`, `_astro/`, `_app/` or `_nuxt/` is answered with 404.

## Why

What is published from a branch goes through Jekyll, which takes files and folders that begin with an underscore for its \
own. An empty file `.nojekyll` at the root of the branch turns it off. The program `gh-pages` leaves out files that \
begin with a dot unless it is called with `--dotfiles`. Artifacts of a workflow are served as they are.

## How to mend it

Put an empty `.nojekyll` into the folder whose files are copied into the output, and let it be pushed: `gh-pages \
--dotfiles`, or `gh-pages --nojekyll`, which makes it.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/tschaub/gh-pages/blob/main/readme.md", "2026-11-21"),
        observed("https://github.com/thierryc/Next-gh-page-example/issues/3", "2026-11-21"),
        observed("https://github.com/vercel/next.js/issues/2029", "2026-11-21"),
        observed("https://github.com/nuxt/framework/issues/9868", "2026-11-21"),
        observed("https://github.com/GoCon/2023/pull/227", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

const FILE: &str = ".nojekyll";

/// Generators and the folder of theirs.
const FOLDERS: [(&str, &str); 5] =
    [("Next.js", "_next"), ("Nuxt", "_nuxt"), ("SvelteKit", "_app"), ("Astro", "_astro"), ("Expo", "_expo")];

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for outlet in site.outlets() {
        let Way::Branch(pusher) = outlet.way else { continue };
        let Some(run) = site.run_of(&outlet) else { continue };
        let mut products = run.build.products();
        let product = products.find(|product| Some(&product.folder.path) == outlet.folder.as_ref());
        let Some((product, folder)) = product.and_then(|product| {
            let (_, folder) = FOLDERS.iter().find(|(name, _)| *name == product.tool.name)?;
            Some((product, *folder))
        }) else {
            continue;
        };
        if let Some(finding) = finding(site, &outlet, pusher, product, folder) {
            out.report(finding);
        }
    }
    if site.source == Source::Classic && !site.snapshot.is_file(FILE) {
        let mut folders = FOLDERS.iter().map(|(_, folder)| *folder);
        if let Some(folder) = folders.find(|folder| site.snapshot.is_dir(folder) && site.snapshot.is_file("index.html"))
        {
            let message = format!("Jekyll drops \"{folder}\", and there is no \"{FILE}\"");
            let fix = Fix::create(Applicability::Safe, format!("add an empty \"{FILE}\""), FILE, "");
            out.report(RULE.finding(message).at_path(folder).fix(fix));
        }
    }
}

fn finding(site: &PagesSite<'_>, outlet: &Outlet, pusher: Pusher, product: &Product, folder: &str) -> Option<Finding> {
    let passed = product.tool.assets.iter().map(|dir| child(&child(&product.dir, dir), FILE));
    let passed: Vec<String> = passed.collect();
    let is_passed = passed.iter().any(|path| site.snapshot.is_file(path));
    let step = outlet.place.and_then(|place| place.of(site.workflow.as_ref()?)).map(|(_, step)| step);
    let says =
        |name: &str, wanted: &str| step.is_some_and(|it| it.input(name).is_some_and(|text| text.value == wanted));
    let run = site.run_of(outlet)?;
    let is_made = run.commands.iter().any(|command| command.trace.mentions(FILE));
    let has_dotfiles = |names: &[&str]| {
        let mut calls = run.commands.iter().flat_map(|command| command.trace.runs("gh-pages"));
        calls.any(|call| names.iter().any(|name| call.has_arg(name)))
    };
    let (severity, note) = match pusher {
        Pusher::Peaceiris if says("enable_jekyll", "true") || says("disable_nojekyll", "true") => {
            (Severity::High, None)
        }
        Pusher::CrazyMax if !says("jekyll", "false") => (Severity::High, None),
        Pusher::JamesIves => (Severity::Medium, Some("the branch may hold a \".nojekyll\" already, which is kept")),
        Pusher::GhPages if !has_dotfiles(&["--nojekyll"]) => (Severity::High, None),
        _ => return None,
    };
    let is_pushed = pusher != Pusher::GhPages || has_dotfiles(&["--dotfiles", "-t"]);
    if (is_passed || is_made) && is_pushed {
        return None;
    }
    let message = if is_pushed {
        format!("{} writes \"{folder}\", which Jekyll drops; the branch gets no \"{FILE}\"", product.tool.name)
    } else {
        format!("{} writes \"{folder}\", which Jekyll drops; \"gh-pages\" pushes no \"{FILE}\"", product.tool.name)
    };
    let finding = RULE.finding(message).at(outlet.span).label("goes through Jekyll").severity(severity);
    let finding = finding.related(product.span, format!("writes \"{folder}\""));
    let finding = note.into_iter().fold(finding, Finding::note);
    let mut changes = Vec::new();
    if !is_passed && !is_made {
        changes.push(Change::Create { path: passed.first()?.clone(), text: String::new() });
    }
    if !is_pushed {
        changes.push(with_dotfiles(site, outlet.span)?);
    }
    let title = if is_pushed { format!("add an empty \"{FILE}\"") } else { format!("push an empty \"{FILE}\"") };
    Some(finding.fix(Fix { title, applicability: Applicability::Safe, changes }))
}

/// Adds `--dotfiles` to the call of `gh-pages` in a script.
fn with_dotfiles(site: &PagesSite<'_>, span: Span) -> Option<Change> {
    let source = site.sources.get(span.file).filter(|source| source.is_file)?;
    let text = source.text.get(span.range())?;
    let at = span.start as usize + text.find("gh-pages -")? + "gh-pages".len();
    Some(Change::Edit { span: Span::new(span.file, at, at), text: " --dotfiles".to_owned() })
}
