//! What Netlify would do with a site, decision by decision, each with its reason.

use crate::platform::toolbox::{self, Installation, Toolbox, lifecycle};
use crate::project::command::follow::{self, Start};
use crate::project::command::{Reach, Shell, Trace};
use crate::project::path::{child, display};
use crate::project::snapshot::{Snapshot, Target};
use crate::sim::known::{Because, Known};
use crate::sim::plan::{Decision, Step, Unknown};
use crate::sim::stage::Stage;
use crate::text::ecma;
use crate::text::source::{Source, Sources};
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::config::locate::FILE_NAME;
use super::config::{Options, Resolved};
use super::delivery::{Delivery, Doubt};
use super::detect::Detection;
use super::detect::framework::Evidence;
use super::detect::package_manager::Because as ManagerBecause;
use super::image_program;
use super::setting::SOURCE_NAME;
use super::site::{NetlifySite, PROPOSAL_NAME};
use super::step;
use super::toolchain::{self, Outcome};

/// Node.js of a site created lately that asks for no version (deploy logs of 2026).
pub const DEFAULT_NODE: &str = "22";

/// Where the repository is checked out (build logs).
pub const CHECKOUT: &str = "/opt/build/repo";

/// What is open while the command may stand in the dashboard.
const COMMAND_OPEN: &str = "whether a build command is set in the dashboard";

/// A tool version that the site asks for.
pub type Version = Known<String>;

/// Everything that Netlify decides before it runs anything.
#[derive(Debug)]
pub struct Plan {
    /// The build command; none means that nothing is built.
    pub command: Option<Known<String>>,
    /// The publish directory, as a repository path.
    pub publish: Known<String>,
    /// The functions directory, as a repository path.
    pub functions: Option<Known<String>>,
    /// The edge functions directory, as a repository path.
    pub edge_functions: Option<Known<String>>,
    /// What the build command runs, down to its programs; none without a command.
    pub trace: Option<Trace>,
    /// How dependencies are installed; none without a manifest in the build directory.
    pub installation: Option<Installation>,
    /// What the manifest's own scripts run during the installation, in order.
    pub lifecycle: Vec<Trace>,
    /// What becomes of the publish directory; none before the command was followed.
    pub delivery: Option<Delivery>,
    /// The Node.js version asked for, as written; the platform's default otherwise.
    pub node: Version,
    /// Variables of `build.environment`, by name.
    pub environment: Vec<(String, Known<String>)>,
    /// Everything above for people, in the order in which it matters.
    pub decisions: Vec<Decision>,
    /// The steps that would run.
    pub steps: Vec<Step>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
}

impl Plan {
    /// The plan of a site; none when its configuration is rejected.
    #[must_use]
    pub fn new(site: &NetlifySite<'_>, options: &Options) -> Option<Plan> {
        let resolved = site.resolved()?;
        let reader = Reader { site, resolved };
        let environment = reader.environment();
        let mut plan = Plan {
            command: reader.text(&["build", "command"]),
            publish: reader.text(&["build", "publish"])?,
            functions: reader.text(&["functionsDirectory"]),
            edge_functions: reader.text(&["build", "edge_functions"]),
            trace: None,
            installation: None,
            lifecycle: Vec::new(),
            delivery: None,
            node: reader.node(&environment),
            environment,
            decisions: Vec::new(),
            steps: step::steps(site.snapshot, resolved, options.package_path.as_deref().unwrap_or_default()),
            unknowns: Vec::new(),
        };
        plan.decisions = reader.decisions(&plan, options);
        plan.unknowns = reader.unknowns(&plan);
        Some(plan)
    }

