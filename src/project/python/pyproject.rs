//! `pyproject.toml`: PEP 621, dependency groups (PEP 735), Poetry and uv.

use crate::text::span::FileId;
use crate::text::toml;
use crate::text::tree::{Node, Table};

use super::name::normal;
use super::requirement::{self, Requirement};

/// A list of requirements under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The extra's or group's name, normalised.
    pub name: String,
    /// Its requirements.
    pub requirements: Vec<Requirement>,
    /// Whether an entry names none that could be read.
    pub is_open: bool,
}

/// What a `pyproject.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pyproject {
    /// The project's name, normalised.
    pub name: Option<String>,
    /// What is always installed.
    pub requirements: Vec<Requirement>,
    /// Whether more may be required than could be read: `dynamic`, a path, an address.
    pub is_open: bool,
    /// `[project.optional-dependencies]`, and Poetry's extras.
    pub extras: Vec<Group>,
    /// `[dependency-groups]`, and Poetry's groups.
    pub groups: Vec<Group>,
    /// Programs that an installation of the project brings.
    pub scripts: Vec<String>,
    /// `requires-python`, or Poetry's `python`.
    pub python: Option<String>,
    /// Whether Poetry keeps the dependencies: `[tool.poetry.dependencies]`.
    pub is_of_poetry: bool,
    /// Whether there is a `[project]` table.
    pub has_project: bool,
    /// Whether the project itself is installed: it has a build system, and neither Poetry nor uv is told otherwise.
    pub is_package: bool,
}

impl Pyproject {
    /// Reads a text; none for one that is no TOML.
    #[must_use]
    pub fn read(text: &str) -> Option<Pyproject> {
        let root = toml::parse(text, FileId::NONE).ok()?;
        let mut found = Pyproject::default();
        if let Some(project) = root.at(&["project"]).and_then(Node::as_table) {
            found.read_project(project);
        }
        if let Some(groups) = root.at(&["dependency-groups"]).and_then(Node::as_table) {
            found.groups.extend(groups.iter().map(|(name, entry)| group(name, &entry.value)));
        }
        if let Some(poetry) = root.at(&["tool", "poetry"]).and_then(Node::as_table) {
            found.read_poetry(poetry);
        }
        if let Some(list) = root.at(&["tool", "uv", "dev-dependencies"]) {
            found.groups.push(group("dev", list));
        }
        let says = |keys: &[&str]| root.at(keys).and_then(Node::as_bool);
        let is_wanted = says(&["tool", "uv", "package"]).or(says(&["tool", "poetry", "package-mode"]));
        found.is_package = is_wanted.unwrap_or(root.at(&["build-system"]).is_some() || found.is_of_poetry);
        Some(found)
    }

    fn read_project(&mut self, project: &Table) {
        self.has_project = true;
        self.name = text(project, "name").map(|name| normal(&name));
        self.python = text(project, "requires-python");
        if let Some(list) = project.get("dependencies") {
            let all = group("", list);
            self.requirements = all.requirements;
            self.is_open |= all.is_open;
        }
        let dynamic = project.get("dynamic").and_then(Node::as_array).unwrap_or_default();
        self.is_open |= dynamic.iter().any(|entry| entry.as_str() == Some("dependencies"));
        if let Some(extras) = project.get("optional-dependencies").and_then(Node::as_table) {
            self.extras.extend(extras.iter().map(|(name, entry)| group(name, &entry.value)));
        }
        self.read_scripts(project);
    }

    fn read_scripts(&mut self, table: &Table) {
        let scripts = ["scripts", "gui-scripts"].iter().filter_map(|key| table.get(key)?.as_table());
        self.scripts.extend(scripts.flat_map(|table| table.iter().map(|(name, _)| name.to_owned())));
    }

    fn read_poetry(&mut self, poetry: &Table) {
        self.name = self.name.take().or_else(|| text(poetry, "name").map(|name| normal(&name)));
        if let Some(table) = poetry.get("dependencies").and_then(Node::as_table) {
            self.is_of_poetry = true;
            self.python = self.python.take().or_else(|| text(table, "python"));
            let main = poetry_group("", table);
            self.requirements.extend(main.requirements);
            self.is_open |= main.is_open;
        }
        if let Some(table) = poetry.get("dev-dependencies").and_then(Node::as_table) {
            self.groups.push(poetry_group("dev", table));
        }
        for (name, entry) in poetry.get("group").and_then(Node::as_table).into_iter().flat_map(Table::iter) {
            if let Some(table) = entry.value.at(&["dependencies"]).and_then(Node::as_table) {
                self.groups.push(poetry_group(name, table));
            }
        }
        self.read_scripts(poetry);
    }
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(Node::as_str).map(str::to_owned)
}

