//! NTL017: a configuration file under a name that Netlify does not read.

use crate::platform::netlify::config::locate::FILE_NAME;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, display};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::FileId;
use crate::text::toml;
use crate::text::tree::Node;

/// The file has another name, another format or another place.
pub(super) static RULE: Rule = Rule {
    id: "NTL017",
    name: "config-name-unknown",
    summary: "The configuration file has a name that is not read",
    docs: "\
## What happens

Netlify finds no configuration and uses the settings of the dashboard. Without any, it runs no command and publishes \
the whole repository: the deploy is green all the same.

## Why

The only name is `netlify.toml`, in lower case, in the root or in the base directory. YAML and JSON were an experiment \
and are no longer read. A laptop may not tell `Netlify.toml` from `netlify.toml`; the build machine does.

## How to mend it

Rename the file (`git mv`), or write its settings as TOML.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/build/configure-builds/file-based-configuration/", "2026-11-20"),
        observed("https://github.com/jlengstorf/netlify-plugin-gatsby-cache/pull/5", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/150", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Sections that tell a configuration of Netlify from files of other tools (`netlify.yml` of a CMS).
const SECTIONS: [&str; 6] = ["build", "redirects", "headers", "plugins", "context", "functions"];

/// Folders in which tools keep their settings.
const FOLDERS: [&str; 3] = [".config", ".github", ".netlify"];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut folders = vec![String::new(), site.build_dir().to_owned()];
    folders.dedup();
    for folder in folders.iter().filter(|folder| !site.snapshot.exists(&child(folder, FILE_NAME))) {
        let names = site.snapshot.children(folder);
        let files = names.iter().filter(|(_, is_dir)| !is_dir).map(|(name, _)| child(folder, name));
        let inner = FOLDERS.iter().map(|inner| child(&child(folder, inner), FILE_NAME));
        let inner = inner.filter(|path| site.snapshot.is_file(path));
        for path in files.chain(inner).filter(|path| is_configuration(site, path)) {
            let right = child(folder, FILE_NAME);
            let mut finding = RULE
                .finding(format!("\"{path}\" is not read, the configuration file must be \"{right}\""))
                .at_path(&path);
            finding = match extension(&path) {
                "yml" | "yaml" | "json" => finding.help(format!("write its settings as TOML into \"{right}\"")),
                _ if crate::project::path::name(&path) == FILE_NAME => {
                    finding.fix(Fix::show(format!("run \"git mv {path} {right}\"")))
                }
                _ => {
                    let title = format!("rename it to \"{right}\"");
                    finding.fix(Fix::rename(Applicability::Review, title, path.clone(), right.clone()))
                }
            };
            if site.resolution.config_path.is_none() {
                finding = finding.log_line("No config file was defined: using default values");
            }
            let is_hidden = crate::project::path::name(&path) == FILE_NAME;
            let copy = site.snapshot.text(&path).ok().filter(|_| is_hidden);
            let title = format!("copy it to \"{}\"", display(&right));
            out.report(
                finding.maybe_fix(copy.map(|text| Fix::create(Applicability::Review, title, right.clone(), text))),
            );
        }
    }
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

/// Whether the name is near to the right one, and the content is what the right one would have.
fn is_configuration(site: &NetlifySite<'_>, path: &str) -> bool {
    let name = crate::project::path::name(path).to_lowercase();
    let text = || site.snapshot.text(path).unwrap_or_default();
    let has_section = |root: &Node| SECTIONS.iter().any(|section| root.at(&[section]).is_some());
    match name.as_str() {
        FILE_NAME => true,
        "netlify.yml" | "netlify.yaml" => {
            text().lines().any(|line| line.split_once(':').is_some_and(|(key, _)| SECTIONS.contains(&key)))
        }
        "netlify.json" => {
            let root = crate::text::json::parse(&text(), FileId::NONE);
            root.is_ok_and(|root| has_section(&root))
        }
        "netlify.toml.txt"
        | ".netlify.toml"
        | "_netlify.toml"
        | "netlify.tml"
        | "netlfiy.toml"
        | "netify.toml"
        | "netlify.tom"
        | "netlify.tolm"
        | "netlify.config.toml" => toml::parse(&text(), FileId::NONE).is_ok_and(|root| has_section(&root)),
        _ => false,
    }
}
