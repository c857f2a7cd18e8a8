//! Which package manager installs and runs (`build-info/lib/package-managers/detect-package-manager.js`).

use super::files::{Files, Json};
use super::javascript::is_truthy;
use super::version::Version;

/// A package manager that the platform knows.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    name: &'static str,
    install_command: &'static str,
    run_command: &'static str,
    lock_files: &'static [&'static str],
    force_variable: Option<&'static str>,
}

const NPM: usize = 2;
const KNOWN: [Known; 4] = [
    Known {
        name: "yarn",
        install_command: "yarn install",
        run_command: "yarn run",
        lock_files: &["yarn.lock"],
        force_variable: Some("NETLIFY_USE_YARN"),
    },
    Known {
        name: "pnpm",
        install_command: "pnpm install",
        run_command: "pnpm run",
        lock_files: &["pnpm-lock.yaml"],
        force_variable: Some("NETLIFY_USE_PNPM"),
    },
    Known {
        name: "npm",
        install_command: "npm install",
        run_command: "npm run",
        lock_files: &["package-lock.json"],
        force_variable: None,
    },
    Known {
        name: "bun",
        install_command: "bun install",
        run_command: "bun run",
        lock_files: &["bun.lockb", "bun.lock"],
        force_variable: None,
    },
];

/// The package manager of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageManager {
    /// `yarn`, `pnpm`, `npm` or `bun`.
    pub name: &'static str,
    /// The exact version that `packageManager` asks for.
    pub version: Option<String>,
    /// Why this one.
    pub because: Because,
    /// What installs the dependencies.
    pub install_command: &'static str,
    /// What runs a script, without its name.
    pub run_command: &'static str,
}

/// Why a package manager is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The field `packageManager` of this `package.json`.
    Field(String),
    /// This variable of the environment.
    Variable(&'static str),
    /// This lockfile.
    LockFile(String),
    /// Nothing decides, and npm is the fallback.
    Fallback,
    /// This `package.json` makes the engine give up looking, so npm is the fallback.
    Unusable(String),
}

/// The first that applies: field, variable, lockfile, npm. `None` without a `package.json`.
pub(super) fn detect(files: &Files<'_>, base: &str) -> Option<PackageManager> {
    let manifests = files.manifests_up(base);
    if manifests.is_empty() {
        return None;
    }
    for path in manifests {
        match field(&files.json(&path)) {
            Ok(None) => {}
            Ok(Some((index, version))) => return Some(chosen(index, version, Because::Field(path))),
            Err(reason) => {
                files.note(&*path, format!("{reason}, so npm is used whatever the lockfile says"));
                return Some(chosen(NPM, None, Because::Unusable(path)));
            }
        }
    }
    Some(forced(files).or_else(|| locked(files, base)).unwrap_or_else(|| chosen(NPM, None, Because::Fallback)))
}

/// What `packageManager` asks for; an error where the engine throws.
fn field(manifest: &Json) -> Result<Option<(usize, Option<String>)>, &'static str> {
    if manifest.node.is_null() {
        return Err("is \"null\", expected an object");
    }
    let Some(field) = manifest.get("packageManager").filter(|field| is_truthy(field)) else { return Ok(None) };
    let text = field.as_str().ok_or("has a \"packageManager\" that is not a string")?;
    let mut parts = text.split('@');
    let name = parts.next().unwrap_or_default();
    let version = parts.next().and_then(Version::parse).map(|version| version.raw);
    Ok(KNOWN.iter().position(|known| known.name == name).map(|index| (index, version)))
}

fn chosen(index: usize, version: Option<String>, because: Because) -> PackageManager {
    let known = &KNOWN[index];
    PackageManager {
        name: known.name,
        version,
        because,
        install_command: known.install_command,
        run_command: known.run_command,
    }
}

fn forced(files: &Files<'_>) -> Option<PackageManager> {
    KNOWN.iter().enumerate().find_map(|(index, known)| {
        let variable = known.force_variable?;
        let is_forced = files.environment.get(variable).is_some_and(|value| value == "true");
        is_forced.then(|| chosen(index, None, Because::Variable(variable)))
    })
}

/// By the nearest lockfile, unless its variable forbids it: then no other lockfile is looked for.
fn locked(files: &Files<'_>, base: &str) -> Option<PackageManager> {
    let names: Vec<&str> = KNOWN.iter().flat_map(|known| known.lock_files).copied().collect();
    let path = files.find_up(&names, base)?;
    let name = crate::project::path::name(&path);
    let index = KNOWN.iter().position(|known| known.lock_files.contains(&name))?;
    let variable = KNOWN[index].force_variable.and_then(|variable| files.environment.get(variable));
    if variable.is_some_and(|value| value == "false") {
        return None;
    }
    Some(chosen(index, None, Because::LockFile(path)))
}

/// What runs a script; npm when no package manager was found.
pub(super) fn run_command(manager: Option<&PackageManager>, script: &str) -> String {
    format!("{} {script}", manager.map_or(KNOWN[NPM].run_command, |manager| manager.run_command))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Environment;
    use super::*;
    use crate::project::snapshot::Snapshot;

    fn detected(files: &[(&str, &str)], base: &str, variable: Option<(&str, &str)>) -> Option<(&'static str, Because)> {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let environment: Environment = variable.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        detect(&Files::new(&snapshot, &environment), base).map(|manager| (manager.name, manager.because))
    }

    #[test]
    fn without_a_manifest_nothing_is_installed() {
        assert_eq!(detected(&[("yarn.lock", "")], "", None), None);
    }

    #[test]
    fn the_field_beats_the_variable_and_the_variable_beats_the_lockfile() {
        let field = ("package.json", r#"{"packageManager": "bun@1.1.0"}"#);
        let variable = Some(("NETLIFY_USE_PNPM", "true"));
        assert_eq!(detected(&[field], "", variable).unwrap().1, Because::Field("package.json".into()));
        let files = [("package.json", "{}"), ("yarn.lock", "")];
        assert_eq!(detected(&files, "", variable).unwrap(), ("pnpm", Because::Variable("NETLIFY_USE_PNPM")));
        assert_eq!(detected(&files, "", None).unwrap(), ("yarn", Because::LockFile("yarn.lock".into())));
        assert_eq!(detected(&files[..1], "", None).unwrap(), ("npm", Because::Fallback));
    }

    #[test]
    fn a_forbidden_lockfile_leads_to_npm_even_beside_others() {
        let files = [("package.json", "{}"), ("yarn.lock", ""), ("pnpm-lock.yaml", "")];
        assert_eq!(detected(&files, "", Some(("NETLIFY_USE_YARN", "false"))).unwrap(), ("npm", Because::Fallback));
    }

    #[test]
    fn the_nearest_lockfile_counts_and_unknown_names_are_passed_over() {
        let files = [
            ("a/b/package.json", r#"{"packageManager": "deno@1"}"#),
            ("a/package.json", "{"),
            ("a/bun.lock", ""),
            ("yarn.lock", ""),
        ];
        assert_eq!(detected(&files, "a/b", None).unwrap(), ("bun", Because::LockFile("a/bun.lock".into())));
    }

    #[test]
    fn a_field_that_is_not_a_string_ends_the_search() {
        for text in [r#"{"packageManager": 1}"#, "null"] {
            let found = detected(&[("package.json", text), ("yarn.lock", "")], "", None).unwrap();
            assert_eq!(found, ("npm", Because::Unusable("package.json".into())), "{text}");
        }
    }
}
