//! What people set in Netlify's dashboard, as far as we are told.

use crate::text::json;
use crate::text::json_error::JsonError;
use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};

/// Name of the source that site settings are parsed into.
pub const SOURCE_NAME: &str = "site settings";

/// Site settings in the shape of `netlify.toml`.
#[derive(Debug, Clone, Default)]
pub struct SiteSettings {
    /// The layer below `netlify.toml`.
    pub config: Table,
    /// Base directory.
    pub base: Option<String>,
    /// Folder of the site's package.
    pub package_path: Option<String>,
    /// The text they were read from; spans point into it.
    pub text: String,
}

/// Why site settings cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SettingsError {
    /// Not JSON.
    #[error("the site settings are not JSON: line {}, column {}: {}", .0.line, .0.column, .0.reason)]
    Syntax(JsonError),
    /// Not an object.
    #[error(
        "the site settings must be a JSON object with any of \"command\", \"publish\", \"base\", \"packagePath\", \
         \"functions\", \"environment\", \"plugins\""
    )]
    NotAnObject,
    /// A key that is none of them.
    #[error("the site settings have no \"{key}\"{}; accepted: {}", nearest(.key), KEYS.join(", "))]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A value of the wrong type.
    #[error("\"{key}\" of the site settings must be {wanted}")]
    WrongType {
        /// The key.
        key: String,
        /// What is accepted.
        wanted: &'static str,
    },
}

const KEYS: [&str; 8] = ["command", "publish", "base", "packagePath", "functions", "environment", "plugins", "ignore"];

fn nearest(key: &str) -> String {
    crate::text::suggest::nearest(key, KEYS).map(|name| format!(" (did you mean \"{name}\"?)")).unwrap_or_default()
}

/// Reads `{"command", "publish", "base", "packagePath", "functions", "environment", "plugins", "ignore"}`.
///
/// Spans point into the text as source number 0, which the caller adds first.
///
/// # Errors
/// When the text is not such an object.
pub fn parse(text: &str) -> Result<SiteSettings, SettingsError> {
    let root = json::parse(text, FileId(0)).map_err(SettingsError::Syntax)?;
    let table = root.as_table().ok_or(SettingsError::NotAnObject)?;
    let mut settings = SiteSettings { text: text.to_owned(), ..SiteSettings::default() };
    let mut build = Table::default();
    for (key, entry) in table.iter().filter(|(_, entry)| !entry.value.is_null()) {
        let string = || -> Result<String, SettingsError> {
            let wrong = SettingsError::WrongType { key: key.to_owned(), wanted: "a string" };
            entry.value.as_str().map(str::to_owned).ok_or(wrong)
        };
        let target = match key {
            "command" | "publish" | "functions" | "ignore" => string().map(|_| &mut build)?,
            "environment" if entry.value.as_table().is_none() => {
                return Err(SettingsError::WrongType { key: key.to_owned(), wanted: "an object" });
            }
            "plugins" if entry.value.as_array().is_none() => {
                return Err(SettingsError::WrongType { key: key.to_owned(), wanted: "a list of objects" });
            }
            "environment" => &mut build,
            "plugins" => &mut settings.config,
            "base" => {
                settings.base = Some(string()?);
                &mut build
            }
            "packagePath" => {
                settings.package_path = Some(string()?);
                continue;
            }
            _ => return Err(SettingsError::UnknownKey { key: key.to_owned() }),
        };
        target.insert(key, entry.key_span, entry.value.clone());
    }
    settings.config.insert("build", Span::NONE, Node { kind: Kind::Table(build), span: Span::NONE });
    Ok(settings)
}
