//! One instruction: keyword, flags, arguments.

use crate::text::span::{FileId, Span};

/// A run of a logical line that stands in one line of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// First byte in the logical line.
    pub(super) at: usize,
    /// First byte in the file.
    pub(super) source: usize,
    pub(super) length: usize,
}

/// A word of the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its text, without quotes.
    pub text: String,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// An option: `--from=build`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its name, without dashes.
    pub name: String,
    /// Its value; empty when there is none.
    pub value: String,
}

/// The arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arguments {
    /// A JSON list: programs are run without a shell.
    List(Vec<Word>),
    /// Words; programs are run by a shell.
    Words(Vec<Word>),
}

impl Arguments {
    /// The words of either form.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        match self {
            Arguments::List(words) | Arguments::Words(words) => words,
        }
    }
}

/// One instruction.
#[derive(Debug, Clone)]
pub struct Instruction {
    /// The keyword, in capitals.
    pub keyword: String,
    /// The whole instruction, without here-documents.
    pub span: Span,
    /// Its options.
    pub flags: Vec<Flag>,
    /// The arguments as they are written, continuation lines joined.
    pub text: String,
    /// The arguments as words.
    pub arguments: Arguments,
    /// The texts of here-documents.
    pub documents: Vec<String>,
    file: FileId,
    pieces: Vec<Piece>,
    /// First byte of `text` in the logical line.
    offset: usize,
}

impl Instruction {
    pub(super) fn new(
        joined: String,
        pieces: Vec<Piece>,
        documents: Vec<String>,
        escape: char,
        file: FileId,
    ) -> Option<Instruction> {
        let start = joined.len() - joined.trim_start().len();
        let rest = &joined[start..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let keyword = rest[..length].to_ascii_uppercase();
        if !keyword.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut at = start + length;
        let flags = flags(&joined, &mut at);
        let text = joined[at..].trim_end().to_owned();
        let mut instruction = Instruction {
            keyword,
            span: Span::NONE,
            flags,
            arguments: Arguments::Words(Vec::new()),
            text,
            documents,
            file,
            pieces,
            offset: at,
        };
        instruction.span = instruction.place(start, joined.trim_end().len());
        let words = words(&instruction.text, escape);
        let spanned = |(text, from, to): (String, usize, usize)| {
            let span = instruction.place(instruction.offset + from, instruction.offset + to);
            Word { text, span }
        };
        instruction.arguments = match list(&instruction.text) {
            Some(items) => Arguments::List(items.into_iter().map(spanned).collect()),
            None => Arguments::Words(words.into_iter().map(spanned).collect()),
        };
        Some(instruction)
    }

    /// The value of an option.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|flag| flag.name == name).map(|flag| flag.value.as_str())
    }

    /// Where a part of the arguments' text stands, if that is one line of the file.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Span {
        self.place(self.offset + start, self.offset + end)
    }

    fn place(&self, start: usize, end: usize) -> Span {
        let find = |at: usize| self.pieces.iter().rev().find(|piece| piece.at <= at);
        let (Some(first), Some(last)) = (find(start), find(end.saturating_sub(1).max(start))) else {
            return Span::NONE;
        };
        let at = |piece: &Piece, offset: usize| piece.source + (offset - piece.at).min(piece.length);
        Span::new(self.file, at(first, start), at(last, end))
    }
}

/// Reads `--name=value` options and moves to the first argument.
fn flags(joined: &str, at: &mut usize) -> Vec<Flag> {
    let mut found = Vec::new();
    loop {
        let rest = &joined[*at..];
        *at += rest.len() - rest.trim_start().len();
        let rest = &joined[*at..];
        let Some(option) = rest.strip_prefix("--") else { return found };
        let length = option.find(char::is_whitespace).unwrap_or(option.len());
        let (name, value) = option[..length].split_once('=').unwrap_or((&option[..length], ""));
        found.push(Flag { name: name.to_owned(), value: value.trim_matches(['"', '\'']).to_owned() });
        *at += 2 + length;
    }
}

/// The texts of a JSON list of strings with their places; none when it is no such list.
fn list(text: &str) -> Option<Vec<(String, usize, usize)>> {
    let values: Vec<String> = text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()?;
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 1;
    for value in values {
        let start = at + bytes[at..].iter().position(|byte| *byte == b'"')?;
        let mut end = start + 1;
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        at = (end + 1).min(bytes.len());
        found.push((value, start, at));
    }
    Some(found)
}

/// Words parted by white space, quotes removed.
fn words(text: &str, escape: char) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut start = None;
    let mut quote = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match quote {
            Some(open) if character == open => quote = None,
            None if character.is_whitespace() => {
                if let Some(from) = start.take() {
                    found.push((std::mem::take(&mut word), from, at));
                }
                continue;
            }
            None if matches!(character, '"' | '\'') => quote = Some(character),
            _ if character == escape && quote != Some('\'') => {
                if let Some((_, next)) = characters.next() {
                    word.push(next);
                }
            }
            _ => word.push(character),
        }
        start.get_or_insert(at);
    }
    if let Some(from) = start {
        found.push((word, from, text.len()));
    }
    found
}
