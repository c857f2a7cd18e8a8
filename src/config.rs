//! `.chimera/config.toml`: our own configuration. Everything works without it.

mod policy;

use crate::platform::netlify::setting::{self, SettingsError, SiteSettings};
use crate::policy::Policy;
use crate::rule::finding::{Finding, Level, Place, Severity};
use crate::rule::registry;
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;
use crate::text::tree::{Node, Table};
use crate::text::{suggest, toml};

/// Where the file lies in a repository.
pub const PATH: &str = ".chimera/config.toml";

const KEYS: [&str; 7] =
    ["environments", "fail_on", "heal_on_detected_drift", "heal_severity", "ignore", "roles", "site"];

/// What the file says.
#[derive(Debug, Default)]
pub struct Configuration {
    /// The least level of a finding that makes the run fail; `None` leaves it to the command line.
    pub fail_on: Option<Level>,
    /// What is healed, and when.
    pub heal: HealConfiguration,
    /// Who may do what, where and when.
    pub policy: Policy,
    ignores: Vec<Ignore>,
    sites: Vec<(String, SiteSettings)>,
}

/// What is healed, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HealConfiguration {
    /// Whether a deploy that has drifted from its files is healed when that is noticed, without being asked.
    pub on_detected_drift: bool,
    /// The least severity of findings that are healed; `None` leaves it to the command line.
    pub severity: Option<Severity>,
}

#[derive(Debug)]
struct Ignore {
    rule: String,
    reason: String,
    path: Option<String>,
}

/// What is wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{PATH}:{line}:{column}: {message}")]
pub struct ConfigurationError {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong and what would be accepted.
    pub message: String,
}

/// Reads the file.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn parse(text: &str) -> Result<Configuration, ConfigurationError> {
    let source = Source::new(PATH, true, text);
    let root = toml::parse(text, FileId(0)).map_err(|error| ConfigurationError {
        line: error.line,
        column: error.column,
        message: error.reason.to_string(),
    })?;
    let reader = Reader { source };
    let mut configuration = Configuration::default();
    for (key, entry) in root.as_table().map(Table::iter).into_iter().flatten() {
        match key {
            "fail_on" => configuration.fail_on = Some(reader.level(&entry.value)?),
            "heal_on_detected_drift" => configuration.heal.on_detected_drift = reader.truth(&entry.value)?,
            "heal_severity" => configuration.heal.severity = Some(reader.severity(&entry.value)?),
            "ignore" => configuration.ignores = reader.ignores(&entry.value)?,
            "site" => configuration.sites = reader.sites(&entry.value)?,
            // They name each other, so they are read together below.
            "roles" | "environments" => {}
            _ => return Err(reader.unknown(key, entry.key_span.start, &KEYS)),
        }
    }
    if let Some(root) = root.as_table() {
        configuration.policy = policy::read(&reader, root)?;
    }
    Ok(configuration)
}

struct Reader {
    source: Source,
}

impl Reader {
    fn error(&self, offset: u32, message: impl Into<String>) -> ConfigurationError {
        let position = self.source.position(offset);
        ConfigurationError { line: position.line, column: position.column, message: message.into() }
    }

    fn unknown(&self, key: &str, offset: u32, accepted: &[&str]) -> ConfigurationError {
        let hint = suggest::nearest(key, accepted.iter().copied()).map(|name| format!(", did you mean \"{name}\"?"));
        let hint = hint.unwrap_or_default();
        self.error(offset, format!("unknown key \"{key}\"{hint} (accepted: {})", accepted.join(", ")))
    }

    fn level(&self, node: &Node) -> Result<Level, ConfigurationError> {
        node.as_str()
            .and_then(level)
            .ok_or_else(|| self.error(node.span.start, "expected \"error\", \"warning\" or \"note\""))
    }

    fn severity(&self, node: &Node) -> Result<Severity, ConfigurationError> {
        node.as_str()
            .and_then(severity)
            .ok_or_else(|| self.error(node.span.start, "expected \"critical\", \"high\", \"medium\" or \"low\""))
    }

    fn truth(&self, node: &Node) -> Result<bool, ConfigurationError> {
        node.as_bool().ok_or_else(|| self.error(node.span.start, "expected true or false"))
    }

