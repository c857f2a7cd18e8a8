//! `manifest.yml` of a plugin: where it is looked for, and what it may say (`build/src/plugins/manifest/*.js`).
//!
//! Only manifests of the simple form that nearly all have are read: one key a line, and under `inputs` a list of such
//! tables. Anything else stays unread, and nothing is said about it.

use std::collections::HashSet;

use crate::project::manifest::Manifest;
use crate::project::path::{ancestors, child, parent};
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

/// The names of the file, first one first.
const NAMES: [&str; 2] = ["manifest.yml", "manifest.yaml"];

/// Longest manifest that is read, in bytes.
const LONGEST: usize = 100_000;

/// The value of a key, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number,
    /// Nothing.
    Null,
    /// Something longer, whose kind was not looked at.
    Other,
}

/// Keys and values in their order.
pub type Keys = Vec<(String, Value)>;

/// A manifest of the simple form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PluginManifest {
    /// The keys beside `inputs`.
    pub keys: Keys,
    /// The inputs; none when there is no such key.
    pub inputs: Option<Vec<Keys>>,
}

/// The manifest of the plugin whose main file this is: beside it, or beside the nearest `package.json` above.
#[must_use]
pub fn find(snapshot: &Snapshot, main: &str) -> Option<String> {
    let folder = parent(main).unwrap_or_default();
    let package = ancestors(folder).find(|dir| snapshot.is_file(&child(dir, crate::project::manifest::NAME)));
    let readable = |dir: &&str| Manifest::read(snapshot, dir, &mut Sources::default()).is_some_and(|it| it.is_ok());
    let folders = std::iter::once(folder).chain(package.filter(readable));
    let paths = folders.flat_map(|dir| NAMES.map(|name| child(dir, name)));
    paths.into_iter().find(|path| snapshot.exists(path))
}

/// A manifest with that name and those inputs.
#[must_use]
pub fn template<'a>(name: &str, inputs: impl Iterator<Item = &'a str>) -> String {
    let inputs: String = inputs.map(|input| format!("  - name: {input}\n")).collect();
    let head = if inputs.is_empty() { "" } else { "inputs:\n" };
    format!("name: {name}\n{head}{inputs}")
}

/// Reads a manifest of the simple form.
#[must_use]
pub fn read(text: &str) -> Option<PluginManifest> {
    if text.len() > LONGEST || text.contains('\t') {
        return None;
    }
    let mut reader = Reader::default();
    let mut lines = text.lines().enumerate().map(|(number, line)| (number, line.trim_end()));
    lines.try_for_each(|(number, line)| reader.line(number, line))?;
    let is_unique = |keys: &Keys| {
        let mut seen = HashSet::new();
        keys.iter().all(|(key, _)| seen.insert(key.as_str()))
    };
    let manifest = reader.manifest;
    let is_sound = manifest.inputs.iter().flatten().chain([&manifest.keys]).all(is_unique);
    is_sound.then_some(manifest)
}

#[derive(Default)]
struct Reader {
    manifest: PluginManifest,
    /// Column of the keys of the current input.
    column: Option<usize>,
    /// Column of the dashes.
    dash: Option<usize>,
    is_in_inputs: bool,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Option<()> {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') || (number == 0 && line == "---") {
            return Some(());
        }
        if let Some(item) =
            content.strip_prefix("- ").filter(|_| self.is_in_inputs && self.dash.unwrap_or(indent) == indent)
        {
            let column = line.len() - item.trim_start().len();
            (self.dash, self.column) = (Some(indent), Some(column));
            let pair = pair(item.trim_start())?;
            self.manifest.inputs.get_or_insert_default().push(vec![pair]);
            return Some(());
        }
        let keys = match self.column {
            _ if indent == 0 => &mut self.manifest.keys,
            Some(column) if self.is_in_inputs && indent >= column => self.manifest.inputs.as_mut()?.last_mut()?,
            None if !self.is_in_inputs => &mut self.manifest.keys,
            _ => return None,
        };
        if indent > self.column.filter(|_| self.is_in_inputs).unwrap_or_default() {
            // What is indented further belongs to the value above, which then is longer than it seemed.
            let value = &mut keys.last_mut()?.1;
            let is_line_of_text = matches!(value, Value::Text(_)) && !content.contains(": ") && !content.ends_with(':');
            if !is_line_of_text && !matches!(value, Value::Null | Value::Other) {
                return None;
            }
            *value = Value::Other;
            return Some(());
        }
        let (key, value) = pair(content)?;
        if indent > 0 {
            keys.push((key, value));
            return Some(());
        }
        self.is_in_inputs = key == "inputs";
        (self.column, self.dash) = (None, None);
        match (self.is_in_inputs, value) {
            (true, Value::Null) => self.manifest.inputs = Some(Vec::new()),
            (true, _) => return None,
            (false, value) => self.manifest.keys.push((key, value)),
        }
        Some(())
    }
}

/// Reads `key: value`.
fn pair(text: &str) -> Option<(String, Value)> {
    let (key, value) = text.split_once(':')?;
    let is_plain =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_apart = value.is_empty() || value.starts_with(' ');
    (is_plain && is_apart).then(|| scalar(value.trim()).map(|value| (key.to_owned(), value)))?
}

