//! Names that packages give to their files: `exports` and `imports` of `package.json` (Node.js's documentation, "Packages"
//! and "Resolution Algorithm Specification").
//!
//! What a condition decides that nobody here knows stays open: an answer lists everything that may stand behind a name.

use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// Conditions within conditions that are followed at most.
const DEEPEST: usize = 32;
/// Names in one map that are looked through at most.
const MOST_NAMES: usize = 2_000;
/// Longest path that is put together.
const MAX_PATH: usize = 4_096;

/// Which conditions a tool takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conditions {
    /// Who asks.
    pub(super) asker: Asker,
    /// Whether the name stands in `import`, not in `require`.
    pub(super) is_import: bool,
}

/// Who asks for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// Node.js itself, without `--conditions`.
    Node,
    /// Vite and what is built on it: everything that is loaded is an ES module.
    Vite,
    /// Any other bundler.
    Bundler,
}

impl Conditions {
    /// Whether a condition is taken; `None` when settings, versions or the kind of the build decide.
    fn takes(self, name: &str) -> Option<bool> {
        match (self.asker, name) {
            (_, "default") => Some(true),
            (_, "types") => Some(false),
            (Asker::Node | Asker::Vite, "import") => Some(self.is_import),
            (Asker::Node | Asker::Vite, "require") => Some(!self.is_import),
            (Asker::Node, "node") => Some(true),
            (Asker::Node, "node-addons" | "module-sync") => None,
            (Asker::Node, _) => Some(false),
            _ => None,
        }
    }
}

/// What may stand behind a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    /// Everything that it may stand for, as written with the star filled in: `./src/a.js`, or a package.
    pub(super) targets: Vec<Target>,
    /// Whether the package may refuse to hand it out.
    pub(super) may_be_closed: bool,
}

/// One thing that a name may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The path from the package, or the name of another package.
    pub(super) text: String,
    /// Where it is written.
    pub(super) span: Span,
    /// Whether it is written with a star.
    pub(super) is_pattern: bool,
}

/// What `exports` says of a subpath, `.` or `./x`; `None` when that cannot be told.
pub(super) fn exported(exports: &Node, subpath: &str, conditions: Conditions) -> Option<Answer> {
    let keys = |table: &Table| table.iter().map(|(key, _)| key.starts_with('.')).collect::<Vec<bool>>();
    match exports.as_table() {
        Some(table) if keys(table).iter().all(|is_path| *is_path) => {
            resolved(table, subpath, Walk::new(conditions, false))
        }
        Some(table) if keys(table).iter().any(|is_path| *is_path) => None,
        _ if subpath == "." => Walk::new(conditions, false).answer(exports, None),
        _ => Some(Answer { targets: Vec::new(), may_be_closed: true }),
    }
}

/// What `imports` says of a name that begins with `#`; `None` when that cannot be told.
pub(super) fn imported(imports: &Node, name: &str, conditions: Conditions) -> Option<Answer> {
    // Releases of Node.js differ about a slash behind the hash.
    if name == "#" || (name.starts_with("#/") && conditions.asker == Asker::Node) {
        return None;
    }
    resolved(imports.as_table()?, name, Walk::new(conditions, true))
}

/// Takes the best key: the name itself, else the pattern with the longest text before its star.
fn resolved(map: &Table, name: &str, walk: Walk) -> Option<Answer> {
    // Keys of whole folders are read by some tools, and by old releases of Node.js.
    let is_folder = |key: &str| key.ends_with('/') && name.starts_with(key);
    if map.len() > MOST_NAMES || name.ends_with('/') || map.iter().any(|(key, _)| is_folder(key)) {
        return None;
    }
    if let Some(node) = map.get(name).filter(|_| !name.contains('*')) {
        return walk.answer(node, None);
    }
    let patterns = map.iter().filter_map(|(key, entry)| {
        let (before, after) = key.split_once('*').filter(|(_, after)| !after.contains('*'))?;
        let middle = name.strip_prefix(before)?.strip_suffix(after).filter(|middle| !middle.is_empty())?;
        Some((before.len(), key.len(), middle, &entry.value))
    });
    match patterns.max_by_key(|(before, length, ..)| (*before, *length)) {
        Some((_, _, middle, _)) if !is_plain(middle) => None,
        Some((_, _, middle, node)) => walk.answer(node, Some(middle)),
        None => Some(Answer { targets: Vec::new(), may_be_closed: true }),
    }
}

