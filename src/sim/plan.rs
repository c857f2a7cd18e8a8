//! What a platform would do with a site, as lines for people and programs.

use super::known::Because;
use super::stage::Stage;

/// One decision of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is decided: `publish`, `command`, `node`.
    pub name: String,
    /// The value, as a person would write it.
    pub value: String,
    /// Why it is so.
    pub because: Because,
    /// What it overrides, in words.
    pub overrides: Option<String>,
}

/// One step of a build, in the order in which the platform takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stage it belongs to.
    pub stage: Stage,
    /// The event, as the platform's own plan names it (`onBuild`).
    pub event: &'static str,
    /// The step (`build.command from netlify.toml`).
    pub name: String,
}

/// Something that the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The stage whose outcome hangs on it.
    pub stage: Stage,
    /// What is not known, in one clause.
    pub what: String,
    /// The verdict that it would change, in one clause.
    pub would_change: String,
    /// How to say it.
    pub tell: Option<String>,
    /// Whether the site's status is `unknown` because of it.
    pub decides: bool,
}
