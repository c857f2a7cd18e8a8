//! The sites of a repository, and everything that is known about one.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::project::manifest::{self, Manifest, ManifestError};
use crate::project::path::{child, parent};
use crate::project::snapshot::{Mode, Snapshot};
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};

use super::config::locate::FILE_NAME;
pub use super::config::locate::FILE_NAME as CONFIG_NAME;
use super::config::{self, Failure, Options, Resolution, Resolved, Topic};
use super::delivery::published::{self, Root};
use super::detect::{self, Detection};
use super::function::Functions;
use super::output::Output;
use super::plan::Plan;
use super::setting::SiteSettings;

/// Name of the source that holds what Netlify proposes when a site is created.
pub const PROPOSAL_NAME: &str = "detected settings";

/// One site: a folder of the repository that is deployed on its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// Base directory as set in the user interface (`""` is the root).
    pub directory: String,
}

/// What is known about the dashboard.
#[derive(Debug, Clone, Default)]
pub enum Dashboard {
    /// Nothing was said: the site is taken as created with the settings that Netlify proposes.
    #[default]
    Unknown,
    /// These settings and no others.
    Given(SiteSettings),
}

/// What a simulation is asked for, beside the files.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Deploy context; `production` when empty.
    pub context: String,
    /// Branch; `main` when empty.
    pub branch: String,
    /// What is known about the dashboard.
    pub dashboard: Dashboard,
    /// The day of the build, if it was said.
    pub day: Option<Date>,
}

/// Everything that rules and reports may know about one site.
#[derive(Debug)]
pub struct NetlifySite<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// Which site.
    pub site: Site,
    /// Whether the dashboard's settings were given.
    pub is_dashboard_known: bool,
    /// The day of the build, if it was said.
    pub day: Option<Date>,
    /// What the configuration resolves to.
    pub resolution: Resolution,
    /// Folder of the site's package below the base directory, as set in the dashboard; mostly empty.
    pub package_path: String,
    /// What Netlify would detect in the build directory.
    pub detection: Detection,
    /// What would happen, unless the configuration is rejected.
    pub plan: Option<Plan>,
    /// What the deploy will hold.
    pub output: Output,
    manifest: OnceLock<Option<Result<Manifest, ManifestError>>>,
    functions: OnceLock<Functions>,
    roots: OnceLock<Vec<Root>>,
}

/// Folders whose configuration files are samples, not sites.
const SAMPLE_FOLDERS: [&str; 6] =
    ["node_modules", "fixtures", "__fixtures__", "__tests__", "testdata", "test-fixtures"];

/// Whether a configuration file of this path cannot be a site's: nobody makes a hidden folder a base directory.
fn is_sample(path: &str) -> bool {
    path.split('/').any(|part| SAMPLE_FOLDERS.contains(&part) || part.starts_with('.'))
}

/// Finds the sites: the root, and every other folder that holds a `netlify.toml` of its own.
///
/// The root counts when it has a `netlify.toml`, or when no other folder does. A file that the root's own base leads to
/// belongs to the root's site. Samples (below `fixtures`, `node_modules`, hidden folders, …) do not count.
#[must_use]
pub fn find(snapshot: &Snapshot, request: &Request) -> Vec<Site> {
    let folders: Vec<&str> = snapshot
        .named(FILE_NAME)
        .filter(|entry| entry.mode != Mode::Submodule && !is_sample(&entry.path))
        .filter_map(|entry| parent(&entry.path))
        .collect();
    let root = Site::default();
    let given_base = match &request.dashboard {
        Dashboard::Given(settings) => settings.base.clone().or_else(|| settings.package_path.clone()),
        Dashboard::Unknown => None,
    };
    if given_base.is_some() || folders.iter().all(|folder| folder.is_empty()) {
        return vec![root];
    }
    let mut sites = Vec::new();
    let mut taken = None;
    if folders.contains(&"") {
        taken = resolution(snapshot, &root, request).config_path;
        sites.push(root);
    }
    let others =
        folders.iter().filter(|folder| !folder.is_empty() && taken.as_deref() != Some(&*child(folder, FILE_NAME)));
    sites.extend(others.map(|folder| Site { directory: (*folder).to_owned() }));
    sites
}

