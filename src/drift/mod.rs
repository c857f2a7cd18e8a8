//! Drift: what the platform says of a site against what the repository says, and against what was recorded before.
//!
//! Settings are compared by value. Of environment variables only names, contexts, scopes and keyed hashes are known here
//! ([`mac`]); their values never are. A field is *equal*, *changed*, or *unmanaged*: set on the platform alone, where neither
//! the repository nor a record says what it should be.

pub mod content;
pub mod live;
pub mod mac;
pub mod record;
pub mod repair;
pub mod setting;
pub mod variable;

use live::Live;
use record::Record;

use crate::platform::netlify::site::NetlifySite;

/// How a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The platform says another thing than the repository, or than was recorded.
    Changed,
    /// Only the platform says anything about it.
    Unmanaged,
    /// Both say the same.
    Equal,
}

impl Standing {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Changed => "changed",
            Standing::Unmanaged => "unmanaged",
            Standing::Equal => "equal",
        }
    }
}

/// What kind of field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A setting of the site.
    Setting,
    /// An environment variable.
    Variable,
    /// What is served.
    Content,
}

impl Kind {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Setting => "setting",
            Kind::Variable => "variable",
            Kind::Content => "content",
        }
    }
}

/// One field that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What kind of field it is.
    pub kind: Kind,
    /// Its name, such as `build.command`, or a variable with its context.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether the difference changes what is built or served; the file wins over the dashboard.
    pub has_effect: bool,
    /// What the repository says; never of a variable.
    pub repository: Option<String>,
    /// What the platform says; never of a variable.
    pub platform: Option<String>,
    /// What differs, in one clause.
    pub note: Option<String>,
}

impl Field {
    fn new(kind: Kind, name: impl Into<String>, standing: Standing) -> Field {
        Field {
            kind,
            name: name.into(),
            standing,
            has_effect: standing == Standing::Changed,
            repository: None,
            platform: None,
            note: None,
        }
    }

    fn note(mut self, note: impl Into<String>) -> Field {
        self.note = Some(note.into());
        self
    }
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// Every field, changed ones first.
    pub fields: Vec<Field>,
    /// What could not be compared, and why.
    pub gaps: Vec<String>,
}

impl Drift {
    /// The fields that drifted with an effect.
    pub fn changed(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.standing == Standing::Changed && field.has_effect)
    }

    /// How many fields stand so.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.fields.iter().filter(|field| field.standing == standing).count()
    }
}

/// Compares what the platform says with the repository and with what was recorded; `key` hashes the values of variables that
/// the repository itself holds.
#[must_use]
pub fn compare(site: &NetlifySite<'_>, live: &Live, record: Option<&Record>, key: &mac::Key) -> Drift {
    let mut drift = Drift::default();
    let usable = record.filter(|record| record.key == key.id());
    if record.is_some() && usable.is_none() {
        drift.gaps.push("the record was hashed with another key, so it says nothing about values".to_owned());
    }
    drift.fields = setting::compare(site, live, usable, key);
    match &live.variables {
        Ok(variables) => drift.fields.extend(variable::compare(site, variables, usable, key)),
        Err(reason) => drift.gaps.push(format!("environment variables: {reason}")),
    }
    drift
        .fields
        .sort_by(|one, other| (one.standing, one.kind, &one.name).cmp(&(other.standing, other.kind, &other.name)));
    drift
}

#[cfg(test)]
mod tests;
