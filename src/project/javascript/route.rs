//! Paths that a server is told to answer: `app.get("/x", …)` where `app` comes from `express()` or `Router()`.

use std::collections::BTreeSet;

use super::extension;
use super::literal::unescape;
use super::token::{self, Kind, Token};
use crate::text::span::{FileId, Span};

/// A path that is given to an application or a router, as a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The path, escapes resolved.
    pub path: String,
    /// Where it is written, quotes included.
    pub span: Span,
    /// Whether it is declared as soon as the module runs: outside all brackets.
    pub is_immediate: bool,
}

const METHODS: [&str; 8] = ["all", "delete", "get", "head", "patch", "post", "put", "use"];

/// The routes of a module that Express declares.
#[must_use]
pub fn of_express(text: &str, file_path: &str, file: FileId) -> Vec<Route> {
    let tokens = token::tokens(text, !matches!(extension(file_path), ".ts" | ".mts" | ".cts")).list;
    let makers = makers(&tokens);
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_receiver = token.kind == Kind::Word && makers.contains(token.text) && !(at > 0 && is(at - 1, "."));
        let is_call = is_receiver
            && is(at + 1, ".")
            && tokens.get(at + 2).is_some_and(|method| METHODS.contains(&method.text))
            && is(at + 3, "(")
            && is(at + 5, ",");
        let Some(literal) = tokens.get(at + 4).filter(|literal| is_call && literal.kind == Kind::Text) else {
            continue;
        };
        let Some(path) = unescape(literal.text) else { continue };
        let span = Span::new(file, literal.start, literal.end());
        found.push(Route { path, span, is_immediate: token.depth == 0 });
    }
    found
}

/// The names that hold an application or a router: `app = express()`, `router = express.Router()`.
fn makers<'a>(tokens: &[Token<'a>]) -> BTreeSet<&'a str> {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let makes = |at: usize| {
        let at = if is(at, "new") { at + 1 } else { at };
        (is(at, "express") && is(at + 1, "("))
            || (is(at, "Router") && is(at + 1, "("))
            || (is(at, "express") && is(at + 1, ".") && is(at + 2, "Router") && is(at + 3, "("))
    };
    let assigned = (1..tokens.len()).filter(|at| is(*at, "=") && makes(at + 1));
    assigned.map(|at| tokens[at - 1]).filter(|name| name.kind == Kind::Word).map(|name| name.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        of_express(text, "server.js", FileId(0)).into_iter().map(|route| route.path).collect()
    }

    #[test]
    fn only_paths_of_express_are_routes() {
        let text = "const app = express();\nconst r = express.Router()\napp.get('*', f); r.use(\"/a/*\", g);\n\
            app.get('title'); app.use(h); io.get('*', f); app.get(/x*/, f); app.set('view engine', 'pug');";
        assert_eq!(paths(text), ["*", "/a/*"]);
        assert!(paths("const app = fastify(); app.get('*', f)").is_empty());
    }
}
