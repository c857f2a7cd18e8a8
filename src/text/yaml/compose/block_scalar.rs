//! Block scalars (`|` and `>`).

use super::property::Properties;
use super::{Composed, Composer};
use crate::text::span::Span;
use crate::text::yaml::error::ErrorKind;
use crate::text::yaml::part::Block;
use crate::text::yaml::raw::Style;
use crate::text::yaml::token::TokenKind;

/// What the indicator says.
struct Head {
    is_folded: bool,
    /// The indentation that is written; 0 when it is not.
    indent: usize,
    /// `-`, `+` or nothing.
    chomping: Option<char>,
    end: usize,
}

/// A line: how many spaces it begins with, and what follows them.
struct Line<'a> {
    at: usize,
    indent: usize,
    content: &'a str,
}

impl<'a> Line<'a> {
    fn is_empty(&self) -> bool {
        matches!(self.content, "" | "\r")
    }

    fn text(&self) -> &'a str {
        self.content.strip_suffix('\r').unwrap_or(self.content)
    }
}

impl Composer<'_> {
    pub(super) fn block_scalar(&mut self, block: &Block, properties: &Properties) -> Composed {
        let head = self.block_head(block);
        let end = head.end.max(block.text.end);
        let text = self.block_text(block, &head);
        let span = Span::new(self.file, block.start, end);
        let content = self.scalar(text, Style::Block, properties, span);
        Composed { raw: self.raw(block.start, end, content), end }
    }

    fn block_head(&mut self, block: &Block) -> Head {
        let header = block.head[0];
        let source = &self.text[header.start..header.end];
        let mut head = Head { is_folded: source.starts_with('>'), indent: 0, chomping: None, end: header.end };
        let mut wrong = None;
        for (at, letter) in source.char_indices().skip(1) {
            match letter {
                '-' | '+' if head.chomping.is_none() => head.chomping = Some(letter),
                '1'..='9' if head.indent == 0 => head.indent = letter.to_digit(10).unwrap_or(0) as usize,
                _ => wrong = wrong.or(Some(header.start + at)),
            }
        }
        if let Some(at) = wrong {
            let message = format!("\"{source}\" is no head of a block of text");
            self.fault_at(at, ErrorKind::UnexpectedToken, message);
        }
        let mut has_space = false;
        for token in &block.head[1..] {
            match token.kind {
                TokenKind::Space => has_space = true,
                TokenKind::Newline => {}
                TokenKind::Comment if has_space => {}
                TokenKind::Comment => self.comment_without_space(token),
                _ => self.unexpected(token),
            }
            head.end = token.end;
        }
        head
    }

    fn block_text(&mut self, block: &Block, head: &Head) -> String {
        let whole = self.text;
        let source = &whole[block.text.clone()];
        let lines = if source.is_empty() { Vec::new() } else { lines(source, block.text.start) };
        let blank_end = lines.iter().rev().take_while(|line| line.is_empty()).count();
        let content_end = lines.len() - blank_end;
        let keeps = head.chomping == Some('+');
        if content_end == 0 {
            let breaks = if keeps && !lines.is_empty() { (lines.len() - 1).max(1) } else { 0 };
            return "\n".repeat(breaks);
        }
        let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
        let indent = self.block_indent(block, head, &lines[..=first]);
        let stop = lines.iter().rposition(|line| line.indent > indent).map_or(0, |at| at + 1).max(content_end);
        self.check_lines(&lines[first..stop], indent, head.indent > 0);
        let mut text = String::with_capacity(source.len());
        for line in &lines[..first] {
            push_more(&mut text, line, indent);
            text.push('\n');
        }
        if head.is_folded {
            fold(&mut text, &lines[first..stop], indent);
        } else {
            for (number, line) in lines[first..stop].iter().enumerate() {
                if number > 0 {
                    text.push('\n');
                }
                push_more(&mut text, line, indent);
                text.push_str(line.text());
            }
        }
        match head.chomping {
            Some('-') => {}
            Some(_) => {
                for line in &lines[stop..] {
                    text.push('\n');
                    push_more(&mut text, line, indent);
                }
                if !text.ends_with('\n') {
                    text.push('\n');
                }
            }
            None => text.push('\n'),
        }
        text
    }

    /// The indentation of the text: what is written, or that of the first line that is not empty.
    fn block_indent(&mut self, block: &Block, head: &Head, lines: &[Line<'_>]) -> usize {
        let mut indent = block.indent + head.indent;
        let Some((first, blank)) = lines.split_last() else { return indent };
        if head.indent == 0 {
            indent = blank.iter().map(|line| line.indent).fold(indent, usize::max);
        }
        if first.indent < indent {
            let message = "an empty line before the text is indented more than the text".to_owned();
            self.fault_at(first.at + first.indent, ErrorKind::MissingCharacter, message);
        }
        if head.indent == 0 {
            indent = first.indent;
        }
        if indent == 0 && !self.is_at_root {
            let message = "a block of text must be indented more than its key".to_owned();
            self.fault_at(first.at, ErrorKind::BadIndent, message);
        }
        indent
    }

    fn check_lines(&mut self, lines: &[Line<'_>], indent: usize, is_explicit: bool) {
        for line in lines.iter().filter(|line| !line.text().is_empty() && line.indent < indent) {
            let than = if is_explicit { "its head says" } else { "its first line" };
            let message = format!("a line of the block of text is indented less than {than}");
            self.fault_at(line.at + line.indent, ErrorKind::BadIndent, message);
        }
    }
}

fn lines(source: &str, start: usize) -> Vec<Line<'_>> {
    let mut at = start;
    let mut found = Vec::new();
    for text in source.split('\n') {
        let content = text.trim_start_matches(' ');
        found.push(Line { at, indent: text.len() - content.len(), content });
        at += text.len() + 1;
    }
    found
}

/// The spaces of a line beyond the indentation; one that is indented too little has none.
fn push_more(text: &mut String, line: &Line<'_>, indent: usize) {
    for _ in 0..line.indent.saturating_sub(indent) {
        text.push(' ');
    }
}

fn fold(text: &mut String, lines: &[Line<'_>], indent: usize) {
    let (mut separator, mut was_more_indented) = ("", false);
    for line in lines {
        let content = line.text();
        if line.indent > indent || content.starts_with('\t') {
            separator = match separator {
                " " => "\n",
                "\n" if !was_more_indented => "\n\n",
                other => other,
            };
            text.push_str(separator);
            push_more(text, line, indent);
            text.push_str(content);
            (separator, was_more_indented) = ("\n", true);
        } else if content.is_empty() {
            if separator == "\n" {
                text.push('\n');
            } else {
                separator = "\n";
            }
        } else {
            text.push_str(separator);
            text.push_str(content);
            (separator, was_more_indented) = (" ", false);
        }
    }
}
