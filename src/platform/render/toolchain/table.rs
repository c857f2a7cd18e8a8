//! What is on record about the tools that Render installs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Render's own pages about versions; ages, see `seen`.
const TOOLS: &str = include_str!("../../data/render-toolchains.json");

/// Releases of CPython by minor; ages, see `seen`.
const PYTHON: &str = include_str!("../../data/python-releases.json");

/// What is on record about one tool.
#[derive(Debug, Clone, Deserialize)]
pub struct Tool {
    /// The page that says so.
    pub source: String,
    /// The variable that chooses a version.
    pub variable: Option<String>,
    /// The oldest version that is supported.
    pub minimum: Option<String>,
    /// The version of services that were created lately and ask for none.
    pub default: Option<DefaultVersion>,
}

/// The version of services that were created since a day and ask for none.
#[derive(Debug, Clone, Deserialize)]
pub struct DefaultVersion {
    /// The day.
    pub since: String,
    /// The version.
    pub version: String,
}

#[derive(Deserialize)]
struct Tools {
    tools: BTreeMap<String, Tool>,
}

#[derive(Deserialize)]
struct Releases {
    minors: BTreeMap<u32, Minor>,
}

#[derive(Deserialize)]
struct Minor {
    last: u32,
    #[serde(default)]
    gaps: Vec<u32>,
    #[serde(default)]
    over: bool,
}

static TABLE: LazyLock<BTreeMap<String, Tool>> =
    LazyLock::new(|| serde_json::from_str::<Tools>(TOOLS).map(|file| file.tools).unwrap_or_default());

static RELEASES: LazyLock<BTreeMap<u32, Minor>> =
    LazyLock::new(|| serde_json::from_str::<Releases>(PYTHON).map(|file| file.minors).unwrap_or_default());

/// What is on record about a tool.
#[must_use]
pub fn tool(name: &str) -> Option<&'static Tool> {
    TABLE.get(name)
}

/// The newest known patch of a minor release of Python 3.
#[must_use]
pub fn newest_python(minor: u32) -> Option<u32> {
    RELEASES.get(&minor).map(|minor| minor.last)
}

/// Whether a release of Python 3 exists; none when it may have come after the table was made.
#[must_use]
pub fn is_python_release(minor: u32, patch: u32) -> Option<bool> {
    let known = RELEASES.get(&minor)?;
    match patch {
        patch if known.gaps.contains(&patch) => Some(false),
        patch if patch <= known.last => Some(true),
        _ if known.over => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert_eq!(tool("python").unwrap().minimum.as_deref(), Some("3.7.3"));
        assert!(TABLE.len() == 10 && RELEASES.len() == 8);
    }

    #[test]
    fn releases_that_came_later_are_unknown() {
        assert_eq!((is_python_release(8, 20), is_python_release(8, 21)), (Some(true), Some(false)));
        assert_eq!((is_python_release(9, 3), is_python_release(13, 200)), (Some(false), None));
        assert_eq!((is_python_release(40, 0), newest_python(12)), (None, Some(13)));
    }
}
