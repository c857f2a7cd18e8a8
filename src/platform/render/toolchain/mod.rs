//! Which version of which tool Render takes for a service, and what says so.
//!
//! What nothing pins is "not pinned": the default depends on the day on which the service was created.

mod node;
pub mod python;
mod ruby;
pub mod table;
mod version_file;

use crate::sim::known::{Because, Known};
use crate::sim::plan::Decision;
use crate::text::span::Span;

use super::blueprint::{Runtime, Service};
use super::file::Files;
use super::service::{Environment, Origin};

/// A tool and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The tool: `python`.
    pub tool: &'static str,
    /// Its version.
    pub version: Version,
}

/// Which version of a tool is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// The one that is asked for, as it is written.
    Pinned(Known<String>),
    /// The newest one: the platform offers no choice, or is asked for none.
    Newest,
    /// The default, which depends on the day on which the service was created.
    NotPinned,
    /// It is chosen where the files do not show it; the text says where, in one clause.
    Unknown(String),
}

/// A service and what is looked at to choose its tools.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The files.
    pub files: Files<'a>,
    /// The service.
    pub service: &'a Service,
    /// Its variables.
    pub environment: &'a Environment,
}

impl Request<'_> {
    /// The service's root directory; the repository's own when it leads out of the repository.
    #[must_use]
    pub fn dir(&self) -> String {
        self.service.root_dir().unwrap_or_default()
    }

    /// Whether one of its commands names this word.
    fn mentions(&self, word: &str) -> bool {
        const COMMANDS: [&str; 4] = ["buildCommand", "startCommand", "preDeployCommand", "initialDeployHook"];
        COMMANDS.iter().any(|key| self.service.value(key).contains(word))
    }

    /// The version that a tool's variable asks for, if the variable is set at all.
    fn variable(&self, tool: &str) -> Option<Version> {
        let name = table::tool(tool)?.variable.as_deref()?;
        let Some(variable) = self.environment.get(name).filter(|variable| variable.origin != Origin::Platform) else {
            let is_open = !self.environment.foreign_groups.is_empty();
            return is_open.then(|| Version::Unknown(format!("a group of the workspace may set \"{name}\"")));
        };
        let Some(value) = &variable.value else {
            return Some(Version::Unknown(format!("\"{name}\" is set outside the file")));
        };
        let value = value.trim();
        if value.is_empty() { None } else { Some(pinned(value, variable.span)) }
    }
}

/// The tools of a service, the language first; nothing for Docker and images.
#[must_use]
pub fn choices(request: &Request<'_>) -> Vec<Choice> {
    let Some(runtime) = request.service.runtime else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |tool, version| found.push(Choice { tool, version });
    match runtime {
        Runtime::Node => {
            add("node", node::node(request));
            if node::uses_bun(request) {
                add("bun", node::bun(request));
            }
        }
        Runtime::Static => {
            if node::has_manifest(request) {
                add("node", node::node(request));
            }
            if node::uses_bun(request) {
                add("bun", node::bun(request));
            }
        }
        Runtime::Python => {
            add("python", python_version(request));
            if uses_poetry(request) {
                add("poetry", request.variable("poetry").unwrap_or(Version::NotPinned));
            }
            if uses_uv(request) {
                add("uv", request.variable("uv").unwrap_or(Version::NotPinned));
            }
        }
        Runtime::Ruby => add("ruby", ruby::ruby(request)),
        Runtime::Go => add("go", Version::Newest),
        Runtime::Rust => add("rust", rust(request)),
        Runtime::Elixir => {
            add("elixir", request.variable("elixir").unwrap_or(Version::NotPinned));
            add("erlang", request.variable("erlang").unwrap_or(Version::NotPinned));
        }
        Runtime::Docker | Runtime::Image => {}
    }
    found
}

/// The package manager of Node.js, which follows the lock file of the root directory
/// (github.com/render-oss/skills, `skills/render-deploy`); none without a lock file, or with several.
#[must_use]
pub fn package_manager(request: &Request<'_>) -> Option<Known<String>> {
    node::package_manager(request)
}

/// `PYTHON_VERSION`, then `.python-version` (<https://render.com/docs/python-version>).
fn python_version(request: &Request<'_>) -> Version {
    request.variable("python").or_else(|| version_file::line(request, ".python-version")).unwrap_or(Version::NotPinned)
}

/// Poetry is part of the runtime (<https://render.com/docs/poetry-version>); this asks whether it matters.
fn uses_poetry(request: &Request<'_>) -> bool {
    version_file::has(request, "poetry.lock") || request.mentions("poetry")
}

/// uv comes with `uv.lock` in the root directory (<https://render.com/docs/uv-version>).
#[must_use]
pub fn uses_uv(request: &Request<'_>) -> bool {
    version_file::has(request, "uv.lock")
}

/// `RUSTUP_TOOLCHAIN`, then `rust-toolchain` (<https://render.com/docs/rust-toolchain>); rustup itself reads
/// `rust-toolchain.toml` too, in the folder and those above it.
fn rust(request: &Request<'_>) -> Version {
    request.variable("rust").or_else(|| version_file::rust_toolchain(request)).unwrap_or(Version::Newest)
}

/// The tools of a service as decisions of the plan; those of the dashboard and of other days stay open.
#[must_use]
pub fn decisions(request: &Request<'_>) -> Vec<Decision> {
    let decision =
        |name: &str, value: String, because| Decision { name: name.to_owned(), value, because, overrides: None };
    let mut found: Vec<Decision> = choices(request)
        .into_iter()
        .map(|choice| match choice.version {
            Version::Pinned(known) => decision(choice.tool, known.value, known.because),
            Version::Newest => {
                decision(choice.tool, "newest stable".to_owned(), Because::Default("nothing asks for another"))
            }
            Version::NotPinned => decision(
                choice.tool,
                "not pinned".to_owned(),
                Because::Default("it depends on the day on which the service was created"),
            ),
            Version::Unknown(what) => decision(choice.tool, "unknown".to_owned(), Because::Detected(what)),
        })
        .collect();
    let uses_node = matches!(request.service.runtime, Some(Runtime::Node | Runtime::Static));
    if let Some(manager) = package_manager(request).filter(|_| uses_node) {
        found.push(decision("package manager", manager.value, manager.because));
    }
    found
}

/// A version that a piece of a file asks for.
fn pinned(value: &str, span: Span) -> Version {
    Version::Pinned(Known::new(value.to_owned(), Because::Written(span)))
}

#[cfg(test)]
mod tests;
