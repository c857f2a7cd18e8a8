//! `bun.lock`: JSON with comments and trailing commas.

use std::collections::{BTreeMap, BTreeSet};

use jsonc_parser::ParseOptions;
use serde_json::Value;

use super::Contents;

/// What Bun's lock file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BunLock {
    /// What each folder asked for, by folder (`""` is the lock's own), field and name.
    pub workspaces: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    /// The packages with the programs that they bring.
    pub packages: BTreeMap<String, BTreeSet<String>>,
}

/// Reads the file.
///
/// # Errors
/// When it is not such a file.
pub fn read(text: &str) -> Result<BunLock, String> {
    const MAX_DEPTH: usize = 100;
    if nesting(text) > MAX_DEPTH {
        return Err("is nested too deeply".to_owned());
    }
    let options = ParseOptions::default();
    let value: Option<Value> = jsonc_parser::parse_to_serde_value(text, &options).map_err(|error| error.to_string())?;
    let value = value.ok_or("is empty")?;
    let mut lock = BunLock::default();
    let table = |key: &str| value.get(key).and_then(Value::as_object).into_iter().flatten();
    for (dir, workspace) in table("workspaces") {
        let fields = workspace.as_object().into_iter().flatten().filter_map(|(field, list)| {
            let list = list.as_object()?.iter();
            let texts = list.filter_map(|(name, range)| Some((name.clone(), range.as_str()?.to_owned())));
            Some((field.clone(), texts.collect()))
        });
        lock.workspaces.insert(dir.clone(), fields.collect());
    }
    for (key, entry) in table("packages") {
        let parts = entry.as_array().map(Vec::as_slice).unwrap_or_default();
        let name = parts.first().and_then(Value::as_str).map_or(key.as_str(), super::yarn::name);
        let bin = parts.iter().find_map(|part| part.get("bin"));
        let programs = lock.packages.entry(name.to_owned()).or_default();
        match bin {
            Some(Value::Object(bins)) => programs.extend(bins.keys().cloned()),
            Some(_) => {
                programs.insert(name.rsplit('/').next().unwrap_or(name).to_owned());
            }
            None => {}
        }
    }
    Ok(lock)
}

/// How deep brackets nest, quotes left out of account.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl BunLock {
    /// The packages and programs that it holds.
    #[must_use]
    pub fn contents(&self) -> Contents {
        Contents {
            packages: self.packages.keys().cloned().collect(),
            production: None,
            programs: Some(self.packages.clone()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_and_programs_are_read() {
        let text = r#"{ "lockfileVersion": 1, "workspaces": { "": { "name": "site", "devDependencies": { "vite": "5" }, }, },
            "packages": { "vite": ["vite@5.4.11", "", { "bin": { "vite": "bin/vite.js" } }, "x"], }, }"#;
        let lock = read(text).unwrap();
        assert_eq!(lock.workspaces[""]["devDependencies"]["vite"], "5");
        assert!(lock.contents().programs.unwrap()["vite"].contains("vite"));
        assert!(read("{").is_err() && read(&"[".repeat(100_000)).is_err());
    }
}
