//! What the files of the build folder ask for in Python (`netlify/build-image`, `run-build-functions.sh`).

use std::collections::BTreeSet;

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::text::span::Span;
use crate::text::toml;
use crate::text::tree::Node;

/// Files that make the platform set Python up, the strongest first.
pub const FILES: [&str; 4] = ["requirements.txt", "Pipfile", "runtime.txt", ".python-version"];

/// The text of a file in the build folder, trimmed, with its place.
#[must_use]
pub fn line<'s>(site: &'s NetlifySite<'_>, name: &str) -> Option<(&'s str, Span)> {
    let (file, source) = site.source(&child(site.build_dir(), name))?;
    let text = source.text.trim();
    let start = source.text.find(text)?;
    Some((text, Span::new(file, start, start + text.len())))
}

/// Whether the build folder has a file of that name.
#[must_use]
pub fn has(site: &NetlifySite<'_>, name: &str) -> bool {
    site.snapshot.holds(site.build_dir(), name)
}

/// A `Pipfile` that could be read.
#[derive(Debug)]
pub struct Pipfile {
    root: Node,
}

impl Pipfile {
    /// The `Pipfile` of the build folder.
    #[must_use]
    pub fn of(site: &NetlifySite<'_>) -> Option<Pipfile> {
        let (file, source) = site.source(&child(site.build_dir(), "Pipfile"))?;
        Some(Pipfile { root: toml::parse(&source.text, file).ok()? })
    }

    /// The version of Python that it requires, with its place.
    #[must_use]
    pub fn required(&self) -> Option<(&str, Span)> {
        let keys = ["python_version", "python_full_version"];
        let node = keys.iter().find_map(|key| self.root.at(&["requires", key]))?;
        Some((node.as_str()?, node.span))
    }

    /// The packages that it lists.
    #[must_use]
    pub fn packages(&self) -> BTreeSet<String> {
        let tables = ["packages", "dev-packages"].iter().filter_map(|key| self.root.at(&[key])?.as_table());
        tables.flat_map(|table| table.iter().map(|(name, _)| normal(name))).collect()
    }
}

/// The packages of `requirements.txt`; `None` when it takes some from elsewhere.
#[must_use]
pub fn required_packages(site: &NetlifySite<'_>) -> Option<BTreeSet<String>> {
    let text = site.snapshot.text_in(site.build_dir(), "requirements.txt")?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(package_of).collect()
}

/// The package that a line of requirements names; `None` for options, addresses and folders.
fn package_of(line: &str) -> Option<String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let name = &line[..line.find(|character| !is_plain(character)).unwrap_or(line.len())];
    let is_name =
        name.starts_with(|first: char| first.is_ascii_alphanumeric()) && !line.contains("://") && !name.contains("..");
    is_name.then(|| normal(name))
}

/// A package's name as package indexes compare it.
fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Programs that Python packages bring, with packages that bring them.
const PROGRAMS: [(&str, &[&str]); 8] = [
    ("mkdocs", &["mkdocs"]),
    ("sphinx-build", &["sphinx"]),
    ("sphinx-autobuild", &["sphinx"]),
    ("pelican", &["pelican"]),
    ("nikola", &["nikola"]),
    ("lektor", &["lektor"]),
    ("jupyter-book", &["jupyter-book"]),
    ("zensical", &["zensical"]),
];

/// The first words of packages that bring a program, if it is a known one.
#[must_use]
pub fn packages_of(program: &str) -> Option<&'static [&'static str]> {
    PROGRAMS.iter().find(|(known, _)| *known == program).map(|(_, packages)| *packages)
}

/// Words that show that a command uses Python.
const WORDS: [&str; 24] = [
    "python",
    "pip",
    "poetry",
    "pdm",
    "hatch",
    "tox",
    "nox",
    "uv ",
    "mkdocs",
    "sphinx",
    "pelican",
    "nikola",
    "lektor",
    "jupyter",
    "flask",
    "django",
    "manage.py",
    ".py",
    "conda",
    "invoke",
    "frozen",
    "zensical",
    "cookiecutter",
    "httpie",
];

/// Whether a command uses Python, or may do so.
#[must_use]
pub fn is_used_in(command: &str) -> bool {
    WORDS.iter().any(|word| command.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_name_packages_until_they_point_elsewhere() {
        assert_eq!(
            package_of("Mkdocs_Material[imaging]==9.5 ; python_version > '3'"),
            Some("mkdocs-material".to_owned())
        );
        assert_eq!(package_of("flask"), Some("flask".to_owned()));
        for line in ["-r base.txt", "--index-url x", "git+https://x.org/y", "./lib", "../lib", "https://x.org/a.whl"] {
            assert_eq!(package_of(line), None, "{line}");
        }
    }

    #[test]
    fn python_is_seen_in_commands() {
        assert!(
            is_used_in("python3 build.py") && is_used_in("npm run build && mkdocs build") && is_used_in("uv run x")
        );
        assert!(!is_used_in("vite build") && !is_used_in("npm run build"));
    }
}
