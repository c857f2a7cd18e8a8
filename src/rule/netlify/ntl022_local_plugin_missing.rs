//! NTL022: a local build plugin is not where its path says.

use crate::platform::netlify::plugin::{self, Location, PluginUse};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::step;
use crate::project::path::{child, display, join, name, parent, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// The path of a plugin leads to no module.
pub(super) static RULE: Rule = Rule {
    id: "NTL022",
    name: "local-plugin-missing",
    summary: "The path of a local build plugin leads nowhere",
    docs: "\
## What happens

Dependencies are installed, and then the build stops before its first step.

## Why

A path that starts with `.` or `/` is looked for from the folder in which the build runs: the base directory if one is \
set, not the folder of `netlify.toml`. Node.js must be able to load it, so a folder needs an `index.js` or a \
`package.json` that names the main file. TypeScript is not compiled.

## How to mend it

Write the path as seen from the base directory, and check that git tracks the folder.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::PluginResolution,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/build/src/plugins/resolve.js", "2026-11-20"),
        observed("https://github.com/chrism2671/netlify-purge-cloudflare-on-deploy/issues/11", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/1373", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(resolved) = site.resolved() else { return };
    for plugin in plugin::uses(resolved) {
        let location = plugin::locate(site.snapshot, &resolved.build_dir, &site.package_path, plugin.package);
        let Some(request) = step::local(plugin.package).filter(|_| location == Location::LocalMissing) else {
            continue;
        };
        let place = join(&resolved.build_dir, &request);
        let what = match place.as_deref().map(|path| site.snapshot.is_dir(path)) {
            Some(true) => "is a folder without a main file that Node.js could load",
            Some(false) => "does not exist",
            None => "lies outside the repository",
        };
        let mut finding = RULE
            .finding(format!("the local plugin \"{}\" {what}", plugin.package))
            .at(plugin.span)
            .label("no plugin there")
            .log_line(format!("Plugin could not be found using local path: {request}"))
            .note(format!("paths of plugins are relative to \"{}\"", display(&resolved.build_dir)));
        if let Some(file) = place.and_then(|place| uncompiled(site, &place)) {
            finding =
                finding.help(format!("\"{file}\" is not loaded: index.js, or \"main\" in package.json, would be"));
        } else if let Some(found) = elsewhere(site, &request) {
            finding = finding.help(format!("there is a plugin in \"{found}\"")).maybe_fix(moved(site, &plugin, &found));
        }
        out.report(finding);
    }
}

/// The one tracked folder of the same name that holds a manifest.
fn elsewhere(site: &NetlifySite<'_>, request: &str) -> Option<String> {
    let wanted = name(request.trim_end_matches('/'));
    let manifests = ["manifest.yml", "manifest.yaml"].into_iter().flat_map(|file| site.snapshot.named(file));
    let manifests = manifests.filter(|entry| !entry.path.split('/').any(|part| part == "node_modules"));
    let mut folders = manifests.filter_map(|entry| parent(&entry.path)).filter(|folder| name(folder) == wanted);
    let found = folders.next().filter(|folder| !folder.is_empty())?;
    folders.next().is_none().then(|| found.to_owned())
}

fn moved(site: &NetlifySite<'_>, plugin: &PluginUse<'_>, folder: &str) -> Option<Fix> {
    let below = strip(folder, site.build_dir())?;
    step::find_module(site.snapshot, site.build_dir(), &format!("./{below}"))?;
    let quote = site.written(plugin.span)?.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let title = format!("write \"./{below}\"");
    Some(Fix::replace(Applicability::Review, title, plugin.span, format!("{quote}./{below}{quote}")))
}

/// A source file that Node.js does not load.
fn uncompiled(site: &NetlifySite<'_>, place: &str) -> Option<String> {
    let candidates = [".ts", ".mjs", ".cjs", ".mts"].iter().flat_map(|end| {
        [format!("{place}{end}"), child(place, &format!("index{end}")), child(place, &format!("src/index{end}"))]
    });
    candidates.into_iter().find(|path| site.snapshot.is_file(path))
}
