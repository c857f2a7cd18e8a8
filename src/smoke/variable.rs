//! Variables, and what of them nobody may see.

use std::collections::BTreeMap;

use super::value::Value;

/// What stands for a secret.
const HIDDEN: &str = "***";

/// Variables by their names.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, Value>,
    secrets: Vec<String>,
}

impl Variables {
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
            for form in [secret, &escaped, &encoded] {
                if text.contains(form.as_str()) {
                    text = text.replace(form.as_str(), HIDDEN);
                }
            }
        }
        text
    }
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}