    /// Works out the installation, and follows its scripts and the build command down to their programs.
    ///
    /// bash runs the command in the build directory (`build/src/plugins_core/build_command.ts`).
    #[must_use]
    pub fn followed(
        mut self,
        snapshot: &Snapshot,
        dir: &str,
        detection: &Detection,
        has_plugins: bool,
        sources: &mut Sources,
    ) -> Plan {
        if let Because::Present(path) = &self.node.because
            && sources.find(path).is_none()
            && let Ok(text) = snapshot.text(path)
        {
            sources.add(Source::new(path.clone(), true, text));
        }
        let detected = detection.package_manager.as_ref();
        let manager = detected.map_or("npm", |manager| manager.name);
        let pinned = detected.and_then(|manager| manager.version.clone());
        self.installation = Installation::new(snapshot, dir, manager, pinned, &self.environment, sources);
        let node = match toolchain::resolve(&self.node.value) {
            Outcome::Release(major, ..) => Some(major),
            _ => None,
        };
        let setting = toolbox::Setting {
            image: image_program::image(),
            installation: self.installation.as_ref(),
            may_install: true,
            variables: &self.environment,
            before: &[],
            is_after_gap: false,
        };
        let toolbox = Toolbox::new(snapshot, setting, node);
        self.lifecycle = self
            .installation
            .as_ref()
            .map(|installation| {
                lifecycle::follow(snapshot, installation, &self.environment, CHECKOUT, &toolbox, sources)
            })
            .unwrap_or_default();
        let makes_files = has_plugins || self.lifecycle.iter().any(|trace| !trace.keeps_tree());
        if let Some(command) = &self.command {
            let start = Start {
                snapshot,
                command: &command.value,
                span: command.span().unwrap_or(Span::NONE),
                shell: Shell::Bash,
                dir,
                checkout: CHECKOUT,
                judge: &toolbox,
                is_pristine: !makes_files,
            };
            self.trace = Some(follow::follow(&start, sources));
        }
        self.unknowns.extend(self.undecided());
        self
    }

    /// What keeps the outcome of the stages before the functions open.
    fn undecided(&self) -> Vec<Unknown> {
        let mut unknowns = Vec::new();
        if toolchain::resolve(&self.node.value) == Outcome::Unknown {
            unknowns.push(Unknown {
                stage: Stage::Node,
                what: format!("whether nvm finds a Node.js version for \"{}\"", self.node.value.trim()),
                would_change: "without one the build stops at its very beginning".to_owned(),
                tell: Some("write a released version, such as its major alone".to_owned()),
                decides: true,
            });
        }
        let traces = self.lifecycle.iter().map(|trace| (Stage::Install, trace));
        let traces = traces.chain(self.trace.iter().map(|trace| (Stage::BuildCommand, trace)));
        for (stage, trace) in traces.filter(|(_, trace)| trace.failure().is_none()) {
            for gap in trace.gaps.iter().filter(|gap| gap.reach != Reach::Never) {
                let unknown = Unknown {
                    stage,
                    what: gap.what.clone(),
                    would_change: "whether the command succeeds".to_owned(),
                    tell: None,
                    decides: gap.is_everything && gap.reach == Reach::Certain,
                };
                if !unknowns.contains(&unknown) {
                    unknowns.push(unknown);
                }
            }
        }
        unknowns
    }

    /// Works out what becomes of the publish directory; the command was followed before.
    #[must_use]
    pub fn delivered(mut self, site: &NetlifySite<'_>, sources: &mut Sources) -> Plan {
        let delivery = Delivery::new(site, &self, sources);
        let unknown = delivery.unknown(&self);
        if unknown.is_some() || !delivery.doubts.contains(&Doubt::Command) {
            // A more telling one takes the place of the general one, or the file itself says that there is no command.
            self.unknowns.retain(|known| known.what != COMMAND_OPEN);
        }
        self.unknowns.extend(unknown);
        self.delivery = Some(delivery);
        self
    }

    /// A variable of the build environment.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Known<String>> {
        self.environment.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

struct Reader<'a> {
    site: &'a NetlifySite<'a>,
    resolved: &'a Resolved,
}

