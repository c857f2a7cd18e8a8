//! NTL040: an edge function imports something that is not there.

use crate::platform::netlify::function::edge;
use crate::platform::netlify::function::missing::{Cause, Missing};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::package::Availability;
use crate::project::javascript::resolve::{ANY, Resolved, resolve};
use crate::project::path::{name, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// An import of an edge function leads to no package and no file.
pub(super) static RULE: Rule = Rule {
    id: "NTL040",
    name: "edge-function-import-missing",
    summary: "An edge function imports a package or a file that will not be there",
    docs: "\
## What happens

The build fails while edge functions are bundled, even for an edge function that no route leads to.

## Why

Edge functions run on Deno, which loads every import while it reads the configuration of the function. A file must be \
named exactly, with its extension and its letter case: `./lib/geo` is not `./lib/geo.ts`, and a folder stands for no file. A \
package must be installed by the site's `package.json`, or have an entry in the import map that netlify.toml names.

## How to mend it

Write the file's full name. Add the package to `package.json`, or import it by a URL.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::EdgeFunctions,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/edge-bundler/node/config.ts", "2026-11-20"),
        docs("https://docs.netlify.com/edge-functions/api/", "2026-11-20"),
        observed("https://github.com/netlify/edge-bundler/issues/127", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/4777", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for missing in edge::missing(site, site.functions()) {
        let finding = match &missing.cause {
            Cause::File(path) => file(site, &missing, path),
            Cause::Package(package, known) => package_finding(&missing, package, known),
        };
        out.report(finding.at_path(missing.path.as_str()).at(missing.import.span));
    }
}

fn package_finding(missing: &Missing<'_>, package: &str, known: &Availability) -> Finding {
    let function = missing.function;
    let message = format!("edge function \"{function}\" imports \"{package}\", which the site does not install");
    let finding = RULE
        .finding(message)
        .label("not installed")
        .log_line("Could not load edge function at")
        .help(format!("add \"{package}\" to the dependencies of the site's package.json, or import it by a URL"));
    match known {
        Availability::Absent => finding,
        _ => finding.severity(Severity::Medium).note("it is open whether another package brings it along"),
    }
}

fn file(site: &NetlifySite<'_>, missing: &Missing<'_>, path: &str) -> Finding {
    let (function, specifier) = (missing.function, &missing.import.specifier);
    let finding = RULE
        .finding(format!("edge function \"{function}\" imports \"{specifier}\", which is not in the repository"))
        .label("no such file")
        .log_line("Could not load edge function at");
    let dir = parent(&missing.path).unwrap_or_default();
    let Resolved::File(found) = resolve(site.snapshot, dir, specifier, ANY) else { return finding };
    let written = site.resolution.sources.slice(missing.import.span).unwrap_or_default();
    let meant = found.strip_prefix(path).map(|rest| format!("{specifier}{rest}"));
    let meant = meant.or_else(|| Some(format!("{}{}", specifier.strip_suffix(name(path))?, name(&found))));
    let fix = meant.zip(written.chars().next()).map(|(meant, quote)| {
        let title = format!("import \"{meant}\"");
        Fix::replace(Applicability::Safe, title, missing.import.span, format!("{quote}{meant}{quote}"))
    });
    finding.note("Deno takes names as they are: no extension is added").maybe_fix(fix)
}
