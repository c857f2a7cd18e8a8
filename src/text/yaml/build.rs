//! From written nodes to values: types of plain scalars, aliases, merges, repeated keys.

use std::collections::{HashMap, HashSet};

use super::compose::Findings;
use super::doubt::DoubtKind;
use super::error::{ErrorKind, SyntaxError};
use super::raw::{Content, Raw, Style};
use super::{Document, Doubt};
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// How often one anchor may be used, weighed by what its own aliases bring (npm `yaml`, `maxAliasCount`).
const MAX_ALIAS_COUNT: u64 = 100;

/// Nodes and bytes of text that aliases may bring in all.
const MAX_COPIED: usize = 8 << 20;

/// Makes the value of the document, and completes its marks and doubts.
pub(super) fn build(raw: Option<Raw>, text: &str, findings: Findings) -> Document {
    let mut used = HashSet::new();
    if let Some(raw) = &raw {
        collect_aliases(raw, &mut used);
    }
    let mut builder = Builder { text, used, findings, ..Builder::default() };
    let root = raw.map(|raw| builder.node(raw));
    let Findings { mut errors, mut doubts, mut marks } = builder.findings;
    // The reference follows aliases only when the syntax holds.
    if errors.is_empty() {
        errors = builder.faults;
    }
    doubts.sort_by_key(|doubt| (doubt.span, doubt.kind));
    marks.sort();
    Document { root, errors, doubts, marks }
}

/// The names that aliases use, so that no other anchor has to be kept.
fn collect_aliases(raw: &Raw, used: &mut HashSet<String>) {
    match &raw.content {
        Content::Alias(name) => {
            used.insert(name.clone());
        }
        Content::Sequence { items, .. } => items.iter().for_each(|item| collect_aliases(item, used)),
        Content::Mapping { pairs, .. } => pairs.iter().for_each(|(key, value)| {
            collect_aliases(key, used);
            collect_aliases(value, used);
        }),
        Content::Scalar { .. } | Content::Merge => {}
    }
}

/// A node that aliases can name.
#[derive(Default)]
struct Anchor {
    /// `None` while it is being read: it cannot hold itself.
    node: Option<Node>,
    size: usize,
    /// How often it was met, itself included.
    count: u64,
    /// What one use of it weighs; found when it is used first.
    weight: u64,
    has_scalar: bool,
    /// The anchors that aliases in it name.
    holds: HashSet<usize>,
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    used: HashSet<String>,
    names: HashMap<String, usize>,
    anchors: Vec<Anchor>,
    /// Anchors whose nodes are being read.
    open: Vec<usize>,
    copied: usize,
    faults: Vec<SyntaxError>,
    findings: Findings,
}

