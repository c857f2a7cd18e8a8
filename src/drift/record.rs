//! What was recorded of a site when it was good: names, and keyed hashes of values.

use std::collections::BTreeMap;

use crate::digest::Digest;

use super::live::{Live, Variable};
use super::mac::Key;

/// What stands for something that is not there.
const NOTHING: &str = "-";

/// A record; in the ledger it is a list of lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Name of the key of its hashes.
    pub key: String,
    /// Settings by name, with the hash of the value.
    pub settings: BTreeMap<String, Digest>,
    /// Variables by their names with contexts.
    pub variables: BTreeMap<String, Noted>,
    /// Whether variables could be read then.
    pub has_variables: bool,
}

/// What was noted of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The hash of its value, if the platform told it.
    pub mac: Option<Digest>,
    /// Where it was to be had.
    pub scopes: Vec<String>,
    /// Whether the platform told its value to nobody.
    pub is_secret: bool,
    /// When it was set.
    pub updated_at: Option<String>,
}

impl From<&Variable> for Noted {
    fn from(variable: &Variable) -> Noted {
        Noted {
            mac: variable.mac,
            scopes: variable.scopes.clone(),
            is_secret: variable.is_secret,
            updated_at: variable.updated_at.clone(),
        }
    }
}

/// The hash of a setting: the name is part of it, so that equal values of two settings are not seen to be equal.
#[must_use]
pub fn of_setting(key: &Key, name: &str, value: &str) -> Digest {
    key.mac(&[b"setting\0", name.as_bytes(), b"\0", value.as_bytes()])
}

/// The hash of a value of a variable; the name is part of it.
#[must_use]
pub fn of_variable(key: &Key, name: &str, value: &str) -> Digest {
    key.mac(&[b"variable\0", name.as_bytes(), b"\0", value.as_bytes()])
}

impl Record {
    /// Records what the platform says.
    #[must_use]
    pub fn of(live: &Live, key: &Key) -> Record {
        let setting = |(name, value): &(&'static str, String)| ((*name).to_owned(), of_setting(key, name, value));
        let variables = live.variables.as_ref().ok();
        Record {
            key: key.id(),
            settings: live.settings.iter().map(setting).collect(),
            variables: variables
                .into_iter()
                .flatten()
                .map(|variable| (variable.label(), Noted::from(variable)))
                .collect(),
            has_variables: variables.is_some(),
        }
    }

    /// The lines of the record, each without control characters.
    #[must_use]
    pub fn to_lines(&self) -> Vec<String> {
        let settings = self.settings.iter().map(|(name, mac)| format!("setting\u{20}{mac} {}", plain(name)));
        let noted = |(label, noted): (&String, &Noted)| {
            let mac = noted.mac.map_or(NOTHING.to_owned(), |mac| mac.to_string());
            let scopes = if noted.scopes.is_empty() { NOTHING.to_owned() } else { noted.scopes.join(",") };
            let told = if noted.is_secret { "secret" } else { "plain" };
            let at = noted.updated_at.as_deref().unwrap_or(NOTHING).replace(' ', "_");
            format!("variable {mac} {} {told} {} {}", plain(&scopes), plain(&at), plain(label))
        };
        let end = self.has_variables.then(|| "variables read".to_owned());
        settings.chain(self.variables.iter().map(noted)).chain(end).collect()
    }

    /// Reads the lines of a record; what is not understood is left out.
    #[must_use]
    pub fn from_lines<'l>(key: &str, lines: impl IntoIterator<Item = &'l str>) -> Record {
        let mut record = Record { key: key.to_owned(), ..Record::default() };
        for line in lines {
            record.read(line);
        }
        record
    }

    fn read(&mut self, line: &str) -> Option<()> {
        let (kind, rest) = line.split_once(' ')?;
        match kind {
            "setting" => {
                let (mac, name) = rest.split_once(' ')?;
                self.settings.insert(name.to_owned(), Digest::parse(mac)?);
            }
            "variable" => {
                let mut words = rest.splitn(5, ' ');
                let mut next = || words.next();
                let (mac, scopes, told, at, label) = (next()?, next()?, next()?, next()?, next()?);
                let is_there = |text: &&str| *text != NOTHING;
                let noted = Noted {
                    mac: Some(mac).filter(is_there).and_then(Digest::parse),
                    scopes: Some(scopes)
                        .filter(is_there)
                        .into_iter()
                        .flat_map(|all| all.split(','))
                        .map(str::to_owned)
                        .collect(),
                    is_secret: told == "secret",
                    updated_at: Some(at).filter(is_there).map(str::to_owned),
                };
                self.variables.insert(label.to_owned(), noted);
            }
            "variables" => self.has_variables = true,
            _ => {}
        }
        Some(())
    }
}

/// A text of one line.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '_' } else { letter }).collect()
}
