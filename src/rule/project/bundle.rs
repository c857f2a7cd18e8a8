//! What rules about Ruby share: where Bundler installs, and whether it may change its lock file.

use std::collections::BTreeSet;

use crate::platform::job::Job;
use crate::project::path::child;
use crate::text::span::FileId;
use crate::text::yaml;

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
/// The gems that a configuration of Jekyll asks for: plug-ins and theme; none if it cannot be read.
pub(super) fn jekyll_gems(text: &str) -> Option<BTreeSet<String>> {
    let document = yaml::parse(text, FileId::NONE);
    if !document.errors.is_empty() {
        return None;
    }
    let Some(root) = document.root.filter(|root| !root.is_null()) else { return Some(BTreeSet::new()) };
    root.as_table()?;
    let mut gems = BTreeSet::new();
    for key in ["plugins", "gems", "theme"] {
        let Some(node) = root.at(&[key]).filter(|node| !node.is_null()) else { continue };
        let items = node.as_array().unwrap_or(std::slice::from_ref(node));
        for item in items {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let name = item.as_str().filter(|name| !name.is_empty() && name.bytes().all(is_letter))?;
            gems.insert(name.to_owned());
        }
    }
    Some(gems)
}

#[cfg(test)]
mod tests {
    use super::jekyll_gems;

    #[test]
    fn gems_are_the_plug_ins_and_the_theme() {
        let text = "title: x\ntheme: minima\nplugins:\n  - jekyll-feed\n  - jekyll-sitemap\n";
        let gems = jekyll_gems(text).unwrap_or_default().into_iter().collect::<Vec<_>>();
        assert_eq!(gems, ["jekyll-feed", "jekyll-sitemap", "minima"]);
        assert!(jekyll_gems("").is_some_and(|gems| gems.is_empty()));
        assert!(jekyll_gems("theme: [").is_none() && jekyll_gems("plugins: [{a: b}]").is_none());
    }
}