impl Reader<'_> {
    fn text(&self, keys: &[&str]) -> Option<Known<String>> {
        let (first, rest) = keys.split_first()?;
        let node = self.resolved.config.get(first)?.at(rest)?;
        Some(Known::new(node.as_str()?.to_owned(), self.because(node, keys)))
    }

    fn because(&self, node: &Node, keys: &[&str]) -> Because {
        let name = self.site.resolution.sources.get(node.span.file).map(|source| source.name.as_str());
        match (name, keys) {
            (Some(PROPOSAL_NAME), _) => Because::Detected(self.proposal_reason()),
            (Some(_), _) => Because::Written(node.span),
            (None, ["functionsDirectory"] | ["build", "edge_functions"]) => {
                Because::Present(node.as_str().unwrap_or_default().to_owned())
            }
            (None, ["build", "publish"]) => {
                Because::Default("without a publish directory the base directory is published")
            }
            (None, ["build", "base"]) => Because::Input("the folder of the site"),
            (None, _) => Because::Default("Netlify's own"),
        }
    }

    fn proposal_reason(&self) -> String {
        match self.site.detection.frameworks.first() {
            Some(framework) => {
                let because = framework.because.first().map(evidence).unwrap_or_default();
                format!("{}{because}; Netlify proposes it when a site is created", framework.name)
            }
            None => "proposed when the site is created".to_owned(),
        }
    }

    fn environment(&self) -> Vec<(String, Known<String>)> {
        let table =
            self.resolved.config.get("build").and_then(|build| build.at(&["environment"])).and_then(Node::as_table);
        let value = |node: &Node| ecma::to_text(node).unwrap_or_default();
        let known = |node: &Node| Known::new(value(node), self.because(node, &["build", "environment"]));
        let entries = table.into_iter().flat_map(Table::iter);
        entries.map(|(name, entry)| (name.to_owned(), known(&entry.value))).collect()
    }

    /// `.nvmrc`, then `.node-version`, then `NODE_VERSION`, in the base directory; a file beats the variable.
    fn node(&self, environment: &[(String, Known<String>)]) -> Version {
        let variable = environment.iter().find(|(name, _)| name == toolchain::VARIABLE).map(|(_, value)| value);
        toolchain::wish(self.site.snapshot, &self.resolved.build_dir, variable, DEFAULT_NODE)
    }

    fn decisions(&self, plan: &Plan, options: &Options) -> Vec<Decision> {
        let mut list = Vec::new();
        let mut add = |name: &str, value: &str, because: Because, overrides: Option<String>| {
            list.push(Decision { name: name.to_owned(), value: value.to_owned(), because, overrides });
        };
        if let Some(base) = &self.resolved.base {
            let node = self.resolved.config.get("build").and_then(|build| build.at(&["base"]));
            let because =
                node.map_or(Because::Input("the site settings"), |node| self.because(node, &["build", "base"]));
            add("base", display(base), because, None);
        }
        if let Some(path) = &options.package_path {
            add("package path", path, Because::Input("the site settings"), None);
        }
        add("node", plan.node.value.trim(), plan.node.because.clone(), None);
        if let Some(manager) = &self.site.detection.package_manager {
            add("install", manager.install_command, Because::Detected(chosen_by(&manager.because)), None);
        }
        match &plan.command {
            Some(command) => {
                add("command", &command.value, command.because.clone(), self.overridden("command", command))
            }
            None => add("command", "none", Because::Default("nothing is built without one"), None),
        }
        add(
            "publish",
            display(&plan.publish.value),
            plan.publish.because.clone(),
            self.overridden("publish", &plan.publish),
        );
        for (name, value) in [("functions", &plan.functions), ("edge functions", &plan.edge_functions)] {
            if let Some(value) = value {
                add(name, display(&value.value), value.because.clone(), None);
            }
        }
        for plugin in self.resolved.config.get("plugins").and_then(Node::as_array).unwrap_or_default() {
            let package = plugin.at(&["package"]).and_then(Node::as_str).unwrap_or_default();
            add("plugin", package, self.because(plugin, &["plugins"]), None);
        }
        for (name, value) in &plan.environment {
            let shown = if looks_secret(name) { "(not shown)" } else { &value.value };
            add(&format!("${name}"), shown, value.because.clone(), None);
        }
        for (name, count) in
            [("redirects", self.resolved.redirects.rules.len()), ("headers", self.resolved.headers.rules.len())]
        {
            if count > 0 {
                let span = if name == "redirects" {
                    self.resolved.redirects.rules[0].span
                } else {
                    self.resolved.headers.rules[0].span
                };
                add(name, &count.to_string(), Because::Written(span), None);
            }
        }
        list
    }

    /// What a value of the file replaces: the proposal or the site settings.
    fn overridden(&self, key: &str, value: &Known<String>) -> Option<String> {
        let framework = self.site.detection.frameworks.first()?;
        let other = match key {
            "command" => framework.build_command.as_str(),
            _ => framework.publish_directory.as_deref()?,
        };
        let is_written = value.span().is_some_and(Span::is_written);
        let shown = child(&self.resolved.build_dir, other);
        let differs = if key == "publish" { shown != value.value } else { other != value.value };
        (is_written && differs && !other.is_empty()).then(|| format!("{other}, detected for {}", framework.name))
    }

    /// A configuration file that only the build machine can follow.
    fn link_out_of_the_repository(&self) -> Option<Unknown> {
        let folders = [self.resolved.build_dir.as_str(), &self.site.site.directory, ""];
        let paths = folders.map(|folder| child(folder, FILE_NAME));
        let path = paths.iter().find(|path| self.site.snapshot.target(path) == Target::Outside)?;
        Some(Unknown {
            stage: Stage::Config,
            what: format!("what \"{path}\" says: it is a symbolic link that leads out of the repository"),
            would_change: "everything, if the build machine has a file there".to_owned(),
            tell: Some(format!("put the file itself at \"{path}\"")),
            decides: true,
        })
    }

    fn unknowns(&self, plan: &Plan) -> Vec<Unknown> {
        let mut unknowns: Vec<Unknown> = self.link_out_of_the_repository().into_iter().collect();
        if self.site.is_dashboard_known {
            return unknowns;
        }
        let tell = Some(format!("give --site-settings, or write {SOURCE_NAME} into .chimera/config.toml"));
        let has_command = plan.command.as_ref().is_some_and(|command| matches!(command.because, Because::Written(_)));
        if !has_command {
            unknowns.push(Unknown {
                stage: Stage::BuildCommand,
                what: COMMAND_OPEN.to_owned(),
                would_change: "what is built, and so whether the publish directory exists".to_owned(),
                tell: tell.clone(),
                decides: false,
            });
        }
        if matches!(plan.publish.because, Because::Default(_) | Because::Detected(_)) {
            unknowns.push(Unknown {
                stage: Stage::Deploy,
                what: "whether a publish directory is set in the dashboard".to_owned(),
                would_change: "which folder is deployed".to_owned(),
                tell,
                decides: false,
            });
        }
        unknowns
    }
}

/// What gave a framework away, as the end of a sentence.
fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Dependency { package, path, .. } => format!(", because {path} lists {package}"),
        Evidence::Config(path) => format!(", because {path} exists"),
        Evidence::Forced => String::new(),
    }
}

fn chosen_by(because: &ManagerBecause) -> String {
    match because {
        ManagerBecause::Field(path) => format!("the field packageManager of {path}"),
        ManagerBecause::Variable(name) => format!("the variable {name}"),
        ManagerBecause::LockFile(path) => format!("{path} exists"),
        ManagerBecause::Fallback => "a package.json and no lock file".to_owned(),
        ManagerBecause::Unusable(path) => format!("{path} cannot be used, so npm is the fallback"),
    }
}

/// Whether a variable's name says that its value is not for reports.
#[must_use]
pub fn looks_secret(name: &str) -> bool {
    let upper = name.to_uppercase();
    ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL", "AUTH", "PRIVATE"]
        .iter()
        .any(|word| upper.contains(word))
}
