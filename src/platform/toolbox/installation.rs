//! How dependencies are installed: by whom, with which options, from which lock file.
//!
//! Netlify runs the package manager in the base directory, if it has a `package.json` (`run-build-functions.sh` of the
//! build image); Render does so for static sites, and leaves it to the build command of other services.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::project::lockfile::{self, Lock, LockFile};
use crate::project::manifest::{DependencyKind, Manifest, ManifestError};
use crate::project::path::{self, child};
use crate::project::snapshot::Snapshot;
use crate::sim::known::{Because, Known};
use crate::text::source::Sources;

use super::Variables;

/// The installation of a site's dependencies.
#[derive(Debug)]
pub struct Installation {
    /// The folder in which it runs.
    pub dir: String,
    /// `npm`, `yarn`, `pnpm` or `bun`.
    pub manager: &'static str,
    /// The major version that `packageManager` or a variable pins.
    pub major: Option<u64>,
    /// The version that `packageManager` or a variable pins, as it is written.
    pub version: Option<String>,
    /// The manifest.
    pub manifest: Result<Manifest, ManifestError>,
    /// The package manager's own lock file, in the folder or above it.
    pub lock: Option<Arc<LockFile>>,
    /// Options from `NPM_FLAGS` and its like.
    pub flags: Vec<String>,
    /// What the configuration files of the package manager say.
    pub settings: BTreeMap<String, String>,
    /// Why development dependencies are left out.
    pub omission: Option<Omission>,
}

/// What makes the package manager leave out development dependencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Omission {
    /// A variable of the build environment.
    Variable(String, Known<String>),
    /// An option in a variable with options.
    Flag(String, Known<String>),
    /// The package manager's configuration file.
    File(String),
}

impl Omission {
    /// Whether only a default of the platform makes it so, which nobody wrote.
    #[must_use]
    pub fn is_default(&self) -> bool {
        matches!(self, Omission::Variable(_, value) if matches!(value.because, Because::Default(_)))
    }
}

impl Installation {
    /// What is installed for a site; none without a manifest in its folder.
    #[must_use]
    pub fn new(
        snapshot: &Snapshot,
        dir: &str,
        manager: &'static str,
        pinned: Option<String>,
        environment: &Variables,
        sources: &mut Sources,
    ) -> Option<Installation> {
        let manifest = Manifest::read(snapshot, dir, sources)?;
        let variable = |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let pinned =
            pinned.or_else(|| variable(&format!("{}_VERSION", manager.to_uppercase())).map(|it| it.value.clone()));
        let flags = variable(&format!("{}_FLAGS", manager.to_uppercase()));
        let mut installation = Installation {
            dir: dir.to_owned(),
            manager,
            major: pinned.as_deref().and_then(major),
            version: pinned,
            lock: path::ancestors(dir).find_map(|dir| lockfile::read(snapshot, dir, manager)).map(Arc::new),
            manifest,
            flags: flags.map(|flags| flags.value.split_whitespace().map(str::to_owned).collect()).unwrap_or_default(),
            settings: settings(snapshot, dir),
            omission: None,
        };
        installation.omission = installation.omission(environment);
        Some(installation)
    }

    /// What a package manager installs that a command calls in a folder; none for an unheard-of one, or without a
    /// manifest. Its version is the one that `packageManager` names.
    #[must_use]
    pub fn by_command(
        snapshot: &Snapshot,
        dir: &str,
        manager: &str,
        environment: &Variables,
        sources: &mut Sources,
    ) -> Option<Installation> {
        let manager = ["npm", "yarn", "pnpm", "bun"].into_iter().find(|known| *known == manager)?;
        let nearest = path::ancestors(dir).find_map(|dir| Manifest::read(snapshot, dir, sources)?.ok());
        let field = nearest.as_ref().and_then(Manifest::package_manager).filter(|field| field.name == manager);
        let pinned = field.and_then(|field| field.version).map(str::to_owned);
        Installation::new(snapshot, dir, manager, pinned, environment, sources)
    }

    /// Whether it is Yarn 2 or later.
    #[must_use]
    pub fn is_berry(&self) -> bool {
        let by_lock = matches!(self.lock.as_ref().map(|file| &file.lock), Some(Lock::Yarn(lock)) if lock.is_berry);
        self.manager == "yarn"
            && self.major.map_or(by_lock || self.settings.contains_key("yarnPath"), |major| major >= 2)
    }

