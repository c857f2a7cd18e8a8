//! What a module plainly binds at its top level.

use std::collections::{BTreeMap, BTreeSet};

use super::MAX_LENGTH;
use super::token::{self, Kind, Token, Tokens};

/// A name that another module provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The module with its leading dots: `.settings`, `os.path`.
    pub module: String,
    /// The names that are taken from it; empty for `import module`.
    pub names: Vec<String>,
    /// Whether it takes all names: `*`.
    pub is_star: bool,
    /// First byte.
    pub start: usize,
    /// Whether it stands under no condition.
    pub is_plain: bool,
}

/// What a module says at its top level: outside functions and classes, conditions and loops included.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The names that it binds, with the class or function that makes the value if that is a plain call.
    pub bound: BTreeMap<String, Option<String>>,
    /// Names that it mentions otherwise.
    pub mentioned: BTreeSet<String>,
    /// Its imports, those in functions left out.
    pub imports: Vec<Import>,
    /// Whether names may come from elsewhere: `import *`, `globals()`, `exec`.
    pub is_dynamic: bool,
    /// Whether all of the text was understood.
    pub is_complete: bool,
}

/// Whether a name is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It may be.
    Unknown,
}

/// Reads the text of a module.
#[must_use]
pub fn read(text: &str) -> Module {
    if text.len() > MAX_LENGTH {
        return Module::default();
    }
    let tokens = token::tokens(text);
    let mut module = Module { is_complete: tokens.is_complete, ..Module::default() };
    for statement in top_level(&tokens) {
        module.read_statement(statement);
    }
    const DYNAMIC: [&str; 6] = ["globals", "exec", "locals", "vars", "setattr", "__getattr__"];
    let is_dynamic =
        |token: &Token<'_>| token.kind == Kind::Name && (DYNAMIC.contains(&token.text) || token.text == "global");
    module.is_dynamic |= tokens.list.iter().any(is_dynamic);
    module
}

/// The statements outside functions and classes. A block that stands on the line of its head belongs to the head.
pub fn top_level<'t, 'a>(tokens: &'t Tokens<'a>) -> impl Iterator<Item = &'t [Token<'a>]> {
    let mut inside: Option<usize> = None;
    tokens.statements().filter(move |statement| {
        let indent = statement[0].indent;
        if inside.is_some_and(|outer| indent > outer) {
            return false;
        }
        let is_head = is_definition(statement);
        inside = is_head.then_some(indent);
        true
    })
}

