//! Reads of environment variables that fail without them: `os.environ["X"]`.

use super::token::{Kind, Token, Tokens};

/// One read of a variable with a literal name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The variable.
    pub name: String,
    /// First byte of its name.
    pub start: usize,
    /// Whether it raises when the variable is missing: a subscript, outside conditions and `try`, at the top level.
    pub is_required: bool,
}

/// Finds all reads of a text.
#[must_use]
pub fn reads(tokens: &Tokens<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    let mut guards: Vec<usize> = Vec::new();
    for statement in tokens.statements() {
        let indent = statement[0].indent;
        guards.retain(|outer| *outer < indent);
        for (at, _) in statement.iter().enumerate() {
            let Some((name, start, is_subscript)) = read_at(statement, at) else { continue };
            let is_deferred = !guards.is_empty() || is_guard(statement) || writes(statement, at);
            let has_ternary =
                statement.iter().any(|token| token.is_name("if") || token.is_name("or") || token.is_name("in"));
            found.push(Read { name, start, is_required: is_subscript && !is_deferred && !has_ternary });
        }
        if is_guard(statement) {
            guards.push(indent);
        }
    }
    found
}

/// Whether what a statement's block holds is run only under a condition, later, or with errors caught.
fn is_guard(statement: &[Token<'_>]) -> bool {
    const GUARDS: [&str; 13] =
        ["if", "elif", "else", "try", "except", "finally", "for", "while", "with", "async", "def", "class", "match"];
    statement[0].kind == Kind::Name && GUARDS.contains(&statement[0].text)
}

/// `os.environ[…] = …`, `del os.environ[…]`
fn writes(statement: &[Token<'_>], at: usize) -> bool {
    let assigns = statement[at..].iter().any(|token| token.depth == 0 && token.is_mark("="));
    statement[0].is_name("del") || assigns
}

/// `environ["X"]`, `environ.get("X")`, `getenv("X")`, each with or without `os.`.
fn read_at(statement: &[Token<'_>], at: usize) -> Option<(String, usize, bool)> {
    let is = |step: usize, text: &str| statement.get(at + step).is_some_and(|token| token.text == text);
    let (quoted, is_subscript) = match statement[at].text {
        "environ" if is(1, "[") => (at + 2, true),
        "environ" if is(1, ".") && (is(2, "get") || is(2, "setdefault")) && is(3, "(") => (at + 4, false),
        "getenv" if is(1, "(") => (at + 2, false),
        _ => return None,
    };
    let token = statement.get(quoted)?;
    let name = token.string()?;
    Some((name.to_owned(), token.string_start(), is_subscript))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn found(text: &str) -> Vec<(String, bool)> {
        reads(&tokens(text)).into_iter().map(|read| (read.name, read.is_required)).collect()
    }

    #[test]
    fn a_subscript_at_the_top_level_is_required() {
        assert_eq!(found("import os\nK = os.environ['K']\n"), [("K".to_owned(), true)]);
        assert_eq!(found("from os import environ\nx(environ[\"A\"])\n"), [("A".to_owned(), true)]);
    }

    #[test]
    fn what_has_a_default_or_a_condition_is_not() {
        for text in [
            "x = os.environ.get('K')",
            "x = os.getenv('K', 'd')",
            "if a:\n    x = os.environ['K']",
            "try:\n  x = os.environ['K']\nexcept KeyError: pass",
            "def f():\n  return os.environ['K']",
            "os.environ['K'] = 'v'",
            "del os.environ['K']",
            "x = os.environ['K'] if 'K' in os.environ else 1",
            "with a:\n  b\nif x: y = os.environ['K']",
        ] {
            assert!(found(text).iter().all(|(_, is_required)| !is_required), "{text}");
        }
        assert!(found("x = environ[name]\ny = environ[f'{a}']").is_empty());
    }
}