fn resolution(snapshot: &Snapshot, site: &Site, request: &Request) -> Resolution {
    let (options, sources) = options(site, request, None);
    config::resolve(snapshot, &options, sources)
}

/// The engine's options for a site, with the texts that their spans point into.
fn options(site: &Site, request: &Request, detection: Option<&Detection>) -> (Options, Sources) {
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let mut sources = Sources::default();
    let mut options = Options {
        context: or(&request.context, "production"),
        branch: or(&request.branch, "main"),
        base: Some(site.directory.clone()).filter(|base| !base.is_empty()),
        ..Options::default()
    };
    match &request.dashboard {
        Dashboard::Given(settings) => {
            sources.add(Source::new(super::setting::SOURCE_NAME, false, settings.text.clone()));
            options.default_config = settings.config.clone();
            options.package_path.clone_from(&settings.package_path);
            options.base = options.base.filter(|_| settings.base.is_none());
        }
        Dashboard::Unknown => {
            let proposal = detection.and_then(|detection| proposal(detection, &mut sources));
            options.default_config = proposal.unwrap_or_default();
        }
    }
    (options, sources)
}

/// The command and publish folder that Netlify fills in when a site of this framework is created, relative to the base.
///
/// In the root of a workspace with several candidates nobody knows which one was chosen: nothing is proposed.
fn proposal(detection: &Detection, sources: &mut Sources) -> Option<Table> {
    let framework = detection.frameworks.first().filter(|_| detection.settings.len() < 2)?;
    let command = detection.settings.first().map_or(&framework.build_command, |setting| &setting.build_command);
    let mut text = String::new();
    let mut build = Table::default();
    let values = [("command", Some(command)), ("publish", framework.publish_directory.as_ref())];
    for (key, value) in values {
        let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
        let start = text.len() + key.len() + 4;
        text.push_str(&format!("{key} = \"{value}\"\n"));
        let span = Span::new(FileId(0), start, start + value.len());
        build.insert(key, span, Node::string(value.as_str(), span));
    }
    sources.add(Source::new(PROPOSAL_NAME, false, text));
    let mut config = Table::default();
    config.insert("build", Span::NONE, Node::default_of(Kind::Table(build)));
    Some(config)
}

/// Whether the file leaves the command or the publish directory to the dashboard.
fn is_open(resolution: &Resolution) -> bool {
    let Ok(resolved) = &resolution.outcome else { return false };
    let build = resolved.config.get("build");
    let is_set = |key: &str| build.and_then(|build| build.at(&[key])).and_then(Node::as_str) == Some("config");
    !(is_set("commandOrigin") && is_set("publishOrigin"))
}

