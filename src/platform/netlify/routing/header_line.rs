//! The lines of `_headers`.

use indexmap::IndexMap;

use super::error::{Reason, RoutingError, Subject};
use super::side_file::{FileText, Line, lines};
use crate::text::ecma;
use crate::text::span::Span;

/// A path of `_headers` and the headers below it.
pub(super) struct PathBlock<'a> {
    pub(super) path: &'a str,
    pub(super) span: Span,
    pub(super) values: IndexMap<&'a str, Value>,
}

/// The values of one name below one path, joined with commas.
pub(super) struct Value {
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
}

enum Parsed<'a> {
    Path(&'a str),
    Header { name: &'a str, value: &'a str },
    Ignored,
}

/// Reads a side file; errors of lines come before errors of order (`headers-parser/src/line_parser.ts`).
pub(super) fn parse(file: FileText<'_>) -> (Vec<PathBlock<'_>>, Vec<RoutingError>) {
    let (mut blocks, mut errors, mut misplaced) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines(file) {
        match parse_line(&line) {
            Err(reason) => errors.push(line.error(Subject::Header, reason)),
            Ok(Parsed::Ignored) => {}
            Ok(Parsed::Path(path)) => blocks.push(PathBlock { path, span: line.span(), values: IndexMap::new() }),
            Ok(Parsed::Header { name, value }) => match blocks.last_mut() {
                Some(block) => add(block, name, value, line.span()),
                None => {
                    let reason = Reason::HeaderBeforePath { name: name.to_owned() };
                    misplaced.push(line.error(Subject::Header, reason));
                }
            },
        }
    }
    errors.append(&mut misplaced);
    (blocks, errors)
}

fn parse_line<'a>(line: &Line<'a>) -> Result<Parsed<'a>, Reason> {
    if line.text.starts_with('/') {
        return Ok(Parsed::Path(line.text));
    }
    let Some((name, value)) = line.text.split_once(':') else { return Ok(Parsed::Ignored) };
    let (name, value) = (ecma::trim(name), ecma::trim(value));
    if name.is_empty() {
        return Err(Reason::EmptyHeaderName { name: String::new() });
    }
    if value.is_empty() {
        return Err(Reason::MissingHeaderValue { name: name.to_owned() });
    }
    Ok(Parsed::Header { name, value })
}

fn add<'a>(block: &mut PathBlock<'a>, name: &'a str, value: &str, span: Span) {
    let present = block.values.entry(name).or_insert_with(|| Value { text: inherited(name), spans: Vec::new() });
    if !present.text.is_empty() {
        present.text.push_str(", ");
    }
    present.text.push_str(value);
    present.spans.push(span);
}

/// What a fresh table already holds under a name: the parser looks it up without asking whether the table owns it, so
/// that names of `Object.prototype` are joined with the text of what JavaScript keeps there.
fn inherited(name: &str) -> String {
    match name {
        "__proto__" => "[object Object]".to_owned(),
        "constructor" => native("Object"),
        "__defineGetter__"
        | "__defineSetter__"
        | "__lookupGetter__"
        | "__lookupSetter__"
        | "hasOwnProperty"
        | "isPrototypeOf"
        | "propertyIsEnumerable"
        | "toLocaleString"
        | "toString"
        | "valueOf" => native(name),
        _ => String::new(),
    }
}

fn native(name: &str) -> String {
    format!("function {name}() {{ [native code] }}")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::FILE;
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let (blocks, errors) = parse(FileText { text, file: FILE });
        let print = |block: PathBlock<'_>| {
            let values: Vec<_> = block.values.iter().map(|(name, value)| format!("{name}={}", value.text)).collect();
            format!("{}: {}", block.path, values.join(" | "))
        };
        (blocks.into_iter().map(print).collect(), errors.iter().map(RoutingError::first_line).collect())
    }

    #[test]
    fn headers_belong_to_the_path_above_whatever_the_indentation() {
        let (blocks, errors) = read("/a: b\nX: 1 # kept\n  Y :2\n\t# no\n  /b\n\u{a0}X: http://c\n");
        assert_eq!(blocks, ["/a: b: X=1 # kept | Y=2", "/b: X=http://c"]);
        assert!(errors.is_empty());
    }

    #[test]
    fn values_of_one_name_are_joined_and_keep_their_lines() {
        let text = "/a\nX: 1\nx: 2\nX: 3";
        let (blocks, _) = parse(FileText { text, file: FILE });
        let value = &blocks[0].values["X"];
        assert_eq!(value.text, "1, 3");
        assert_eq!(value.spans.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), ["X: 1", "X: 3"]);
    }

    #[test]
    fn a_line_without_colon_is_ignored() {
        assert_eq!(read("nothing\n/a\nnothing\nX:1").0, ["/a: X=1"]);
    }

    #[test]
    fn errors_of_lines_come_before_errors_of_order() {
        let (blocks, errors) = read("X: 1\n : 2\n/a\nX:\n:");
        assert_eq!(blocks, ["/a: "]);
        let expected = [
            "Could not parse header line 2:",
            "Could not parse header line 4:",
            "Could not parse header line 5:",
            "Path should come before header \"X\"",
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn names_that_every_object_has_are_joined_with_what_it_has() {
        let (blocks, _) = read("/a\nconstructor: x\ntoString: y\n__proto__: z\n__proto__: w");
        let expected = "/a: constructor=function Object() { [native code] }, x \
                        | toString=function toString() { [native code] }, y | __proto__=[object Object], z, w";
        assert_eq!(blocks, [expected]);
    }
}
