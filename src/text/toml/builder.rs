//! The tree while it grows, with what each key was defined as (`smol-toml/dist/parse.js`, `struct.js`).
//!
//! Tables and arrays that can still grow live in a list in which parents come before their children. They are moved
//! into their parents from the end of the list, so that nothing here recurses.

use super::MAX_TREE_DEPTH;
use super::error::{Reason, brief};
use super::key::Part;
use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};

/// The number of the document's own table.
pub(super) const ROOT: usize = 0;

/// Greatest key that JavaScript orders by its number.
const MAX_INDEX: u64 = (1 << 32) - 2;

/// A key or table that cannot be defined.
pub(super) struct Conflict {
    /// What is wrong.
    pub(super) reason: Reason,
    /// The earlier definition.
    pub(super) related: Option<Span>,
}

/// Where a value belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    container: usize,
    position: usize,
}

/// What a key was defined as.
#[derive(Clone, Copy)]
enum Definition {
    /// A value; nothing can be added.
    Value,
    /// A table that dotted keys opened.
    Dotted(usize),
    /// A table of a header, or on the way to one.
    Header { table: usize, defined: bool },
    /// A table on the way to an array of tables.
    OnTheWay { table: usize, defined: bool },
    /// An array of tables and its last table.
    List { array: usize, last: usize },
}

/// Who opens a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opener {
    DottedKey,
    TableHeader,
    ListHeader,
}

enum Content {
    /// A table and the definition of each of its keys, by position.
    Table(Table, Vec<Definition>),
    Array(Vec<Node>),
}

struct Container {
    place: Place,
    depth: usize,
    span: Span,
    content: Content,
}

/// The growing tree.
pub(super) struct Builder {
    file: FileId,
    containers: Vec<Container>,
}

impl Builder {
    /// Starts with an empty document that has that span.
    pub(super) fn new(span: Span) -> Builder {
        let place = Place { container: ROOT, position: 0 };
        let content = Content::Table(Table::default(), Vec::new());
        Builder { file: span.file, containers: vec![Container { place, depth: 0, span, content }] }
    }

    /// Opens the table of a header, or a new table of an array of tables. Gives its number.
    pub(super) fn header(&mut self, parts: Vec<Part>, is_list: bool, span: Span) -> Result<usize, Conflict> {
        let opener = if is_list { Opener::ListHeader } else { Opener::TableHeader };
        let (table, last) = self.walk(ROOT, parts, opener)?;
        let found = self.definition(table, &last.name);
        if is_list {
            return self.list_item(table, found, last, span);
        }
        match found {
            None => {
                let place = self.place(table, &last);
                let opened = self.open_table(place, span)?;
                self.define(place, Definition::Header { table: opened, defined: true });
                Ok(opened)
            }
            Some(
                Definition::Header { table: opened, defined: false }
                | Definition::OnTheWay { table: opened, defined: false },
            ) => {
                let place = self.containers[opened].place;
                let defined = match found {
                    Some(Definition::Header { .. }) => Definition::Header { table: opened, defined: true },
                    _ => Definition::OnTheWay { table: opened, defined: true },
                };
                self.define(place, defined);
                self.containers[opened].span = span;
                self.move_key(place, self.key_span(&last));
                Ok(opened)
            }
            Some(_) => Err(self.redefined(table, last)),
        }
    }

    fn list_item(
        &mut self,
        table: usize,
        found: Option<Definition>,
        name: Part,
        span: Span,
    ) -> Result<usize, Conflict> {
        let array = match found {
            None => {
                let place = self.place(table, &name);
                self.open(place, span, Content::Array(Vec::new()))?
            }
            Some(Definition::List { array, .. }) => array,
            Some(_) => return Err(self.redefined(table, name)),
        };
        let item = self.item(array);
        let last = self.open_table(item, span)?;
        self.define(self.containers[array].place, Definition::List { array, last });
        Ok(last)
    }

    /// Makes room for the value of a key in a table.
    pub(super) fn key(&mut self, table: usize, parts: Vec<Part>) -> Result<Place, Conflict> {
        let (table, last) = self.walk(table, parts, Opener::DottedKey)?;
        if self.definition(table, &last.name).is_some() {
            return Err(self.redefined(table, last));
        }
        Ok(self.place(table, &last))
    }

    /// Makes room for the next item of an array.
    pub(super) fn item(&mut self, array: usize) -> Place {
        let span = self.containers[array].span;
        let Content::Array(items) = &mut self.containers[array].content else {
            return Place { container: array, position: 0 };
        };
        items.push(Node { kind: Kind::Null, span });
        Place { container: array, position: items.len() - 1 }
    }

    /// Opens a table at a place.
    pub(super) fn open_table(&mut self, place: Place, span: Span) -> Result<usize, Conflict> {
        self.open(place, span, Content::Table(Table::default(), Vec::new()))
    }

    /// Opens an array at a place.
    pub(super) fn open_array(&mut self, place: Place, span: Span) -> Result<usize, Conflict> {
        self.open(place, span, Content::Array(Vec::new()))
    }

    /// Puts a finished value at its place.
    pub(super) fn put(&mut self, place: Place, node: Node) {
        match &mut self.containers[place.container].content {
            Content::Array(items) => items[place.position] = node,
            Content::Table(table, _) => {
                if let Some((_, entry)) = table.0.get_index_mut(place.position) {
                    entry.value = node;
                }
            }
        }
    }

