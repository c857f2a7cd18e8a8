//! Django's settings, as far as they are written out.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::project::path::{join, name, parent};
use crate::project::snapshot::Snapshot;

use super::declared::text_of;
use super::module::{self, Import};
use super::target::{Found, find};
use super::token::{Kind, Token, tokens};

/// A value that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `True` or `False`.
    Bool(bool),
    /// A plain string.
    Text(String),
    /// A list or tuple of plain strings.
    List(Vec<String>),
    /// Anything else.
    Computed,
}

/// What a module says about one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The value that is assigned last.
    pub value: Value,
    /// Repository path of the module.
    pub path: String,
    /// Where the value stands.
    pub range: Range<usize>,
    /// Conditions that it stands under: the heads of the blocks, tokens joined by spaces.
    pub conditions: Vec<String>,
    /// Whether the setting is mentioned elsewhere too: changed, extended, read.
    pub is_touched: bool,
}

/// The settings of a module and of those whose names it takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The modules that were read, as repository paths, the named one first.
    pub files: Vec<String>,
    assignments: BTreeMap<String, Assignment>,
    /// All plain strings of the modules.
    strings: Vec<String>,
    /// Whether more may be set than is written: `globals()`, a module that is not here, a text that was not understood.
    pub is_open: bool,
}

const MAX_MODULES: usize = 16;

impl Settings {
    /// Reads the module of this dotted name below a folder; none when it is not there.
    #[must_use]
    pub fn of(snapshot: &Snapshot, root: &str, module: &str) -> Option<Settings> {
        let mut settings = Settings::default();
        let path = file_of(snapshot, root, module)?;
        settings.add(snapshot, root, &path);
        Some(settings)
    }

    /// What is said about a setting; none when nothing is.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Assignment> {
        self.assignments.get(name)
    }

    /// The value of a setting that is assigned once, unconditionally, and mentioned nowhere else.
    #[must_use]
    pub fn plain(&self, name: &str) -> Option<&Value> {
        let found = self.get(name).filter(|found| !self.is_open && !found.is_touched && found.conditions.is_empty());
        found.map(|found| &found.value)
    }

    /// Whether one of the plain strings holds this.
    #[must_use]
    pub fn has_string(&self, part: &str) -> bool {
        self.strings.iter().any(|text| text.contains(part))
    }

    fn add(&mut self, snapshot: &Snapshot, root: &str, path: &str) {
        if self.files.iter().any(|known| known == path) {
            return;
        }
        self.files.push(path.to_owned());
        let Some(text) = text_of(snapshot, path).filter(|_| self.files.len() <= MAX_MODULES) else {
            self.is_open = true;
            return;
        };
        let module = module::read(&text);
        let stars: Vec<&Import> = module.imports.iter().filter(|import| import.is_star).collect();
        for import in &stars {
            match imported(snapshot, root, path, &import.module) {
                Some(next) => self.add(snapshot, root, &next),
                None => self.is_open = true,
            }
        }
        // `include` is that of django-split-settings.
        const DYNAMIC: [&str; 6] = ["globals", "exec", "locals", "vars", "setattr", "include"];
        let mentions = |word: &str| module.bound.contains_key(word) || module.mentioned.contains(word);
        self.is_open |= !module.is_complete || DYNAMIC.iter().any(|word| mentions(word));
        self.read_assignments(&text, path);
    }

    fn read_assignments(&mut self, text: &str, path: &str) {
        let tokens = tokens(text);
        self.strings.extend(tokens.list.iter().filter_map(Token::string).map(str::to_owned));
        let mut blocks: Vec<(usize, String)> = Vec::new();
        for statement in module::top_level(&tokens) {
            let indent = statement[0].indent;
            blocks.retain(|(outer, _)| *outer < indent);
            if let Some(next) = self.read_statement(statement, &blocks, path) {
                blocks.push((indent, next));
            }
        }
    }

    /// Reads a statement; the head of a block gives its text.
    fn read_statement(&mut self, statement: &[Token<'_>], blocks: &[(usize, String)], path: &str) -> Option<String> {
        let target = statement.first().filter(|first| first.kind == Kind::Name && is_setting(first.text));
        let equals = statement.iter().position(|token| token.is_mark("=") && token.depth == 0);
        let is_plain =
            equals == Some(1) || (equals.is_some() && statement.get(1).is_some_and(|token| token.is_mark(":")));
        let assigned = target.filter(|_| is_plain).map(|first| first.text);
        if let (Some(name), Some(at)) = (assigned, equals) {
            let value = &statement[at + 1..];
            let range = value.first().map_or(0, |first| first.start)..value.last().map_or(0, Token::end);
            let conditions = blocks.iter().map(|(_, head)| head.clone()).collect();
            let is_touched = self.assignments.contains_key(name) && !blocks.is_empty();
            let value = value_of(value);
            self.assignments
                .insert(name.to_owned(), Assignment { value, path: path.to_owned(), range, conditions, is_touched });
        }
        for (at, token) in statement.iter().enumerate() {
            let is_own = at == 0 && assigned.is_some();
            if !is_own
                && token.kind == Kind::Name
                && let Some(known) = self.assignments.get_mut(token.text)
            {
                known.is_touched = true;
            }
        }
        let is_head = statement.last().is_some_and(|last| last.is_mark(":"));
        is_head.then(|| statement.iter().map(|token| token.text).collect::<Vec<_>>().join(" "))
    }
}

