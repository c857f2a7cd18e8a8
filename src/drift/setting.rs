//! Settings of a site against the configuration in the repository.
//!
//! What `netlify.toml` says wins over the dashboard (documentation, "File-based configuration"), so that a difference there
//! changes nothing that is built; a dashboard's value is in force only where the file is silent.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{display, join};
use crate::sim::known::Because;
use crate::text::tree::Node;

use super::live::Live;
use super::mac::Key;
use super::record::{Record, of_setting};
use super::{Field, Kind, Standing};

/// Names of settings that the file can say, as they stand in it.
pub const COMMAND: &str = "build.command";
/// The folder that is published.
pub const PUBLISH: &str = "build.publish";
/// The folder of functions.
pub const FUNCTIONS: &str = "functions.directory";
/// Whether addresses are made pretty.
pub const PRETTY_URLS: &str = "build.processing.html.pretty_urls";

/// Whether the live deploy stays whatever is built.
pub const LOCKED: &str = "auto publishing locked";

/// Compares all settings.
#[must_use]
pub fn compare(site: &NetlifySite<'_>, live: &Live, record: Option<&Record>, key: &Key) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for name in [COMMAND, PUBLISH, FUNCTIONS, PRETTY_URLS] {
        fields.extend(managed(site, live, name).or_else(|| alone(live, record, key, name)));
    }
    for (name, _) in &live.settings {
        if ![COMMAND, PUBLISH, FUNCTIONS, PRETTY_URLS].contains(name) {
            fields.extend(alone(live, record, key, name));
        }
    }
    let is_gone = |name: &&String| live.setting(name).is_none() && fields.iter().all(|field| field.name != **name);
    let gone: Vec<&String> = record.into_iter().flat_map(|record| record.settings.keys()).filter(is_gone).collect();
    fields.extend(gone.into_iter().map(|name| {
        Field::new(Kind::Setting, name.as_str(), Standing::Changed)
            .note("it was set when it was recorded, and is not any more")
    }));
    fields
}

/// A setting that the file says.
fn managed(site: &NetlifySite<'_>, live: &Live, name: &'static str) -> Option<Field> {
    let written = written(site, name)?;
    let theirs = live.setting(name);
    let is_same = theirs.is_none_or(|theirs| is_same(site, name, &written, theirs));
    let mut field = Field::new(Kind::Setting, name, if is_same { Standing::Equal } else { Standing::Changed });
    field.has_effect = false;
    if !is_same {
        field.note = Some("the file wins over the dashboard, so nothing else is built".to_owned());
    }
    field.repository = Some(written);
    field.platform = theirs.map(str::to_owned);
    Some(field)
}

/// A setting that only the platform says.
fn alone(live: &Live, record: Option<&Record>, key: &Key, name: &str) -> Option<Field> {
    let theirs = live.setting(name)?;
    let mut field = match record.map(|record| record.settings.get(name)) {
        None => Field::new(Kind::Setting, name, Standing::Unmanaged),
        Some(Some(noted)) if *noted == of_setting(key, name, theirs) => {
            Field::new(Kind::Setting, name, Standing::Equal)
        }
        Some(Some(_)) => Field::new(Kind::Setting, name, Standing::Changed).note("it is another one than was recorded"),
        Some(None) => Field::new(Kind::Setting, name, Standing::Changed).note("it was not set when it was recorded"),
    };
    field.platform = Some(theirs.to_owned());
    Some(field)
}

/// What the file of the repository says.
#[must_use]
pub fn written(site: &NetlifySite<'_>, name: &str) -> Option<String> {
    let plan = site.plan.as_ref()?;
    let known = match name {
        COMMAND => plan.command.as_ref()?,
        PUBLISH => &plan.publish,
        FUNCTIONS => plan.functions.as_ref()?,
        PRETTY_URLS => {
            let node = site.config(&["build", "processing", "html", "pretty_urls"])?;
            site.written(node.span)?;
            return node.as_bool().map(|value| value.to_string());
        }
        _ => return None,
    };
    let is_in_file = matches!(known.because, Because::Written(span) if site.written(span).is_some());
    is_in_file.then(|| if name == COMMAND { known.value.clone() } else { display(&known.value).to_owned() })
}

/// Folders are compared as what they lead to: the dashboard writes them from the base directory or from the root.
fn is_same(site: &NetlifySite<'_>, name: &str, ours: &str, theirs: &str) -> bool {
    match name {
        PUBLISH | FUNCTIONS => {
            let base = site.config(&["build", "base"]).and_then(Node::as_str).unwrap_or_default();
            let from =
                |folder: &str| join(folder, theirs.trim_start_matches('/')).map(|path| display(&path).to_owned());
            [from(base), from("")].iter().flatten().any(|path| path == ours)
        }
        COMMAND => ours.trim() == theirs.trim(),
        _ => ours == theirs,
    }
}
