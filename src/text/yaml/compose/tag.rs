//! Tags and the directives that give them names.

use super::{Composer, Properties};
use crate::text::yaml::error::ErrorKind;
use crate::text::yaml::token::Token;

impl Composer<'_> {
    pub(super) fn directive(&mut self, token: Token) {
        let words: Vec<&str> = self.text[token.start..token.end].split_ascii_whitespace().collect();
        match words[..] {
            ["%TAG", handle, prefix, ..] => {
                if words.len() > 3 {
                    self.bad_directive(token.start, "\"%TAG\" takes a handle and a prefix");
                }
                self.handles.insert(handle.to_owned(), prefix.to_owned());
            }
            ["%TAG", ..] => self.bad_directive(token.start, "\"%TAG\" takes a handle and a prefix"),
            ["%YAML", version] => {
                let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                let is_version = version.split_once('.').is_some_and(|(one, two)| is_number(one) && is_number(two));
                if !is_version {
                    self.bad_directive(token.start + 6, "this version of YAML is unknown; 1.2 is read");
                }
            }
            ["%YAML", ..] => self.bad_directive(token.start, "\"%YAML\" takes one version"),
            _ => {}
        }
    }

    fn bad_directive(&mut self, at: usize, message: &str) {
        self.fault_at(at, ErrorKind::BadDirective, message.to_owned());
    }

    pub(super) fn collection_tag(&mut self, properties: &Properties) {
        if let Some(tag) = &properties.tag {
            self.tag(tag);
        }
    }

    /// The full name of a tag; `!` stands for no type at all.
    pub(super) fn tag(&mut self, token: &Token) -> Option<String> {
        let source = &self.text[token.start..token.end];
        if source == "!" {
            return Some(source.to_owned());
        }
        if let Some(verbatim) = source.strip_prefix("!<") {
            if matches!(source, "!<!>" | "!<!!>") {
                self.unresolved(token, source);
                return None;
            }
            if !source.ends_with('>') {
                self.unresolved(token, source);
            }
            let end = verbatim.char_indices().next_back().map_or(0, |(at, _)| at);
            return Some(verbatim[..end].to_owned());
        }
        let (handle, suffix) = source.split_at(source.rfind('!').map_or(0, |at| at + 1));
        if suffix.is_empty() {
            self.unresolved(token, source);
        }
        if let Some(prefix) = self.handles.get(handle) {
            let Some(suffix) = percent_decoded(suffix) else {
                self.unresolved(token, source);
                return None;
            };
            return Some(format!("{prefix}{suffix}"));
        }
        if handle == "!" {
            return Some(source.to_owned());
        }
        self.unresolved(token, source);
        None
    }

    fn unresolved(&mut self, token: &Token, source: &str) {
        let message = format!("the tag \"{source}\" names no type");
        self.fault(token, ErrorKind::TagUnresolved, message);
    }
}

/// The text with its `%XX` decoded, when that makes UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let code = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
