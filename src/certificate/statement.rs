//! in-toto Statements: what is certified, and what is said about it (in-toto/attestation `spec/v1/statement.md`).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::digest::{Digest, DigestSet};

use super::Approval;

/// The type of every Statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// Subjects of one Statement that are looked at, at most (GitHub takes 1,024).
pub const MAX_SUBJECTS: usize = 1024;

/// A thing that is certified, by its digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What it is: `git:commit`, `config:netlify.toml`, `publish:dist`.
    pub name: String,
    /// Its digests, by the names that in-toto gives them.
    pub digests: BTreeMap<String, String>,
}

impl Subject {
    /// A subject with both digests of its bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, digests: &DigestSet) -> Subject {
        let digests = [("sha3_256", digests.sha3_256), ("sha256", digests.sha256)];
        let digests = digests.into_iter().map(|(name, digest)| (name.to_owned(), digest.to_string())).collect();
        Subject { name: name.into(), digests }
    }

    /// The same with one digest more.
    #[must_use]
    pub fn with(mut self, algorithm: &str, digest: &str) -> Subject {
        self.digests.insert(algorithm.to_owned(), digest.to_owned());
        self
    }

    /// The one digest that decides.
    #[must_use]
    pub fn sha3(&self) -> Option<Digest> {
        self.digests.get("sha3_256").and_then(|text| Digest::parse(text))
    }
}

/// Subjects and a predicate about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Which approval it is.
    pub approval: Approval,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What it says.
    pub predicate: Map<String, Value>,
}

/// Why a payload is no Statement of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A part is not there or is of another type.
    #[error("\"{0}\" is missing or not {1}")]
    Shape(&'static str, &'static str),
    /// A predicate that is none of the three.
    #[error("the predicate type \"{0}\" is none of the three approvals")]
    Predicate(String),
    /// Two subjects of one name.
    #[error("the subject \"{0}\" stands twice")]
    Twice(String),
    /// More subjects than anyone certifies.
    #[error("more than {MAX_SUBJECTS} subjects")]
    TooMany,
}

impl Statement {
    /// The Statement as bytes to be signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let subject = |one: &Subject| json!({"name": one.name, "digest": one.digests});
        let value = json!({
            "_type": STATEMENT_TYPE,
            "subject": self.subjects.iter().map(subject).collect::<Vec<_>>(),
            "predicateType": self.approval.predicate_type(),
            "predicate": self.predicate,
        });
        value.to_string().into_bytes()
    }

    /// Reads a Statement; fields that we do not know are passed over, as in-toto demands.
    ///
    /// # Errors
    /// The first part that is wrong.
    pub fn from_json(value: Value) -> Result<Statement, StatementError> {
        let Value::Object(mut map) = value else { return Err(StatementError::Shape("payload", "an object")) };
        if map.get("_type").and_then(Value::as_str) != Some(STATEMENT_TYPE) {
            return Err(StatementError::Shape("_type", STATEMENT_TYPE));
        }
        let kind = map.get("predicateType").and_then(Value::as_str);
        let kind = kind.ok_or(StatementError::Shape("predicateType", "a text"))?;
        let approval = Approval::of_type(kind);
        let approval = approval.ok_or_else(|| StatementError::Predicate(kind.chars().take(120).collect()))?;
        let subjects = subjects(map.get("subject"))?;
        match map.remove("predicate") {
            Some(Value::Object(predicate)) => Ok(Statement { approval, subjects, predicate }),
            _ => Err(StatementError::Shape("predicate", "an object")),
        }
    }

    /// The subject of this name.
    #[must_use]
    pub fn subject(&self, name: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.name == name)
    }

    /// The text at this key of the predicate.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.predicate.get(key).and_then(Value::as_str)
    }
}

fn subjects(list: Option<&Value>) -> Result<Vec<Subject>, StatementError> {
    let list = list.and_then(Value::as_array).ok_or(StatementError::Shape("subject", "a list"))?;
    if list.len() > MAX_SUBJECTS {
        return Err(StatementError::TooMany);
    }
    let mut names = std::collections::BTreeSet::new();
    let mut subjects = Vec::new();
    for value in list {
        let name = value.get("name").and_then(Value::as_str).ok_or(StatementError::Shape("name", "a text"))?;
        let digests = value.get("digest").and_then(Value::as_object);
        let digests = digests.filter(|digests| !digests.is_empty());
        let digests = digests.ok_or(StatementError::Shape("digest", "a set of digests"))?;
        let digest = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        let digests = digests.iter().map(digest).collect::<Option<_>>();
        let digests = digests.ok_or(StatementError::Shape("digest", "a set of texts"))?;
        if !names.insert(name) {
            return Err(StatementError::Twice(name.to_owned()));
        }
        subjects.push(Subject { name: name.to_owned(), digests });
    }
    Ok(subjects)
}
