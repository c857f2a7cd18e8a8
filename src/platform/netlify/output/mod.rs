//! What the deploy will hold, as far as the repository shows it.

mod mention;
pub mod server;
pub mod side_file;
pub mod spa;
mod static_folder;

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::platform::netlify::edge::{Files, Presence};
use crate::platform::netlify::routing::{Header, Redirect, RoutingError, Subject};
use crate::project::command::{Invocation, Reach, Trace};
use crate::project::path::{child, strip};
use crate::project::snapshot::{Mode, Snapshot};
use crate::text::span::FileId;
use crate::text::tree::Node;

use super::plan::Plan;
use super::site::NetlifySite;
pub use side_file::{SideFile, Standing};

/// Stands among the paths of a deploy for what lies behind links and in submodules, and is not listed.
const ELSEWHERE: char = '\0';

/// What is known about the files of a deploy.
#[derive(Debug, Default)]
pub struct Output {
    /// Folders that the build copies into the deploy, as repository paths; they need not exist.
    pub static_folders: Vec<String>,
    /// Tracked folders whose content certainly lies at the top of the deploy.
    pub layers: Vec<String>,
    /// Whether the build makes an `index.html` out of one in the site's folder.
    pub has_built_index: bool,
    /// Whether the deploy holds these files and no others.
    pub is_complete: bool,
    /// The site's own folder.
    pub sources: String,
    /// Whether the build makes one document and its assets, beside the static files.
    pub is_one_document: bool,
    /// The side files.
    pub side_files: Vec<SideFile>,
    paths: OnceLock<HashSet<String>>,
}

impl Output {
    /// Works out what the deploy of a site will hold, with the texts of side files that nobody has read yet.
    #[must_use]
    pub fn new(site: &mut NetlifySite<'_>) -> Output {
        let mut output = Output::default();
        if site.plan.is_none() {
            return output;
        }
        let is_built = site.is_built();
        output.sources = site.build_dir().to_owned();
        let frameworks = &site.detection.frameworks;
        if is_built {
            let folder = |framework| static_folder::of(site.snapshot, framework, site.build_dir(), site.publish());
            output.static_folders = frameworks.iter().filter_map(folder).collect();
            output.static_folders.dedup();
            output.static_folders.retain(|folder| folder != site.publish());
            output.layers.clone_from(&output.static_folders);
            output.is_one_document = spa::makes_one_document(site) && !output.static_folders.is_empty();
            let is_vite = frameworks.iter().any(|framework| framework.id == "vite");
            output.has_built_index = is_vite && site.snapshot.is_file(&child(site.build_dir(), "index.html"));
        } else {
            output.layers.push(site.publish().to_owned());
            output.is_complete = !has_plugins(site) && !has_build_script(site);
        }
        output.layers.retain(|layer| site.snapshot.is_dir(layer));
        // A deploy without a start page is no site: its files come from elsewhere.
        let has_start = |layer: &String| site.snapshot.is_file(&child(layer, "index.html"));
        output.is_complete &= output.layers.iter().any(has_start);
        let mut sources = std::mem::take(&mut site.resolution.sources);
        output.side_files = side_file::find(site, &output, &mut sources);
        site.resolution.sources = sources;
        output
    }

    /// The side file of this kind that the build brings into the deploy, if that is not the one that the configuration
    /// engine reads.
    #[must_use]
    pub fn copied(&self, subject: Subject) -> Option<&SideFile> {
        self.side_files.iter().find(|file| file.subject == subject && file.standing == Standing::Copied)
    }

    /// Whether a tracked file certainly answers this path, and which.
    #[must_use]
    pub fn file_at(&self, snapshot: &Snapshot, path: &str) -> Option<String> {
        let inner = path.trim_matches('/');
        let names: &[String] = &if inner.is_empty() {
            vec!["index.html".to_owned()]
        } else if path.ends_with('/') {
            vec![format!("{inner}/index.html"), format!("{inner}.html")]
        } else {
            vec![inner.to_owned(), format!("{inner}.html"), format!("{inner}/index.html")]
        };
        let is_hidden = |name: &&String| name.split('/').any(|part| matches!(part, "." | ".." | ""));
        let names = || names.iter().filter(|name| !is_hidden(name));
        let in_layer = |layer: &String| names().map(|name| child(layer, name)).find(|path| snapshot.is_file(path));
        self.layers.iter().find_map(in_layer)
    }

    /// Whether the deploy certainly holds nothing at or below this path.
    #[must_use]
    pub fn is_void(&self, snapshot: &Snapshot, path: &str) -> bool {
        let inner = path.trim_matches('/').to_lowercase();
        let paths = || self.paths.get_or_init(|| self.lower_case_paths(snapshot));
        let is_plain = path.is_ascii()
            && !inner.starts_with(".netlify")
            && !path.contains(['%', '\\', ELSEWHERE])
            && !path.contains("//");
        self.is_complete && is_plain && !paths().contains(&inner) && !paths().contains(&ELSEWHERE.to_string())
    }