/// Whether no part of a path is empty, hidden behind dots or a folder of packages.
fn is_plain(path: &str) -> bool {
    let is_odd = |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case("node_modules");
    !path.contains(['%', '\\', '*', '?', '#']) && !path.split('/').any(is_odd)
}

/// How far a part of the map answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Surely.
    Answers,
    /// Perhaps.
    MayAnswer,
    /// It leaves the question to what comes behind it.
    Passes,
}

struct Walk {
    conditions: Conditions,
    is_imports: bool,
    answer: Answer,
    /// Whether types stand behind the name, which compilers may take before a bundler is asked.
    has_types: bool,
}

impl Walk {
    fn new(conditions: Conditions, is_imports: bool) -> Walk {
        Walk { conditions, is_imports, answer: Answer::default(), has_types: false }
    }

    fn answer(mut self, node: &Node, middle: Option<&str>) -> Option<Answer> {
        let end = self.visit(node, middle, 0)?;
        self.answer.may_be_closed |= end != End::Answers;
        let is_for_compilers = self.has_types && self.conditions.asker == Asker::Bundler;
        Some(self.answer).filter(|answer| !answer.targets.is_empty() || !is_for_compilers)
    }

    fn visit(&mut self, node: &Node, middle: Option<&str>, depth: usize) -> Option<End> {
        match &node.kind {
            Kind::String(text) => self.target(text, node.span, middle),
            Kind::Null => {
                self.answer.may_be_closed = true;
                Some(End::Answers)
            }
            Kind::Table(table) if depth < DEEPEST => self.table(table, middle, depth),
            // Tools differ in when they go on to the second one.
            Kind::Array(list) if depth < DEEPEST => match list.as_slice() {
                [only] => self.visit(only, middle, depth + 1),
                _ => None,
            },
            _ => None,
        }
    }

    fn table(&mut self, table: &Table, middle: Option<&str>, depth: usize) -> Option<End> {
        let is_number = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
        if table.iter().any(|(key, _)| is_number(key) || key.starts_with('.')) {
            return None;
        }
        let mut end = End::Passes;
        for (key, entry) in table.iter() {
            let takes = self.conditions.takes(key);
            self.has_types |= key == "types";
            if takes == Some(false) {
                continue;
            }
            match self.visit(&entry.value, middle, depth + 1)? {
                End::Answers if takes == Some(true) => return Some(End::Answers),
                End::Answers | End::MayAnswer => end = End::MayAnswer,
                End::Passes => {}
            }
        }
        Some(end)
    }

