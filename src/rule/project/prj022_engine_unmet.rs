//! PRJ022: the Node.js that is installed is none that `engines` allows.

use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::toolchain::{self, Outcome};
use crate::platform::toolbox::Installation;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::known::{Because, Known};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `engines.node` rules out the version that the platform installs.
pub(super) static RULE: Rule = Rule {
    id: "PRJ022",
    name: "engine-unmet",
    summary: "The range in engines excludes the Node.js that is installed",
    docs: "\
## What happens

Yarn 1 stops; npm and pnpm stop with `engine-strict` and print a warning without it. Netlify does not choose the \
version by `engines`.

## Why

The version comes from `.nvmrc`, `.node-version` or `NODE_VERSION`, in this order, and from the site's default where \
none of them is there.

## How to mend it

Name a version inside the range in `.nvmrc` or in `NODE_VERSION`, or widen the range.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/carbon-design-system/carbon-tutorial-vue/issues/503", "2026-11-20"),
        observed("https://github.com/11ty/eleventy-base-blog/pull/56", "2026-11-20"),
        docs("https://docs.netlify.com/build/configure-builds/manage-dependencies/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(plan) = &site.plan else { return };
    let Some(installation) = &plan.installation else { return };
    let Ok(manifest) = &installation.manifest else { return };
    let Outcome::Release(major, minor, patch) = toolchain::resolve(&plan.node.value) else { return };
    let Some(engine) = manifest.engines().into_iter().find(|engine| engine.key == "node") else { return };
    let Some(range) = engine.text else { return };
    if toolchain::satisfies((major, minor, patch), range) != Some(false) {
        return;
    }
    // A wish such as "node" or "22" may mean a later release by now.
    let fits = |major: u64| toolchain::satisfies((major, 0, 0), range) != Some(false);
    let is_moving = matches!(plan.node.value.trim(), "node" | "stable" | "lts/*");
    let may_differ =
        (is_moving && (major..major + 6).any(fits)) || toolchain::satisfies((major, 999, 0), range) == Some(true);
    let is_default = matches!(plan.node.because, Because::Default(_));
    let another_default =
        is_default && (16..=26).any(|major| toolchain::satisfies((major, 999, 0), range) == Some(true));
    let severity = match stops(installation) {
        false => Severity::Medium,
        true if may_differ || another_default => Severity::Medium,
        true => Severity::Critical,
    };
    let log_line = if installation.manager == "yarn" {
        format!("The engine \"node\" is incompatible with this module. Expected version \"{range}\"")
    } else {
        "Unsupported engine".to_owned()
    };
    let version = plan.node.value.trim();
    out.report(
        RULE.finding(format!("\"engines\" wants Node.js \"{range}\", and {major} is installed"))
            .at_path(manifest.path.clone())
            .at(engine.span)
            .severity(severity)
            .label(format!("not {version}"))
            .log_line(log_line)
            .help("name a version inside the range in \".nvmrc\" or in NODE_VERSION")
            .maybe_fix(another(site, &plan.node, range)),
    );
}

/// Asks for the oldest long-term release inside the range that is still looked after.
fn another(site: &NetlifySite<'_>, node: &Known<String>, range: &str) -> Option<Fix> {
    let fits = |wish: &u64| match toolchain::resolve(&wish.to_string()) {
        Outcome::Release(major, minor, patch) => toolchain::satisfies((major, minor, patch), range) == Some(true),
        _ => false,
    };
    let major = toolchain::long_term_majors().filter(fits).last()?;
    match &node.because {
        Because::Default(_) => {
            let path = child(site.build_dir(), ".nvmrc");
            Some(Fix::create(
                Applicability::Safe,
                format!("ask for Node.js {major} in \"{path}\""),
                path,
                format!("{major}\n"),
            ))
        }
        Because::Present(path) => {
            let (file, source) = site.source(path)?;
            let written = source.text.trim();
            let start = source.text.find(written).filter(|_| !written.is_empty())?;
            let span = Span::new(file, start, start + written.len());
            Some(Fix::replace(Applicability::Safe, format!("ask for Node.js {major}"), span, major.to_string()))
        }
        Because::Written(span) => {
            let written = site.written(*span)?;
            let quote =
                written.chars().next().filter(|first| matches!(first, '"' | '\'') && !written.starts_with("\"\"\""))?;
            let text = format!("{quote}{major}{quote}");
            Some(Fix::replace(Applicability::Safe, format!("ask for Node.js {major}"), *span, text))
        }
        _ => None,
    }
}

/// Whether the package manager stops at an engine that does not fit.
fn stops(installation: &Installation) -> bool {
    let ignores =
        installation.has_flag(&["--ignore-engines"]) || installation.setting("ignore-engines") == Some("true");
    match installation.manager {
        "yarn" => !installation.is_berry() && !ignores,
        "npm" | "pnpm" => installation.is_engine_strict(),
        _ => false,
    }
}
