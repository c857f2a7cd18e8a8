//! What stands before a node: its indicator, anchor and tag, and the white space between them.

use super::{Composer, Next};
use crate::text::span::Span;
use crate::text::yaml::doubt::DoubtKind;
use crate::text::yaml::error::ErrorKind;
use crate::text::yaml::part::Run;
use crate::text::yaml::token::{Token, TokenKind};

/// Where a run of tokens stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// The collection in brackets that it stands in.
    pub(super) flow: Option<&'static str>,
    pub(super) indicator: TokenKind,
    pub(super) next: Option<Next>,
    /// Where it would end if it were empty.
    pub(super) offset: usize,
    pub(super) parent_indent: usize,
    pub(super) starts_line: bool,
}

impl Setting {
    /// Outside of brackets.
    pub(super) fn block(
        indicator: TokenKind,
        next: Option<Next>,
        offset: usize,
        parent_indent: usize,
        starts_line: bool,
    ) -> Setting {
        Setting { flow: None, indicator, next, offset, parent_indent, starts_line }
    }
}

/// What a run of tokens says.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) comma: Option<Token>,
    /// The indicator.
    pub(super) found: Option<Token>,
    pub(super) has_newline: bool,
    pub(super) has_comment: bool,
    pub(super) anchor: Option<Token>,
    pub(super) tag: Option<Token>,
    /// The last line break after anchor or tag.
    pub(super) newline_after: Option<usize>,
    /// Where anchor or tag begin, or the run ends.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What is known between two tokens.
struct Walk {
    is_at_newline: bool,
    has_space: bool,
    needs_space: bool,
    tab: Option<Token>,
    start: Option<usize>,
}

impl Composer<'_> {
    pub(super) fn properties(&mut self, run: &Run, setting: Setting) -> Properties {
        let mut found = Properties::default();
        let mut walk = Walk {
            is_at_newline: setting.starts_line,
            has_space: setting.starts_line,
            needs_space: false,
            tab: None,
            start: None,
        };
        for token in &run.tokens {
            self.between(&mut walk, token);
            self.property(&mut walk, &mut found, token, &setting);
        }
        let is_separate = |next: &Next| {
            matches!(next.token, Some(TokenKind::Space | TokenKind::Newline | TokenKind::Comma)) || next.is_empty
        };
        if let Some(next) = setting.next.filter(|next| walk.needs_space && !is_separate(next)) {
            self.property_without_space(next.start);
        }
        if let Some(tab) = walk.tab {
            let is_short = walk.is_at_newline && tab.indent <= setting.parent_indent;
            if is_short || setting.next.is_some_and(|next| next.is_block_collection) {
                self.tab(&tab);
            }
        }
        found.end = run.last().map_or(setting.offset, |last| last.end);
        found.start = walk.start.unwrap_or(found.end);
        found
    }

    fn between(&mut self, walk: &mut Walk, token: &Token) {
        if std::mem::take(&mut walk.needs_space)
            && !matches!(token.kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comma)
        {
            self.property_without_space(token.start);
        }
        if let Some(tab) = walk.tab.take()
            && walk.is_at_newline
            && !matches!(token.kind, TokenKind::Comment | TokenKind::Newline)
        {
            self.tab(&tab);
        }
    }

    fn property(&mut self, walk: &mut Walk, found: &mut Properties, token: &Token, setting: &Setting) {
        let is_property = found.anchor.is_some() || found.tag.is_some();
        match token.kind {
            TokenKind::Space => {
                let allows_tabs =
                    setting.indicator == TokenKind::DocumentStart && setting.next.is_some_and(|next| next.is_flow);
                let has_tab = self.text[token.start..token.end].contains('\t');
                if setting.flow.is_none() && !allows_tabs && has_tab {
                    walk.tab = Some(*token);
                    if walk.is_at_newline {
                        self.doubt(Span::new(self.file, token.start, token.end), DoubtKind::Tab);
                    }
                }
                walk.has_space = true;
            }
            TokenKind::Comment => {
                if !walk.has_space {
                    self.comment_without_space(token);
                }
                (walk.is_at_newline, found.has_comment) = (false, true);
            }
            TokenKind::Newline => {
                (walk.is_at_newline, walk.has_space, found.has_newline) = (true, true, true);
                if is_property {
                    found.newline_after = Some(token.start);
                }
            }
            TokenKind::Anchor | TokenKind::Tag => self.anchor_or_tag(walk, found, token),
            kind if kind == setting.indicator => {
                let name = kind.name();
                if is_property {
                    let message = format!("anchor and tag must stand after {name}");
                    self.fault(token, ErrorKind::BadPropertyOrder, message);
                }
                if found.found.is_some() {
                    self.unexpected(token);
                }
                found.found = Some(*token);
                walk.is_at_newline = matches!(kind, TokenKind::ItemIndicator | TokenKind::KeyIndicator);
                walk.has_space = false;
            }
            kind => {
                if kind != TokenKind::Comma || setting.flow.is_none() || found.comma.is_some() {
                    self.unexpected(token);
                }
                if kind == TokenKind::Comma && setting.flow.is_some() {
                    found.comma = Some(*token);
                }
                (walk.is_at_newline, walk.has_space) = (false, false);
            }
        }
    }

    fn anchor_or_tag(&mut self, walk: &mut Walk, found: &mut Properties, token: &Token) {
        let (slot, kind, name) = match token.kind {
            TokenKind::Anchor => (&mut found.anchor, ErrorKind::MultipleAnchors, "anchor"),
            _ => (&mut found.tag, ErrorKind::MultipleTags, "tag"),
        };
        if slot.is_some() {
            self.fault(token, kind, format!("a node takes only one {name}"));
        }
        *slot = Some(*token);
        walk.start.get_or_insert(token.start);
        (walk.is_at_newline, walk.has_space, walk.needs_space) = (false, false, true);
    }

    fn property_without_space(&mut self, at: usize) {
        let message = "a space is missing after the anchor or tag".to_owned();
        self.fault_at(at, ErrorKind::MissingCharacter, message);
    }

    fn tab(&mut self, token: &Token) {
        self.fault(token, ErrorKind::TabAsIndent, "a tab cannot indent; only spaces can".to_owned());
    }

    /// A list by indentation starts on the line after its anchor or tag.
    pub(super) fn properties_of_list(&mut self, properties: &Properties) {
        let last = [properties.anchor, properties.tag].into_iter().flatten().max_by_key(|token| token.start);
        let Some(last) = last else { return };
        if properties.newline_after.is_none_or(|newline| newline < last.start) {
            let message = "a line break is missing between this and the list".to_owned();
            self.fault(&last, ErrorKind::MissingCharacter, message);
        }
    }
}
