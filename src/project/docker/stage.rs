//! Stages: what each is built from, and who runs its programs.

use std::collections::BTreeMap;

use super::instruction::Instruction;

/// One `FROM` and everything up to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The base as written, with variables of `ARG` lines before the first `FROM` put in; none when a variable is left.
    pub image: Option<String>,
    /// Its name, in small letters.
    pub name: Option<String>,
    /// The stage of this file that it is built upon.
    pub parent: Option<usize>,
    /// Number of its `FROM` among the instructions.
    pub first: usize,
    /// One past its last instruction.
    pub end: usize,
}

impl Stage {
    /// The base image without registry defaults, tag and digest: `node`, `ghcr.io/puppeteer/puppeteer`.
    #[must_use]
    pub fn repository(&self) -> Option<&str> {
        let image = self.image.as_deref().filter(|_| self.parent.is_none())?;
        let image = image.split('@').next().unwrap_or(image);
        let name = image.rfind('/').map_or(0, |at| at + 1);
        let end = image[name..].find(':').map_or(image.len(), |at| name + at);
        let bare = image[..end].trim_start_matches("docker.io/");
        Some(bare.strip_prefix("library/").unwrap_or(bare))
    }
}

pub(super) fn stages(instructions: &[Instruction]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut defaults: BTreeMap<String, String> = BTreeMap::new();
    for (at, instruction) in instructions.iter().enumerate() {
        if let Some(open) = stages.last_mut() {
            open.end = at + 1;
        }
        let words = instruction.arguments.words();
        match instruction.keyword.as_str() {
            "ARG" if stages.is_empty() => {
                let assigned = words.iter().filter_map(|word| word.text.split_once('='));
                defaults.extend(assigned.map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
            "FROM" => {
                if let Some(open) = stages.last_mut() {
                    open.end = at;
                }
                let base = words.first().map(|word| word.text.as_str()).unwrap_or_default();
                let is_named = words.get(1).is_some_and(|word| word.text.eq_ignore_ascii_case("as"));
                let name = words.get(2).filter(|_| is_named).map(|word| word.text.to_lowercase());
                let parent = stages.iter().rposition(|stage| stage.name.as_deref() == Some(&*base.to_lowercase()));
                stages.push(Stage { image: expand(base, &defaults), name, parent, first: at, end: at + 1 });
            }
            _ => {}
        }
    }
    stages
}

/// Puts the values of variables in; none when one has no value here.
fn expand(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, default, after) = match rest.strip_prefix('{') {
            Some(inner) => {
                let (inside, after) = inner.split_once('}')?;
                let (name, default) = inside.split_once(":-").map_or((inside, None), |(name, it)| (name, Some(it)));
                (name, default, after)
            }
            None => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (&rest[..end], None, &rest[end..])
            }
        };
        out.push_str(values.get(name).map(String::as_str).or(default).filter(|value| !value.contains('$'))?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
