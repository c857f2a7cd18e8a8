//! NTL023: the manifest of a local build plugin is missing or does not fit.

use crate::platform::netlify::plugin::{self, Location, PluginUse};
use crate::platform::netlify::plugin_manifest::{self, PluginManifest};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, display, name, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;
use crate::text::tree::Table;

/// A local plugin without a manifest, with a faulty one, or used with other inputs than it says.
pub(super) static RULE: Rule = Rule {
    id: "NTL023",
    name: "plugin-manifest-invalid",
    summary: "A local build plugin has no fitting manifest",
    docs: "\
## What happens

Dependencies are installed, and then the build stops before its first step.

## Why

Every build plugin has a `manifest.yml` beside its main file or its `package.json`. It holds the `name` of the plugin \
and, under `inputs`, the settings that it takes; each has a `name` and may have `description`, `required` and \
`default`. Inputs in `netlify.toml` that the manifest does not list are errors.

## How to mend it

Add the file with one line, `name: my-plugin`, and list every input that is set in `netlify.toml`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::PluginResolution,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/netlify/build/blob/main/packages/build/src/plugins/manifest/validate.js",
            "2026-11-20",
        ),
        source("https://github.com/netlify/build/blob/main/packages/build/src/plugins/manifest/check.js", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/1373", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(resolved) = site.resolved() else { return };
    for plugin in plugin::uses(resolved) {
        let location = plugin::locate(site.snapshot, &resolved.build_dir, &site.package_path, plugin.package);
        let Location::Local(main) = location else { continue };
        let Some(path) = plugin_manifest::find(site.snapshot, &main) else {
            out.report(missing(&plugin, &main));
            continue;
        };
        let manifest = site.snapshot.text(&path).ok().and_then(|text| plugin_manifest::read(&text));
        let Some(manifest) = manifest else { continue };
        match manifest.fault() {
            Some(fault) => out.report(
                RULE.finding(format!("the manifest of the plugin \"{}\" {fault}", plugin.package))
                    .at_path(path)
                    .log_line("Plugin's \"manifest.yml\""),
            ),
            None => report_inputs(site, &plugin, &manifest, out),
        }
    }
}

fn missing(plugin: &PluginUse<'_>, main: &str) -> Finding {
    let folder = parent(main).unwrap_or_default();
    let path = child(folder, "manifest.yml");
    let stem = name(plugin.package.trim_end_matches('/'));
    let stem = stem.split('.').find(|part| !part.is_empty()).unwrap_or("plugin");
    let inputs = plugin.inputs.into_iter().flat_map(Table::iter).map(|(key, _)| key);
    let text = plugin_manifest::template(stem, inputs);
    let message =
        format!("the plugin \"{}\" has no \"manifest.yml\", one is needed in \"{}\"", plugin.package, display(folder));
    RULE.finding(message)
        .at(plugin.span)
        .label("has no manifest")
        .log_line(format!("The plugin \"{}\" is missing a \"manifest.yml\"", plugin.package))
        .fix(Fix::create(Applicability::Safe, format!("create \"{path}\""), path, text))
}

/// Inputs that must be given, then inputs that are not known.
fn report_inputs(site: &NetlifySite<'_>, plugin: &PluginUse<'_>, manifest: &PluginManifest, out: &mut Sink) {
    let known = manifest.known_inputs();
    let has = |name: &str| plugin.inputs.is_some_and(|inputs| inputs.contains_key(name));
    let required: Vec<&str> =
        known.iter().filter(|(name, needed)| *needed && !has(name)).map(|(name, _)| *name).collect();
    if !required.is_empty() {
        let names = required.join(", ");
        let message = format!("the plugin \"{}\" needs the input {names}, which is not set", plugin.package);
        let line = format!("Required inputs for plugin \"{}\": {names}", plugin.package);
        return out.report(RULE.finding(message).at(plugin.span).label("an input is missing").log_line(line));
    }
    let unknown = plugin.inputs.into_iter().flat_map(Table::iter);
    for (key, entry) in unknown.filter(|(key, _)| known.iter().all(|(name, _)| name != key)) {
        let accepted: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let (valid, line) = match accepted.is_empty() {
            true => ("it takes none".to_owned(), format!("Plugin \"{}\" does not accept any inputs", plugin.package)),
            false => (
                format!("accepted are {}", accepted.join(", ")),
                format!("Unknown inputs for plugin \"{}\": \"{key}\"", plugin.package),
            ),
        };
        let near = suggest::nearest(key, accepted.iter().copied()).filter(|_| site.written(entry.key_span).is_some());
        let fix =
            near.map(|near| Fix::replace(Applicability::Review, format!("write \"{near}\""), entry.key_span, near));
        out.report(
            RULE.finding(format!("the plugin \"{}\" has no input \"{key}\", {valid}", plugin.package))
                .at(if entry.key_span.is_written() { entry.key_span } else { plugin.span })
                .label("not an input")
                .log_line(line)
                .maybe_fix(fix),
        );
    }
}
