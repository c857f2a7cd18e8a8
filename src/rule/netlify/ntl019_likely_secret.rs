//! NTL019: a string in a tracked file looks like a secret to Netlify's scan.

use super::environment_edit;
use globset::Glob;

use crate::platform::netlify::secret;
use crate::platform::netlify::site::NetlifySite;
use crate::project::ignore::IgnoreFile;
use crate::project::path::{child, name, strip};
use crate::project::snapshot::{Entry, Mode};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::ecma;

/// A tracked file would fail the scan of an account that has it switched on.
pub(super) static RULE: Rule = Rule {
    id: "NTL019",
    name: "likely-secret",
    summary: "A string in the repository looks like a secret to Netlify's scan",
    docs: "\
## What happens

If the team has smart detection switched on, the build fails after everything else has passed, and nothing is deployed.

## Why

The scan reads all files below the base directory, those of the repository and those that the build made. It looks for \
strings that begin like the keys of well-known services, go on for at least twelve characters, and look random. Example keys \
and test certificates count too.

## How to mend it

If it is a real secret, revoke it: whoever can read the repository has it. Then read it from a variable. If it is none, name \
the file in `SECRETS_SCAN_OMIT_PATHS` or the value in `SECRETS_SCAN_SMART_DETECTION_OMIT_VALUES`, in `[build.environment]`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/secrets_scanning/utils.ts", "2026-11-20"),
        docs("https://docs.netlify.com/manage/security/secret-scanning/", "2026-11-20"),
        observed("https://github.com/kubernetes/website/issues/51395", "2026-11-20"),
        observed("https://github.com/envoyproxy/gateway/issues/8570", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Files that are read at most.
const MAX_FILES: usize = 200;
/// Longest file that is searched.
const MAX_LENGTH: usize = 1 << 18;
/// Extensions of files that hold text and are published or configure a site.
const TEXTS: [&str; 14] =
    [".cjs", ".css", ".env", ".html", ".js", ".json", ".key", ".md", ".mjs", ".pem", ".toml", ".txt", ".xml", ".yml"];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let list = |key: &str| -> Vec<String> {
        let text = site.config(&["build", "environment", key]).and_then(|node| node.as_str()).unwrap_or_default();
        ecma::split_commas(text).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let is_off = |key: &str| {
        let node = site.config(&["build", "environment", key]);
        node.is_some_and(|node| node.as_bool() == Some(false) || node.as_str() == Some("false"))
    };
    if site.plan.is_none() || is_off("SECRETS_SCAN_ENABLED") || is_off("SECRETS_SCAN_SMART_DETECTION_ENABLED") {
        return;
    }
    let values = list("SECRETS_SCAN_SMART_DETECTION_OMIT_VALUES");
    let omitted: Vec<&str> = values.iter().map(String::as_str).collect();
    let omitted_paths = list("SECRETS_SCAN_OMIT_PATHS");
    let ignored = site.snapshot.text_in(site.build_dir(), ".gitignore").unwrap_or_default();
    let ignored = IgnoreFile::parse(&ignored);
    for entry in candidates(site) {
        let below = strip(&entry.path, site.build_dir()).unwrap_or_default();
        if ignored.ignores(below) || is_omitted(below, &omitted_paths) {
            continue;
        }
        let Some(bytes) = site.snapshot.read(&entry.path).ok().filter(|bytes| bytes.len() <= MAX_LENGTH) else {
            continue;
        };
        let hits = secret::find(&bytes, &omitted);
        let Some(hit) = hits.first() else { continue };
        // Whether it is one, only its owner knows: the exception is shown, and never made.
        let exception = environment_edit::add(
            site,
            &format!("if it is none, leave \"{below}\" out of the scan"),
            ("SECRETS_SCAN_OMIT_PATHS", below),
        );
        let exception = exception.map(|fix| Fix { applicability: Applicability::Show, ..fix });
        // No span: a report would show the line, and with it the value.
        let finding = RULE
            .finding(format!(
                "line {} of \"{}\" holds a string that begins with \"{}\" and looks like a secret",
                hit.line, entry.path, hit.prefix
            ))
            .at_path(entry.path.to_string())
            .note("the scan runs only where the team has it switched on")
            .log_line("Secrets scanning found secrets in build.")
            .maybe_fix(exception);
        out.report(hits.iter().fold(finding, |finding, hit| finding.secret(&hit.text)));
    }
}

/// Tracked files worth a look: those in the folder that gets published, and those that hold variables or keys.
fn candidates<'s>(site: &NetlifySite<'s>) -> Vec<&'s Entry> {
    let (base, publish) = (site.build_dir(), site.publish());
    let is_own_folder = publish != base && strip(publish, base).is_some();
    let published = if is_own_folder { site.snapshot.below(publish) } else { &[] };
    let top = site.snapshot.children(base).into_iter().filter(|(_, is_dir)| !is_dir);
    let top = top.filter_map(|(file, _)| site.snapshot.entry(&child(base, file)));
    let is_text = |entry: &&Entry| {
        let file = name(&entry.path);
        let is_file = matches!(entry.mode, Mode::File | Mode::Executable);
        is_file && (file.starts_with(".env") || TEXTS.iter().any(|extension| file.ends_with(extension)))
    };
    let is_lock = |entry: &&Entry| name(&entry.path).contains("lock");
    top.chain(published).filter(is_text).filter(|entry| !is_lock(entry)).take(MAX_FILES).collect()
}

/// Whether the site excepts a path, by its beginning or by a pattern.
fn is_omitted(path: &str, omitted: &[String]) -> bool {
    [".git/", ".cache/"].iter().any(|always| path.starts_with(always))
        || omitted.iter().any(|omit| {
            path.starts_with(omit.as_str()) || Glob::new(omit).is_ok_and(|glob| glob.compile_matcher().is_match(path))
        })
}