    /// Everything that the deploy answers, in lower case: the platform does not tell capitals apart in file names.
    fn lower_case_paths(&self, snapshot: &Snapshot) -> HashSet<String> {
        let mut paths = HashSet::new();
        for layer in &self.layers {
            for entry in snapshot.below(layer) {
                let mut path = strip(&entry.path, layer).unwrap_or_default().to_lowercase();
                if matches!(entry.mode, Mode::Symlink | Mode::Submodule) {
                    paths.insert(ELSEWHERE.to_string());
                }
                if let Some(page) = path.strip_suffix(".html") {
                    paths.insert(page.to_owned());
                }
                while !path.is_empty() && paths.insert(path.clone()) {
                    path.truncate(path.rfind('/').unwrap_or(0));
                }
            }
        }
        paths
    }
}

/// The output together with the files, as a chain of redirects asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Deploy<'a> {
    /// What is known.
    pub output: &'a Output,
    /// The tracked files.
    pub snapshot: &'a Snapshot,
}

impl Files for Deploy<'_> {
    fn at(&self, path: &str) -> Presence {
        match self.output.file_at(self.snapshot, path) {
            Some(_) => Presence::File,
            None if path == "/" && self.output.has_built_index => Presence::File,
            None if self.output.is_void(self.snapshot, path) || self.is_beside_the_document(path) => Presence::Nothing,
            None => Presence::Unknown,
        }
    }
}

/// The deploy as a visitor sees it who also asks for a name that no file has.
#[derive(Debug, Clone, Copy)]
pub struct Visited<'a> {
    /// The deploy.
    pub deploy: Deploy<'a>,
    /// The made-up name.
    pub word: &'a str,
    /// Whether a program may answer paths that no file has.
    pub is_dynamic: bool,
}

impl Files for Visited<'_> {
    fn at(&self, path: &str) -> Presence {
        match self.deploy.at(path) {
            Presence::File => Presence::File,
            _ if self.is_dynamic => Presence::Unknown,
            _ if path.contains(self.word) => Presence::Nothing,
            presence => presence,
        }
    }
}

impl Deploy<'_> {
    /// Whether a bundler that makes one document makes nothing here: no source page has the name, no asset may have it.
    fn is_beside_the_document(&self, path: &str) -> bool {
        let inner = path.trim_matches('/');
        let is_asset = ["assets", "static", ".netlify", "index.html"].iter().any(|start| inner.starts_with(start));
        let pages = [inner.to_owned(), format!("{inner}.html")].map(|page| child(&self.output.sources, &page));
        let is_plain =
            path.is_ascii() && !path.contains(['%', '\\']) && !inner.split('/').any(|part| part.starts_with('.'));
        self.output.is_one_document
            && is_plain
            && !inner.is_empty()
            && !is_asset
            && pages.iter().all(|page| !self.snapshot.exists(page))
            && self.output.layers.iter().all(|layer| !self.snapshot.exists(&child(layer, inner)))
    }
}

/// Programs that build a site and copy only what their documentation says.
const BUILDERS: [&str; 18] = [
    "vite",
    "react-scripts",
    "tsc",
    "vue-tsc",
    "eslint",
    "hugo",
    "astro",
    "gatsby",
    "docusaurus",
    "next",
    "nuxt",
    "nuxi",
    "vue-cli-service",
    "ng",
    "ember",
    "zola",
    "vitepress",
    "vuepress",
];

/// Whether a step of the build, or a plugin, may copy files in a way that is not understood.
#[must_use]
pub fn may_copy_more(site: &NetlifySite<'_>) -> bool {
    let is_elsewhere = strip(site.publish(), site.build_dir()).is_none();
    is_elsewhere || own_plugins(site) || !site.runs_only(|run| BUILDERS.contains(&run.name()))
}

/// Plugins that look at a deploy and leave its files alone; any name that holds one of these words counts.
const BYSTANDERS: [&str; 8] =
    ["lighthouse", "cache", "sitemap", "checklinks", "a11y", "submit", "image-optim", "minify"];

/// Whether a build plugin runs that may write files of its own.
#[must_use]
pub fn own_plugins(site: &NetlifySite<'_>) -> bool {
    let plugins = site.config(&["plugins"]).and_then(Node::as_array).unwrap_or_default();
    let name = |plugin: &Node| plugin.at(&["package"]).and_then(Node::as_str).unwrap_or_default().to_owned();
    plugins.iter().map(name).any(|name| !BYSTANDERS.iter().any(|word| name.contains(word)))
}

