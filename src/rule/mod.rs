//! What is known to go wrong: one file per rule, registered in one list per platform.

mod edit;
pub mod finding;
pub mod fix;
pub mod netlify;
pub mod own;
pub mod pages;
pub mod precedence;
pub mod project;
pub mod registry;
pub mod render;

use crate::platform::job::Job;
use crate::platform::netlify::site::NetlifySite;
use crate::platform::pages::site::PagesSite;
use crate::platform::render::site::RenderSite;
use crate::sim::evidence::Evidence;
use crate::sim::stage::Stage;

use finding::{Finding, Severity, Sink};

/// How sure a rule can be from files alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The files decide it.
    Certain,
    /// The files make it very probable.
    Likely,
}

/// Whether a rule offers repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixAvailability {
    /// Never.
    Never,
    /// When the right text can be known.
    Sometimes,
    /// Always.
    Always,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One Netlify site with its plan.
    Netlify(fn(&NetlifySite<'_>, &mut Sink)),
    /// One build of any platform: a folder, its installations and its commands.
    Job(fn(&Job<'_>, &mut Sink)),
    /// One Blueprint of Render with its services.
    Render(fn(&RenderSite<'_>, &mut Sink)),
    /// One way of publishing on GitHub Pages: a workflow, a script, or Pages itself.
    Pages(fn(&PagesSite<'_>, &mut Sink)),
    /// Our own configuration; found while it is read.
    Own,
}

/// A class of failure: its documentation and the function that finds it.
pub struct Rule {
    /// Stable id: `NTL007`.
    pub id: &'static str,
    /// Name for people, completing "allow …": `base-directory-missing`.
    pub name: &'static str,
    /// One line that says what goes wrong.
    pub summary: &'static str,
    /// Markdown with the headings "What happens", "Why" and "How to mend it".
    pub docs: &'static str,
    /// Severity of its findings unless one says otherwise.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The stage in which the failure shows.
    pub stage: Stage,
    /// Whether it offers repairs.
    pub fix: FixAvailability,
    /// Where the facts behind it were learned.
    pub evidence: &'static [Evidence],
    /// The function.
    pub check: Check,
}

impl Rule {
    /// Starts a finding of this rule.
    #[must_use]
    pub fn finding(&'static self, message: impl Into<String>) -> Finding {
        Finding::new(self, message.into())
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
