//! What rules about Ruby share: where Bundler installs, and whether it may change its lock file.

use crate::platform::job::Job;
use crate::project::path::child;

/// The folder in which Bundler certainly installs: Netlify's base directory if it has a `Gemfile`
/// (`run-build-functions.sh` of the build image), otherwise where the command does it.
pub(super) fn dir(job: &Job<'_>) -> Option<String> {
    let has = |dir: &str| job.snapshot.is_file(&child(dir, "Gemfile"));
    if job.is_own_strict && has(job.dir) {
        return Some(job.dir.to_owned());
    }
    let installs = job.tools("bundle").find(|tool| matches!(tool.run.subcommand(), Some("install") | None));
    installs.map(|tool| tool.dir.to_owned()).filter(|dir| has(dir))
}

/// Whether Bundler is told to leave the lock file alone.
pub(super) fn is_frozen(job: &Job<'_>, dir: &str) -> bool {
    let by_variable = ["BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"]
        .iter()
        .any(|name| job.variable(name).is_some_and(|value| matches!(value.value.as_str(), "1" | "true" | "yes")));
    let by_file = job.snapshot.text(&child(dir, ".bundle/config")).is_ok_and(|text| {
        text.lines().any(|line| {
            let (key, value) = line.split_once(':').unwrap_or_default();
            matches!(key.trim(), "BUNDLE_DEPLOYMENT" | "BUNDLE_FROZEN") && value.trim().trim_matches('"') == "true"
        })
    });
    let by_option = job
        .tools("bundle")
        .any(|tool| tool.run.args.iter().any(|arg| matches!(arg.text.as_str(), "--deployment" | "--frozen")));
    by_variable || by_file || by_option
}
