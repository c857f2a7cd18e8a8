//! What Netlify detects in a repository: package manager, workspace, frameworks, proposed settings.
//!
//! Follows `@netlify/build-info` 11.3.0, quirks included. Every question is a lookup in the snapshot; only a workspace
//! with `**` walks the folder that it names.

mod angular;
pub mod build_system;
mod files;
pub mod framework;
pub mod framework_table;
mod glob;
mod javascript;
mod nx;
pub mod package_manager;
mod pnpm;
mod script;
pub mod settings;
mod version;
pub mod workspace;

use std::collections::BTreeMap;

use self::build_system::BuildSystem;
use self::files::Files;
use self::framework::{Accuracy, Evidence, Found, Site};
use self::framework_table::Category;
use self::nx::Nx;
use self::package_manager::PackageManager;
use self::settings::{Project, Setting};
use self::workspace::Workspace;
use crate::project::path;
use crate::project::snapshot::Snapshot;

/// The variables that detection looks at, such as `NETLIFY_USE_YARN`.
pub type Environment = BTreeMap<String, String>;

/// What the platform finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// `None` when there is no `package.json` from the build directory upwards.
    pub package_manager: Option<PackageManager>,
    /// The workspace that the build directory belongs to.
    pub workspace: Option<Workspace>,
    /// Tools that build several packages; the first one decides.
    pub build_systems: Vec<BuildSystem>,
    /// The frameworks of the site's folder, the most certain ones only, best first.
    pub frameworks: Vec<DetectedFramework>,
    /// The proposed settings; in the root of a workspace those of every package.
    pub settings: Vec<Setting>,
    /// Where the engine stumbles, and what follows.
    pub notes: Vec<Note>,
    /// What cannot be told here, and may change everything above but the package manager.
    pub unknown: Option<Note>,
}

/// A framework of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectedFramework {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What kind of tool it is.
    pub category: Category,
    /// The version, or what its range starts with.
    pub version: Option<String>,
    /// How certain it is.
    pub accuracy: Accuracy,
    /// What builds it, before scripts are looked at.
    pub build_command: String,
    /// Where the build puts the site; `None` when the workspace file of Angular names no string.
    pub publish_directory: Option<String>,
    /// What serves it during development.
    pub dev_command: Option<String>,
    /// The port of the development server.
    pub dev_port: Option<u16>,
    /// Plugins that the platform recommends.
    pub plugins: Vec<String>,
    /// What gives it away, the decisive thing first.
    pub because: Vec<Evidence>,
}

/// Something about a file that a person should hear of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Note {
    /// Repository path of the file.
    pub path: String,
    /// What is the matter, and what follows.
    pub reason: String,
}

/// Detects what a site uses, in an environment without variables.
#[must_use]
pub fn detect(snapshot: &Snapshot, base: &str, package_path: &str) -> Detection {
    detect_with(snapshot, base, package_path, &Environment::new())
}

/// Detects what a site uses.
///
/// `base` is the build directory as a repository path; `package_path` is the package inside a workspace, as seen from
/// the build directory, or empty.
#[must_use]
pub fn detect_with(snapshot: &Snapshot, base: &str, package_path: &str, environment: &Environment) -> Detection {
    let files = Files::new(snapshot, environment);
    let site = Site { files: &files, base };
    let package_manager = package_manager::detect(&files, base);
    let found = framework::detect(&site, &path::child(base, package_path));

    let workspace::Detected { mut workspace, root, unknown } =
        workspace::detect(&files, base, package_manager.as_ref());
    let systems = build_system::detect(&files, base, package_manager.as_ref(), workspace.as_ref());
    let mut nx = Nx::default();
    if let (Ok(systems), Some(root)) = (&systems, root)
        && systems.iter().any(|system| system.id == "nx")
    {
        nx = Nx::read(&files, &root);
        extend(&mut workspace, &mut nx, root, base);
    }
    let mut settings = Vec::new();
    if let Ok(systems) = &systems {
        let project = Project {
            site,
            manager: package_manager.as_ref(),
            workspace: workspace.as_ref(),
            system: systems.first(),
            nx: &nx,
        };
        settings = project.settings(if package_path.is_empty() { base } else { package_path }, &found);
    }
    Detection {
        package_manager,
        workspace,
        build_systems: systems.unwrap_or_default(),
        frameworks: found.into_iter().map(DetectedFramework::from).collect(),
        settings,
        notes: files.into_notes(),
        unknown: unknown.map(|javascript::Thrown { path, reason }| Note { path, reason }),
    }
}

/// Adds the applications of Nx to the workspace, which they make if there is none.
fn extend(workspace: &mut Option<Workspace>, nx: &mut Nx, root: String, base: &str) {
    if nx.packages.is_empty() {
        return;
    }
    let is_root = root == base;
    let workspace = workspace.get_or_insert(Workspace { root, is_root, packages: Vec::new() });
    workspace.packages.extend(nx.packages.iter().cloned());
    nx.know_names(&workspace.packages);
}

impl From<Found> for DetectedFramework {
    fn from(found: Found) -> DetectedFramework {
        DetectedFramework {
            id: found.row.id.clone(),
            name: found.name,
            category: found.row.category,
            version: found.version.map(|version| version.raw),
            accuracy: found.accuracy,
            // The engine fills this in before it knows the package manager.
            build_command: found.build_command.unwrap_or_else(|| package_manager::run_command(None, "build")),
            publish_directory: found.directory,
            dev_command: found.dev_command,
            dev_port: found.dev_port,
            plugins: found.plugins,
            because: found.evidence,
        }
    }
}