    fn ignores(&self, node: &Node) -> Result<Vec<Ignore>, ConfigurationError> {
        let items = node.as_array().ok_or_else(|| self.error(node.span.start, "write each entry as [[ignore]]"))?;
        items.iter().map(|item| self.ignore(item)).collect()
    }

    fn ignore(&self, item: &Node) -> Result<Ignore, ConfigurationError> {
        let table = item.as_table().ok_or_else(|| self.error(item.span.start, "write each entry as [[ignore]]"))?;
        let mut ignore = Ignore { rule: String::new(), reason: String::new(), path: None };
        for (key, entry) in table.iter() {
            let text = entry.value.as_str().map(str::trim).unwrap_or_default().to_owned();
            if text.is_empty() {
                return Err(self.error(entry.value.span.start, format!("\"{key}\" must be a text that is not empty")));
            }
            match key {
                "rule" if registry::find(&text).is_none() => {
                    let hint =
                        registry::nearest(&text).map(|rule| format!(", did you mean {}?", rule.id)).unwrap_or_default();
                    return Err(self.error(entry.value.span.start, format!("\"{text}\" is no rule{hint}")));
                }
                "rule" => ignore.rule = text,
                "because" => ignore.reason = text,
                "path" => ignore.path = Some(text.trim_matches('/').to_owned()),
                _ => return Err(self.unknown(key, entry.key_span.start, &["rule", "because", "path"])),
            }
        }
        match (ignore.rule.is_empty(), ignore.reason.is_empty()) {
            (true, _) => Err(self.error(item.span.start, "the entry needs \"rule\", the id of what to ignore")),
            (_, true) => Err(self.error(item.span.start, "the entry needs \"because\", the reason to ignore it")),
            _ => Ok(ignore),
        }
    }

    fn sites(&self, node: &Node) -> Result<Vec<(String, SiteSettings)>, ConfigurationError> {
        let expected = "write the settings of a site as [site.NAME], NAME being its folder (\".\" for the root)";
        let table = node.as_table().ok_or_else(|| self.error(node.span.start, expected))?;
        let read = |name: &str, value: &Node| {
            let settings = setting::parse(&value.to_json().to_string()).map_err(|error| match &error {
                SettingsError::UnknownKey { key } | SettingsError::WrongType { key, .. } => {
                    let span = value.as_table().and_then(|table| table.key_span(key)).unwrap_or(value.span);
                    self.error(span.start, error.to_string())
                }
                _ => self.error(value.span.start, expected),
            })?;
            Ok((name.trim_matches('/').to_owned(), settings))
        };
        table.iter().map(|(name, entry)| read(name, &entry.value)).collect()
    }
}

/// The level of this name.
#[must_use]
pub fn level(name: &str) -> Option<Level> {
    [Level::Error, Level::Warning, Level::Note].into_iter().find(|level| level.name() == name)
}

/// The severity of this name.
#[must_use]
pub fn severity(name: &str) -> Option<Severity> {
    let all = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
    all.into_iter().find(|severity| severity.name() == name)
}

impl Configuration {
    /// The dashboard settings written down for the site in this folder (`""` is the root).
    #[must_use]
    pub fn site(&self, directory: &str) -> Option<&SiteSettings> {
        let wanted = crate::project::path::display(directory);
        self.sites.iter().find(|(name, _)| name == wanted || name == directory).map(|(_, settings)| settings)
    }

    /// Whether the settings of any Netlify site are given.
    #[must_use]
    pub fn has_sites(&self) -> bool {
        !self.sites.is_empty()
    }

    /// Why this finding is to be ignored, if an entry says so.
    #[must_use]
    pub fn reason_to_ignore(&self, finding: &Finding, site: &str, sources: &Sources) -> Option<String> {
        let place = match &finding.place {
            Place::Span(span) => sources.get(span.file).map_or(site, |source| &source.name),
            Place::Path(path) | Place::Missing(path) => path,
            Place::Site => site,
        };
        let covers = |ignore: &&Ignore| {
            let is_rule = ignore.rule.eq_ignore_ascii_case(finding.rule.id) || ignore.rule == finding.rule.name;
            is_rule && ignore.path.as_deref().is_none_or(|path| crate::project::path::strip(place, path).is_some())
        };
        self.ignores.iter().find(covers).map(|ignore| ignore.reason.clone())
    }
}
