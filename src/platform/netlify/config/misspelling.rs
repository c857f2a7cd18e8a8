//! Names in `netlify.toml` that nothing reads and that stand for one that is read.
//!
//! The engine passes over unknown names at the top level, in `[build]` and in most other places without a word. A name
//! that resembles none is left alone: extensions and other tools keep settings in the file too.

use std::ops::Range;

use crate::text::edit::{self, Edit};
use crate::text::span::{FileId, Span};
use crate::text::toml;
use crate::text::toml::outline::{Header, Outline};
use crate::text::tree::{Entry, Kind, Node, Table};

use super::function_table::SETTINGS;
use super::name;

/// Longest name that is compared, in bytes.
const LONGEST: usize = 64;

/// Most names of one table that are looked at.
const MOST_NAMES: usize = 2000;

/// What a name that nothing reads stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Another name in the same table.
    Name(&'static str),
    /// The same name in `[build]` instead of the top level.
    InBuild,
    /// The same name at the top level instead of `[build]`.
    AtTop,
    /// A variable, which belongs in the table `environment` beside it.
    Variable,
}

/// A name that nothing reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misspelling {
    /// The name as written.
    pub written: String,
    /// Where its key was written.
    pub key_span: Span,
    /// The table around it, as a header would name it; empty for the top level.
    pub table: String,
    /// What it stands for.
    pub meant: Meant,
    /// Whether what is meant is there already, so that renaming would not do.
    pub is_taken: bool,
    /// Whether a list of tables is expected under the name that is meant.
    pub wants_list: bool,
}

impl Misspelling {
    /// What to write instead.
    #[must_use]
    pub fn replacement(&self) -> String {
        match self.meant {
            Meant::Name(name) => name.to_owned(),
            Meant::InBuild => format!("build.{}", self.written),
            Meant::AtTop => self.written.clone(),
            Meant::Variable => format!("environment.{}", self.written),
        }
    }

    /// The edits that write it, with two brackets where a list is expected; none when the file would not parse then.
    #[must_use]
    pub fn edits(&self, text: &str, outline: &Outline) -> Option<Vec<Edit>> {
        let key = self.key_span.range();
        let header = outline.headers.iter().find(|header| header.parts.iter().any(|part| part.range == key));
        let is_last = |header: &Header| header.parts.last().is_some_and(|part| part.range == key);
        let adds_one = header.is_some_and(|header| header.is_list || !is_last(header));
        if self.is_taken && !(self.wants_list && adds_one) {
            return None;
        }
        let mut edits = outline.rename(text, key.clone(), &self.replacement())?;
        if self.meant == Meant::AtTop {
            edits.extend(without_prefix(outline, header?, &key));
        }
        if let Some(header) = header.filter(|header| self.wants_list && !header.is_list && is_last(header)) {
            edits.push(Edit { range: header.range.start..header.range.start, text: "[".to_owned() });
            edits.push(Edit { range: header.range.end..header.range.end, text: "]".to_owned() });
        }
        let file = toml::parse(&edit::apply(text, &edits).ok()?, FileId::NONE).ok()?;
        let are_lists = name::LISTS.iter().all(|name| file.at(&[name]).is_none_or(|node| node.as_array().is_some()));
        (are_lists || !self.wants_list).then_some(edits)
    }
}

/// The edits that drop what stands before a part in all headers that pass through it.
fn without_prefix(outline: &Outline, header: &Header, key: &Range<usize>) -> Vec<Edit> {
    let before = header.parts.iter().take_while(|part| part.range != *key).count();
    let names: Vec<&str> = header.parts.iter().take(before + 1).map(|part| part.name.as_str()).collect();
    let passing = outline.headers.iter().filter(|header| header.starts_with(&names));
    let prefix = |header: &Header| header.parts[0].range.start..header.parts[before].range.start;
    passing.map(|header| Edit { range: prefix(header), text: String::new() }).collect()
}

/// Names that resemble none and are known to be written for another.
const ALIASES: [(&str, &str); 20] = [
    ("basedir", "base"),
    ("basedirectory", "base"),
    ("buildcommand", "command"),
    ("bundler", "node_bundler"),
    ("cmd", "command"),
    ("code", "status"),
    ("cron", "schedule"),
    ("env", "environment"),
    ("environments", "environment"),
    ("envvars", "environment"),
    ("externalmodules", "external_node_modules"),
    ("forced", "force"),
    ("functionsdir", "functions"),
    ("functionsdirectory", "functions"),
    ("publishdir", "publish"),
    ("publishdirectory", "publish"),
    ("statuscode", "status"),
    ("variables", "environment"),
    ("header", "values"),
    ("headers", "values"),
];

/// Names that the redirect and header parsers miss aloud.
const REQUIRED: [&str; 5] = ["from", "to", "for", "origin", "destination"];

