//! Lists and mappings in brackets.

use std::collections::HashSet;

use super::property::{Properties, Setting};
use super::{Composed, Composer, Identity, Next};
use crate::text::yaml::error::ErrorKind;
use crate::text::yaml::part::{Flow, Item, Part, Run};
use crate::text::yaml::raw::{Content, Raw};
use crate::text::yaml::token::TokenKind;

/// What an item turned out to be.
enum Member {
    Value(Raw),
    Pair(Raw, Raw),
}

/// Where an item stands among its siblings.
struct Place {
    is_first: bool,
    is_last: bool,
    is_mapping: bool,
    name: &'static str,
    indent: usize,
}

impl Composer<'_> {
    pub(super) fn flow(&mut self, flow: Flow) -> Composed {
        let is_mapping = flow.is_mapping();
        let name = if is_mapping { "mapping" } else { "list" };
        let was_at_root = std::mem::take(&mut self.is_at_root);
        self.is_at_key = false;
        let Flow { open, indent, items, end } = flow;
        let (count, mut offset, mut members, mut seen) = (items.len(), open.end, Vec::new(), HashSet::new());
        for (number, item) in items.into_iter().enumerate() {
            let place = Place { is_first: number == 0, is_last: number + 1 == count, is_mapping, name, indent };
            let (member, end) = self.member(item, &place, offset, &mut seen);
            members.extend(member);
            offset = end;
        }
        let (close, end) = self.closing_bracket(&end, is_mapping, was_at_root, offset);
        let content = self.flow_content(members, is_mapping);
        Composed { raw: self.raw(open.start, close, content), end }
    }

    fn flow_content(&mut self, members: Vec<Member>, is_mapping: bool) -> Content {
        let of_pair = |this: &Self, key: Raw, value: Raw| {
            let (start, end) = (key.span.start as usize, value.span.end as usize);
            this.raw(start, end, Content::Mapping { pairs: vec![(key, value)], is_flow: true })
        };
        if is_mapping {
            let pairs = members.into_iter().filter_map(|member| match member {
                Member::Pair(key, value) => Some((key, value)),
                Member::Value(_) => None,
            });
            return Content::Mapping { pairs: pairs.collect(), is_flow: true };
        }
        let items = members.into_iter().map(|member| match member {
            Member::Value(value) => value,
            Member::Pair(key, value) => of_pair(self, key, value),
        });
        Content::Sequence { items: items.collect(), is_flow: true }
    }

    /// Where the bracket closes, and where the rest of its line ends.
    fn closing_bracket(&mut self, run: &Run, is_mapping: bool, is_at_root: bool, offset: usize) -> (usize, usize) {
        let (kind, bracket) = if is_mapping { (TokenKind::MappingClose, "}") } else { (TokenKind::SequenceClose, "]") };
        let close = run.tokens.first();
        let mut end = offset;
        match close {
            Some(close) if close.kind == kind => end = close.end,
            _ if is_at_root => {
                let message = format!("a closing \"{bracket}\" is missing");
                self.fault_at(offset, ErrorKind::MissingCharacter, message);
            }
            _ => {
                let message = format!("a closing \"{bracket}\" is missing, or its line is not indented enough");
                self.fault_at(offset, ErrorKind::BadIndent, message);
            }
        }
        let rest = Run::of_all(run.tokens.iter().skip(1));
        let tail = if rest.is_empty() { end } else { self.rest(Some(&rest), end, true) };
        (end, tail)
    }

    fn member(
        &mut self,
        item: Item,
        place: &Place,
        offset: usize,
        seen: &mut HashSet<Identity>,
    ) -> (Option<Member>, usize) {
        let Item { start, key, separator, value, .. } = item;
        let next = key
            .as_deref()
            .map(Next::of)
            .or_else(|| separator.as_ref().and_then(|separator| separator.tokens.first()).map(Next::token));
        let setting = Setting {
            flow: Some(place.name),
            indicator: TokenKind::KeyIndicator,
            next,
            offset,
            parent_indent: place.indent,
            starts_line: false,
        };
        let properties = self.properties(&start, setting);
        if properties.found.is_none() {
            let is_bare = properties.anchor.is_none() && properties.tag.is_none();
            if is_bare && separator.is_none() && value.is_none() {
                self.check_empty_member(&properties, place);
                return (None, properties.end);
            }
            if let Some(key) = key.as_deref().filter(|key| !place.is_mapping && self.is_multiline(key)) {
                let at = key.start();
                self.multiline_key(at);
            }
        }
        self.check_comma(&properties, place);
        if place.is_mapping || separator.is_some() || properties.found.is_some() {
            return self.flow_pair((start, key, separator, value), &properties, place, seen);
        }
        let is_block = value.as_deref().is_some_and(Part::is_block_collection);
        let value = match value {
            Some(value) => self.node(*value, &properties),
            None => self.empty_before(properties.end, None, &properties),
        };
        if is_block {
            self.block_in_flow(&value.raw);
        }
        (Some(Member::Value(value.raw)), value.end)
    }

    fn check_empty_member(&mut self, properties: &Properties, place: &Place) {
        match properties.comma {
            Some(comma) if place.is_first => self.unexpected(&comma),
            _ if !place.is_last => {
                let message = format!("an item is missing in this {}", place.name);
                self.fault_at(properties.start, ErrorKind::UnexpectedToken, message);
            }
            _ => {}
        }
    }

    fn check_comma(&mut self, properties: &Properties, place: &Place) {
        match properties.comma {
            Some(comma) if place.is_first => self.unexpected(&comma),
            None if !place.is_first => {
                let message = format!("a \",\" is missing between the items of this {}", place.name);
                self.fault_at(properties.start, ErrorKind::MissingCharacter, message);
            }
            _ => {}
        }
    }

    #[allow(clippy::type_complexity, reason = "the parts of an item")]
    fn flow_pair(
        &mut self,
        (start, key, separator, value): (Run, Option<Box<Part>>, Option<Run>, Option<Box<Part>>),
        properties: &Properties,
        place: &Place,
        seen: &mut HashSet<Identity>,
    ) -> (Option<Member>, usize) {
        self.is_at_key = true;
        let is_block = key.as_deref().is_some_and(Part::is_block_collection);
        let key = match key {
            Some(key) => self.node(*key, properties),
            None => self.empty_before(properties.end, Some(&start), properties),
        };
        if is_block {
            self.block_in_flow(&key.raw);
        }
        self.is_at_key = false;
        let no_run = Run::default();
        let run = separator.as_ref().unwrap_or(&no_run);
        let setting = Setting {
            flow: Some(place.name),
            indicator: TokenKind::ValueIndicator,
            next: value.as_deref().map(Next::of),
            offset: key.end,
            parent_indent: place.indent,
            starts_line: false,
        };
        let of_value = self.properties(run, setting);
        if of_value.found.is_some() {
            self.check_key_of_list_item(properties, &of_value, run, place);
        } else if let Some(value) = value.as_deref() {
            self.value_without_colon(value, &of_value, place);
        }
        let is_block = value.as_deref().is_some_and(Part::is_block_collection);
        let has_value = value.is_some() || of_value.found.is_some();
        let composed = match value {
            Some(value) => self.node(*value, &of_value),
            None if has_value => self.empty_before(of_value.end, Some(run), &of_value),
            None => self.empty(key.raw.span.end as usize, &Properties::default()),
        };
        if is_block {
            self.block_in_flow(&composed.raw);
        }
        let end = if has_value { composed.end } else { of_value.end };
        if place.is_mapping {
            self.note_key(seen, &key.raw, properties.end);
        }
        (Some(Member::Pair(key.raw, composed.raw)), end)
    }

    fn check_key_of_list_item(&mut self, properties: &Properties, of_value: &Properties, run: &Run, place: &Place) {
        let Some(found) = of_value.found.filter(|_| !place.is_mapping && properties.found.is_none()) else { return };
        let before = run.tokens.iter().take_while(|token| token.start < found.start);
        if let Some(newline) = before.into_iter().find(|token| token.kind == TokenKind::Newline) {
            self.multiline_key(newline.start);
        }
        if self.is_key_too_long(properties.start, found.start) {
            let message = "the \":\" of a key must follow within 1024 characters".to_owned();
            self.fault(&found, ErrorKind::KeyTooLong, message);
        }
    }

    fn value_without_colon(&mut self, value: &Part, of_value: &Properties, place: &Place) {
        let is_glued = matches!(value, Part::Leaf(leaf) if self.text[leaf.token.start..].starts_with(':'));
        let (at, message) = if is_glued {
            (value.start(), "a space is missing after \":\"".to_owned())
        } else {
            (of_value.start, format!("a \",\" or \":\" is missing between the items of this {}", place.name))
        };
        self.fault_at(at, ErrorKind::MissingCharacter, message);
    }

    fn multiline_key(&mut self, at: usize) {
        let message = "a key must stand on one line".to_owned();
        self.fault_at(at, ErrorKind::MultilineImplicitKey, message);
    }

    fn block_in_flow(&mut self, raw: &Raw) {
        let message = "a list or mapping in brackets cannot hold one without".to_owned();
        self.fault_at(raw.span.start as usize, ErrorKind::BlockInFlow, message);
    }
}
