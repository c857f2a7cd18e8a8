//! The folder that gets published: what the build makes of it, and what else may.
//!
//! The deploy service refuses a publish directory that does not exist after the build, and only then (log line
//! `Deploy directory 'dist' does not exist`).

pub mod content;
pub mod entry;
pub mod published;
pub mod slip;

#[cfg(test)]
mod tests;

use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::mentions;
use crate::project::output::fate::Fate;
use crate::project::output::tool::{TOOLS, Tool};
use crate::project::output::{Build, Effect, Product, has_sources, said};
use crate::project::path::{child, display, name, strip};
use crate::sim::known::Because;
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;
use crate::text::source::Sources;
use crate::text::tree::Node;

use super::setting::SOURCE_NAME;
use super::step;
use slip::Slip;

/// Something beside the command that may make the publish directory, or move it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The command is not in the file: the dashboard may have another one.
    Command,
    /// The publish directory is not in the file: the dashboard may have another one.
    Publish,
    /// The base directory is only supposed.
    Base,
    /// A build plugin may make it.
    Plugin(String),
}

/// How sure it is that the publish directory is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is.
    Certainly,
    /// It is with the command that Netlify proposes; the dashboard may have another one.
    Probably,
}

/// What is known about the publish directory.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What installation and command leave behind.
    pub build: Build,
    /// What becomes of the publish directory when nothing else is at work.
    pub fate: Fate,
    /// What else may be at work.
    pub doubts: Vec<Doubt>,
    /// What suggests that something makes the publish directory, in one clause.
    pub sign: Option<String>,
    /// A slip of the pen in its name.
    pub slip: Option<Slip>,
    /// Whether the deploy is reached: the command does not fail for certain.
    pub is_reached: bool,
    /// Whether there is anything that a site could be made of; configuration alone is a part of a repository.
    pub has_sources: bool,
}

impl Delivery {
    /// Works out what becomes of the publish directory.
    #[must_use]
    pub fn new(site: &NetlifySite<'_>, plan: &Plan, sources: &mut Sources) -> Delivery {
        let environment: Vec<(String, String)> =
            plan.environment.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect();
        let mut build = Build::default();
        for trace in plan.lifecycle.iter().chain(&plan.trace) {
            build.extend(Build::new(site.snapshot, trace, &environment, sources));
        }
        let fate = build.fate(site.snapshot, sources, &plan.publish.value);
        let follows_publish =
            build.doubts().next().is_some() && site.detection.frameworks.iter().any(|found| found.id == "svelte-kit");
        Delivery {
            doubts: doubts(site, plan),
            sign: sign(site, plan, &build),
            slip: slip::find(site, plan, &build, &fate).filter(|_| !follows_publish),
            is_reached: plan.lifecycle.iter().chain(&plan.trace).all(|trace| trace.failure().is_none()),
            has_sources: has_sources(site.snapshot, ""),
            build,
            fate,
        }
    }

    /// How sure it is that the publish directory is missing; `None` when it may be there.
    #[must_use]
    pub fn missing(&self) -> Option<Missing> {
        let is_fixed = !self.doubts.iter().any(|doubt| matches!(doubt, Doubt::Publish | Doubt::Base));
        if !self.is_reached || !is_fixed || self.fate == Fate::Present {
            return None;
        }
        if self.fate == Fate::File || self.slip.is_some() {
            return Some(Missing::Certainly);
        }
        match (&self.fate, self.doubts.as_slice()) {
            (Fate::Absent, []) => Some(Missing::Certainly),
            (Fate::Absent, [Doubt::Command]) => Some(Missing::Probably),
            _ => None,
        }
    }

    /// The output of the tool that runs last.
    #[must_use]
    pub fn product(&self) -> Option<&Product> {
        self.build.products().filter(|product| product.tool.kind != crate::project::output::tool::Kind::Files).last()
    }