/// Whether a statement begins a function or a class.
#[must_use]
pub fn is_definition(statement: &[Token<'_>]) -> bool {
    let first = statement.iter().find(|token| !token.is_name("async"));
    first.is_some_and(|token| token.is_name("def") || token.is_name("class"))
}

impl Module {
    /// Whether a name is bound at the top level.
    #[must_use]
    pub fn binds(&self, name: &str) -> Presence {
        if self.bound.contains_key(name) {
            Presence::Yes
        } else if self.is_complete && !self.is_dynamic && !self.mentioned.contains(name) {
            Presence::No
        } else {
            Presence::Unknown
        }
    }

    fn read_statement(&mut self, statement: &[Token<'_>]) {
        let first = statement[0];
        match first.text {
            "import" if first.kind == Kind::Name => return self.read_import(statement),
            "from" if first.kind == Kind::Name => return self.read_from(statement),
            _ => {}
        }
        if is_definition(statement) {
            let name = statement.iter().find(|token| token.kind == Kind::Name && !is_keyword(token.text));
            if let Some(name) = name {
                self.bound.insert(name.text.to_owned(), None);
            }
            return;
        }
        self.read_bindings(statement);
        for (at, token) in statement.iter().enumerate() {
            let is_attribute = at > 0 && statement[at - 1].is_mark(".");
            let is_keyword_argument = token.depth > 0 && statement.get(at + 1).is_some_and(|next| next.is_mark("="));
            if token.kind == Kind::Name && !is_attribute && !is_keyword_argument && !self.bound.contains_key(token.text)
            {
                self.mentioned.insert(token.text.to_owned());
            }
        }
    }

    /// `a = b = …`, `a: T = …`, `a, b = …`, `for a in`, `with … as a`, `(a := …)`.
    fn read_bindings(&mut self, statement: &[Token<'_>]) {
        let equals: Vec<usize> =
            (0..statement.len()).filter(|at| statement[*at].depth == 0 && statement[*at].is_mark("=")).collect();
        let mut start = statement
            .iter()
            .position(|token| token.depth == 0 && token.is_mark(":") && is_block(statement))
            .map_or(0, |at| at + 1);
        for at in &equals {
            let made_by = equals.last().and_then(|last| maker(&statement[last + 1..]));
            self.bind_targets(statement.get(start..*at).unwrap_or_default(), made_by.as_deref());
            start = at + 1;
        }
        for (at, token) in statement.iter().enumerate() {
            let binds_next = token.is_name("as") || token.is_name("for");
            if let Some(next) = statement.get(at + 1).filter(|next| binds_next && next.kind == Kind::Name) {
                self.bound.insert(next.text.to_owned(), None);
            }
            if statement.get(at + 1).is_some_and(|next| next.is_mark(":=")) {
                self.bound.insert(token.text.to_owned(), None);
            }
        }
    }

    fn bind_targets(&mut self, target: &[Token<'_>], made_by: Option<&str>) {
        let annotation = target.iter().position(|token| token.is_mark(":")).unwrap_or(target.len());
        let target = &target[..annotation];
        let is_plain = target
            .iter()
            .all(|token| token.kind == Kind::Name || matches!(token.text, "," | "(" | ")" | "[" | "]" | "*"));
        if is_plain {
            let names = target.iter().filter(|token| token.kind == Kind::Name);
            let maker = made_by.filter(|_| target.len() == 1).map(str::to_owned);
            self.bound.extend(names.map(|token| (token.text.to_owned(), maker.clone())));
        }
    }

    fn read_import(&mut self, statement: &[Token<'_>]) {
        for part in statement[1..].split(|token| token.is_mark(",")) {
            let end = part.iter().position(|token| token.is_name("as")).unwrap_or(part.len());
            let module: String = part[..end].iter().map(|token| token.text).collect();
            let name =
                part.get(end + 1).map_or_else(|| module.split('.').next().unwrap_or_default(), |alias| alias.text);
            self.bound.insert(name.to_owned(), None);
            let start = part.first().map_or(statement[0].start, |token| token.start);
            self.imports.push(Import {
                module,
                names: Vec::new(),
                is_star: false,
                start,
                is_plain: statement[0].indent == 0,
            });
        }
    }

    fn read_from(&mut self, statement: &[Token<'_>]) {
        let Some(import) = statement.iter().position(|token| token.is_name("import")) else { return };
        let module: String = statement[1..import].iter().map(|token| token.text).collect();
        let mut names = Vec::new();
        let mut is_star = false;
        let listed = statement[import + 1..].split(|token| token.is_mark(",") || matches!(token.text, "(" | ")"));
        for part in listed.filter(|part| !part.is_empty()) {
            is_star |= part[0].is_mark("*");
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            if first.kind == Kind::Name {
                names.push(first.text.to_owned());
                self.bound.insert(last.text.to_owned(), None);
            }
        }
        self.is_dynamic |= is_star;
        self.imports.push(Import {
            module,
            names,
            is_star,
            start: statement[0].start,
            is_plain: statement[0].indent == 0,
        });
    }
}

/// The class or function that a plain call names last: `flask.Flask(…)` is `Flask`.
fn maker(value: &[Token<'_>]) -> Option<String> {
    let open = value.iter().position(|token| token.is_mark("("))?;
    let path = &value[..open];
    let is_path = path.iter().all(|token| token.kind == Kind::Name || token.is_mark("."));
    path.last().filter(|last| is_path && last.kind == Kind::Name).map(|last| last.text.to_owned())
}

/// Whether a statement is the head of a block: `if x: a = 1`.
fn is_block(statement: &[Token<'_>]) -> bool {
    const HEADS: [&str; 10] = ["if", "elif", "else", "try", "except", "finally", "for", "while", "with", "async"];
    HEADS.iter().any(|head| statement[0].is_name(head))
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "def" | "class" | "async")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binds(text: &str, name: &str) -> Presence {
        read(text).binds(name)
    }

    #[test]
    fn every_way_to_bind_a_name_counts() {
        for text in [
            "app = 1",
            "x = app = 1",
            "app: Flask = Flask(__name__)",
            "a, app = 1, 2",
            "(a, app) = f()",
            "import x as app",
            "import app.y",
            "from x import (\n  a,\n  b as app,\n)",
            "from x import app",
            "def app(a):\n  pass",
            "async def app(): pass",
            "class app(x): pass",
            "if x:\n    app = 1",
            "if x: app = 1",
            "try:\n  app = f()\nexcept E:\n  app = None",
            "with f() as app:\n  pass",
            "for app in y: pass",
            "if (app := 1): pass",
            "@x\ndef app(): pass",
        ] {
            assert_eq!(binds(text, "app"), Presence::Yes, "{text}");
        }
    }

    #[test]
    fn what_is_bound_nowhere_is_absent() {
        for text in [
            "",
            "def f():\n    app = 1\n    return app\nx = 2",
            "x.app = 1",
            "f(app=1)",
            "# app = 1\ns = 'app = 1'",
            "class A:\n  app = 1",
        ] {
            assert_eq!(binds(text, "app"), Presence::No, "{text}");
        }
    }

    #[test]
    fn what_may_come_from_elsewhere_is_unknown() {
        for text in [
            "from x import *",
            "globals()['app'] = 1",
            "def f():\n  global app\n  app = 1",
            "app += 1",
            "del app",
            "x = 'open",
        ] {
            assert_eq!(binds(text, "app"), Presence::Unknown, "{text}");
        }
    }

    #[test]
    fn the_maker_of_a_value_is_named() {
        let module = read("import flask\napp = flask.Flask(__name__)\nserver = app.server\n");
        assert_eq!((module.bound["app"].as_deref(), module.bound["server"].as_deref()), (Some("Flask"), None));
        assert_eq!(module.imports[0].module, "flask");
    }

    #[test]
    fn imports_of_other_modules_are_listed() {
        let module = read("from .base import *\nfrom ..x import a, b as c\nimport os.path\n");
        let found: Vec<(&str, bool, usize)> =
            module.imports.iter().map(|import| (import.module.as_str(), import.is_star, import.names.len())).collect();
        assert_eq!(found, [(".base", true, 0), ("..x", false, 2), ("os.path", false, 0)]);
    }
}
