//! NTL006: a name in the configuration file that nothing reads.

use crate::platform::netlify::config::misspelling::{self, Meant, Misspelling};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::toml::outline::outline;

/// A misspelled section or key, or one in the wrong table.
pub(super) static RULE: Rule = Rule {
    id: "NTL006",
    name: "name-not-read",
    summary: "A section or key is misspelled or in the wrong table",
    docs: "\
## What happens

Nothing: the deploy is green, and the redirects, plugins or settings under that name do not exist for Netlify.

## Why

Unknown names are passed over without a word, because extensions keep settings in the same file. Sections of which \
there are several have a plural name: `[[redirects]]`, `[[headers]]`, `[[plugins]]`, `[[edge_functions]]`.

## How to mend it

Use the name that is shown. Build settings belong in `[build]`, variables in `[build.environment]`, and redirects, \
headers and plugins at the top level. Names that resemble no known one are never reported.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/cdeleeuwe/netlify-plugin-submit-sitemap/issues/30", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/539", "2026-11-20"),
        docs("https://docs.netlify.com/build/configure-builds/file-based-configuration/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Most names for which renaming is worked out.
const MOST_FIXES: usize = 50;

/// Longest text for which renaming is worked out, in bytes.
const LONGEST_FIXED: usize = 1 << 20;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(file) = site.resolution.file.as_ref().filter(|_| site.resolved().is_some()) else { return };
    let found = misspelling::find(file);
    let Some((number, source)) = site.config_source().filter(|_| !found.is_empty()) else { return };
    let outline = outline(&source.text);
    // A file with so many names is no configuration; each fix costs a look at the whole of it.
    let is_usual = found.len() <= MOST_FIXES && source.text.len() <= LONGEST_FIXED;
    for misspelling in &found {
        let renamed = if is_usual { misspelling.edits(&source.text, &outline) } else { None };
        let fix = renamed.map(|edits| {
            Fix::edits(Applicability::Safe, format!("write \"{}\"", misspelling.replacement()), number, edits)
        });
        let mut finding = RULE.finding(message(misspelling)).at(misspelling.key_span).label("not read").maybe_fix(fix);
        if misspelling.table == "context" {
            finding = finding.note("a context of another name holds the settings of the branch of that name");
        }
        if misspelling.table == "dev" {
            finding =
                finding.severity(Severity::Low).note("only the command line reads [dev], no deploy depends on it");
        }
        out.report(finding);
    }
}

fn message(misspelling: &Misspelling) -> String {
    let Misspelling { written, table, meant, .. } = misspelling;
    let place = if table.is_empty() { "at the top level".to_owned() } else { format!("in [{table}]") };
    match meant {
        Meant::Name(name) if table == "context" => {
            format!("\"{written}\" is no deploy context, \"{name}\" would be one")
        }
        Meant::Name(name) => format!("\"{written}\" {place} is read by nothing, \"{name}\" would be"),
        Meant::InBuild => format!("\"{written}\" {place} is read by nothing, in [build] it would be"),
        Meant::AtTop => format!("\"{written}\" {place} is read by nothing, at the top level it would be"),
        Meant::Variable => format!("\"{written}\" {place} is read by nothing, in [{table}.environment] it would be"),
    }
}
