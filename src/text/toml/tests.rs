#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{MAX_DEPTH, MAX_TREE_DEPTH, Reason, TomlError, parse};
use crate::text::span::FileId;
use crate::text::tree::{Kind, Node};

fn tree(text: &str) -> Node {
    parse(text, FileId(3)).unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

fn error(text: &str) -> TomlError {
    parse(text, FileId(3)).unwrap_err()
}

/// Keys and values in order, as `JSON.stringify` prints them.
fn json(text: &str) -> String {
    fn print(node: &Node) -> String {
        match &node.kind {
            Kind::Table(table) => {
                let entries = table.iter().map(|(key, entry)| format!("{key:?}:{}", print(&entry.value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
            Kind::Array(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(",")),
            _ => node.to_json().to_string(),
        }
    }
    print(&tree(text))
}

/// What each value and key covers, in order.
fn spans(text: &str) -> Vec<String> {
    fn collect<'t>(node: &Node, text: &'t str, into: &mut Vec<&'t str>) {
        into.push(&text[node.span.range()]);
        match &node.kind {
            Kind::Table(table) => table.iter().for_each(|(_, entry)| {
                into.push(&text[entry.key_span.range()]);
                collect(&entry.value, text, into);
            }),
            Kind::Array(items) => items.iter().for_each(|item| collect(item, text, into)),
            _ => {}
        }
    }
    let root = tree(text);
    let mut into = Vec::new();
    collect(&root, text, &mut into);
    into.into_iter().skip(1).map(str::to_owned).collect()
}

fn redefines(text: &str) {
    assert!(matches!(error(text).reason, Reason::Redefined(_)), "{text}");
}

#[test]
fn headers_and_dotted_keys_build_tables() {
    assert_eq!(
        json("a.b = 1\n[c.d]\ne = true\n[[f]]\n[[f]]\ng = []\n"),
        r#"{"a":{"b":1},"c":{"d":{"e":true}},"f":[{},{"g":[]}]}"#
    );
    assert_eq!(json("[[a.b]]\n[a.b.c]\nd = 1\n[[a.b]]\n"), r#"{"a":{"b":[{"c":{"d":1}},{}]}}"#);
    assert_eq!(json("a = { b.c = 1, b.d = { e = 'x' } }"), r#"{"a":{"b":{"c":1,"d":{"e":"x"}}}}"#);
    assert_eq!(json(""), "{}");
}

#[test]
fn line_ends_may_be_lf_or_crlf() {
    assert_eq!(json("a = 1\r\n\r\n# c\r\nb = [\r\n2,\r\n]\r\n"), r#"{"a":1,"b":[2]}"#);
    assert_eq!(error("a = 1\rb = 2").reason, Reason::LoneCarriageReturn);
}

#[test]
fn inline_tables_may_span_lines() {
    assert_eq!(json("a = {\n  b = 1, # one\n  c = 2,\n}"), r#"{"a":{"b":1,"c":2}}"#);
}

#[test]
fn keys_that_look_like_array_indexes_come_first() {
    assert_eq!(
        json("b = 1\n10 = 2\n2 = 3\n01 = 4\na = { z = 1, 0 = 2 }"),
        r#"{"2":3,"10":2,"b":1,"01":4,"a":{"0":2,"z":1}}"#
    );
}

#[test]
fn names_of_javascript_objects_are_ordinary_keys() {
    assert_eq!(json("__proto__.x = 1\n[constructor]\n"), r#"{"__proto__":{"x":1},"constructor":{}}"#);
}

#[test]
fn a_byte_order_mark_is_skipped_and_counted() {
    assert_eq!(json("\u{feff}a = 1"), r#"{"a":1}"#);
    assert_eq!(error("\u{feff}a ? 1").column, 4);
}

#[test]
fn values_and_keys_know_what_wrote_them() {
    let text = "a . \"b\" = [ 1, 'x' ] # c\nc = { d = 1979-05-27 }\n";
    assert_eq!(
        spans(text),
        ["a", "a", "\"b\"", "[ 1, 'x' ]", "1", "'x'", "c", "{ d = 1979-05-27 }", "d", "1979-05-27"]
    );
    assert_eq!(tree(text).span.range(), 0..text.len());
    assert_eq!(tree(text).span.file, FileId(3));
}

#[test]
fn tables_have_the_span_of_their_header() {
    assert_eq!(spans("[a.b]\n[[ c ]]\n[[c]]\n"), ["a", "a", "b", "[a.b]", "c", "[[ c ]]", "[[ c ]]", "[[c]]"]);
    assert_eq!(spans("[a.b]\nx=1\n[ a ]\n"), ["a", "[ a ]", "b", "[a.b]", "x", "1"]);
}

#[test]
fn what_is_defined_cannot_be_defined_again() {
    for text in ["a=1\na=2", "a.b=1\na=2", "[a]\n[a]", "a=1\n[a]", "a={}\n[a.b]", "a=[]\n[[a]]", "a={b=1,b=2}"] {
        redefines(text);
    }
    for text in ["[a]\n[[a]]", "[[a]]\n[a]", "[[a.b]]\n[[a]]", "a.b=1\n[a]", "[a.b]\n[a]\nb.c=1", "[[a.b]]\n[a]\nb.c=1"]
    {
        redefines(text);
    }
    for text in ["a={b={},b.c=1}", "a={b.c=1,b=2}", "a={b=[1],b.c=1}", "a={b=1979-05-27,b.c=1}"] {
        redefines(text);
    }
}

#[test]
fn tables_can_be_extended_where_the_vendor_extends_them() {
    assert_eq!(json("[a.b]\n[a]\nc=1"), r#"{"a":{"b":{},"c":1}}"#);
    assert_eq!(json("a.b=1\n[a.c]\n"), r#"{"a":{"b":1,"c":{}}}"#);
    assert_eq!(json("[[a.b.c]]\n[a]\nb.d=1"), r#"{"a":{"b":{"c":[{}],"d":1}}}"#);
}

#[test]
fn a_redefinition_points_at_both_places() {
    let found = error("[a]\nx = 1\n\n  [ a ]\n");
    assert_eq!((found.line, found.column), (4, 4));
    assert_eq!(found.related.map(|span| span.range()), Some(1..2));
}

#[test]
fn a_redefinition_is_found_before_its_value_is_read() {
    assert_eq!(error("a = 1\na = ?").reason, Reason::Redefined("a".to_owned()));
}

#[test]
fn errors_have_the_vendors_lines_and_columns() {
    let places = [
        ("a = 1 b", (1, 7)),
        ("a =\nb = 1", (1, 4)),
        ("a = [1\n\n2]", (3, 1)),
        ("a = {b = 1", (1, 11)),
        ("\n[a\nb = 1", (2, 3)),
        ("[[a] ]", (1, 5)),
        ("a = \"x\ny\"", (1, 7)),
        ("a = [\nxx:", (1, 6)),
        ("# \u{7}", (1, 3)),
        ("é😀 = 1", (1, 1)),
        ("a = '😀' x", (1, 10)),
    ];
    for (text, place) in places {
        let found = error(text);
        assert_eq!((found.line, found.column), place, "{text}: {found}");
    }
}

#[test]
fn an_offset_that_cannot_be_printed_fails_after_everything_else() {
    assert!(matches!(error("a = [0001-\0t-\u{a0}2T0 :aJ+UTC)\n]").reason, Reason::MalformedOffset(_)));
    assert_eq!(error("a = [0001-\0t-\u{a0}2T0 :aJ+UTC)\n] x").reason, Reason::LineEnd('x'));
}

#[test]
fn brackets_are_nested_as_deeply_as_the_vendor_allows() {
    let nested = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH), FileId(0)).is_ok());
    let found = error(&nested(MAX_DEPTH + 1));
    assert_eq!((found.reason, found.column), (Reason::TooDeep(MAX_DEPTH), 1005));
}

#[test]
fn keys_are_nested_as_deeply_as_the_tree_may_be() {
    let dotted = |parts: usize| format!("{}a = 1", "a.".repeat(parts - 1));
    assert!(parse(&dotted(MAX_TREE_DEPTH), FileId(0)).is_ok());
    assert_eq!(error(&dotted(MAX_TREE_DEPTH + 1)).reason, Reason::TooDeep(MAX_TREE_DEPTH));
    let both = format!("{}a = {}", "a.".repeat(100), "[".repeat(MAX_DEPTH));
    assert_eq!(error(&both).reason, Reason::TooDeep(MAX_TREE_DEPTH));
}

#[test]
fn the_deepest_tree_fits_a_stack_of_two_megabytes() {
    let keys = "a.".repeat(MAX_TREE_DEPTH - MAX_DEPTH);
    let text = format!("{keys}a = {}1{}", "{a=".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
    let work = move || {
        let root = parse(&text, FileId(0)).unwrap();
        let copy = root.clone();
        assert!(copy == root);
        drop(root);
        copy.to_json().is_object()
    };
    assert!(std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap());
}

#[test]
fn a_hundred_thousand_keys_and_tables_are_read() {
    let keys: String = (0..100_000).map(|number| format!("k{number} = 1\n[[t]]\n[a.b.c{number}]\n")).collect();
    assert_eq!(tree(&keys).as_table().unwrap().len(), 3);
    let indexes: String = (0..100_000).rev().map(|number| format!("{number} = 1\n")).collect();
    assert_eq!(tree(&indexes).as_table().unwrap().iter().next().unwrap().0, "0");
}

fn check_spans(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{:?}", node.span);
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| check_spans(item, text)),
        Kind::Table(table) => table.iter().for_each(|(_, entry)| {
            assert!(text.get(entry.key_span.range()).is_some_and(|key| !key.is_empty()));
            check_spans(&entry.value, text);
        }),
        Kind::Number(number) => assert!(number.is_finite() && (*number != 0.0 || number.is_sign_positive())),
        _ => {}
    }
    if !matches!(node.kind, Kind::Array(_) | Kind::Table(_)) {
        let alone = format!("x = {}", &text[node.span.range()]);
        assert_eq!(tree(&alone).at(&["x"]).unwrap().kind, node.kind, "{alone}");
    }
}

fn check(text: &str) {
    match parse(text, FileId(0)) {
        Ok(root) => check_spans(&root, text),
        Err(error) => {
            assert!(text.is_char_boundary(error.offset));
            let lines = text[..error.offset].bytes().filter(|byte| *byte == b'\n').count();
            assert_eq!(error.line as usize, lines + 1);
            assert!(!error.to_string().is_empty());
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_pieces_of_toml_make_it_panic(pieces in proptest::collection::vec(
        prop::sample::select(vec![
            "a", "b", " ", "\n", "\r\n", "=", ".", ",", "#", "[", "]", "{", "}", "\"", "'", "\"\"\"", "'''", "\\", "1",
            "0x", "-", "_", "2021-01-01", "T07:32:00", ":", "Z", "+01:00", "inf", "true", "é", "😀", "\u{feff}", "\0",
            "a = ", "[a]\n", "[[a]]\n", "\\u00e9", "\\\n", "(",
        ]),
        0..40,
    )) {
        check(&pieces.concat());
    }
}