fn scalar(text: &str) -> Option<Value> {
    let quote = text.chars().next().filter(|quote| ['"', '\''].contains(quote));
    if let Some(quote) = quote {
        let inner = text[1..].strip_suffix(quote)?;
        return (!inner.contains(['"', '\'', '\\'])).then(|| Value::Text(inner.to_owned()));
    }
    let text = text.find(" #").map_or(text, |at| text[..at].trim_end());
    let is_special = text.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`', '#', '?', '-', ',']);
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(['|', '>', '[', '{']) => Value::Other,
        _ if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => match text.parse::<f64>() {
            Ok(_) => Value::Number,
            Err(_) => Value::Other,
        },
        _ if is_special || text.contains(": ") || text.ends_with(':') => return None,
        _ => Value::Text(text.to_owned()),
    })
}

impl PluginManifest {
    /// What the engine's validation says first, if anything (`build/src/plugins/manifest/validate.js`).
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if self.keys.is_empty() && self.inputs.is_none() {
            return Some("is empty, \"name\" is needed".to_owned());
        }
        if let Some((key, _)) = self.keys.iter().find(|(key, _)| key != "name") {
            return Some(format!("has the unknown key \"{key}\", \"name\" and \"inputs\" are accepted"));
        }
        match self.keys.first() {
            None => return Some("has no \"name\", one is needed".to_owned()),
            Some((_, Value::Text(_) | Value::Other)) => {}
            Some(_) => return Some("has a \"name\" that is no text, a text would be accepted".to_owned()),
        }
        if self.inputs.as_ref().is_some_and(Vec::is_empty) {
            return Some("has \"inputs\" that are no list, a list of tables would be accepted".to_owned());
        }
        let faults = self.inputs.iter().flatten().enumerate();
        faults
            .filter_map(|(at, keys)| Some(format!("has a fault in input {}: it {}", at + 1, input_fault(keys)?)))
            .next()
    }

    /// The inputs: name, whether one must be given.
    #[must_use]
    pub fn known_inputs(&self) -> Vec<(&str, bool)> {
        let value = |keys: &Keys, name: &str| keys.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let known = self.inputs.iter().flatten().filter_map(|keys| {
            let name = keys.iter().find_map(|(key, value)| match value {
                Value::Text(name) if key == "name" => Some(name.as_str()),
                _ => None,
            })?;
            let is_required = value(keys, "required") == Some(Value::Bool(true)) && value(keys, "default").is_none();
            Some((name, is_required))
        });
        known.collect()
    }
}

fn input_fault(keys: &Keys) -> Option<String> {
    const KNOWN: [&str; 4] = ["name", "description", "required", "default"];
    if let Some((key, _)) = keys.iter().find(|(key, _)| !KNOWN.contains(&key.as_str())) {
        return Some(format!("has the unknown key \"{key}\", accepted are {}", KNOWN.join(", ")));
    }
    if !keys.iter().any(|(key, _)| key == "name") {
        return Some("has no \"name\", one is needed".to_owned());
    }
    keys.iter().find_map(|(key, value)| match (key.as_str(), value) {
        ("name" | "description", Value::Bool(_) | Value::Number | Value::Null) => {
            Some(format!("has a \"{key}\" that is no text, a text would be accepted"))
        }
        ("required", Value::Text(_) | Value::Number | Value::Null) => {
            Some("has a \"required\" that is neither true nor false".to_owned())
        }
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const USUAL: &str = "# about\nname: netlify-plugin-x\ninputs:\n  - name: path\n    description: Where it is,\n      \
                         on two lines\n    required: true\n  - name: level # x\n    default: 5\n    required: true\n";

    #[test]
    fn the_usual_form_is_read() {
        let manifest = read(USUAL).unwrap();
        assert_eq!(manifest.keys, [("name".to_owned(), Value::Text("netlify-plugin-x".to_owned()))]);
        assert_eq!(manifest.known_inputs(), [("path", true), ("level", false)]);
        assert_eq!(manifest.fault(), None);
        assert_eq!(
            read("name: 'x'\ninputs:\n- name: a\n- name: b").unwrap().known_inputs(),
            [("a", false), ("b", false)]
        );
    }

    #[test]
    fn other_forms_are_left_alone() {
        for text in
            ["{name: x}", "name: &a x", "name: x\ninputs: [{name: a}]", "name: a\nname: b", "- name: x", "\tname: x"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("name: |\n  x\n").unwrap().fault(), None);
    }

    #[test]
    fn faults_are_told_in_the_order_of_the_engine() {
        let fault = |text: &str| read(text).unwrap().fault().unwrap();
        assert!(fault("").contains("is empty"));
        assert!(fault("version: 1").contains("\"version\""));
        assert!(fault("inputs:\n  - name: a").contains("no \"name\""));
        assert!(fault("name: 5").contains("no text"));
        assert!(fault("name: x\ninputs:\n").contains("no list"));
        assert!(
            fault("name: x\ninputs:\n  - name: a\n    type: b").contains("input 1: it has the unknown key \"type\"")
        );
        assert!(fault("name: x\ninputs:\n  - required: true").contains("input 1: it has no \"name\""));
        assert!(fault("name: x\ninputs:\n  - name: a\n    required: yes").contains("neither true nor false"));
    }

    #[test]
    fn the_manifest_lies_beside_the_main_file_or_the_package() {
        let find = |files: &[&str]| {
            find(&Snapshot::in_memory(files.iter().map(|path| (*path, "{}".as_bytes()))), "p/src/x.js")
        };
        assert_eq!(find(&["p/src/x.js", "p/src/manifest.yaml"]).as_deref(), Some("p/src/manifest.yaml"));
        assert_eq!(find(&["p/src/x.js", "p/package.json", "p/manifest.yml"]).as_deref(), Some("p/manifest.yml"));
        assert_eq!(find(&["p/src/x.js", "package.json", "manifest.yml"]).as_deref(), Some("manifest.yml"));
        assert_eq!(find(&["p/src/x.js", "p/manifest.yml"]), None);
    }
}
