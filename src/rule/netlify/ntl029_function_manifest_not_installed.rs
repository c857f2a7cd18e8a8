//! NTL029: a function has a `package.json` of its own that nobody installs.

use std::collections::BTreeMap;

use crate::platform::netlify::function::made;
use crate::platform::netlify::function::missing::{self, Cause, Effect, Missing};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::package::Availability;
use crate::project::manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A `package.json` below the functions directory lists packages that are never installed.
pub(super) static RULE: Rule = Rule {
    id: "NTL029",
    name: "function-manifest-not-installed",
    summary: "A function's own package.json lists packages that nobody installs",
    docs: "\
## What happens

The build fails while functions are bundled, or the function fails at its first call, because the packages it imports are \
not there.

## Why

Netlify installs the dependencies of one `package.json`: that of the base directory. One that lies beside a function is not \
looked at. On a developer's machine it works, because `npm install` was run there by hand.

## How to mend it

Move the dependencies into the site's `package.json`. Or have them installed: by the plugin \
`@netlify/plugin-functions-install-core`, or by `npm install --prefix …` in the build command.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/functions/deploy/", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/build/src/install/functions.ts", "2026-11-20"),
        observed("https://github.com/netlify/zip-it-and-ship-it/issues/309", "2026-11-20"),
        observed("https://github.com/netlify/zip-it-and-ship-it/issues/114", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let missing = missing::missing(site, site.functions());
    let mut by_manifest: BTreeMap<&str, Vec<(&str, &Missing<'_>)>> = BTreeMap::new();
    for missing in &missing {
        if let Cause::Package(package, Availability::Nested(dir)) = &missing.cause {
            by_manifest.entry(dir).or_default().push((package, missing));
        }
    }
    for (dir, imports) in by_manifest {
        if made::is_installed_separately(site, dir) {
            continue;
        }
        let path = child(dir, manifest::NAME);
        let Some((package, first)) = imports.iter().min_by_key(|(_, missing)| missing.effect == Effect::Runtime) else {
            continue;
        };
        let message = format!(
            "function \"{}\" imports \"{package}\", which only \"{path}\" lists; nobody installs that file's dependencies",
            first.function
        );
        let mut finding = RULE.finding(message).at_path(path.as_str()).label("never installed");
        if first.effect == Effect::Runtime {
            finding = finding
                .severity(Severity::High)
                .stage(Stage::Runtime)
                .log_line(format!("Cannot find package '{package}'"));
        } else {
            finding = finding.log_line("By default, dependencies inside a Netlify Function's \"package.json\" are not automatically installed.");
        }
        if let Some(span) = listed_at(site, &path, package) {
            finding = finding.at(span);
        }
        for (_, missing) in imports.iter().take(5) {
            finding = finding.related(missing.import.span, "imported here");
        }
        out.report(finding.help("move the dependencies into the site's package.json").maybe_fix(plugin_fix(site)));
    }
}

/// Where a manifest lists a package.
fn listed_at(site: &NetlifySite<'_>, path: &str, package: &str) -> Option<Span> {
    let (file, source) = site.source(path)?;
    let manifest = manifest::Manifest::of(source, file).ok()?;
    let (_, field) = manifest.dependency(package).next()?;
    Some(field.key_span)
}

/// Adds the plugin that installs them, unless plugins are written in another way than `[[plugins]]`.
fn plugin_fix(site: &NetlifySite<'_>) -> Option<Fix> {
    const TITLE: &str = "have them installed by the plugin \"@netlify/plugin-functions-install-core\"";
    const TEXT: &str = "[[plugins]]\npackage = \"@netlify/plugin-functions-install-core\"\n";
    let Some((file, source)) = site.config_source() else {
        let path = child(site.build_dir(), "netlify.toml");
        return Some(Fix::create(Applicability::Review, TITLE, path, TEXT));
    };
    let root = site.resolution.file.as_ref()?;
    if root.at(&["plugins"]).is_some() && !source.text.contains("[[plugins]]") {
        return None;
    }
    let end = source.text.len();
    let gap = if source.text.ends_with('\n') || source.text.is_empty() { "\n" } else { "\n\n" };
    Some(Fix::replace(Applicability::Review, TITLE, Span::new(file, end, end), format!("{gap}{TEXT}")))
}
