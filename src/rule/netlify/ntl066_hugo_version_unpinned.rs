//! NTL066: the version of Hugo is left to the platform although the site needs a recent one.

use super::environment_edit;
use crate::platform::netlify::hugo::{self, Minimum};
use crate::platform::netlify::image::{image, numbers};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// No `HUGO_VERSION`, and a declared minimum above the platform's default.
pub(super) static RULE: Rule = Rule {
    id: "NTL066",
    name: "hugo-version-unpinned",
    summary: "HUGO_VERSION is not set although the site needs a recent Hugo",
    docs: "\
## What happens

Hugo refuses to build, or templates fail in odd ways, if the platform's own version is older than what the theme needs. When \
the platform moves on, the site is built by another version from one day to the next.

## Why

Without `HUGO_VERSION` the build image decides. A site keeps the image that it was created with, and the default of the older \
one is years old.

## How to mend it

Set `HUGO_VERSION` in `[build.environment]` to the version that you develop with. Netlify installs the extended edition of it.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/build/frameworks/framework-setup-guides/hugo/", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/801", "2026-11-20"),
        observed("https://github.com/panr/hugo-theme-hello-friend/issues/145", "2026-11-20"),
        observed("https://github.com/Fastbyte01/KeepIt/issues/1", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if site.config(&["build", "environment", "HUGO_VERSION"]).is_some() || !hugo::runs_installed(site) {
        return;
    }
    let default = &image().hugo.default;
    let Some(minimum) = hugo::minimum(site).filter(|minimum| numbers(&minimum.version) > numbers(default)) else {
        return;
    };
    let Minimum { version, path, span } = &minimum;
    out.report(
        RULE.finding(format!("\"{path}\" needs Hugo {version} or later, and HUGO_VERSION is not set"))
            .at(*span)
            .label("needs a recent Hugo")
            .note(format!("without it a site may get a version as old as {default}, depending on its build image"))
            .log_line("this theme does not support Hugo version")
            .maybe_fix(hugo::release(version).and_then(|release| pin(site, &release))),
    );
}

/// Puts the variable into the configuration file.
fn pin(site: &NetlifySite<'_>, release: &str) -> Option<Fix> {
    let title = format!("set HUGO_VERSION to \"{release}\"");
    environment_edit::set(site, Applicability::Safe, &title, ("HUGO_VERSION", release))
}