/// Finds the names of a parsed configuration file, in its order.
#[must_use]
pub fn find(file: &Node) -> Vec<Misspelling> {
    let mut search = Search { found: Vec::new() };
    if let Some(top) = file.as_table() {
        search.top(top);
    }
    search.found.sort_by_key(|misspelling| misspelling.key_span);
    search.found
}

struct Search {
    found: Vec<Misspelling>,
}

impl Search {
    fn top(&mut self, top: &Table) {
        self.table("", top, &name::TOP, |key, value| {
            let is_setting = ["base", "command", "environment", "ignore", "processing", "publish"].contains(&key);
            (is_setting && !matches!(value.kind, Kind::Array(_))).then_some(Meant::InBuild)
        });
        let build = top.get("build").or_else(|| top.get("Build")).and_then(Node::as_table);
        if let Some(build) = build {
            self.build("build", build);
        }
        for (context, entry) in tables(top.get("context")) {
            let written = context_name(context).map(Meant::Name);
            if let (Some(meant), Some(contexts)) = (written, top.get("context").and_then(Node::as_table)) {
                self.add("context", context, entry, meant, contexts);
            }
            if let Some(table) = entry.value.as_table() {
                self.context(&format!("context.{context}"), table);
            }
        }
        self.sections("", top);
        if let Some(dev) = top.get("dev").and_then(Node::as_table) {
            self.table("dev", dev, &name::DEV, |_, _| None);
        }
    }

    fn build(&mut self, path: &str, build: &Table) {
        self.table(path, build, &name::BUILD, |key, value| {
            let belongs_at_top = ["context", "dev", "headers", "plugins", "redirects", "spa_fallback"].contains(&key);
            if belongs_at_top { Some(Meant::AtTop) } else { variable(key, value) }
        });
        if let Some(processing) = build.get("processing").and_then(Node::as_table) {
            self.table(&format!("{path}.processing"), processing, &name::PROCESSING, |_, _| None);
            if let Some(html) = processing.get("html").and_then(Node::as_table) {
                self.table(&format!("{path}.processing.html"), html, &name::PROCESSING_HTML, |_, _| None);
            }
        }
    }

    fn context(&mut self, path: &str, context: &Table) {
        self.table(path, context, &name::CONTEXT, variable);
        if let Some(build) = context.get("build").and_then(Node::as_table) {
            self.build(&format!("{path}.build"), build);
        }
        self.sections(&format!("{path}."), context);
    }

    /// What may stand at the top level and in a context.
    fn sections(&mut self, path: &str, holder: &Table) {
        for (key, names) in [("redirects", &name::REDIRECT[..]), ("headers", &name::HEADER)] {
            let items = holder.get(key).and_then(Node::as_array).unwrap_or_default();
            for item in items.iter().filter_map(Node::as_table) {
                self.table(&format!("{path}{key}"), item, names, |_, _| None);
            }
        }
        for (function, entry) in tables(holder.get("functions")) {
            if let Some(settings) = entry.value.as_table() {
                self.table(&format!("{path}functions.{function}"), settings, &SETTINGS, |_, _| None);
            }
        }
        for (key, names) in [("database", &name::DATABASE), ("images", &name::IMAGES)] {
            if let Some(table) = holder.get(key).and_then(Node::as_table) {
                self.table(&format!("{path}{key}"), table, names, |_, _| None);
            }
        }
    }

    /// Compares the names of one table; `other` knows what else a name may stand for.
    fn table(
        &mut self,
        path: &str,
        table: &Table,
        known: &'static [&'static str],
        other: impl Fn(&str, &Node) -> Option<Meant>,
    ) {
        for (key, entry) in table.iter().take(MOST_NAMES) {
            let is_read = known.contains(&key) || is_capitalised(path, key);
            if is_read || key.len() > LONGEST {
                continue;
            }
            let meant = other(key, &entry.value).or_else(|| nearest(key, known).map(Meant::Name));
            if let Some(meant) = meant.filter(|meant| !matches!(meant, Meant::Name(name) if REQUIRED.contains(name))) {
                self.add(path, key, entry, meant, table);
            }
        }
    }

    fn add(&mut self, path: &str, key: &str, entry: &Entry, meant: Meant, table: &Table) {
        let name = if let Meant::Name(name) = meant { name } else { key };
        let is_taken = match meant {
            Meant::Name(name) => table.contains_key(name),
            Meant::InBuild if entry.value.as_table().is_none() => table.contains_key("build"),
            Meant::InBuild => table.get("build").is_some_and(|build| build.at(&[key]).is_some()),
            Meant::AtTop => false,
            Meant::Variable => table.contains_key("environment"),
        };
        self.found.push(Misspelling {
            written: key.to_owned(),
            key_span: entry.key_span,
            table: path.to_owned(),
            meant,
            is_taken,
            wants_list: (path.is_empty() || path.starts_with("context.") || meant == Meant::AtTop)
                && name::LISTS.contains(&name),
        });
    }
}