    /// Whether a flag of the platform's call says so.
    #[must_use]
    pub fn has_flag(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|flag| names.contains(&flag.as_str()))
    }

    /// What a setting says, in small letters.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    /// Whether scripts of packages are not run.
    #[must_use]
    pub fn ignores_scripts(&self) -> bool {
        self.has_flag(&["--ignore-scripts"]) || self.setting("ignore-scripts").is_some_and(|value| value != "false")
    }

    /// Whether engines that do not fit stop the installation.
    #[must_use]
    pub fn is_engine_strict(&self) -> bool {
        self.has_flag(&["--engine-strict"]) || self.setting("engine-strict").is_some_and(|value| value != "false")
    }

    /// Whether the lock file is only followed, never changed: a manifest that does not fit it fails.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        let is_off = ["--no-frozen-lockfile", "--frozen-lockfile=false", "--no-immutable", "--fix-lockfile"];
        if self.has_flag(&is_off) || self.setting("frozen-lockfile") == Some("false") {
            return false;
        }
        let is_asked = self.has_flag(&["--frozen-lockfile", "--frozen-lockfile=true", "--immutable"]);
        match self.manager {
            "pnpm" => true,
            "yarn" if self.is_berry() => self.setting("enableImmutableInstalls") != Some("false"),
            "yarn" | "bun" => is_asked,
            _ => false,
        }
    }

    fn omission(&self, environment: &Variables) -> Option<Omission> {
        let variable =
            |name: &str| environment.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let is = |name: &str, wanted: &str| variable(name).is_some_and(|value| value.value == wanted);
        let keeps = ["--include=dev", "--production=false", "--no-production", "--prod=false", "--also=dev"];
        let includes = is("NPM_CONFIG_INCLUDE", "dev") || self.setting("include") == Some("dev");
        let is_told = is("NPM_CONFIG_PRODUCTION", "false") || self.setting("production") == Some("false");
        if self.has_flag(&keeps) || includes || is_told || is("YARN_PRODUCTION", "false") {
            return None;
        }
        let follows_variable = match self.manager {
            "npm" => true,
            "yarn" => !self.is_berry(),
            // Until version 9; later ones install everything.
            "pnpm" => self.major.is_some_and(|major| major < 10),
            _ => false,
        };
        let flags = format!("{}_FLAGS", self.manager.to_uppercase());
        let omits = ["--omit=dev", "--production", "--prod", "--only=production", "--only=prod", "--production=true"];
        if let Some(value) = variable(&flags).filter(|_| self.has_flag(&omits)) {
            return Some(Omission::Flag(flags, value.clone()));
        }
        let production = variable("NODE_ENV").filter(|value| value.value == "production");
        if let Some(value) = production.filter(|_| follows_variable) {
            return Some(Omission::Variable("NODE_ENV".to_owned(), value.clone()));
        }
        for (name, wanted) in [("NPM_CONFIG_PRODUCTION", "true"), ("NPM_CONFIG_OMIT", "dev")] {
            if let Some(value) = variable(name).filter(|value| value.value == wanted && self.manager == "npm") {
                return Some(Omission::Variable(name.to_owned(), value.clone()));
            }
        }
        let by_file = self.setting("omit") == Some("dev") || self.setting("production") == Some("true");
        (by_file && self.manager == "npm").then(|| Omission::File(child(&self.dir, ".npmrc")))
    }

    /// The direct dependencies of these kinds, each with its range, as far as it is a text.
    pub fn direct(&self, kinds: &[DependencyKind]) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.manifest.as_ref().ok().into_iter().flat_map(|manifest| {
            kinds
                .iter()
                .flat_map(|kind| manifest.dependencies(*kind))
                .map(|field| (field.key, field.text.unwrap_or_default()))
        });
        fields.collect::<Vec<_>>().into_iter()
    }
}

/// The first number of a version.
fn major(version: &str) -> Option<u64> {
    version.trim_start_matches(['v', '^', '~', '=']).split(['.', '-', '+']).next()?.parse().ok()
}

/// `.npmrc`, `.yarnrc` and `.yarnrc.yml` of the folder and those above; the nearest file counts first.
fn settings(snapshot: &Snapshot, dir: &str) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for folder in path::ancestors(dir) {
        for name in [".npmrc", ".yarnrc.yml", ".yarnrc", "pnpm-workspace.yaml"] {
            let Some(text) = snapshot.text_in(folder, name) else { continue };
            for line in text.lines().map(str::trim_end).filter(|line| !line.starts_with(['#', ';', ' ', '\t'])) {
                let split = match name {
                    ".npmrc" => line.split_once('=').or(Some((line, "true"))),
                    ".yarnrc" => line.split_once(' '),
                    _ => line.split_once(':'),
                };
                let Some((key, value)) = split else { continue };
                let key = key.trim().trim_matches('"').trim_start_matches("--install.").to_owned();
                let value = value.trim().trim_matches(['"', '\'']).to_owned();
                settings.entry(key).or_insert(value);
            }
        }
    }
    settings
}
