//! PRJ079: a file uses the names of the other module system.

use crate::platform::job::Job;
use crate::platform::survey::Survey;
use crate::project::import::Scan;
use crate::project::import::bundle::Loader;
use crate::project::manifest::Manifest;
use crate::project::path::parent;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::import;

/// CommonJS in an ES module, or the reverse, in a file that Node.js runs as it is.
pub(super) static RULE: Rule = Rule {
    id: "PRJ079",
    name: "module-system-mixed",
    summary: "A file that Node.js runs uses names that its module system does not have",
    docs: "\
## What happens

Node.js stops with \"require is not defined in ES module scope\", or the like, as soon as it loads the file.

## Why

`\"type\": \"module\"` in the nearest `package.json` makes every `.js` file below it an ES module, in which `require`, \
`module`, `exports` and `__dirname` do not exist; `\"type\": \"commonjs\"` makes `import` declarations an error. Files that a \
bundler reads may mix both.

## How to mend it

Write the file in the manner that `type` asks for, or give it the extension `.cjs` or `.mjs`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://nodejs.org/api/packages.html#determining-module-system", "2026-11-21"),
        observed("https://github.com/stripe-samples/netlify-stripe-subscriptions/issues/15", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/3394", "2026-11-20"),
    ],
    check: Check::Job(check),
};

/// Tools whose own loading of configurations is Node's.
const TOOLS: [&str; 4] = ["Node.js", "Eleventy", "webpack", "SvelteKit"];

fn check(job: &Job<'_>, out: &mut Sink) {
    let surveys = job.surveys().iter();
    let by_node = surveys.filter(|survey| survey.bundle.loader == Loader::Node && TOOLS.contains(&survey.bundle.tool));
    for survey in by_node {
        let found = survey.graph.files.iter().find_map(|(path, node)| {
            let manifest = job.manifest(parent(path).unwrap_or_default());
            mixed(job, survey, path, node.scan.as_ref()?, manifest.as_ref())
        });
        if let Some(finding) = found {
            return out.report(finding);
        }
    }
}

fn mixed(job: &Job<'_>, survey: &Survey, path: &str, scan: &Scan, manifest: Option<&Manifest>) -> Option<Finding> {
    let kind = manifest.and_then(Manifest::module_type);
    let is_plain = path.ends_with(".js");
    let is_module = path.ends_with(".mjs") || (is_plain && kind == Some("module"));
    let is_common = path.ends_with(".cjs") || (is_plain && kind == Some("commonjs"));
    let because = manifest.and_then(|manifest| manifest.field("type")).filter(|_| is_plain).map(|node| node.span);
    let (place, name, message, log_line) = if is_module {
        let first = scan.common_names.first()?;
        let message = format!("\"{path}\" is an ES module, in which there is no \"{}\"", first.name);
        let log_line = format!("ReferenceError: {} is not defined in ES module scope", first.name);
        ((first.start, first.end), first.name, message, log_line)
    } else if is_common {
        let message = format!("\"{path}\" is a CommonJS module, in which there are no import and export declarations");
        (scan.declaration?, "", message, "Cannot use import statement outside a module".to_owned())
    } else {
        return None;
    };
    let span = import::span(job, path, place.0, place.1)?;
    let finding = RULE.finding(message).at(span).label("stops here").severity(import::severity(job));
    let finding = finding.stage(survey.stage).log_line(log_line).maybe_fix(prelude(scan, name, span));
    let finding = because.map_or(finding.clone(), |because| finding.related(because, "made one by this"));
    let finding =
        finding.maybe_fix(manifest.filter(|_| is_plain).and_then(|manifest| retyped(job, manifest, is_module)));
    let other = if is_module { ".cjs" } else { ".mjs" };
    Some(finding.help(format!("rewrite it, or give it the extension \"{other}\"")))
}

/// Files that are looked at before a manifest's `type` is changed for all of them.
const MOST: usize = 300;

/// Changes what the manifest says of all its files, if they all are modules of the other kind.
fn retyped(job: &Job<'_>, manifest: &Manifest, is_module: bool) -> Option<Fix> {
    let node = manifest.field("type")?;
    let written = job.written(node.span).filter(|written| written.starts_with('"'))?;
    let files = job.snapshot.below(manifest.dir()).iter().map(|entry| &*entry.path);
    let files: Vec<&str> = files.filter(|path| path.ends_with(".js") && !path.contains("node_modules/")).collect();
    let is_es = |text: &str| text.lines().any(|line| line.starts_with("import ") || line.starts_with("export "));
    let is_other = |path: &&str| job.snapshot.text(path).is_ok_and(|text| is_es(&text) != is_module);
    let new = if is_module { "commonjs" } else { "module" };
    let is_whole = files.len() <= MOST && files.iter().all(is_other) && !written.contains(new);
    let title = format!("say in the manifest that all files are of the type \"{new}\"");
    is_whole.then(|| Fix::replace(Applicability::Review, title, node.span, format!("\"{new}\"")))
}

/// Declares what ES modules lack, where nothing is exported in the manner of CommonJS.
fn prelude(scan: &Scan, name: &str, span: Span) -> Option<Fix> {
    let uses = |wanted: &str| scan.common_names.iter().any(|name| name.name == wanted);
    if name.is_empty() || uses("module") || uses("exports") || scan.declaration.is_none() {
        return None;
    }
    let mut text = String::new();
    if uses("require") {
        text.push_str("import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n");
    }
    if uses("__dirname") {
        text.push_str("const __dirname = import.meta.dirname\n");
    }
    if uses("__filename") {
        text.push_str("const __filename = import.meta.filename\n");
    }
    let (start, _) = scan.declaration?;
    let place = Span::new(span.file, start as usize, start as usize);
    Some(Fix::replace(Applicability::Review, format!("declare \"{name}\""), place, text))
}
