//! Lock files of Python: the names of everything that they hold.

use std::collections::BTreeSet;

use super::name::normal;

/// The names of `poetry.lock`, `uv.lock` and `pdm.lock`; none for a text that holds no package.
#[must_use]
pub fn of_toml(text: &str) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut is_package = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.starts_with('[') {
            is_package = line == "[[package]]";
        } else if is_package && let Some(name) = line.strip_prefix("name = ") {
            found.insert(normal(name.trim_matches(['"', '\''])));
        }
    }
    Some(found).filter(|found| !found.is_empty())
}

/// The names of `Pipfile.lock`, those for development included; none for a text that holds none.
#[must_use]
pub fn of_pipfile_lock(text: &str) -> Option<BTreeSet<String>> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let tables = ["default", "develop"].iter().filter_map(|key| value.get(key)?.as_object());
    let found: BTreeSet<String> = tables.flat_map(|table| table.keys().map(|name| normal(name))).collect();
    Some(found).filter(|found| !found.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_of_lock_files_are_read() {
        let text = "version = 1\n\n[[package]]\nname = \"Flask\"\nversion = \"3\"\n\n[package.dependencies]\nname = \"x\"\r\n[[package]]\r\nname = \"click\"\r\n";
        assert_eq!(of_toml(text).unwrap().into_iter().collect::<Vec<_>>(), ["click", "flask"]);
        assert_eq!((of_toml(""), of_pipfile_lock("{}"), of_pipfile_lock("{")), (None, None, None));
        assert_eq!(of_pipfile_lock(r#"{"default": {"Flask": {}}}"#).unwrap().len(), 1);
    }
}
