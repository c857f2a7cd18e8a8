//! Values: what the next characters start, and arrays and inline tables (`smol-toml/dist/extract.js`, `struct.js`).
//!
//! Nested values are kept on a list of open brackets, so that nothing here recurses.

use super::builder::{Builder, Conflict, Place};
use super::dialect::Construct;
use super::error::{Fault, Reason};
use super::scan::{Gap, Scanner};
use super::{MAX_DEPTH, date, dialect, key, number, string};
use crate::text::tree::{Kind, Node};

/// The type of a value as the previous engine's parser told types apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    String,
    Boolean,
    Integer,
    Float,
    /// `inf` and `nan`.
    Special,
    Date,
    Array,
    Table,
}

/// An open bracket.
struct Bracket {
    /// Where it stands.
    start: usize,
    /// The table or array of the tree.
    container: usize,
    /// The bracket that closes it.
    closer: u8,
    /// Offset of the comma that was read last.
    comma: Option<usize>,
    /// Type of the first item.
    sort: Option<Sort>,
    /// Whether a different type was met and noted.
    mixed: bool,
}

/// What comes next.
enum Step {
    /// A value for that place.
    Value(Place),
    /// The next item of the innermost bracket, or its end.
    Item,
    /// A comma or the end of the innermost bracket.
    Separator,
}

/// Reads the value that starts at the scanner and puts it at its place.
pub(super) fn value(scanner: &mut Scanner<'_>, builder: &mut Builder, place: Place) -> Result<(), Fault> {
    let mut reader = Reader { scanner, builder, brackets: Vec::new() };
    let mut step = Step::Value(place);
    loop {
        step = match step {
            Step::Value(place) => reader.start(place)?,
            Step::Item => reader.item()?,
            Step::Separator if reader.brackets.is_empty() => return Ok(()),
            Step::Separator => reader.separator()?,
        };
    }
}

struct Reader<'s, 't> {
    scanner: &'s mut Scanner<'t>,
    builder: &'s mut Builder,
    brackets: Vec<Bracket>,
}

impl Reader<'_, '_> {
    fn start(&mut self, place: Place) -> Result<Step, Fault> {
        match self.scanner.byte() {
            Some(b'[') => self.open(place, b']', Sort::Array),
            Some(b'{') => self.open(place, b'}', Sort::Table),
            _ => {
                let start = self.scanner.at;
                let closer = self.brackets.last().map(|bracket| bracket.closer);
                let (kind, sort) = scalar(self.scanner, closer)?;
                self.note_sort(sort, start, self.scanner.at);
                if sort == Sort::Date {
                    self.note_cramped(start);
                }
                let span = self.scanner.span_from(start);
                self.builder.put(place, Node { kind, span });
                Ok(Step::Separator)
            }
        }
    }

    fn open(&mut self, place: Place, closer: u8, sort: Sort) -> Result<Step, Fault> {
        let start = self.scanner.at;
        if self.brackets.len() == MAX_DEPTH {
            return Err(self.scanner.fault(Reason::TooDeep(MAX_DEPTH)));
        }
        self.note_sort(sort, start, start + 1);
        let span = self.scanner.span_from(start);
        let opened =
            if closer == b']' { self.builder.open_array(place, span) } else { self.builder.open_table(place, span) };
        let container = opened.map_err(|conflict| at(start, conflict))?;
        self.scanner.at += 1;
        self.brackets.push(Bracket { start, container, closer, comma: None, sort: None, mixed: false });
        Ok(Step::Item)
    }

    fn item(&mut self) -> Result<Step, Fault> {
        let Some(&Bracket { start, container, closer, comma, .. }) = self.brackets.last() else {
            return Ok(Step::Separator);
        };
        if self.scanner.byte().is_none() {
            return Err(Fault::new(start, Reason::Unclosed(char::from(closer))));
        }
        self.skip_gap(closer)?;
        if self.scanner.byte() == Some(closer) {
            if let Some(comma) = comma.filter(|_| closer == b'}') {
                self.scanner.note(Construct::InlineTableTrailingComma, comma, comma + 1);
            }
            return Ok(self.close());
        }
        if closer == b']' {
            return Ok(Step::Value(self.builder.item(container)));
        }
        let start = self.scanner.at;
        let parts = key::key(self.scanner, b'=')?;
        let place = self.builder.key(container, parts).map_err(|conflict| at(start, conflict))?;
        self.scanner.skip_blanks();
        Ok(Step::Value(place))
    }