    fn target(&mut self, text: &str, span: Span, middle: Option<&str>) -> Option<End> {
        let stars = text.matches('*').count();
        let is_pattern = stars > 0;
        if text.len() + stars * middle.map_or(0, str::len) > MAX_PATH {
            return None;
        }
        let full = match middle {
            Some(middle) => text.replace('*', middle),
            None if is_pattern => return None,
            None => text.to_owned(),
        };
        let is_sound = match full.strip_prefix("./") {
            Some(below) => is_plain(below),
            None => self.is_imports && is_plain(&full) && !full.contains(':') && !full.starts_with('#'),
        };
        let target = Target { text: full, span, is_pattern };
        if is_sound && !self.answer.targets.contains(&target) {
            self.answer.targets.push(target);
        }
        is_sound.then_some(End::Answers)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::json;
    use crate::text::span::FileId;

    fn conditions(asker: Asker) -> Conditions {
        Conditions { asker, is_import: true }
    }

    fn told(answer: Option<Answer>) -> Option<(Vec<String>, bool)> {
        let answer = answer?;
        Some((answer.targets.into_iter().map(|target| target.text).collect(), answer.may_be_closed))
    }

    fn export(map: &str, subpath: &str, asker: Asker) -> Option<(Vec<String>, bool)> {
        told(exported(&json::parse(map, FileId::NONE).unwrap(), subpath, conditions(asker)))
    }

    fn import(map: &str, name: &str) -> Option<(Vec<String>, bool)> {
        told(imported(&json::parse(map, FileId::NONE).unwrap(), name, conditions(Asker::Node)))
    }

    fn open(paths: &[&str]) -> Option<(Vec<String>, bool)> {
        Some((paths.iter().map(|path| (*path).to_owned()).collect(), false))
    }

    fn closed() -> Option<(Vec<String>, bool)> {
        Some((Vec::new(), true))
    }

    #[test]
    fn the_most_specific_key_counts() {
        let map = r##"{"#a": "./src/a.js", "#lib/*": "./lib/*.js", "#lib/x/*": "./x/*.js", "#*": "./rest/*"}"##;
        assert_eq!(import(map, "#a"), open(&["./src/a.js"]));
        assert_eq!(import(map, "#lib/one/two"), open(&["./lib/one/two.js"]));
        assert_eq!(import(map, "#lib/x/one"), open(&["./x/one.js"]));
        assert_eq!(import(map, "#b"), open(&["./rest/b"]));
        assert_eq!(import(map, "#"), None);
    }

    #[test]
    fn what_no_key_names_is_closed() {
        let map = r#"{".": "./a.js", "./b": null, "./c/*": "./src/*.js", "./c/x/*": null}"#;
        assert_eq!(export(map, "./d", Asker::Vite), closed());
        assert_eq!(export(map, "./b", Asker::Vite), closed());
        assert_eq!(export(map, "./c/x/y", Asker::Vite), closed());
        assert_eq!(export(map, "./c/y", Asker::Vite), open(&["./src/y.js"]));
        assert_eq!(export(r#""./a.js""#, "./a.js", Asker::Node), closed());
        assert_eq!(export("{}", ".", Asker::Node), closed());
    }

    #[test]
    fn conditions_that_nobody_knows_stay_open() {
        let map = r#"{"types": "./a.d.ts", "source": "./a.ts", "import": "./a.mjs", "default": "./a.cjs"}"#;
        assert_eq!(export(map, ".", Asker::Node), open(&["./a.mjs"]));
        assert_eq!(export(map, ".", Asker::Vite), open(&["./a.ts", "./a.mjs"]));
        assert_eq!(export(map, ".", Asker::Bundler), open(&["./a.ts", "./a.mjs", "./a.cjs"]));
        let required = Some((vec!["./a.cjs".to_owned()], true));
        assert_eq!(export(r#"{"x": "./a.cjs", "require": "./b.cjs"}"#, ".", Asker::Vite), required);
        assert_eq!(export(r#"{"require": "./b.cjs"}"#, ".", Asker::Node), closed());
        assert_eq!(export(r#"{"types": "./b.d.ts"}"#, ".", Asker::Vite), closed());
        assert_eq!(export(r#"{"types": "./b.d.ts"}"#, ".", Asker::Bundler), None);
        assert_eq!(
            export(r#"{"node": {"require": "./b.cjs"}, "default": "./c.js"}"#, ".", Asker::Node),
            open(&["./c.js"])
        );
        assert_eq!(export(r#"{"node": null, "default": "./c.js"}"#, ".", Asker::Node), closed());
    }

    #[test]
    fn packages_stand_behind_imports_alone() {
        assert_eq!(import(r##"{"#b": "lodash/fp"}"##, "#b"), open(&["lodash/fp"]));
        assert_eq!(export(r#""lodash""#, ".", Asker::Node), None);
    }

    #[test]
    fn odd_maps_are_not_guessed() {
        for map in [r#"{".": "./a.js", "x": "./b.js"}"#, r#"["./a.js", "./b.js"]"#, r#"{"0": "./a.js"}"#, "1"] {
            assert_eq!(export(map, ".", Asker::Node), None, "{map}");
        }
        let ways = r##"{"#c": "./../c.js", "#d": "../d.js", "#e": ["./e.js"], "#f/": "./f/", "#g/*": "./g/*"}"##;
        for name in ["#c", "#d", "#f/x", "#g/../x"] {
            assert_eq!(import(ways, name), None, "{name}");
        }
        assert_eq!(import(ways, "#e"), open(&["./e.js"]));
        assert_eq!(import("[]", "#a"), None);
    }
}
