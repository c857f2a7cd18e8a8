//! Lists and mappings by indentation.

use std::collections::HashSet;

use super::property::{Properties, Setting};
use super::{Composed, Composer, Identity, Next, has_newline};
use crate::text::yaml::error::ErrorKind;
use crate::text::yaml::part::{Collection, Item, Part, Run};
use crate::text::yaml::raw::{Content, Raw};
use crate::text::yaml::token::TokenKind;

/// A key without `?` must be followed by its `:` within so many characters.
const MAX_KEY: usize = 1024;

impl Composer<'_> {
    pub(super) fn block_mapping(&mut self, map: Collection) -> Composed {
        self.is_at_root = false;
        let (mut pairs, mut seen, mut offset) = (Vec::new(), HashSet::new(), map.start);
        let mut comment_end = None;
        for item in map.items {
            let end_of_start = item.start.last().map_or(offset, |last| last.end);
            let Some((key, value, end)) = self.pair(item, map.indent, offset, &mut seen) else {
                comment_end = Some(end_of_start);
                continue;
            };
            offset = end;
            pairs.push((key, value));
        }
        if let Some(comment_end) = comment_end.filter(|end| *end > 0 && *end < offset) {
            let message = "text follows the last comment of a mapping".to_owned();
            self.fault_at(comment_end, ErrorKind::Impossible, message);
        }
        let last = pairs.last().map_or(map.start, |(_, value)| value.span.end as usize);
        let raw = self.raw(map.start, last.max(map.start), Content::Mapping { pairs, is_flow: false });
        Composed { raw, end: comment_end.unwrap_or(offset) }
    }

    /// A key with its value, and where they end; none when the item holds only comments.
    fn pair(
        &mut self,
        item: Item,
        indent: usize,
        offset: usize,
        seen: &mut HashSet<Identity>,
    ) -> Option<(Raw, Raw, usize)> {
        let Item { start, key, separator, value, .. } = item;
        let next = key
            .as_deref()
            .map(Next::of)
            .or_else(|| separator.as_ref().and_then(|separator| separator.tokens.first()).map(Next::token));
        let properties = self.properties(&start, Setting::block(TokenKind::KeyIndicator, next, offset, indent, true));
        let is_implicit = properties.found.is_none();
        if !self.check_key(key.as_deref(), &properties, indent, offset, separator.is_some(), &start) {
            return None;
        }
        let starts_line = key.as_deref().is_none_or(|key| matches!(key, Part::Block(_)));
        self.is_at_key = true;
        let key = match key {
            Some(key) => self.node(*key, &properties),
            None => self.empty_before(properties.end, Some(&start), &properties),
        };
        self.is_at_key = false;
        self.note_key(seen, &key.raw, properties.end);
        let no_run = Run::default();
        let run = separator.as_ref().unwrap_or(&no_run);
        let of_value = self.properties(
            run,
            Setting::block(TokenKind::ValueIndicator, value.as_deref().map(Next::of), key.end, indent, starts_line),
        );
        let Some(found) = of_value.found else {
            if is_implicit {
                let message = "a \":\" is missing after this key".to_owned();
                self.fault_at(key.raw.span.start as usize, ErrorKind::MissingCharacter, message);
            }
            let end = key.raw.span.end as usize;
            let value = self.empty(end, &Properties::default());
            return Some((key.raw, value.raw, of_value.end));
        };
        if is_implicit {
            if matches!(value.as_deref(), Some(Part::Mapping(_))) && !of_value.has_newline {
                let message = "a mapping cannot start on the line of its key".to_owned();
                self.fault_at(of_value.end, ErrorKind::BlockAsImplicitKey, message);
            }
            self.check_key_length(properties.start, found.start, key.raw.span.start as usize);
        }
        let value = match value {
            Some(value) => self.node(*value, &of_value),
            None => self.empty_before(of_value.end, Some(run), &of_value),
        };
        Some((key.raw, value.raw, value.end))
    }

    /// Whether there is a key at all; tells what is wrong with the way it is written.
    fn check_key(
        &mut self,
        key: Option<&Part>,
        properties: &Properties,
        indent: usize,
        offset: usize,
        is_pair: bool,
        start: &Run,
    ) -> bool {
        if let Some(found) = properties.found {
            if found.indent != indent {
                self.uneven(offset);
            }
            return true;
        }
        if let Some(Part::Sequence(_)) = key {
            let message = "a list cannot be a key without \"?\"".to_owned();
            self.fault_at(offset, ErrorKind::BlockAsImplicitKey, message);
        } else if key.and_then(Part::indent).is_some_and(|of_key| of_key != indent) {
            self.uneven(offset);
        }
        if properties.anchor.is_none() && properties.tag.is_none() && !is_pair {
            return false;
        }
        if properties.newline_after.is_some() || key.is_some_and(|key| self.is_multiline(key)) {
            let at = key.map(Part::start).or_else(|| start.last().map(|last| last.start)).unwrap_or(offset);
            let message = "a key must stand on one line".to_owned();
            self.fault_at(at, ErrorKind::MultilineImplicitKey, message);
        }
        true
    }

    pub(super) fn is_multiline(&self, key: &Part) -> bool {
        let in_text = |part: &Part| match part {
            Part::Leaf(leaf) => self.text[leaf.token.start..leaf.token.end].contains('\n'),
            _ => false,
        };
        in_text(key) || has_newline(key) || self.has_multiline_leaf(key)
    }

    fn has_multiline_leaf(&self, part: &Part) -> bool {
        let Part::Flow(flow) = part else { return false };
        let parts = flow.items.iter().flat_map(|item| [item.key.as_deref(), item.value.as_deref()]);
        parts.flatten().any(|part| match part {
            Part::Leaf(leaf) => self.text[leaf.token.start..leaf.token.end].contains('\n'),
            part => self.has_multiline_leaf(part),
        })
    }

    pub(super) fn is_key_too_long(&self, start: usize, end: usize) -> bool {
        end > start + MAX_KEY
            && self.text.get(start..end).is_some_and(|key| key.encode_utf16().take(MAX_KEY + 1).count() > MAX_KEY)
    }

    fn check_key_length(&mut self, start: usize, colon: usize, at: usize) {
        if self.is_key_too_long(start, colon) {
            let message = format!("the \":\" of a key must follow within {MAX_KEY} characters");
            self.fault_at(at, ErrorKind::KeyTooLong, message);
        }
    }

    fn uneven(&mut self, at: usize) {
        let message = "the keys of a mapping must start in the same column".to_owned();
        self.fault_at(at, ErrorKind::BadIndent, message);
    }

    pub(super) fn block_sequence(&mut self, list: Collection) -> Composed {
        (self.is_at_root, self.is_at_key) = (false, false);
        let (mut items, mut offset, mut comment_end) = (Vec::new(), list.start, None);
        for Item { start, value, .. } in list.items {
            let properties = self.properties(
                &start,
                Setting::block(TokenKind::ItemIndicator, value.as_deref().map(Next::of), offset, list.indent, true),
            );
            if properties.found.is_none() {
                if properties.anchor.is_none() && properties.tag.is_none() && value.is_none() {
                    comment_end = Some(properties.end);
                    continue;
                }
                if let Some(Part::Sequence(_)) = value.as_deref() {
                    let message = "the items of a list must start in the same column".to_owned();
                    self.fault_at(properties.end, ErrorKind::BadIndent, message);
                } else {
                    let message = "a \"-\" is missing before this item of a list".to_owned();
                    self.fault_at(offset, ErrorKind::MissingCharacter, message);
                }
            }
            let item = match value {
                Some(value) => self.node(*value, &properties),
                None => self.empty_before(properties.end, Some(&start), &properties),
            };
            offset = item.end;
            items.push(item.raw);
        }
        let last = items.last().map_or(list.start, |item| item.span.end as usize);
        let raw = self.raw(list.start, last.max(list.start), Content::Sequence { items, is_flow: false });
        Composed { raw, end: comment_end.unwrap_or(offset) }
    }
}