    fn separator(&mut self) -> Result<Step, Fault> {
        let Some(closer) = self.brackets.last().map(|bracket| bracket.closer) else { return Ok(Step::Separator) };
        self.skip_gap(closer)?;
        match self.scanner.byte() {
            Some(byte) if byte == closer => Ok(self.close()),
            Some(b',') => {
                if let Some(bracket) = self.brackets.last_mut() {
                    bracket.comma = Some(self.scanner.at);
                }
                self.scanner.at += 1;
                Ok(Step::Item)
            }
            _ => {
                let found = self.scanner.character();
                Err(self.scanner.fault(Reason::ItemEnd { closer: char::from(closer), found }))
            }
        }
    }

    fn close(&mut self) -> Step {
        self.scanner.at += 1;
        if let Some(bracket) = self.brackets.pop() {
            self.builder.close(bracket.container, self.scanner.span_from(bracket.start));
        }
        Step::Separator
    }

    fn skip_gap(&mut self, closer: u8) -> Result<(), Fault> {
        let Gap { line_break, comment } = self.scanner.skip_void()?;
        if closer == b'}' {
            if let Some(at) = line_break {
                self.scanner.note(Construct::InlineTableLineBreak, at, at + 1);
            }
            if let Some((start, end)) = comment {
                self.scanner.note(Construct::InlineTableComment, start, end);
            }
        }
        Ok(())
    }

    fn note_sort(&mut self, sort: Sort, start: usize, end: usize) {
        let Some(bracket) = self.brackets.last_mut().filter(|bracket| bracket.closer == b']') else { return };
        let first = *bracket.sort.get_or_insert(sort);
        if first != sort && !bracket.mixed {
            bracket.mixed = true;
            self.scanner.note(Construct::MixedArray, start, end);
        }
    }

    fn note_cramped(&mut self, start: usize) {
        let (written, rest) = self.scanner.text[start..].split_at(self.scanner.at - start);
        if dialect::is_cramped(written, rest, !self.brackets.is_empty()) {
            self.scanner.note(Construct::CrampedDate, start, self.scanner.at);
        }
    }
}

/// Places a conflict.
pub(super) fn at(offset: usize, conflict: Conflict) -> Fault {
    Fault { related: conflict.related, ..Fault::new(offset, conflict.reason) }
}

/// Reads a value that is not in brackets.
fn scalar(scanner: &mut Scanner<'_>, closer: Option<u8>) -> Result<(Kind, Sort), Fault> {
    let start = scanner.at;
    let text = |value| Kind::String(value);
    match scanner.byte() {
        Some(b'"' | b'\'') => Ok((text(string::string(scanner)?), Sort::String)),
        Some(b't') => word(scanner, "true", closer).map(|()| (Kind::Bool(true), Sort::Boolean)),
        Some(b'f') => word(scanner, "false", closer).map(|()| (Kind::Bool(false), Sort::Boolean)),
        Some(b'+' | b'-') => number::number(scanner, closer),
        _ => {
            let is = |ahead, byte: u8| scanner.unit(ahead) == Some(u16::from(byte));
            let digit = |ahead| scanner.unit(ahead).is_some_and(date::is_digit);
            if is(4, b'-') && is(7, b'-') {
                if (0..4).all(digit) {
                    return Ok((text(date::date(scanner)?), Sort::Date));
                }
            } else if is(2, b':') {
                if !digit(0) {
                    // The vendor's parser steps back one character before it reports this.
                    return Err(Fault { at: start.saturating_sub(1), ..number::invalid(scanner, start, closer) });
                }
                if digit(1) {
                    return Ok((text(date::time(scanner)?), Sort::Date));
                }
            }
            number::number(scanner, closer)
        }
    }
}

fn word(scanner: &mut Scanner<'_>, word: &str, closer: Option<u8>) -> Result<(), Fault> {
    if !scanner.text[scanner.at..].starts_with(word) {
        return Err(number::invalid(scanner, scanner.at, closer));
    }
    scanner.at += word.len();
    Ok(())
}
