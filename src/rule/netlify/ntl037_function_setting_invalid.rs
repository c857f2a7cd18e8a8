//! NTL037: a setting of functions is not accepted.

use crate::platform::netlify::config::function_table::SETTINGS;
use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{Expected, Problem, Violation};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

use super::property;

/// A value in `[functions]` that the engine rejects.
pub(super) static RULE: Rule = Rule {
    id: "NTL037",
    name: "function-setting-invalid",
    summary: "A setting of functions is not accepted",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

`[functions]` holds the settings of all functions, and a table for each function that has settings of its own. A name \
that is no setting is therefore taken for a function: `timeout = 30` means a function called \"timeout\" whose \
settings are 30. The folder is set once for all functions.

## How to mend it

Use one of the settings `deno_import_map`, `directory`, `external_node_modules`, `ignored_node_modules`, \
`included_files`, `memory`, `node_bundler`, `region`, `schedule` and `vcpu`. File and module lists are lists even with \
one item.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/validations.js", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/config/src/functions_config.js", "2026-11-20"),
        docs("https://docs.netlify.com/build/functions/optional-configuration/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Violation(violation)) = site.failure(Topic::Function) else { return };
    let mut finding = property::finding(&RULE, site, violation).maybe_fix(fix(site, violation));
    if let Some(name) = taken_for_a_function(violation) {
        finding = finding.help(format!(
            "\"{name}\" is no setting and so taken for the name of a function; the settings are {}",
            SETTINGS.join(", ")
        ));
    }
    out.report(finding);
}

/// The name directly under `[functions]` that is not known.
fn taken_for_a_function(violation: &Violation) -> Option<&str> {
    let is_table_wanted = matches!(*violation.problem, Problem::Kind { expected: Expected::Table, .. });
    violation.name.strip_prefix("functions.").filter(|name| is_table_wanted && *name != "*")
}

fn fix(site: &NetlifySite<'_>, violation: &Violation) -> Option<Fix> {
    let span = violation.span;
    let replace = |title: String, text: String| Some(Fix::replace(Applicability::Review, title, span, text));
    match &*violation.problem {
        Problem::Kind { expected: Expected::Texts, .. } => property::as_list(site, span),
        Problem::Kind { expected: Expected::Text, .. } => property::quoted(site, span),
        Problem::Kind { expected: Expected::Vcpu, .. } => {
            let number = site.written(span)?.trim_matches(['"', '\'']).trim();
            number.parse::<f64>().ok().filter(|number| (0.5..=2.0).contains(number))?;
            replace(format!("write the number {number}"), number.to_owned())
        }
        Problem::Kind { expected: Expected::Table, .. } => {
            let known = suggest::nearest(taken_for_a_function(violation)?, SETTINGS)?;
            let key = violation.key_span.filter(|key| site.written(*key).is_some())?;
            Some(Fix::replace(Applicability::Review, format!("write \"{known}\""), key, known))
        }
        Problem::NotOneOf { suggestion, .. } => {
            let written = site.written(span).filter(|written| written.starts_with(['"', '\'']))?;
            let bundler = suggestion.unwrap_or("esbuild");
            replace(format!("write \"{bundler}\""), format!("{0}{bundler}{0}", &written[..1]))
        }
        _ => None,
    }
}
