//! All platforms that can be simulated.

use jiff::civil::Date;

use crate::config::Configuration;
use crate::platform::Profile;
use crate::platform::netlify::setting::SiteSettings;
use crate::platform::pages::site::Origin;
use crate::project::snapshot::Snapshot;

use super::{SiteVerdict, netlify, pages, render};

/// What a simulation is asked for, beside the files.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Deploy context, where the platform has such.
    pub context: String,
    /// Branch that is deployed.
    pub branch: String,
    /// What is set in the dashboard, if it was said.
    pub settings: Option<SiteSettings>,
    /// The repository's name and default branch, if they were said.
    pub origin: Origin,
    /// The day of the build, if it was said.
    pub day: Option<Date>,
}

/// One site of a repository.
#[derive(Debug, Clone)]
pub struct Target {
    /// Folder of the site (`""` is the root), or path of its Blueprint or workflow.
    pub place: String,
    /// What is asked about it.
    pub question: Question,
}

/// A platform and how it is simulated.
pub struct Platform {
    /// What it is called.
    pub profile: &'static Profile,
    /// Whether the repository is made for it.
    pub is_meant: fn(&Snapshot, &Configuration) -> bool,
    /// Finds the sites.
    pub targets: fn(&Snapshot, &Question, &Configuration) -> Vec<Target>,
    /// Simulates one site and judges it.
    pub judge: fn(&Snapshot, &Target, &Configuration) -> SiteVerdict,
}

/// Every platform; the first is taken for a repository that is made for none.
pub static PLATFORMS: [Platform; 3] = [netlify::PLATFORM, render::PLATFORM, pages::PLATFORM];

/// The platforms of this name, or all that the repository is made for when none is named.
#[must_use]
pub fn chosen(name: Option<&str>, snapshot: &Snapshot, configuration: &Configuration) -> Vec<&'static Platform> {
    if let Some(name) = name {
        return PLATFORMS.iter().filter(|platform| platform.profile.name == name).collect();
    }
    let meant: Vec<_> = PLATFORMS.iter().filter(|platform| (platform.is_meant)(snapshot, configuration)).collect();
    if meant.is_empty() { PLATFORMS.iter().take(1).collect() } else { meant }
}
