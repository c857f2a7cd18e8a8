//! Variables, and what of them nobody may see.

use std::collections::BTreeMap;

use super::percent::{UNRESERVED, percent};
use super::value::{CUT, Value};

/// What stands for a secret.
const HIDDEN: &str = "***";

/// Variables by their names.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, Value>,
    secrets: Vec<String>,
    unknown: BTreeMap<String, String>,
}

impl Variables {
    /// Says why a variable that should be there is not known: a test that needs it cannot say anything.
    pub fn leave_out(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.unknown.insert(name.into(), reason.into());
    }

    /// Why a variable is not known, if it should be.
    #[must_use]
    pub fn why_unknown(&self, name: &str) -> Option<&str> {
        self.unknown.get(name).map(String::as_str)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.values.insert(name.into(), value);
    }

    /// Sets a text.
    pub fn set_text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.set(name, Value::Text(value.into()));
    }

    /// Sets a text that nobody may see; what was a secret once stays one.
    pub fn set_secret(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        self.hide(&value);
        self.set_text(name, value);
    }

    /// Keeps a text out of everything that is said.
    pub fn hide(&mut self, secret: &str) {
        if !secret.is_empty() && !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
            // A secret inside another one must not keep the other from being found.
            self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// A text without secrets, also where signs of them are escaped.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            let escaped: String = secret.chars().flat_map(char::escape_debug).collect();
            let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for form in [secret, &escaped, &encoded, &percent(secret, UNRESERVED)] {
                if text.contains(form.as_str()) {
                    text = text.replace(form.as_str(), HIDDEN);
                }
                text = without_beginning(&text, form);
            }
        }
        text
    }
}

/// The shortest beginning of a secret that is taken for one.
const BEGINNING: usize = 3;

/// A text in which no part that was cut short ends with the beginning of a secret.
fn without_beginning(text: &str, secret: &str) -> String {
    let mut parts: Vec<String> = text.split(CUT).map(ToOwned::to_owned).collect();
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        let ends = secret.char_indices().map(|(at, _)| at).filter(|at| *at >= BEGINNING);
        if let Some(at) = ends.rev().find(|at| part.ends_with(&secret[..*at])) {
            part.truncate(part.len() - at);
            part.push_str(HIDDEN);
        }
    }
    parts.join(CUT)
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}
