//! What Netlify detects in a repository and proposes when a site is created.

use crate::project::snapshot::Snapshot;

/// What was detected.
#[derive(Debug, Default)]
pub struct Detection {
    /// The package manager, when there is a manifest.
    pub package_manager: Option<PackageManager>,
    /// Frameworks, the most probable first.
    pub frameworks: Vec<DetectedFramework>,
}

/// The package manager that installs dependencies.
#[derive(Debug)]
pub struct PackageManager {
    /// Its command.
    pub name: String,
    /// How it is called.
    pub install_command: String,
    /// Why it is this one.
    pub because: String,
}

/// A framework and what it builds.
#[derive(Debug)]
pub struct DetectedFramework {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The command that builds it.
    pub build_command: String,
    /// Where the build leaves its files.
    pub publish_directory: String,
    /// Why it was detected.
    pub because: String,
}

/// Detects nothing yet.
#[must_use]
pub fn detect(_: &Snapshot, _: &str, _: &str) -> Detection {
    Detection::default()
}
