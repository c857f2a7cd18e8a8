//! Documents: headers and assignments, one a line (`smol-toml/dist/parse.js`).

use super::builder::{Builder, ROOT};
use super::dialect::{Construct, DialectNote};
use super::error::{Fault, Reason};
use super::scan::Scanner;
use super::{key, value};
use crate::text::span::{FileId, Span};
use crate::text::tree::Node;

/// What the vendor's parser skips at the start of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads a whole document.
pub(super) fn document(text: &str, file: FileId) -> Result<(Node, Vec<DialectNote>), Fault> {
    let mut scanner = Scanner::new(text, file);
    let mut builder = Builder::new(Span::new(file, 0, text.len()));
    if text.starts_with(BYTE_ORDER_MARK) {
        scanner.at = BYTE_ORDER_MARK.len_utf8();
        scanner.note(Construct::ByteOrderMark, 0, scanner.at);
    }
    scanner.skip_void()?;
    let mut table = ROOT;
    while let Some(byte) = scanner.byte() {
        if byte == b'[' {
            table = header(&mut scanner, &mut builder)?;
        } else {
            assignment(&mut scanner, &mut builder, table)?;
        }
        scanner.skip_line_rest()?;
        match scanner.byte() {
            None => {}
            Some(_) if scanner.at_line_break() => {}
            Some(b'\r') => return Err(scanner.fault(Reason::LoneCarriageReturn)),
            Some(_) => return Err(scanner.fault_about(Reason::LineEnd)),
        }
        scanner.skip_void()?;
    }
    match scanner.unprintable {
        Some(fault) => Err(fault),
        None => {
            scanner.notes.sort_by_key(|note| note.span.start);
            Ok((builder.finish(), scanner.notes))
        }
    }
}

/// Reads `[a.b]` or `[[a.b]]` and gives the table that it opens.
fn header(scanner: &mut Scanner<'_>, builder: &mut Builder) -> Result<usize, Fault> {
    let start = scanner.at;
    let is_list = scanner.byte_ahead(1) == Some(b'[');
    scanner.at += if is_list { 2 } else { 1 };
    let name = scanner.at;
    let parts = key::key(scanner, b']')?;
    if is_list {
        if scanner.byte() != Some(b']') {
            return Err(scanner.fault(Reason::UnclosedListHeader));
        }
        scanner.at += 1;
    }
    let span = scanner.span_from(start);
    builder.header(parts, is_list, span).map_err(|conflict| value::at(name, conflict))
}

/// Reads `key = value`.
fn assignment(scanner: &mut Scanner<'_>, builder: &mut Builder, table: usize) -> Result<(), Fault> {
    let start = scanner.at;
    let parts = key::key(scanner, b'=')?;
    let place = builder.key(table, parts).map_err(|conflict| value::at(start, conflict))?;
    scanner.skip_blanks();
    value::value(scanner, builder, place)
}
