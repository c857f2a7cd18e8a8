//! Why a configuration cannot be resolved, in the engine's kinds and our words.

use crate::platform::netlify::routing;
use crate::platform::netlify::routing::case_clash::CaseClash;
use crate::platform::netlify::validate::{ContextPluginWarning, Violation};
use crate::text::span::Span;
use crate::text::toml::TomlError;

use super::escape::DoubtfulEscape;

/// A failure of the stage `config`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The file named by `--config` does not exist.
    #[error("the configuration file \"{path}\" does not exist")]
    Missing {
        /// Repository path.
        path: String,
    },
    /// The folder that the engine is started in does not exist (`config/src/options/main.js`).
    #[error("the current folder \"{path}\" is no folder of the repository")]
    NoFolder {
        /// Repository path.
        path: String,
    },
    /// The file exists and cannot be read.
    #[error("the configuration file \"{path}\" cannot be read: {reason}")]
    Unreadable {
        /// Repository path.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A backslash sequence that the engine refuses before parsing.
    #[error("the backslash in \"\\{}\" needs a second one: write \"\\\\{}\"", .escape.character, .escape.character)]
    Escape {
        /// The sequence.
        escape: DoubtfulEscape,
        /// Its place.
        span: Span,
    },
    /// The file is not TOML.
    #[error("{error}")]
    Toml {
        /// What the parser says.
        error: TomlError,
        /// The place, for excerpts.
        span: Span,
    },
    /// `build.base` is not a folder of the repository.
    #[error("the base directory \"{base}\" does not exist")]
    BaseMissing {
        /// Repository path.
        base: String,
        /// Where the base was set.
        span: Span,
    },
    /// A path property leads out of the repository.
    #[error("\"{property}\" = \"{written}\" leads out of the repository")]
    OutsideRoot {
        /// The engine's name of the property.
        property: String,
        /// What was written.
        written: String,
        /// Where.
        span: Span,
    },
    /// An extension under development does not lead to a `.tgz`.
    #[error("the build plugin of extension \"{slug}\" must be a \".tgz\" file, not \"{url}\"")]
    Extension {
        /// Name of the extension.
        slug: String,
        /// Where it leads.
        url: String,
        /// The entry.
        span: Span,
    },
    /// A property that the engine's validation rejects.
    #[error("{0}")]
    Violation(#[from] Violation),
    /// The engine crashes on redirects or headers that it cannot print.
    #[error("{0}")]
    Routing(#[from] routing::Crash),
    /// The engine itself would fail with a type error.
    #[error("Netlify's engine crashes on this value")]
    Crash {
        /// The value, or the nearest written place.
        span: Span,
    },
}

impl Failure {
    /// A crash of the engine at this place.
    #[must_use]
    pub fn crash(span: Span) -> Failure {
        Failure::Crash { span }
    }

    /// The kind of failure, as conformance documents name it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Failure::Missing { .. } => "config-missing",
            Failure::NoFolder { .. } => "option",
            Failure::Unreadable { .. } => "config-unreadable",
            Failure::Escape { .. } => "toml-escape",
            Failure::Toml { .. } => "toml-syntax",
            Failure::BaseMissing { .. } => "base-missing",
            Failure::OutsideRoot { .. } => "outside-root",
            Failure::Extension { .. } => "extension",
            Failure::Violation(violation) => violation.kind.as_str(),
            Failure::Crash { .. } | Failure::Routing(_) => "engine-crash",
        }
    }

    /// The type that the engine gives its error: `resolveConfig` is meant for the user, `unexpected` is a crash.
    #[must_use]
    pub fn error_type(&self) -> &'static str {
        match self {
            Failure::Violation(violation) => violation.kind.error_type(),
            Failure::Crash { .. } | Failure::Routing(_) => "unexpected",
            _ => "resolveConfig",
        }
    }

    /// The property or package at fault, as the engine names it.
    #[must_use]
    pub fn property(&self) -> Option<&str> {
        match self {
            Failure::OutsideRoot { property, .. } => Some(property),
            Failure::Extension { slug, .. } => Some(slug),
            Failure::NoFolder { .. } => Some("cwd"),
            Failure::Violation(violation) => violation.property.as_deref(),
            _ => None,
        }
    }

    /// Where the fault was written, if anywhere.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Failure::Missing { .. } | Failure::NoFolder { .. } | Failure::Unreadable { .. } => Span::NONE,
            Failure::Escape { span, .. }
            | Failure::Toml { span, .. }
            | Failure::BaseMissing { span, .. }
            | Failure::OutsideRoot { span, .. }
            | Failure::Extension { span, .. }
            | Failure::Crash { span } => *span,
            Failure::Violation(violation) => violation.span,
            Failure::Routing(crash) => crash.span,
        }
    }
}

/// What the engine prints and then goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// A context sets inputs of a plugin that the user interface runs in every context.
    ContextPlugin(ContextPluginWarning),
    /// Two headers differ only in case.
    HeaderCase(CaseClash),
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Warning::ContextPlugin(ContextPluginWarning { package, context, .. }) => {
                write!(
                    f,
                    "\"{package}\" is installed in the UI and so runs in every context, not only in \"{context}\""
                )
            }
            Warning::HeaderCase(CaseClash { earlier, later }) => {
                write!(
                    f,
                    "the header \"{}\" is set again as \"{}\", which differs only in case",
                    earlier.name, later.name
                )
            }
        }
    }
}