fn group(name: &str, list: &Node) -> Group {
    let mut group = Group { name: normal(name), requirements: Vec::new(), is_open: list.as_array().is_none() };
    for entry in list.as_array().unwrap_or_default() {
        match entry.as_str().and_then(requirement::parse) {
            Some(requirement) => group.requirements.push(requirement),
            None => group.is_open = true,
        }
    }
    group
}

/// Poetry's tables: `name = "^1"`, `name = {version, extras, optional, markers}`, a list of such.
fn poetry_group(name: &str, table: &Table) -> Group {
    let mut group = Group { name: normal(name), requirements: Vec::new(), is_open: false };
    for (name, entry) in table.iter().filter(|(name, _)| *name != "python") {
        let forms = entry.value.as_array().unwrap_or(std::slice::from_ref(&entry.value));
        let Some(form) = forms.first() else { continue };
        let is_optional = form.at(&["optional"]).and_then(Node::as_bool) == Some(true);
        let extras = form.at(&["extras"]).and_then(Node::as_array).unwrap_or_default();
        let narrows = ["markers", "python", "platform"].iter().any(|key| form.at(&[key]).is_some());
        let marker = if is_optional || narrows || forms.len() > 1 { "poetry" } else { "" };
        group.requirements.push(Requirement {
            name: normal(name),
            extras: extras.iter().filter_map(Node::as_str).map(normal).collect(),
            specifier: form.as_str().or_else(|| form.at(&["version"])?.as_str()).unwrap_or_default().to_owned(),
            marker: marker.to_owned(),
        });
    }
    group
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(requirements: &[Requirement]) -> Vec<&str> {
        requirements.iter().map(|requirement| requirement.name.as_str()).collect()
    }

    #[test]
    fn a_project_of_the_standard_is_read() {
        let text = "[build-system]\nrequires = []\n[project]\nname = 'My_App'\nrequires-python = '>=3.11'\ndependencies = ['fastapi[standard]>=0.1', 'x @ https://x.org']\n\
            [project.optional-dependencies]\nProd = ['gunicorn']\n[project.scripts]\nserve = 'a:b'\n[dependency-groups]\ndev = ['ruff', {include-group = 'x'}]\n";
        let found = Pyproject::read(text).unwrap();
        assert_eq!(
            (found.name.as_deref(), found.python.as_deref(), found.is_open),
            (Some("my-app"), Some(">=3.11"), false)
        );
        assert_eq!(
            (names(&found.requirements), names(&found.extras[0].requirements)),
            (vec!["fastapi", "x"], vec!["gunicorn"])
        );
        assert_eq!((found.groups[0].is_open, found.scripts.as_slice()), (true, &["serve".to_owned()][..]));
        assert!(found.is_package && !found.is_of_poetry);
    }

    #[test]
    fn a_project_of_poetry_is_read() {
        let text = "[tool.poetry]\nname='a'\npackage-mode = false\n[tool.poetry.dependencies]\npython='^3.12'\nDjango='^5'\nuvicorn={version='*',extras=['standard']}\n\
            gevent={version='1',optional=true}\n[tool.poetry.group.dev.dependencies]\npytest='*'\n";
        let found = Pyproject::read(text).unwrap();
        assert_eq!(names(&found.requirements), ["django", "uvicorn", "gevent"]);
        assert!(found.is_of_poetry && !found.is_package && found.requirements[2].is_conditional());
        assert_eq!(
            (found.requirements[1].extras.as_slice(), found.groups[0].name.as_str()),
            (&["standard".to_owned()][..], "dev")
        );
    }

    #[test]
    fn what_is_computed_is_open() {
        assert!(Pyproject::read("[project]\nname='a'\ndynamic=['dependencies']\n").unwrap().is_open);
        assert_eq!(Pyproject::read("[project\n"), None);
        assert!(!Pyproject::read("[tool.black]\n").unwrap().has_project);
    }
}
