//! NTL075: a Netlify form in a page of Next.js that no HTML file shows.

use crate::platform::netlify::next::{self, NextSite};
use crate::platform::netlify::prerender::{self, PageForm, Rendering};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A page has a Netlify form, and `public` has no HTML file with one.
pub(super) static RULE: Rule = Rule {
    id: "NTL075",
    name: "next-form-without-twin",
    summary: "A Netlify form in a Next.js page has no static twin",
    docs: "\
## What happens

If the page is rendered while the site is built, the runtime stops the build. If it is rendered at each request, the deploy \
turns green and no submission is ever recorded.

## Why

Netlify finds forms in the HTML files that are deployed. Version 5 of the Next.js runtime serves pages from functions, so \
there is no such file. It therefore looks for form elements with `netlify` or `data-netlify` in prerendered pages, and \
fails unless an HTML file in `public` carries one, which shows that you know.

## How to mend it

Put a file such as `public/__forms.html` beside the site, with a hidden form of the same name and the same fields, and \
send submissions to `/__forms.html` with `fetch`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Plugin,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/opennextjs/opennextjs-netlify/blob/main/src/build/verification.ts", "2026-11-20"),
        docs("https://docs.netlify.com/build/frameworks/framework-setup-guides/nextjs/overview/", "2026-11-20"),
        observed("https://github.com/open-sauced/app/issues/3796", "2026-11-20"),
        observed("https://github.com/open-sauced/landing-page/issues/336", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(project) = NextSite::of(site).filter(NextSite::has_runtime_5) else { return };
    if !next::verifies_forms(site) || prerender::has_static_twin(site, project.dir) {
        return;
    }
    for form in prerender::forms(site, &project) {
        let Some((file, _)) = site.source(&form.path) else { continue };
        let range = &form.form.attribute;
        let what = form.form.name.as_ref().map_or_else(|| "a form".to_owned(), |name| format!("the form \"{name}\""));
        let finding = RULE
            .finding(format!("{what} asks for Netlify Forms, and no HTML file in \"public\" shows it"))
            .at(Span::new(file, range.start, range.end))
            .label("not seen by Netlify");
        let finding = match form.rendering {
            Rendering::Build => {
                finding.log_line("@netlify/plugin-nextjs@5 requires migration steps to support Netlify Forms")
            }
            Rendering::Perhaps => {
                finding.severity(Severity::Medium).note("if it is rendered while the site is built, the build fails")
            }
            Rendering::Request => finding
                .severity(Severity::Medium)
                .stage(Stage::Runtime)
                .note("the page is rendered at each request: the deploy turns green and submissions are lost"),
        };
        let finding =
            if form.page == form.path { finding } else { finding.note(format!("it is part of {}", form.page)) };
        out.report(finding.maybe_fix(twin(site, project.dir, &form)));
    }
}

/// The static twin of a form whose name is written out.
fn twin(site: &NetlifySite<'_>, dir: &str, form: &PageForm) -> Option<Fix> {
    let path = child(dir, "public/__forms.html");
    let name = form.form.name.as_deref().filter(|name| !name.contains(['<', '&', '"']))?;
    if site.snapshot.exists(&path) {
        return None;
    }
    let plain = |field: &&String| !field.contains(['<', '&', '"']);
    let fields: String =
        form.form.fields.iter().filter(plain).map(|field| format!("  <input name=\"{field}\">\n")).collect();
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Forms</title></head>\n<body>\n\
         <form name=\"{name}\" data-netlify=\"true\" hidden>\n{fields}</form>\n</body>\n</html>\n"
    );
    Some(Fix::create(Applicability::Review, format!("make the static twin \"{path}\""), path, text))
}