fn has_plugins(site: &NetlifySite<'_>) -> bool {
    site.config(&["plugins"]).and_then(Node::as_array).is_some_and(|plugins| !plugins.is_empty())
}

/// A script that builds, though nothing says that the platform runs it: a command may be set in the dashboard.
fn has_build_script(site: &NetlifySite<'_>) -> bool {
    let text = site.snapshot.text(&child(site.build_dir(), "package.json"));
    !site.is_dashboard_known && text.is_ok_and(|text| text.contains("\"build"))
}

impl NetlifySite<'_> {
    /// The redirects that the edge will see, in its order.
    pub fn redirects(&self) -> impl Iterator<Item = &Redirect> {
        let copied = self.output.copied(Subject::Redirect);
        let replaced = self.replaced_by(copied);
        let rules = self.resolved().map(|resolved| resolved.redirects.rules.as_slice()).unwrap_or_default();
        let own = copied.map(|file| file.redirects.rules.as_slice()).unwrap_or_default();
        own.iter().chain(rules.iter().filter(move |rule| Some(rule.span.file) != replaced))
    }

    /// The headers that the edge will see, in its order.
    pub fn headers(&self) -> impl Iterator<Item = &Header> {
        let copied = self.output.copied(Subject::Header);
        let replaced = self.replaced_by(copied);
        let rules = self.resolved().map(|resolved| resolved.headers.rules.as_slice()).unwrap_or_default();
        let own = copied.map(|file| file.headers.rules.as_slice()).unwrap_or_default();
        own.iter().chain(rules.iter().filter(move |rule| Some(rule.span.file) != replaced))
    }

    /// The tracked side file in the publish directory that a copied one replaces.
    fn replaced_by(&self, copied: Option<&SideFile>) -> Option<FileId> {
        let subject = copied?.subject;
        let is_replaced = |file: &&SideFile| file.subject == subject && file.standing == Standing::Published;
        self.output.side_files.iter().find(is_replaced)?.file
    }

    /// What is wrong with redirects or headers, in the configuration and in every side file that gets published.
    pub fn routing_errors(&self, subject: Subject) -> impl Iterator<Item = &RoutingError> {
        let resolved = self.resolved().map(|resolved| match subject {
            Subject::Redirect => resolved.redirects.errors.as_slice(),
            Subject::Header => resolved.headers.errors.as_slice(),
        });
        let is_template = |error: &&RoutingError| {
            let file = self.output.side_files.iter().find(|file| file.file == Some(error.span.file));
            !file.is_some_and(|file| file.is_template && self.is_built())
        };
        let more = self.output.side_files.iter().filter(|file| file.standing != Standing::Stray);
        let more = more.flat_map(move |file| match subject {
            Subject::Redirect => &file.redirects.errors,
            Subject::Header => &file.headers.errors,
        });
        resolved.unwrap_or_default().iter().filter(is_template).chain(more)
    }

    /// Whether a build command runs that may make files.
    #[must_use]
    pub fn is_built(&self) -> bool {
        let makes_files = |plan: &Plan| !plan.trace.as_ref().is_some_and(Trace::builds_nothing);
        self.plan.as_ref().is_some_and(|plan| plan.command.is_some() && makes_files(plan))
    }

    /// The texts that shells read during the build: the command and the scripts that it calls.
    pub fn command_texts(&self) -> impl Iterator<Item = &str> {
        let trace = self.plan.as_ref().and_then(|plan| plan.trace.as_ref());
        trace.into_iter().flat_map(|trace| trace.texts.iter().map(|text| text.text.as_str()))
    }

    /// Whether the build command, a script or a configuration file of the site holds one of these words.
    #[must_use]
    pub fn speaks_of(&self, words: &[&str]) -> bool {
        let in_command = self.command_texts().any(|text| words.iter().any(|word| text.contains(word)));
        in_command || mention::anywhere(self.snapshot, self.build_dir(), words)
    }

    /// Whether the build runs nothing but programs that this test knows, and everything that it runs is known.
    #[must_use]
    pub fn runs_only(&self, is_known: impl Fn(&Invocation) -> bool) -> bool {
        let Some(trace) = self.plan.as_ref().and_then(|plan| plan.trace.as_ref()) else { return true };
        let is_surveyed = trace.gaps.iter().all(|gap| gap.reach == Reach::Never);
        let writes = trace.texts.iter().any(|text| text.text.contains('>'));
        let is_fine = |run: &Invocation| run.reach == Reach::Never || run.is_harmless() || is_known(run);
        is_surveyed && !writes && trace.invocations.iter().all(is_fine)
    }

    /// The deploy, as a chain of redirects asks for it.
    #[must_use]
    pub fn deploy(&self) -> Deploy<'_> {
        Deploy { output: &self.output, snapshot: self.snapshot }
    }
}
