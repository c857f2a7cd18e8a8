//! How a node that is complete comes into the one that holds it.

use super::super::part::{Collection, Flow, Item, Part, Run};
use super::super::token::{Token, TokenKind};
use super::{Nesting, Piece};

impl Nesting<'_> {
    /// Gives a node to the one that holds it.
    pub(super) fn attach(&mut self, mut part: Part) {
        // A leaf holds nothing, so that it ends when something is given to it.
        while matches!(self.stack.last(), Some(Part::Leaf(_) | Part::Stray(_) | Part::DocumentEnd { .. })) {
            self.pop();
        }
        let Some(top) = self.stack.last_mut() else {
            self.documents += usize::from(matches!(part, Part::Document(_)));
            self.pieces.extend(match part {
                Part::Document(body) => Some(Piece::Document(body)),
                Part::DocumentEnd { mark, tail } => Some(Piece::DocumentEnd { mark, tail }),
                Part::Stray(token) => Some(Piece::Stray(token)),
                _ => None,
            });
            return;
        };
        match &mut part {
            Part::Block(block) => block.indent = top.indent().unwrap_or(0),
            Part::Flow(flow) => {
                if matches!(top, Part::Document(_)) {
                    flow.indent = 0;
                }
                flow.settle_items();
            }
            _ => {}
        }
        match top {
            Part::Document(body) => {
                if let Some(rest) = take_rest(&mut part) {
                    body.tail = Some(rest.start);
                }
                body.value = Some(Box::new(part));
            }
            Part::Block(block) => {
                if let Part::Stray(token) = part {
                    block.head.push(token);
                }
            }
            Part::Mapping(map) => {
                if let Some(is_on_key_line) = to_mapping(map, part) {
                    self.is_on_key_line = is_on_key_line;
                }
            }
            Part::Sequence(list) => {
                let rest = take_rest(&mut part);
                match list.items.last_mut() {
                    Some(item) if item.value.is_none() => item.value = Some(Box::new(part)),
                    _ => list.items.push(Item { value: Some(Box::new(part)), ..Item::default() }),
                }
                list.items.extend(rest);
            }
            Part::Flow(flow) => to_flow(flow, part),
            _ => {}
        }
    }
}

/// Gives a key or a value to a mapping; for a key, tells whether its line goes on.
fn to_mapping(map: &mut Collection, mut part: Part) -> Option<bool> {
    match map.items.last_mut() {
        Some(item) if item.value.is_none() && item.separator.is_some() => {
            let rest = take_rest(&mut part);
            item.value = Some(Box::new(part));
            map.items.extend(rest);
            None
        }
        Some(item) if item.value.is_none() => {
            item.key = Some(Box::new(part));
            item.separator = Some(Run::default());
            Some(!item.is_explicit)
        }
        _ => {
            map.items.push(Item::pair(Run::default(), Some(part), Run::default()));
            Some(true)
        }
    }
}

fn to_flow(flow: &mut Flow, part: Part) {
    match flow.items.last_mut() {
        Some(item) if item.value.is_none() && item.separator.is_some() => item.value = Some(Box::new(part)),
        Some(item) if item.value.is_none() => {
            item.key = Some(Box::new(part));
            item.separator = Some(Run::default());
        }
        _ => flow.items.push(Item::pair(Run::default(), Some(part), Run::default())),
    }
}

/// Takes the last item when it is nothing but blank lines and comments that belong to whoever holds this node.
fn take_rest(part: &mut Part) -> Option<Item> {
    let (Part::Mapping(it) | Part::Sequence(it)) = part else { return None };
    let last = it.items.last()?;
    let is_outer = |token: &Token| token.kind != TokenKind::Comment || token.indent < it.indent;
    let is_rest = last.separator.is_none()
        && last.value.is_none()
        && !last.start.is_empty()
        && last.start.is_void()
        && (it.indent == 0 || last.start.tokens.iter().all(is_outer));
    if is_rest { it.items.pop() } else { None }
}
