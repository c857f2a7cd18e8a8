//! NTL021: a build plugin that nothing installs.

use crate::platform::netlify::plugin::{self, Location, PluginUse};
use crate::platform::netlify::site::NetlifySite;
use crate::project::manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

/// `package` names a package that is neither listed nor a dependency.
pub(super) static RULE: Rule = Rule {
    id: "NTL021",
    name: "plugin-not-installed",
    summary: "A build plugin is not installed",
    docs: "\
## What happens

Dependencies are installed, and then the build stops before its first step.

## Why

Netlify installs a plugin by itself only if it is in its public list of plugins. Any other one must be a dependency of \
the site, or a folder of the repository. A package that is no build plugin at all has no `manifest.yml` and fails too.

## How to mend it

Add the package to `devDependencies` and commit the lock file, or correct its name. A plugin of your own is named by \
its path, starting with `./`.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::PluginResolution,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/netlify/build/blob/main/packages/build/src/plugins/expected_version.js",
            "2026-11-20",
        ),
        observed("https://github.com/netlify/build/issues/1554", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/719", "2026-11-20"),
        source("https://github.com/netlify/build/pull/2065", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(resolved) = site.resolved() else { return };
    let uses = plugin::uses(resolved);
    let locate = |package: &str| plugin::locate(site.snapshot, &resolved.build_dir, &site.package_path, package);
    // Local plugins are looked for first.
    let is_reached = uses.iter().all(|plugin| locate(plugin.package) != Location::LocalMissing);
    // The dashboard offers only what the list has.
    for plugin in uses.iter().filter(|plugin| site.written(plugin.span).is_some()) {
        let (clause, line) = match locate(plugin.package) {
            Location::Unlisted => (
                "is neither a dependency of the site nor in Netlify's list of plugins",
                "Plugins must be installed either in the Netlify App or in \"package.json\"".to_owned(),
            ),
            Location::Module => (
                "is a module of Node.js and no build plugin",
                format!("The plugin \"{}\" is missing a \"manifest.yml\"", plugin.package),
            ),
            _ => continue,
        };
        let mut finding =
            RULE.finding(format!("the plugin \"{}\" {clause}", plugin.package)).at(plugin.span).label("not installed");
        if is_reached {
            finding = finding.log_line(line);
        }
        let (help, fix) = remedy(site, plugin);
        out.report(finding.help(help).maybe_fix(fix));
    }
}

fn remedy(site: &NetlifySite<'_>, plugin: &PluginUse<'_>) -> (String, Option<Fix>) {
    if let Some(near) = suggest::nearest(plugin.package, plugin::listed()) {
        let is_string = site.written(plugin.span).is_some_and(|written| written.starts_with(['"', '\'']));
        let fix =
            || Fix::replace(Applicability::Review, format!("write \"{near}\""), plugin.span, format!("\"{near}\""));
        return (format!("the list has a plugin \"{near}\""), is_string.then(fix));
    }
    let folder = child(site.build_dir(), plugin.package);
    if site.snapshot.is_dir(&folder) {
        let path = format!("./{}", plugin.package);
        let is_string = site.written(plugin.span).is_some_and(|written| written.starts_with(['"', '\'']));
        let fix = is_string.then(|| {
            Fix::replace(Applicability::Review, format!("write \"{path}\""), plugin.span, format!("\"{path}\""))
        });
        return (format!("a plugin of the repository is named by its path: \"{path}\""), fix);
    }
    let manifest = child(&child(site.build_dir(), &site.package_path), manifest::NAME);
    (format!("add it to \"devDependencies\" in \"{manifest}\": npm install -D {}", plugin.package), None)
}
