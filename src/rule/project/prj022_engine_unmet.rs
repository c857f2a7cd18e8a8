//! PRJ022: the Node.js that is installed is none that `engines` allows.

use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::toolchain::{self, Outcome};
use crate::platform::toolbox::Installation;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::known::Because;
use crate::sim::stage::Stage;

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
    fix: FixAvailability::Never,
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
            .help("name a version inside the range in \".nvmrc\" or in NODE_VERSION"),
    );
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