    /// Finishes a container and all inside it; nothing can be added to them any more.
    pub(super) fn close(&mut self, number: usize, span: Span) {
        self.containers[number].span = span;
        while self.containers.len() > number.max(1) {
            if let Some(container) = self.containers.pop() {
                let place = container.place;
                self.put(place, finish(container));
            }
        }
    }

    /// Finishes the document.
    pub(super) fn finish(mut self) -> Node {
        let span = self.containers[ROOT].span;
        self.close(ROOT, span);
        self.containers.pop().map_or(Node { kind: Kind::Table(Table::default()), span }, finish)
    }

    /// Follows all but the last part, opening tables that are missing.
    fn walk(&mut self, from: usize, mut parts: Vec<Part>, opener: Opener) -> Result<(usize, Part), Conflict> {
        let last = parts.pop().unwrap_or(Part { name: String::new(), start: 0, end: 0 });
        let mut table = from;
        for part in parts {
            table = match (self.definition(table, &part.name), opener) {
                (None, _) => self.open_on_the_way(table, &part, opener)?,
                (Some(Definition::Dotted(inner) | Definition::OnTheWay { table: inner, .. }), _)
                | (Some(Definition::Header { table: inner, .. }), Opener::TableHeader | Opener::ListHeader)
                | (Some(Definition::List { last: inner, .. }), Opener::TableHeader | Opener::ListHeader) => inner,
                (Some(_), _) => return Err(self.redefined(table, part)),
            };
        }
        Ok((table, last))
    }

    fn open_on_the_way(&mut self, table: usize, part: &Part, opener: Opener) -> Result<usize, Conflict> {
        let place = self.place(table, part);
        let opened = self.open_table(place, self.key_span(part))?;
        let definition = match opener {
            Opener::DottedKey => Definition::Dotted(opened),
            Opener::TableHeader => Definition::Header { table: opened, defined: false },
            Opener::ListHeader => Definition::OnTheWay { table: opened, defined: false },
        };
        self.define(place, definition);
        Ok(opened)
    }

    fn open(&mut self, place: Place, span: Span, content: Content) -> Result<usize, Conflict> {
        let depth = self.containers[place.container].depth + 1;
        if depth > MAX_TREE_DEPTH {
            return Err(Conflict { reason: Reason::TooDeep(MAX_TREE_DEPTH), related: None });
        }
        self.containers.push(Container { place, depth, span, content });
        Ok(self.containers.len() - 1)
    }

    fn definition(&self, table: usize, name: &str) -> Option<Definition> {
        let Content::Table(table, definitions) = &self.containers[table].content else { return None };
        definitions.get(table.0.get_index_of(name)?).copied()
    }

    fn define(&mut self, place: Place, definition: Definition) {
        if let Content::Table(_, definitions) = &mut self.containers[place.container].content {
            definitions[place.position] = definition;
        }
    }

    /// Adds a key that has nothing as its value yet.
    fn place(&mut self, container: usize, part: &Part) -> Place {
        let span = self.key_span(part);
        let mut position = 0;
        if let Content::Table(table, definitions) = &mut self.containers[container].content {
            position = table.len();
            table.insert(part.name.as_str(), span, Node { kind: Kind::Null, span });
            definitions.push(Definition::Value);
        }
        Place { container, position }
    }

    fn move_key(&mut self, place: Place, span: Span) {
        if let Content::Table(table, _) = &mut self.containers[place.container].content
            && let Some((_, entry)) = table.0.get_index_mut(place.position)
        {
            entry.key_span = span;
        }
    }

    fn key_span(&self, part: &Part) -> Span {
        Span::new(self.file, part.start, part.end)
    }

    fn redefined(&self, table: usize, part: Part) -> Conflict {
        let related = match &self.containers[table].content {
            Content::Table(table, _) => table.key_span(&part.name),
            Content::Array(_) => None,
        };
        Conflict { reason: Reason::Redefined(brief(part.name.chars())), related }
    }
}

/// Turns a container whose children are in place into a node, with the keys in JavaScript's order.
///
/// A collection of one item would keep room for four; over millions of them that is gigabytes.
fn finish(container: Container) -> Node {
    let kind = match container.content {
        Content::Array(mut items) => {
            items.shrink_to_fit();
            Kind::Array(items)
        }
        Content::Table(mut table, _) => {
            if table.0.keys().any(|key| index(key).is_some()) {
                table.0.sort_by_cached_key(|key, _| index(key).unwrap_or(u64::MAX));
            }
            table.0.shrink_to_fit();
            Kind::Table(table)
        }
    };
    Node { kind, span: container.span }
}

/// The number of a key that JavaScript takes for an array index (ECMA-262, `OrdinaryOwnPropertyKeys`).
fn index(key: &str) -> Option<u64> {
    let canonical = key == "0" || (key.bytes().all(|byte| byte.is_ascii_digit()) && !key.starts_with('0'));
    if !canonical || key.len() > 10 {
        return None;
    }
    key.parse().ok().filter(|index| *index <= MAX_INDEX)
}

#[cfg(test)]
mod tests {
    use super::index;

    #[test]
    fn only_canonical_numbers_are_indexes() {
        assert_eq!([index("0"), index("10"), index("4294967294")], [Some(0), Some(10), Some(4_294_967_294)]);
        for name in ["", "00", "01", "-1", "1.0", "4294967295", "12345678901", "a"] {
            assert_eq!(index(name), None, "{name}");
        }
    }
}
