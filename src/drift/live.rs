//! What the platform says of a site.

use crate::digest::Digest;

/// A site as the platform describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Its settings by their names in reports, such as `build.command`; those that are set.
    pub settings: Vec<(&'static str, String)>,
    /// Its environment variables, or why they cannot be read.
    pub variables: Result<Vec<Variable>, String>,
    /// The deploy that is live.
    pub deploy: Option<String>,
}

/// One value of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The context that it is for, such as `production`, with the name of the branch where there is one.
    pub context: String,
    /// Where it is to be had, in order: `builds`, `functions`, `post-processing`, `runtime`.
    pub scopes: Vec<String>,
    /// Whether the platform tells its value to nobody.
    pub is_secret: bool,
    /// The keyed hash of its value; `None` when the platform does not tell it.
    pub mac: Option<Digest>,
    /// When it was set.
    pub updated_at: Option<String>,
}

impl Live {
    /// A setting by its name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl Variable {
    /// Its name with the context.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.context)
    }
}