fn tables(node: Option<&Node>) -> impl Iterator<Item = (&str, &Entry)> {
    node.and_then(Node::as_table).into_iter().flat_map(Table::iter).take(MOST_NAMES)
}

/// The spellings that `config/src/case.js` lowers.
fn is_capitalised(path: &str, key: &str) -> bool {
    let lowered = key.chars().next().filter(char::is_ascii_uppercase).map(|first| {
        let mut lowered = first.to_ascii_lowercase().to_string();
        lowered.push_str(&key[1..]);
        lowered
    });
    lowered.is_some_and(|lowered| match path {
        "" => lowered == "build",
        "build" => name::BUILD.contains(&&*lowered) && lowered != "services",
        _ => false,
    })
}

/// `NODE_VERSION = "20"` beside the build settings.
fn variable(key: &str, value: &Node) -> Option<Meant> {
    let is_upper = key.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_scalar = !matches!(value.kind, Kind::Table(_) | Kind::Array(_));
    (is_upper && is_scalar && key.contains('_')).then_some(Meant::Variable)
}

/// The deploy context whose name was meant; anything else may be a branch.
fn context_name(written: &str) -> Option<&'static str> {
    if name::CONTEXT_NAMES.contains(&written) || written.contains('*') || written.len() > LONGEST {
        return None;
    }
    let long = name::CONTEXT_NAMES.into_iter().filter(|name| name.len() > 5);
    long.into_iter()
        .find(|name| folded(name) == folded(written) || strsim::osa_distance(&written.to_lowercase(), name) <= 2)
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace(['-', '_'], "")
}

/// The known name that was meant: another spelling, a known stand-in, a singular, or a slip of the keys.
fn nearest(written: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let plain = folded(written);
    let same = known.iter().find(|name| folded(name) == plain || format!("{plain}s") == folded(name));
    let alias = ALIASES.iter().find(|(alias, name)| *alias == plain && known.contains(name)).map(|(_, name)| name);
    let limit = |name: &str| match plain.len().min(name.len()) {
        0..4 => 0,
        4..7 => 1,
        _ => 2,
    };
    let distance = |name: &str| strsim::osa_distance(&plain, &folded(name));
    let slip = || known.iter().filter(|name| distance(name) <= limit(name)).min_by_key(|name| distance(name));
    same.or(alias).or_else(slip).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Meant)> {
        let file = toml::parse(text, FileId(0)).unwrap();
        find(&file).into_iter().map(|it| (format!("{}/{}", it.table, it.written), it.meant)).collect()
    }

    fn meant(text: &str) -> Option<Meant> {
        found(text).first().map(|(_, meant)| *meant)
    }

    #[test]
    fn slips_are_found_in_every_table() {
        let cases = [
            ("[[redirect]]\nfrom = '/'", "redirects"),
            ("[Redirects]", "redirects"),
            ("[contexts.production]", "context"),
            ("[build.env]", "environment"),
            ("[build]\npublish_dir = 'x'", "publish"),
            ("[build]\ncomand = 'x'", "command"),
            ("[context.deploy_preview]", "deploy-preview"),
            ("[[context.production.plugin]]", "plugins"),
            ("[[redirects]]\nstaus = 200", "status"),
            ("[[headers]]\nvalue = {}", "values"),
            ("[functions.a]\nnodeBundler = 'x'", "node_bundler"),
            ("[build.processing.html]\nprettyUrls = true", "pretty_urls"),
            ("[dev]\ntarget_port = 1", "targetPort"),
        ];
        for (text, name) in cases {
            assert_eq!(meant(text), Some(Meant::Name(name)), "{text}");
        }
    }

    #[test]
    fn names_in_the_wrong_table_are_found() {
        assert_eq!(meant("publish = 'x'"), Some(Meant::InBuild));
        assert_eq!(meant("[[build.redirects]]"), Some(Meant::AtTop));
        assert_eq!(meant("[build]\nNODE_VERSION = '20'"), Some(Meant::Variable));
        assert_eq!(meant("[context.production]\nNODE_ENV = 'x'"), Some(Meant::Variable));
    }

    #[test]
    fn strangers_known_names_and_branches_are_left_alone() {
        let text = "[Build]\nPublish = 'x'\n[build.environment]\npublish_dir = 'x'\n[settings]\n[template]\n[identity]\n\
                    [functions.headers]\n[builder]\n[context.preview]\n[context.develop]\n[context.'feat/*']\ncommand = ''\n\
                    [[plugins]]\npakage = 1\n[mine]\nredirect = 1\n[forms]\n[graph]\n[build.services]\n\
                    [[redirects]]\nform = '/'\n[context.x.build]\ncommand = 'y'";
        assert_eq!(found(text), []);
    }
}
