//! A bound on the nesting of a script: the grammar descends by calls, and a stack has an end.

use super::scan::Dialect;
use crate::project::javascript::token::{self, Kind, Token};

/// Texts up to this length cannot nest deeper than the stack allows (measured: 1 KiB a level at most).
const SHORT: usize = 64 << 10;
/// Stack for one level of nesting: three times what was measured, since other builds take more.
const LEVEL_BYTES: usize = 3 << 10;
/// Stack beside the nesting: the grammar's own calls, those of its visitor and of debug builds.
const BASE_BYTES: usize = 1 << 20;
/// Nesting of longer texts that is read at most, counted in tokens that may each open one more level.
const DEEPEST: usize = 16 << 10;
/// Brackets that are open at once at most: the grammar's second looks at them cost time by the square (measured).
const MOST_OPEN: usize = 300;

/// Words behind a line break that continue what stands before it.
const CONTINUES: [&str; 9] = ["else", "catch", "finally", "while", "instanceof", "in", "of", "as", "satisfies"];

/// Words that want something behind them, on whatever line.
const WANTS: [&str; 14] = [
    "await",
    "case",
    "default",
    "delete",
    "do",
    "else",
    "extends",
    "in",
    "instanceof",
    "new",
    "of",
    "typeof",
    "void",
    "yield",
];

/// The stack that a text which is shallow needs at most: what its bytes, or the deepest nesting, take.
pub(super) fn stack_bytes(text: &str) -> usize {
    BASE_BYTES + text.len().min(SHORT) * LEVEL_BYTES
}

/// Whether a script surely nests less than the stack allows, and can be read in a time that grows with its length.
pub(super) fn is_shallow(text: &str, dialect: Dialect) -> bool {
    is_shallow_by_brackets(text) && (text.len() <= SHORT || is_shallow_by_tokens(text, dialect))
}

/// Counts brackets: those that open wherever they stand, those that close only outside quotes.
fn is_shallow_by_brackets(text: &str) -> bool {
    let (mut brackets, mut angles) = (0_usize, 0_usize);
    let mut quote = None;
    let mut is_escaped = false;
    for byte in text.bytes() {
        match byte {
            b'\n' => quote = None,
            b'"' | b'\'' if quote.is_none() => quote = Some(byte),
            _ if quote == Some(byte) && !is_escaped => quote = None,
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' if quote.is_none() => brackets = brackets.saturating_sub(1),
            b'<' => angles += 1,
            b'>' | b';' if quote.is_none() => angles = angles.saturating_sub(1),
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
        if brackets > MOST_OPEN || angles > MOST_OPEN {
            return false;
        }
    }
    true
}

/// Sums, over all open brackets, the tokens since the last place where a statement or an element surely ended: each of
/// them may have opened one level at most.
fn is_shallow_by_tokens(text: &str, dialect: Dialect) -> bool {
    let tokens = token::tokens(text, dialect != Dialect::TypeScript);
    if !tokens.is_complete {
        return false;
    }
    let mut open: Vec<usize> = Vec::new();
    let (mut total, mut current) = (0_usize, 0_usize);
    let mut last: Option<&Token<'_>> = None;
    for token in &tokens.list {
        let opens = token.kind == Kind::Mark && matches!(token.text, "(" | "[" | "{");
        let closes = token.kind == Kind::Mark && matches!(token.text, ")" | "]" | "}");
        if opens {
            total += current + 1;
            open.push(current + 1);
            current = 0;
        } else if closes {
            current = open.pop().unwrap_or_default();
            total -= current.min(total);
        } else if token.is_mark(",") || token.is_mark(";") || last.is_some_and(|last| ends(last, token)) {
            current = 0;
        }
        current += 1;
        if total + current > DEEPEST || token.text.len() > DEEPEST && token.kind == Kind::Template {
            return false;
        }
        last = Some(token);
    }
    true
}

/// Whether what stands before a token surely ended with the line.
fn ends(last: &Token<'_>, token: &Token<'_>) -> bool {
    let begins = token.is_first_on_line && token.kind == Kind::Word && !CONTINUES.contains(&token.text);
    begins
        && match last.kind {
            Kind::Word => !WANTS.contains(&last.text),
            Kind::Mark => matches!(last.text, "}" | "]"),
            Kind::Text | Kind::Number => true,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read(text: &str) -> bool {
        is_shallow(text, Dialect::JavaScript)
    }

    #[test]
    fn deep_brackets_are_refused() {
        assert!(is_read("f(g(h([{}])))") && is_read(&"f(')');\n".repeat(20_000)) && is_read(&"a < b;".repeat(1_000)));
        assert!(!is_read(&"(".repeat(1_000)) && !is_read(&"x<".repeat(1_000)) && !is_read(&"(a=')'||".repeat(1_000)));
    }

    #[test]
    fn long_chains_are_refused_only_in_long_texts() {
        assert!(is_read(&"!".repeat(10_000)) && !is_read(&"!".repeat(100_000)));
        assert!(is_read(&"const a = 'b'\n".repeat(20_000)) && is_read(&"a = 1;".repeat(20_000)));
    }
}