fn is_setting(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The value that tokens write out.
fn value_of(value: &[Token<'_>]) -> Value {
    match value {
        [one] if one.is_name("True") => Value::Bool(true),
        [one] if one.is_name("False") => Value::Bool(false),
        [one] => one.string().map_or(Value::Computed, |text| Value::Text(text.to_owned())),
        [open, inner @ .., close] if matches!((open.text, close.text), ("[", "]") | ("(", ")")) && close.depth == 0 => {
            let parts = inner.split(|token| token.is_mark(",")).filter(|part| !part.is_empty());
            let list: Option<Vec<String>> =
                parts.map(|part| if let [one] = part { one.string().map(str::to_owned) } else { None }).collect();
            list.map_or(Value::Computed, Value::List)
        }
        _ => Value::Computed,
    }
}

fn file_of(snapshot: &Snapshot, root: &str, module: &str) -> Option<String> {
    match find(snapshot, root, module) {
        Found::File(path) => Some(path),
        Found::Package(dir) => Some(format!("{dir}/__init__.py")).filter(|path| snapshot.is_file(path)),
        Found::Missing | Found::Unknown => None,
    }
}

/// The file of a module that another one imports, if it is one of the repository.
fn imported(snapshot: &Snapshot, root: &str, from: &str, module: &str) -> Option<String> {
    let dots = module.bytes().take_while(|byte| *byte == b'.').count();
    if dots == 0 {
        return file_of(snapshot, root, module);
    }
    let up = "../".repeat(dots - 1);
    let base = join(parent(from)?, &up)?;
    if module.len() == dots {
        return Some(format!("{base}/__init__.py")).filter(|path| snapshot.is_file(path));
    }
    file_of(snapshot, &base, &module[dots..])
}

/// The settings module that a script such as `manage.py` or `wsgi.py` sets: its name, the last one if there are several.
#[must_use]
pub fn module_of_script(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let list = &tokens.list;
    let named = |at: usize| list.get(at).and_then(Token::string) == Some("DJANGO_SETTINGS_MODULE");
    let is_set = |at: usize| {
        let behind = list.get(at + 1)?;
        let value = if behind.is_mark(",") {
            at + 2
        } else if behind.is_mark("]") && list.get(at + 2)?.is_mark("=") {
            at + 3
        } else {
            return None;
        };
        list.get(value)?.string().map(str::to_owned)
    };
    let mut found: Vec<String> = (0..list.len()).filter(|at| named(*at)).filter_map(is_set).collect();
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

/// Whether a path is that of Django's script.
#[must_use]
pub fn is_manage(path: &str) -> bool {
    name(path) == "manage.py"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn settings(files: &[(&str, &str)], module: &str) -> Settings {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        Settings::of(&snapshot, "", module).unwrap()
    }

    const BASE: (&str, &str) =
        ("site/settings/base.py", "DEBUG = True\nALLOWED_HOSTS = ['localhost', \"127.0.0.1\"]\nX: str = 'a'\n");

    #[test]
    fn what_is_written_out_is_read_through_star_imports() {
        let production = ("site/settings/production.py", "from .base import *\nDEBUG = False\n");
        let found = settings(&[BASE, production, ("site/settings/__init__.py", "")], "site.settings.production");
        assert_eq!(found.plain("DEBUG"), Some(&Value::Bool(false)));
        assert_eq!(
            found.plain("ALLOWED_HOSTS"),
            Some(&Value::List(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]))
        );
        assert_eq!(found.plain("X"), Some(&Value::Text("a".to_owned())));
        assert!(!found.is_open && found.get("STATIC_ROOT").is_none() && found.has_string("127."));
    }

    #[test]
    fn what_is_changed_or_computed_is_not_plain() {
        for text in [
            "A = ['x']\nA += ['y']",
            "A = ['x']\nA.append('y')",
            "A = os.environ['A']",
            "if B:\n    A = ['x']",
            "A = ['x']\nif B:\n    A = []",
            "A = ['x']\nfrom elsewhere import *",
            "A = ['x']\nimport h\nh.settings(locals())",
            "A = ['x', b]",
            "A = ['x'] + B",
            "A = 'x",
        ] {
            let found = settings(&[("s.py", text)], "s");
            assert!(!matches!(found.plain("A"), Some(Value::List(_) | Value::Text(_))), "{text}");
        }
    }

    #[test]
    fn the_settings_module_of_a_script_is_found() {
        assert_eq!(
            module_of_script("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.b')").as_deref(),
            Some("a.b")
        );
        assert_eq!(module_of_script("os.environ[\"DJANGO_SETTINGS_MODULE\"] = 'a'").as_deref(), Some("a"));
        assert_eq!(module_of_script("f('DJANGO_SETTINGS_MODULE', x)"), None);
        let two = "if x:\n f('DJANGO_SETTINGS_MODULE', 'a')\nelse:\n f('DJANGO_SETTINGS_MODULE', 'b')";
        assert_eq!(module_of_script(two), None);
    }
}
