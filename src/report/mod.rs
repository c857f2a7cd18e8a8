//! Rendering only: one file per output format, registered in [`FORMATS`].

pub mod certificate;
pub mod diff;
pub mod explain;
pub mod heal;
pub mod human;
pub mod json;
pub mod plan;
pub mod reasoning;
pub mod topic;

use crate::verdict::SiteVerdict;

/// One site of a run.
#[derive(Debug)]
pub struct SiteReport {
    /// The repository, as it was named by the caller.
    pub root: String,
    /// The verdict.
    pub verdict: SiteVerdict,
    /// How long it took, in milliseconds; nothing when reports must be reproducible.
    pub milliseconds: Option<f64>,
}

/// What a run found out.
#[derive(Debug, Default)]
pub struct Report {
    /// All sites, in the order of the repositories and of their folders.
    pub sites: Vec<SiteReport>,
    /// What a reader should know about the repository as a whole.
    pub notices: Vec<String>,
}

/// How a report is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether escape sequences for colour may be used.
    pub colour: bool,
    /// Whether every detail is wanted: the plan, notes, silenced findings.
    pub verbose: bool,
}

/// An output format.
pub struct Format {
    /// Name on the command line.
    pub name: &'static str,
    /// Renders a whole report.
    pub render: fn(&Report, Style) -> String,
}

/// All output formats.
pub static FORMATS: [Format; 2] =
    [Format { name: "human", render: human::render }, Format { name: "json", render: json::render }];