    /// The output, if all tools write the same folder.
    #[must_use]
    pub fn only_product(&self) -> Option<&Product> {
        let last = self.product()?;
        self.build.products().all(|product| product.folder.path == last.folder.path).then_some(last)
    }

    /// What the files do not say about the publish directory.
    #[must_use]
    pub fn unknown(&self, plan: &Plan) -> Option<Unknown> {
        let is_missing = self.missing().is_some() && self.has_sources;
        let settled = self.missing() == Some(Missing::Certainly) && is_missing || self.fate == Fate::Present;
        let wanted = plan.publish.value.as_str();
        let is_beside = self.build.products().any(|product| product.folder.beside.iter().any(|path| path == wanted));
        if settled || is_beside || !self.is_reached {
            return None;
        }
        let shown = display(wanted);
        let is_open = self.doubts.contains(&Doubt::Command);
        let what = match (is_open, self.build.doubts().next()) {
            (false, Some(doubt)) => format!("whether the build makes \"{shown}\": {doubt}"),
            _ if !self.has_sources && self.missing().is_some() => {
                format!("whether the build makes \"{shown}\": the repository holds nothing to build it from")
            }
            _ if is_open => format!("whether a build command in the dashboard makes \"{shown}\""),
            _ => match self
                .doubts
                .iter()
                .find_map(|doubt| if let Doubt::Plugin(name) = doubt { Some(name) } else { None })
            {
                Some(plugin) => format!("whether the plugin \"{plugin}\" makes \"{shown}\""),
                None => format!("whether the build makes \"{shown}\""),
            },
        };
        let tell = || format!("give --site-settings, or write {SOURCE_NAME} into .chimera/config.toml");
        Some(Unknown {
            stage: Stage::Deploy,
            what,
            would_change: "the deploy, which fails without its publish directory".to_owned(),
            tell: is_open.then(tell),
            decides: self.sign.is_none() && !is_missing,
        })
    }
}

fn doubts(site: &NetlifySite<'_>, plan: &Plan) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if !site.is_dashboard_known {
        let is_written = plan.command.as_ref().is_some_and(|command| matches!(command.because, Because::Written(_)));
        if !is_written && !says_no_command(site) {
            doubts.push(Doubt::Command);
        }
        if !matches!(plan.publish.because, Because::Written(_)) {
            doubts.push(Doubt::Publish);
        }
        let folder = &site.site.directory;
        let again = child(folder, folder);
        if !folder.is_empty() && strip(&plan.publish.value, &again).is_some() {
            doubts.push(Doubt::Base);
        }
    }
    let plugins = site.config(&["plugins"]).and_then(Node::as_array).unwrap_or_default();
    let packages = plugins.iter().filter_map(|plugin| plugin.at(&["package"]).and_then(Node::as_str));
    let doubtful = packages.filter(|package| may_build(site, package, &plan.publish.value));
    doubts.extend(doubtful.map(|package| Doubt::Plugin(package.to_owned())));
    doubts
}

/// Whether the file itself says that there is no command: an empty one beats the dashboard's.
fn says_no_command(site: &NetlifySite<'_>) -> bool {
    let Some(file) = &site.resolution.file else { return false };
    let is_empty = |node: Option<&Node>| node.and_then(Node::as_str) == Some("");
    let own = ["command", "Command"].into_iter().any(|key| is_empty(file.at(&["build", key])));
    own && site.config(&["build", "command"]).is_none()
}