impl<'a> NetlifySite<'a> {
    /// Works out everything about a site.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, site: Site, request: &Request) -> NetlifySite<'a> {
        let is_dashboard_known = matches!(request.dashboard, Dashboard::Given(_));
        let package_path = match &request.dashboard {
            Dashboard::Given(settings) => settings.package_path.clone().unwrap_or_default(),
            Dashboard::Unknown => String::new(),
        };
        let first = resolution(snapshot, &site, request);
        let build_dir = match &first.outcome {
            Ok(resolved) => resolved.build_dir.clone(),
            Err(_) => site.directory.clone(),
        };
        let detection = detect::detect(snapshot, &build_dir, &package_path);
        let (options, sources) = options(&site, request, Some(&detection));
        let resolution = match &request.dashboard {
            Dashboard::Unknown if is_open(&first) && !options.default_config.is_empty() => {
                config::resolve(snapshot, &options, sources)
            }
            _ => first,
        };
        let result = NetlifySite {
            snapshot,
            site,
            is_dashboard_known,
            day: request.day,
            resolution,
            package_path: String::new(),
            detection,
            plan: None,
            output: Output::default(),
            manifest: OnceLock::new(),
            functions: OnceLock::new(),
            roots: OnceLock::new(),
        };
        result.with_plan(&options)
    }

    /// Works out everything about a site from the options of one call of the engine; nothing is proposed for the
    /// dashboard, and `options.default_config` is all that is set there. `sources` holds the texts that spans in
    /// `options` point into.
    #[must_use]
    pub fn with_options(snapshot: &'a Snapshot, options: &Options, sources: Sources) -> NetlifySite<'a> {
        let resolution = config::resolve(snapshot, options, sources);
        let build_dir = resolution.outcome.as_ref().map_or("", |resolved| &resolved.build_dir);
        let detection = detect::detect(snapshot, build_dir, options.package_path.as_deref().unwrap_or_default());
        let site = Site { directory: options.base.clone().unwrap_or_default() };
        let result = NetlifySite {
            snapshot,
            site,
            is_dashboard_known: true,
            day: None,
            resolution,
            package_path: String::new(),
            detection,
            plan: None,
            output: Output::default(),
            manifest: OnceLock::new(),
            functions: OnceLock::new(),
            roots: OnceLock::new(),
        };
        result.with_plan(options)
    }

    fn with_plan(mut self, options: &Options) -> NetlifySite<'a> {
        self.package_path = options.package_path.clone().unwrap_or_default();
        let plan = Plan::new(&self, options);
        let dir = self.build_dir().to_owned();
        let plugins = self.config(&["plugins"]).and_then(Node::as_array).is_some_and(|plugins| !plugins.is_empty());
        let mut sources = std::mem::take(&mut self.resolution.sources);
        let plan = plan.map(|plan| plan.followed(self.snapshot, &dir, &self.detection, plugins, &mut sources));
        let plan = plan.map(|plan| plan.delivered(&self, &mut sources));
        self.resolution.sources = sources;
        self.plan = plan;
        self.output = Output::new(&mut self);
        self
    }

    /// Why the configuration is rejected, if it is about that topic.
    #[must_use]
    pub fn failure(&self, topic: Topic) -> Option<&Failure> {
        self.resolution.outcome.as_ref().err().filter(|failure| failure.topic() == topic)
    }

    /// The text of a span, if it lies in a file of the repository, so that a repair can change it.
    #[must_use]
    pub fn written(&self, span: Span) -> Option<&str> {
        let source = self.resolution.sources.get(span.file).filter(|source| source.is_file)?;
        source.text.get(span.range())
    }

    /// The configuration, unless it is rejected.
    #[must_use]
    pub fn resolved(&self) -> Option<&Resolved> {
        self.resolution.outcome.as_ref().ok()
    }

    /// The folder in which the build runs, as a repository path.
    #[must_use]
    pub fn build_dir(&self) -> &str {
        self.resolved().map_or(&self.site.directory, |resolved| &resolved.build_dir)
    }

    /// A value of the resolved configuration.
    #[must_use]
    pub fn config(&self, keys: &[&str]) -> Option<&Node> {
        let (first, rest) = keys.split_first()?;
        self.resolved()?.config.get(first)?.at(rest)
    }

    /// The folder that gets published, as a repository path.
    #[must_use]
    pub fn publish(&self) -> &str {
        self.config(&["build", "publish"]).and_then(Node::as_str).unwrap_or_default()
    }

    /// The text of the configuration file in force, with its number among the sources.
    #[must_use]
    pub fn config_source(&self) -> Option<(FileId, &Source)> {
        let path = self.resolution.config_path.as_deref()?;
        let file = self.resolution.sources.find(path)?;
        Some((file, self.resolution.sources.get(file)?))
    }

    /// A file of the repository with its number among the sources; it is read when first asked for.
    #[must_use]
    pub fn source(&self, path: &str) -> Option<(FileId, &Source)> {
        let sources = &self.resolution.sources;
        let known = sources.find(path).filter(|file| sources.get(*file).is_some_and(|source| source.is_file));
        let file = match known {
            Some(file) => file,
            None => sources.add_late(Source::new(path, true, self.snapshot.text(path).ok()?))?,
        };
        Some((file, sources.get(file)?))
    }

    /// The `package.json` of the build folder, if there is one that can be read.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        let read = || {
            let path = child(self.build_dir(), manifest::NAME);
            let (file, source) = self.source(&path)?;
            Some(Manifest::of(source, file))
        };
        self.manifest.get_or_init(read).as_ref()?.as_ref().ok()
    }

    /// The functions that are tracked, with their code.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        self.functions.get_or_init(|| Functions::of(self))
    }

    /// The folders whose files are published as they are.
    #[must_use]
    pub fn published_roots(&self) -> &[Root] {
        self.roots.get_or_init(|| published::roots(self))
    }

    /// Name for people: the folder, or the configuration file's.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(crate::project::path::display(&self.site.directory))
    }
}
