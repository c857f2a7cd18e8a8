//! The real package managers, of the versions that `tests/peers` locks.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manager {
    Npm,
    Pnpm,
    Classic,
    Berry,
}

impl Manager {
    pub(crate) const ALL: [Manager; 4] = [Manager::Npm, Manager::Pnpm, Manager::Classic, Manager::Berry];

    fn program(self) -> PathBuf {
        let path = match self {
            Manager::Npm => "npm/bin/npm-cli.js",
            Manager::Pnpm => "pnpm/bin/pnpm.cjs",
            Manager::Classic => "yarn/bin/yarn.js",
            Manager::Berry => "@yarnpkg/cli-dist/bin/yarn.js",
        };
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/node_modules").join(path)
    }

    /// The build command of a site that installs from its lock file.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Manager::Npm => "npm ci",
            Manager::Pnpm => "pnpm install --frozen-lockfile",
            Manager::Classic => "yarn install --frozen-lockfile",
            Manager::Berry => "yarn install --immutable",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Manager::Npm => &["ci", "--ignore-scripts", "--dry-run", "--offline", "--no-audit", "--no-fund"],
            Manager::Pnpm => &["install", "--frozen-lockfile", "--lockfile-only", "--offline"],
            Manager::Classic => &["install", "--frozen-lockfile", "--offline", "--ignore-scripts", "--non-interactive"],
            Manager::Berry => &["install", "--immutable", "--mode=skip-build"],
        }
    }

    /// Whether all of them are there, or a loud reason why not, which is a failure in CI.
    pub(crate) fn are_installed() -> bool {
        let has_node = Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok();
        let missing = if !has_node {
            "Node.js is not installed"
        } else if !Manager::ALL.iter().all(|manager| manager.program().is_file()) {
            "the package managers are not installed: run npm ci --prefix tests/peers"
        } else {
            return true;
        };
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("SKIPPED: no judgement of lock files by the real package managers: {missing}");
        false
    }

    /// Calls it in a folder, without any network and with a home of its own.
    pub(crate) fn call(self, dir: &Path, home: &Path, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new("node");
        command.arg(self.program()).args(arguments).current_dir(dir).stdin(Stdio::null());
        let kept = ["PATH", "SystemRoot", "TEMP", "TMP", "APPDATA", "LOCALAPPDATA"];
        let environment: Vec<_> = kept.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))).collect();
        command.env_clear().envs(environment);
        command
            .env("HOME", home)
            .env("USERPROFILE", home)
            .env("CI", "true")
            .env("NO_COLOR", "1")
            .env("npm_config_cache", home.join("npm"))
            .env("npm_config_update_notifier", "false")
            .env("npm_config_fetch_retries", "0")
            .env("npm_config_registry", "http://127.0.0.1:9/")
            .env("YARN_CACHE_FOLDER", home.join("yarn"))
            .env("YARN_GLOBAL_FOLDER", home.join("berry"))
            .env("YARN_ENABLE_NETWORK", "0")
            .env("YARN_ENABLE_TELEMETRY", "0")
            .env("YARN_IGNORE_PATH", "1");
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.success(), text)
    }

    /// Whether it accepts the lock file of a folder, and what it says.
    pub(crate) fn accepts(self, dir: &Path, home: &Path) -> (bool, String) {
        let (is_success, text) = self.call(dir, home, self.arguments());
        // What is locked cannot be fetched here; whoever gets so far has accepted the lock file.
        let has_passed = match self {
            Manager::Npm | Manager::Pnpm => is_success,
            Manager::Classic => is_success || (text.contains("[2/4]") && !text.contains("needs to be updated")),
            Manager::Berry => is_success || (text.contains("Fetch step") && !text.contains("YN0028")),
        };
        (has_passed, text)
    }
}