/// Plugins that cache, check or change what is built, and make no folder to publish (Netlify's plugin directory).
const QUIET_PLUGINS: [&str; 36] = [
    "@algolia/netlify-plugin-crawler",
    "@sentry/netlify-build-plugin",
    "netlify-plugin-a11y",
    "netlify-plugin-astro",
    "netlify-plugin-bundle-env",
    "netlify-plugin-cache",
    "netlify-plugin-cache-folder",
    "netlify-plugin-checklinks",
    "netlify-plugin-chromium",
    "netlify-plugin-cloudinary",
    "netlify-plugin-cypress",
    "netlify-plugin-debug-cache",
    "netlify-plugin-gatsby-cache",
    "netlify-plugin-hashfiles",
    "netlify-plugin-html-validate",
    "netlify-plugin-hugo-cache-resources",
    "netlify-plugin-image-optim",
    "netlify-plugin-inline-critical-css",
    "netlify-plugin-inline-functions-env",
    "netlify-plugin-inline-source",
    "netlify-plugin-is-website-vulnerable",
    "netlify-plugin-js-obfuscator",
    "netlify-plugin-minify-html",
    "netlify-plugin-ml-optimize",
    "netlify-plugin-no-more-404",
    "netlify-plugin-playwright-cache",
    "netlify-plugin-purge-cloudflare-on-deploy",
    "netlify-plugin-pushover",
    "netlify-plugin-replace",
    "netlify-plugin-search-index",
    "netlify-plugin-sentry",
    "netlify-plugin-snoop",
    "netlify-plugin-subfont",
    "netlify-plugin-submit-sitemap",
    "netlify-plugin-visual-diff",
    "netlify-plugin-webmentions",
];

/// Whether a plugin may make the folder: one that nobody knows, or one of the repository that says its name or that
/// does more than can be read.
fn may_build(site: &NetlifySite<'_>, package: &str, wanted: &str) -> bool {
    if let Some(local) = step::local(package) {
        let module = step::find_module(site.snapshot, site.build_dir(), &local);
        let said = module.and_then(|path| said(site.snapshot, path));
        return said.is_none_or(|text| mentions(&text, name(wanted)));
    }
    !(package.starts_with("@netlify/") || QUIET_PLUGINS.contains(&package))
}

/// What suggests that something makes the publish directory.
fn sign(site: &NetlifySite<'_>, plan: &Plan, build: &Build) -> Option<String> {
    let wanted = plan.publish.value.as_str();
    let below = strip(wanted, site.build_dir()).unwrap_or(wanted);
    let last = name(wanted);
    let texts = plan.trace.iter().flat_map(|trace| &trace.texts);
    if texts.into_iter().any(|text| suggests(&text.text, last)) {
        return Some("the command names it, or a tool that writes it".to_owned());
    }
    for event in &build.events {
        let Effect::Unknown { files, usual, .. } = &event.effect else { continue };
        if usual.as_ref().is_some_and(|usual| wanted == usual || wanted.ends_with(&format!("/{usual}"))) {
            return Some("what runs usually writes it".to_owned());
        }
        // A script that says "html" speaks of files more often than of a folder.
        let is_ending = matches!(last, "html" | "htm" | "xml" | "json" | "txt" | "md");
        let says = |path: &&String| !is_ending && site.snapshot.text(path).is_ok_and(|text| suggests(&text, last));
        if let Some(path) = files.iter().find(says) {
            return Some(format!("\"{path}\" names it, or a tool that writes it"));
        }
    }
    if let Some((path, _)) = slip::ignored(site).into_iter().find(|(_, entry)| name(entry) == last) {
        return Some(format!("\"{path}\" lists it"));
    }
    let usual = |found: &&super::detect::DetectedFramework| {
        let directory = found.publish_directory.as_deref().unwrap_or_default();
        directory.trim_start_matches("./").trim_matches('/') == below
    };
    let framework = site.detection.frameworks.iter().find(usual)?;
    Some(format!("{} usually writes it", framework.name))
}

/// Whether a text names a folder, or a tool that usually writes a folder of that name.
fn suggests(text: &str, folder: &str) -> bool {
    let makes = |tool: &&Tool| name(tool.usual) == folder;
    mentions(text, folder) || TOOLS.iter().filter(makes).any(|tool| mentions(text, tool.programs[0]))
}
