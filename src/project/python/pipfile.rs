//! `Pipfile`: which distributions Pipenv installs.

use crate::text::span::FileId;
use crate::text::toml;
use crate::text::tree::{Node, Table};

use super::name::normal;
use super::requirement::Requirement;

/// What a `Pipfile` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pipfile {
    /// `[packages]`.
    pub requirements: Vec<Requirement>,
    /// `[dev-packages]`.
    pub development: Vec<Requirement>,
    /// `python_full_version` or `python_version`.
    pub python: Option<String>,
}

impl Pipfile {
    /// Reads a text; none for one that is no TOML.
    #[must_use]
    pub fn read(text: &str) -> Option<Pipfile> {
        let root = toml::parse(text, FileId::NONE).ok()?;
        let list = |key: &str| root.at(&[key]).and_then(Node::as_table).map(requirements).unwrap_or_default();
        let python =
            ["python_full_version", "python_version"].iter().find_map(|key| root.at(&["requires", key])?.as_str());
        Some(Pipfile {
            requirements: list("packages"),
            development: list("dev-packages"),
            python: python.map(str::to_owned),
        })
    }
}

fn requirements(table: &Table) -> Vec<Requirement> {
    let read = |(name, entry): (&str, &crate::text::tree::Entry)| {
        let value = &entry.value;
        let extras = value.at(&["extras"]).and_then(Node::as_array).unwrap_or_default();
        let narrows =
            ["markers", "sys_platform", "os_name", "python_version"].iter().any(|key| value.at(&[key]).is_some());
        Requirement {
            name: normal(name),
            extras: extras.iter().filter_map(Node::as_str).map(normal).collect(),
            specifier: value.as_str().or_else(|| value.at(&["version"])?.as_str()).unwrap_or_default().to_owned(),
            marker: if narrows { "pipenv".to_owned() } else { String::new() },
        }
    };
    table.iter().map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_the_version_are_read() {
        let text = "[packages]\nFlask = '*'\nuvicorn = {extras = ['standard'], version = '==1.0'}\n[dev-packages]\npytest = '*'\n[requires]\npython_version = '3.12'\n";
        let found = Pipfile::read(text).unwrap();
        assert_eq!((found.requirements[0].name.as_str(), found.requirements[1].pinned()), ("flask", Some("1.0")));
        assert_eq!((found.development.len(), found.python.as_deref()), (1, Some("3.12")));
        assert_eq!(Pipfile::read("[packages"), None);
    }
}
