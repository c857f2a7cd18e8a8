//! Lists and mappings in brackets.

use super::super::part::{Item, Leaf, Part, Run};
use super::super::token::TokenKind;
use super::Nesting;
use super::Outcome::{self, Ends, Taken};

impl Nesting<'_> {
    pub(super) fn in_flow(&mut self) -> Outcome {
        let token = self.token;
        if token.kind == TokenKind::BrokenFlow {
            while matches!(self.stack.last(), Some(Part::Flow(_))) {
                self.pop();
            }
            return Taken;
        }
        let Some(Part::Flow(flow)) = self.stack.last_mut() else { return Taken };
        if !flow.end.is_empty() {
            return self.after_flow();
        }
        let item = flow.items.last_mut();
        match token.kind {
            TokenKind::Comma | TokenKind::KeyIndicator => match item {
                Some(item) if item.separator.is_none() => item.start.push(token),
                _ => flow.items.push(Item::starting(Run::of(token))),
            },
            TokenKind::ValueIndicator => match item {
                Some(Item { value: None, separator: Some(separator), .. }) => separator.push(token),
                Some(item @ Item { value: None, .. }) => item.separator = Some(Run::of(token)),
                _ => flow.items.push(Item::pair(Run::default(), None, Run::of(token))),
            },
            TokenKind::Space | TokenKind::Comment | TokenKind::Newline | TokenKind::Anchor | TokenKind::Tag => {
                match item {
                    Some(Item { value: None, separator: Some(separator), .. }) => separator.push(token),
                    Some(item @ Item { value: None, .. }) => item.start.push(token),
                    _ => flow.items.push(Item::starting(Run::of(token))),
                }
            }
            TokenKind::Alias | TokenKind::Plain | TokenKind::SingleQuoted | TokenKind::DoubleQuoted => {
                let leaf = Part::Leaf(Leaf { token, tail: None });
                match item {
                    Some(Item { value: None, separator: Some(_), .. }) => self.stack.push(leaf),
                    Some(item @ Item { value: None, .. }) => {
                        item.key = Some(Box::new(leaf));
                        item.separator = Some(Run::default());
                    }
                    _ => flow.items.push(Item::pair(Run::default(), Some(leaf), Run::default())),
                }
            }
            TokenKind::MappingClose | TokenKind::SequenceClose => flow.end.push(token),
            _ => {
                if !self.open() {
                    return Ends;
                }
            }
        }
        Taken
    }

    /// What follows the closing bracket.
    fn after_flow(&mut self) -> Outcome {
        let is_value_indicator = self.token.kind == TokenKind::ValueIndicator;
        let indent = self.stack.last().and_then(Part::indent).unwrap_or(0);
        let parent = self.stack.len().checked_sub(2).map(|at| &self.stack[at]);
        match parent {
            Some(Part::Mapping(map)) => {
                let awaits_separator = map.items.last().is_some_and(|item| item.separator.is_none());
                let is_newline = self.token.kind == TokenKind::Newline;
                if (is_value_indicator && map.indent == indent) || (is_newline && awaits_separator) {
                    return Ends;
                }
            }
            Some(Part::Flow(_)) => return self.end_of_line(),
            _ => {}
        }
        if !is_value_indicator {
            return self.end_of_line();
        }
        let Some(Part::Flow(mut flow)) = self.stack.pop() else { return Taken };
        let start = self.take_props_of_top();
        flow.settle_items();
        let mut separator = flow.end.split_off(1);
        separator.push(self.token);
        let (at, indent) = (flow.open.start, flow.indent);
        self.push_mapping(at, indent, Item::pair(start, Some(Part::Flow(flow)), separator));
        self.is_on_key_line = true;
        Taken
    }
}