impl Builder<'_> {
    fn node(&mut self, raw: Raw) -> Node {
        let Raw { span, anchor, has_tag, content } = raw;
        if has_tag {
            self.findings.marks.tagged.push(span);
        }
        let anchor = anchor.and_then(|name| self.enter(name, span));
        let kind = match content {
            Content::Scalar { value, style } => self.scalar(value, style, span),
            Content::Merge => Kind::String("<<".to_owned()),
            Content::Alias(name) => self.alias(&name, span),
            Content::Sequence { items, is_flow } => {
                self.note_flow(is_flow, span);
                Kind::Array(items.into_iter().map(|item| self.node(item)).collect())
            }
            Content::Mapping { pairs, is_flow } => {
                self.note_flow(is_flow, span);
                Kind::Table(self.mapping(pairs))
            }
        };
        let node = Node { kind, span };
        if let Some(anchor) = anchor {
            self.leave(anchor, &node);
        }
        node
    }

    fn note_flow(&mut self, is_flow: bool, span: Span) {
        if is_flow {
            self.findings.marks.flow.push(span);
        }
    }

    /// Notes an anchor; nothing has to be kept when no alias uses it.
    fn enter(&mut self, name: String, span: Span) -> Option<usize> {
        self.findings.marks.anchored.push(span);
        if !self.used.contains(&name) {
            return None;
        }
        let number = self.anchors.len();
        self.anchors.push(Anchor { count: 1, ..Anchor::default() });
        self.names.insert(name, number);
        self.open.push(number);
        Some(number)
    }

    fn leave(&mut self, number: usize, node: &Node) {
        self.open.pop();
        let size = size(node);
        let kept =
            if self.affords(size, node.span) { node.clone() } else { Node { kind: Kind::Null, span: node.span } };
        (self.anchors[number].node, self.anchors[number].size) = (Some(kept), size);
    }

    /// Takes that much from what may be copied.
    fn affords(&mut self, size: usize, span: Span) -> bool {
        let was_enough = self.copied <= MAX_COPIED;
        self.copied = self.copied.saturating_add(size);
        let is_enough = self.copied <= MAX_COPIED;
        if was_enough && !is_enough {
            self.fault(span, ErrorKind::Exhaustion, "aliases make the document too large".to_owned());
        }
        is_enough
    }

    fn fault(&mut self, span: Span, kind: ErrorKind, message: String) {
        self.faults.push(SyntaxError { span, kind, message });
    }

    fn doubt(&mut self, span: Span, kind: DoubtKind) {
        self.findings.doubts.push(Doubt { span, kind });
    }

    fn scalar(&mut self, value: Kind, style: Style, span: Span) -> Kind {
        for number in &self.open {
            self.anchors[*number].has_scalar = true;
        }
        match style {
            Style::Plain => {}
            Style::Quoted => self.findings.marks.quoted.push(span),
            Style::Block => self.findings.marks.blocks.push(span),
        }
        value
    }

    /// The value behind an alias, with the spans of the place that wrote it.
    fn alias(&mut self, name: &str, span: Span) -> Kind {
        self.findings.marks.aliases.push(span);
        let Some(number) = self.names.get(name).copied() else {
            self.fault(span, ErrorKind::Alias, format!("\"*{name}\" names no anchor that stands before it"));
            return Kind::Null;
        };
        for open in &self.open {
            self.anchors[*open].holds.insert(number);
        }
        let anchor = &self.anchors[number];
        if anchor.node.is_none() {
            self.fault(span, ErrorKind::Alias, format!("\"*{name}\" stands in the value that it names"));
            return Kind::Null;
        }
        if anchor.weight == 0 {
            let held =
                anchor.holds.iter().map(|held| self.anchors[*held].count.saturating_mul(self.anchors[*held].weight));
            self.anchors[number].weight = held.max().unwrap_or(0).max(u64::from(anchor.has_scalar));
        }
        let anchor = &mut self.anchors[number];
        anchor.count += 1;
        let (size, is_bomb) = (anchor.size, anchor.count.saturating_mul(anchor.weight) > MAX_ALIAS_COUNT);
        if is_bomb {
            if !self.faults.iter().any(|fault| fault.kind == ErrorKind::Exhaustion) {
                self.fault(span, ErrorKind::Exhaustion, "aliases of aliases make the document too large".to_owned());
            }
            return Kind::Null;
        }
        if !self.affords(size, span) {
            return Kind::Null;
        }
        self.anchors[number].node.as_ref().map_or(Kind::Null, |node| node.kind.clone())
    }

    fn mapping(&mut self, pairs: Vec<(Raw, Raw)>) -> Table {
        let mut table = Table::default();
        let mut has_merge = false;
        for (key, value) in pairs {
            let span = key.span;
            if matches!(key.content, Content::Merge) {
                self.findings.marks.merges.push(span);
                self.doubt(span, if has_merge { DoubtKind::SecondMerge } else { DoubtKind::Merge });
                has_merge = true;
                let value = self.node(value);
                self.merge(&mut table, value);
                continue;
            }
            let key = self.node(key);
            let name = key_text(&key, self.text.get(span.range()).unwrap_or_default());
            let value = self.node(value);
            table.insert(name, span, value);
        }
        table
    }

    /// Adds the keys that the mapping does not have yet (npm `yaml`, `schema/yaml-1.1/merge.js`).
    fn merge(&mut self, table: &mut Table, value: Node) {
        let span = value.span;
        let sources = if let Kind::Array(items) = value.kind { items } else { vec![value] };
        for source in sources {
            let Kind::Table(source) = source.kind else {
                self.fault(span, ErrorKind::Alias, "\"<<\" needs a mapping, or a list of mappings".to_owned());
                return;
            };
            for (name, entry) in source.0 {
                table.0.entry(name).or_insert(entry);
            }
        }
    }
}

/// The name that a key has as a property of an object.
fn key_text(key: &Node, written: &str) -> String {
    match &key.kind {
        Kind::Null => String::new(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => ecma::number_to_string(*value),
        Kind::String(text) => text.clone(),
        _ if written.starts_with(['[', '{']) => written.to_owned(),
        Kind::Array(_) => format!("[ {written} ]"),
        Kind::Table(_) => format!("{{ {written} }}"),
    }
}

/// What a copy of a node takes, about.
fn size(node: &Node) -> usize {
    8 + match &node.kind {
        Kind::String(text) => text.len() / 8,
        Kind::Array(items) => items.iter().map(size).sum(),
        Kind::Table(table) => table.iter().map(|(key, entry)| key.len() / 8 + 8 + size(&entry.value)).sum(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => 0,
    }
}
