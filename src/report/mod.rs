//! Rendering only: one file per output format, registered in [`FORMATS`].

pub mod anchor;
pub mod certificate;
pub mod diff;
pub mod drift;
pub mod explain;
pub mod github;
pub mod heal;
pub mod human;
pub mod json;
pub mod markdown;
pub mod mask;
pub mod plan;
pub mod reasoning;
pub mod sarif;
pub mod topic;

use crate::verdict::SiteVerdict;

/// One site of a run.
#[derive(Debug)]
pub struct SiteReport {
    /// The repository, as it was named by the caller.
    pub root: String,
    /// Path from the top of the work tree to that repository's root, `""` where they are one.
    pub prefix: String,
    /// The verdict.
    pub verdict: SiteVerdict,
    /// How long it took, in milliseconds; nothing when reports must be reproducible.
    pub milliseconds: Option<f64>,
}

impl SiteReport {
    /// The verdict with the place of its files.
    #[must_use]
    pub fn site(&self) -> anchor::Site<'_> {
        anchor::Site { verdict: &self.verdict, prefix: &self.prefix }
    }
}

/// What a run found out.
#[derive(Debug, Default)]
pub struct Report {
    /// All sites, in the order of the repositories and of their folders.
    pub sites: Vec<SiteReport>,
    /// What a reader should know about the repository as a whole.
    pub notices: Vec<String>,
    /// The sites as the format's [`Format::piece`] renders them, for whoever can do so beside other work; else empty.
    pub pieces: Vec<String>,
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
    /// Renders what stands in the report for one site, where that hangs on nothing else.
    pub piece: Option<fn(&SiteReport) -> String>,
}

/// All output formats.
pub static FORMATS: [Format; 5] = [
    Format { name: "human", render: human::render, piece: None },
    Format { name: "json", render: json::render, piece: Some(json::piece) },
    Format { name: "sarif", render: sarif::render, piece: None },
    Format { name: "github", render: github::render, piece: None },
    Format { name: "markdown", render: markdown::render, piece: None },
];
