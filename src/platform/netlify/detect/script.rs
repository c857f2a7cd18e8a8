//! Which scripts of `package.json` build and which serve (`build-info/lib/get-commands.js`).

use std::borrow::Cow;

use super::javascript::Thrown;
use crate::text::json::javascript_order;
use crate::text::tree::{Kind, Node};

const DEV_NAMES: [&str; 6] = ["dev", "serve", "develop", "start", "run", "web"];
const BUILD_NAMES: [&str; 1] = ["build"];

/// What a script is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It builds the site.
    Build,
    /// It serves the site during development.
    Dev,
}

impl Purpose {
    /// The usual names, best first.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Purpose::Build => &BUILD_NAMES,
            Purpose::Dev => &DEV_NAMES,
        }
    }

    /// What a script must not contain: it would call itself.
    fn excluded(self) -> &'static str {
        match self {
            Purpose::Build => "netlify build",
            Purpose::Dev => "netlify dev",
        }
    }
}

/// Names and values of the scripts as `Object.entries` lists them.
pub(super) fn entries<'a>(scripts: Option<&'a Node>, path: &str) -> Result<Vec<(Cow<'a, str>, &'a Node)>, Thrown> {
    match scripts.map(|scripts| &scripts.kind) {
        Some(Kind::Table(table)) => {
            Ok(javascript_order(table).into_iter().map(|(name, entry)| (name.into(), &entry.value)).collect())
        }
        Some(Kind::Array(items)) => {
            Ok(items.iter().enumerate().map(|(index, item)| (index.to_string().into(), item)).collect())
        }
        Some(Kind::Null) => Err(Thrown::new(path, "has \"scripts\" that are \"null\"")),
        _ => Ok(Vec::new()),
    }
}

/// The script that suits a framework best: one that runs its command, else one with a usual name.
pub(super) fn best(
    purpose: Purpose,
    framework_command: &str,
    scripts: &[(Cow<'_, str>, &Node)],
    path: &str,
) -> Result<Option<String>, Thrown> {
    let mut preferred: Vec<&str> = Vec::new();
    for (name, script) in scripts {
        if includes(script, framework_command, name, path)? {
            preferred.push(name);
        }
    }
    if preferred.is_empty() {
        for (name, script) in scripts {
            if is_for(purpose, name, script, path)? {
                preferred.push(name);
            }
        }
    }
    let rank = |name: &str| purpose.names().iter().position(|usual| is_named(name, usual)).unwrap_or(usize::MAX);
    Ok(preferred.into_iter().min_by_key(|name| rank(name)).map(str::to_owned))
}

/// Whether a script has a usual name, such as `build` or `docs:build`, and does not call the platform's own tool.
pub(super) fn is_for(purpose: Purpose, name: &str, script: &Node, path: &str) -> Result<bool, Thrown> {
    let is_usual = purpose.names().iter().any(|usual| is_named(name, usual));
    Ok(is_usual && !includes(script, purpose.excluded(), name, path)?)
}

fn is_named(name: &str, usual: &str) -> bool {
    name == usual || name.strip_suffix(usual).is_some_and(|rest| rest.ends_with(':'))
}

/// `String.includes` or `Array.includes`; other values have no such method.
fn includes(script: &Node, wanted: &str, name: &str, path: &str) -> Result<bool, Thrown> {
    match &script.kind {
        Kind::String(text) => Ok(text.contains(wanted)),
        Kind::Array(items) => Ok(items.iter().any(|item| item.as_str() == Some(wanted))),
        _ => Err(Thrown::new(path, format!("has a script \"{name}\" that is not a string"))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::json::parse;
    use crate::text::span::FileId;

    fn best_of(purpose: Purpose, command: &str, scripts: &str) -> Result<Option<String>, Thrown> {
        let scripts = parse(scripts, FileId::NONE).unwrap();
        best(purpose, command, &entries(Some(&scripts), "package.json")?, "package.json")
    }

    #[test]
    fn a_script_that_runs_the_framework_beats_one_with_a_usual_name() {
        let scripts = r#"{"build": "make", "site": "astro build", "docs:build": "astro build docs"}"#;
        assert_eq!(best_of(Purpose::Build, "astro build", scripts).unwrap().as_deref(), Some("docs:build"));
        assert_eq!(best_of(Purpose::Build, "hugo", scripts).unwrap().as_deref(), Some("build"));
    }

    #[test]
    fn scripts_that_call_the_platforms_own_tool_do_not_count() {
        assert_eq!(best_of(Purpose::Dev, "vite", r#"{"dev": "netlify dev", "start": "x"}"#).unwrap().unwrap(), "start");
        assert_eq!(best_of(Purpose::Build, "vite", r#"{"build": "netlify build"}"#).unwrap(), None);
    }

    #[test]
    fn a_script_that_is_not_a_string_throws() {
        assert!(best_of(Purpose::Build, "x", r#"{"test": 1}"#).unwrap_err().reason.contains("\"test\""));
        assert!(best_of(Purpose::Build, "x", "null").is_err());
    }
}
