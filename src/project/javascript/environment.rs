//! Reads of environment variables: `process.env.X`, `Netlify.env.get("X")`, `Deno.env.get("X")`.

use super::import::is_member;
use super::literal::unescape;
use super::token::{Kind, Token};
use crate::text::span::{FileId, Span};

/// One read of a variable with a literal name.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The variable.
    pub name: String,
    /// Where its name is written.
    pub span: Span,
    /// Whether another value stands in when it is missing: `|| …`, `?? …`.
    pub has_fallback: bool,
}

/// Finds all reads.
pub(super) fn reads(tokens: &[Token<'_>], file: FileId) -> Vec<Read> {
    let mut found = Vec::new();
    let holders = tokens.iter().enumerate().filter(|(at, token)| token.kind == Kind::Word && !is_member(tokens, *at));
    for (at, token) in holders {
        let is_holder = matches!(token.text, "process" | "Netlify" | "Deno");
        if !is_holder || !follows(tokens, at + 1, &[".", "env"]) {
            continue;
        }
        match token.text {
            "process" if follows(tokens, at + 3, &["."]) => found.extend(read(tokens, at + 4, at + 5, file)),
            "process" if follows(tokens, at + 3, &["["]) => found.extend(quoted(tokens, at + 4, file)),
            "process" => destructured(tokens, at, file, &mut found),
            _ if follows(tokens, at + 3, &[".", "get", "("]) => found.extend(quoted(tokens, at + 6, file)),
            _ => {}
        }
    }
    found
}

fn follows(tokens: &[Token<'_>], at: usize, texts: &[&str]) -> bool {
    texts.iter().enumerate().all(|(step, text)| tokens.get(at + step).is_some_and(|token| token.text == *text))
}

/// A read by a name in quotes, which a bracket follows.
fn quoted(tokens: &[Token<'_>], at: usize, file: FileId) -> Option<Read> {
    tokens.get(at).filter(|token| token.kind == Kind::Text)?;
    read(tokens, at, at + 2, file)
}

fn read(tokens: &[Token<'_>], at: usize, behind: usize, file: FileId) -> Option<Read> {
    let token = tokens.get(at)?;
    let name = match token.kind {
        Kind::Word => token.text.to_owned(),
        Kind::Text => unescape(token.text)?,
        _ => return None,
    };
    let has_fallback = follows(tokens, behind, &["|", "|"]) || follows(tokens, behind, &["?", "?"]);
    Some(Read { name, span: Span::new(file, token.start, token.end()), has_fallback })
}

/// `{ A, B: b, C = 1 } = process.env`
fn destructured(tokens: &[Token<'_>], at: usize, file: FileId, found: &mut Vec<Read>) {
    let Some(close) = at.checked_sub(2).filter(|close| tokens[*close].is_mark("}") && tokens[at - 1].is_mark("="))
    else {
        return;
    };
    let depth = tokens[close].depth;
    let Some(open) = tokens[..close].iter().rposition(|token| token.depth == depth && token.is_mark("{")) else {
        return;
    };
    for element in tokens[open + 1..close].split(|token| token.is_mark(",") && token.depth == depth + 1) {
        let Some(name) = element.first().filter(|token| token.kind == Kind::Word) else { continue };
        let has_fallback = element.iter().any(|token| token.is_mark("="));
        let span = Span::new(file, name.start, name.end());
        found.push(Read { name: name.text.to_owned(), span, has_fallback });
    }
}
