//! Topics: who says what to whom, and whether a payload fits.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::payload::TOPICS;

/// A part of Chimera that publishes or listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Simulates.
    Leviathan,
    /// Heals.
    Arie,
    /// Certifies.
    Truth,
    /// Runs the state machine of a deploy.
    ChimeraCore,
    /// Approves a target and talks to its platform.
    Hxo,
    /// Verifies what is live and rolls back.
    Cascade,
    /// Carries and records events.
    Genesis,
}

impl Engine {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Leviathan => "Leviathan",
            Engine::Arie => "ARIE",
            Engine::Truth => "Truth",
            Engine::ChimeraCore => "Chimera Core",
            Engine::Hxo => "HXO",
            Engine::Cascade => "Cascade",
            Engine::Genesis => "Genesis",
        }
    }
}

/// A member of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// A topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: &'static str,
    /// Whether it is one of the nine of the specification; the others are our additions.
    pub is_specified: bool,
    /// Who publishes it.
    pub publisher: Engine,
    /// Who listens.
    pub subscribers: &'static [Engine],
    /// What it is for.
    pub purpose: &'static str,
    /// Type of the CDEvents vocabulary (0.5) that says the same, without its version.
    pub cdevents: Option<&'static str>,
    /// Shape of its payload.
    pub fields: &'static [Field],
}

/// Why an event may not drive anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// No such topic.
    #[error("the topic \"{topic}\" is unknown{}", .nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default())]
    Topic {
        /// The topic that it names.
        topic: String,
        /// The one that was perhaps meant.
        nearest: Option<&'static str>,
    },
    /// A member that must be there is not.
    #[error("\"{0}\" is missing")]
    Missing(&'static str),
    /// A member that the topic does not have.
    #[error("\"{0}\" is no member of this topic's payload")]
    Unexpected(String),
    /// A member of another kind.
    #[error("\"{name}\" must be {wanted}")]
    Kind {
        /// Its name.
        name: &'static str,
        /// What would be accepted.
        wanted: String,
    },
}

/// The topic of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().copied().find(|topic| topic.name == name)
}

/// Checks an event against its topic.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(topic: &str, payload: &Map<String, Value>) -> Result<&'static Topic, Vec<Malformed>> {
    let Some(found) = find(topic) else {
        let near = |name: &&str| strsim::levenshtein(name, topic) <= 3;
        let nearest =
            TOPICS.iter().map(|topic| topic.name).filter(near).min_by_key(|name| strsim::levenshtein(name, topic));
        return Err(vec![Malformed::Topic { topic: topic.chars().take(80).collect(), nearest }]);
    };
    let mut wrong = Vec::new();
    for field in found.fields {
        match payload.get(field.name) {
            None if field.is_required => wrong.push(Malformed::Missing(field.name)),
            Some(value) if !field.kind.accepts(value) => {
                wrong.push(Malformed::Kind { name: field.name, wanted: field.kind.describe() });
            }
            _ => {}
        }
    }
    let is_strange = |name: &&String| !found.fields.iter().any(|field| field.name == name.as_str());
    wrong.extend(payload.keys().filter(is_strange).map(|name| Malformed::Unexpected(name.chars().take(80).collect())));
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
