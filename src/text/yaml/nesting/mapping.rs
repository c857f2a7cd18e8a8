//! Mappings by indentation.

use super::super::part::{Collection, Item, Leaf, Part, Run};
use super::super::token::TokenKind;
use super::Outcome::{self, Ends, Taken};
use super::{Nesting, take_void};

impl Nesting<'_> {
    pub(super) fn in_mapping(&mut self) -> Outcome {
        let (token, indent) = (self.token, self.indent);
        let Some(Part::Mapping(map)) = self.stack.last_mut() else { return Taken };
        match token.kind {
            TokenKind::Newline | TokenKind::Space | TokenKind::Comment => {
                if token.kind == TokenKind::Newline {
                    self.is_on_key_line = false;
                }
                take_void(map, token, indent);
                return Taken;
            }
            _ => {}
        }
        let map_indent = map.indent;
        let Some(item) = map.items.last_mut() else { return Taken };
        if indent < map_indent {
            return Ends;
        }
        let is_at_map_indent = !self.is_on_key_line && indent == map_indent;
        let is_at_next_item = is_at_map_indent
            && (item.separator.is_some() || item.is_explicit)
            && token.kind != TokenKind::ItemIndicator;
        let start = if is_at_next_item { take_next_start(item, map_indent) } else { Run::default() };
        match token.kind {
            TokenKind::Anchor | TokenKind::Tag => self.property_in_mapping(is_at_next_item, start),
            TokenKind::KeyIndicator => self.key_in_mapping(is_at_next_item, start),
            TokenKind::ValueIndicator => self.value_in_mapping(is_at_next_item, start),
            TokenKind::Alias | TokenKind::Plain | TokenKind::SingleQuoted | TokenKind::DoubleQuoted => {
                self.leaf_in_mapping(is_at_next_item, start);
            }
            _ => return self.collection_in_mapping(is_at_map_indent, start),
        }
        Taken
    }

    fn last_item(&mut self) -> Option<(&mut Collection, usize)> {
        let Some(Part::Mapping(map)) = self.stack.last_mut() else { return None };
        let last = map.items.len().checked_sub(1)?;
        Some((map, last))
    }

    fn property_in_mapping(&mut self, is_at_next_item: bool, mut start: Run) {
        let token = self.token;
        let Some((map, last)) = self.last_item() else { return };
        let item = &mut map.items[last];
        if is_at_next_item || item.value.is_some() {
            start.push(token);
            map.items.push(Item::starting(start));
            self.is_on_key_line = true;
        } else {
            item.separator.as_mut().unwrap_or(&mut item.start).push(token);
        }
    }

    fn key_in_mapping(&mut self, is_at_next_item: bool, mut start: Run) {
        let token = self.token;
        let Some((map, last)) = self.last_item() else { return };
        let item = &mut map.items[last];
        if item.separator.is_none() && !item.is_explicit {
            item.start.push(token);
            item.is_explicit = true;
        } else if is_at_next_item || item.value.is_some() {
            start.push(token);
            map.items.push(Item { start, is_explicit: true, ..Item::default() });
        } else {
            self.push_mapping_here(Item { start: Run::of(token), is_explicit: true, ..Item::default() });
        }
        self.is_on_key_line = true;
    }

    fn value_in_mapping(&mut self, is_at_next_item: bool, start: Run) {
        let token = self.token;
        let Some((map, last)) = self.last_item() else { return };
        let item = &mut map.items[last];
        if item.is_explicit {
            self.value_of_explicit_key(start);
        } else {
            match &mut item.separator {
                None => item.separator = Some(Run::of(token)),
                Some(_) if item.value.is_some() || is_at_next_item => {
                    map.items.push(Item::pair(start, None, Run::of(token)));
                }
                Some(separator) if separator.has(TokenKind::ValueIndicator) => {
                    self.push_mapping_here(Item::pair(Run::default(), None, Run::of(token)));
                }
                Some(separator) => separator.push(token),
            }
        }
        self.is_on_key_line = true;
    }

    fn value_of_explicit_key(&mut self, start: Run) {
        let token = self.token;
        let Some((map, last)) = self.last_item() else { return };
        let item = &mut map.items[last];
        let Some(separator) = &mut item.separator else {
            if item.start.has(TokenKind::Newline) {
                item.separator = Some(Run::of(token));
            } else {
                let start = item.start.take_before_first_key();
                self.push_mapping_here(Item::pair(start, None, Run::of(token)));
            }
            return;
        };
        let is_flow_key = matches!(item.key.as_deref(), Some(Part::Leaf(_) | Part::Flow(_)));
        if item.value.is_some() {
            map.items.push(Item::pair(Run::default(), None, Run::of(token)));
        } else if separator.has(TokenKind::ValueIndicator) {
            self.push_mapping_here(Item::pair(start, None, Run::of(token)));
        } else if is_flow_key && !separator.has(TokenKind::Newline) {
            let mut separator = std::mem::take(separator);
            separator.push(token);
            item.separator = None;
            let key = item.key.take().map(|key| *key);
            let start = item.start.take_before_first_key();
            self.push_mapping_here(Item::pair(start, key, separator));
        } else {
            separator.append(start);
            separator.push(token);
        }
    }

    fn leaf_in_mapping(&mut self, is_at_next_item: bool, start: Run) {
        let leaf = Part::Leaf(Leaf { token: self.token, tail: None });
        let Some((map, last)) = self.last_item() else { return };
        let item = &mut map.items[last];
        if is_at_next_item || item.value.is_some() {
            map.items.push(Item::pair(start, Some(leaf), Run::default()));
            self.is_on_key_line = true;
        } else if item.separator.is_some() {
            self.stack.push(leaf);
        } else {
            item.key = Some(Box::new(leaf));
            item.separator = Some(Run::default());
            self.is_on_key_line = true;
        }
    }

    /// A list, a mapping in brackets or a block scalar begins in a mapping.
    fn collection_in_mapping(&mut self, is_at_map_indent: bool, start: Run) -> Outcome {
        let token = self.token;
        let is_list = token.kind == TokenKind::ItemIndicator;
        let is_known = matches!(
            token.kind,
            TokenKind::BlockHeader | TokenKind::MappingOpen | TokenKind::SequenceOpen | TokenKind::ItemIndicator
        );
        if !is_known {
            return Ends;
        }
        let Some((map, last)) = self.last_item() else { return Taken };
        let item = &map.items[last];
        if is_list {
            let is_on_line_of_key = item.separator.as_ref().is_some_and(|separator| !separator.has(TokenKind::Newline));
            if !item.is_explicit && is_on_line_of_key {
                self.attach(Part::Stray(token));
                return Taken;
            }
        } else if is_at_map_indent {
            map.items.push(Item::starting(start));
        }
        self.open();
        Taken
    }
}

/// Blank lines after a key without value belong to the next one: all from the second on.
fn take_next_start(item: &mut Item, indent: usize) -> Run {
    let Some(separator) = item.separator.as_mut().filter(|_| item.value.is_none()) else { return Run::default() };
    let mut breaks = Vec::new();
    for (at, token) in separator.tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Newline => breaks.push(at),
            TokenKind::Space => {}
            TokenKind::Comment if token.indent <= indent => {}
            _ => breaks.clear(),
        }
    }
    breaks.get(1).map(|second| separator.split_off(*second)).unwrap_or_default()
}
