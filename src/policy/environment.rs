//! Environments: what has to hold before something goes there.

use globset::{GlobBuilder, GlobMatcher};

use crate::certificate::Level;
use crate::certificate::hxo_approval::Kind;

use super::Action;
use super::freeze::Freeze;
use super::role::{ADMIRAL, AUTO};

/// An environment of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Roles that may deploy to it.
    pub deploy: Vec<String>,
    /// Roles that may roll it back.
    pub rollback: Vec<String>,
    /// Roles that may approve deploys to it.
    pub approve: Vec<String>,
    /// Roles that may let a run that was cut off go on and publish; who may deploy, when there is none.
    pub resume: Vec<String>,
    /// The least level of a certificate.
    pub min_level: Level,
    /// What has to be certified, if it matters.
    pub kind: Option<Kind>,
    /// References that may be deployed; any when there is none.
    pub refs: Vec<Reference>,
    /// Events that may start a deploy; any when there is none.
    pub events: Vec<String>,
    /// Whether somebody else has to approve.
    pub two_person: bool,
    /// When nothing is deployed.
    pub freeze: Vec<Freeze>,
    /// How strictly all of this is meant.
    pub mode: Mode,
    /// Whether a name that only a variable says is enough.
    pub accepts_claims: bool,
    /// How many minutes an approval may be old.
    pub max_age_minutes: Option<u32>,
    /// How many deploys may begin within an hour.
    pub max_per_hour: Option<u32>,
    /// Platforms that may be deployed to when the wanted one cannot be reached, best first.
    pub fallback: Vec<String>,
}

impl Default for Environment {
    fn default() -> Environment {
        Environment {
            deploy: vec![ADMIRAL.to_owned()],
            rollback: vec![ADMIRAL.to_owned(), AUTO.to_owned()],
            approve: vec![ADMIRAL.to_owned()],
            resume: Vec::new(),
            min_level: Level::L2,
            kind: None,
            refs: Vec::new(),
            events: Vec::new(),
            two_person: false,
            freeze: Vec::new(),
            mode: Mode::Enforce,
            accepts_claims: false,
            max_age_minutes: None,
            max_per_hour: None,
            fallback: Vec::new(),
        }
    }
}

impl Environment {
    /// Roles that may do this.
    #[must_use]
    pub fn roles(&self, action: Action) -> &[String] {
        match action {
            Action::Deploy => &self.deploy,
            Action::Rollback => &self.rollback,
            Action::Approve => &self.approve,
            Action::Resume if self.resume.is_empty() => &self.deploy,
            Action::Resume => &self.resume,
        }
    }
}

/// How strictly a policy is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What it refuses is refused.
    Enforce,
    /// What it refuses is said.
    Warn,
    /// It is not asked.
    Off,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Enforce, Mode::Warn, Mode::Off];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["enforce", "warn", "off"][self as usize]
    }
}

/// A pattern of references: `refs/heads/release/*`.
#[derive(Debug, Clone)]
pub struct Reference {
    written: String,
    pattern: GlobMatcher,
}

impl PartialEq for Reference {
    fn eq(&self, other: &Reference) -> bool {
        self.written == other.written
    }
}

impl Eq for Reference {}

impl Reference {
    /// Reads a pattern; `*` stays within one part, `**` does not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Reference> {
        let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(false).build().ok()?;
        text.starts_with("refs/").then(|| Reference { written: text.to_owned(), pattern: glob.compile_matcher() })
    }

    /// Whether a reference fits.
    #[must_use]
    pub fn covers(&self, reference: &str) -> bool {
        self.pattern.is_match(reference)
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }
}
