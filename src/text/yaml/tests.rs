use serde_json::{Value, json};

use super::*;
use crate::text::span::FileId;

fn read(text: &str) -> Document {
    parse(text, FileId(0))
}

fn value(text: &str) -> Value {
    let document = read(text);
    assert!(document.is_ok(), "{text:?}: {:?}", document.errors);
    document.root.map_or(Value::Null, |root| root.to_json())
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).errors.iter().map(|error| error.kind.code()).collect()
}

#[test]
fn plain_scalars_have_types_and_keep_their_text() {
    let text = "a: 3.10\nb: off\nc: 0x1F\nd: true\ne: '1'\nf: ~\ng:\nh: |\n  x\n  y\n";
    assert_eq!(
        value(text),
        json!({"a": 3.1, "b": "off", "c": 31, "d": true, "e": "1", "f": null, "g": null, "h": "x\ny\n"})
    );
    let root = read(text).root.unwrap();
    let texts: Vec<_> =
        root.as_table().unwrap().iter().map(|(_, entry)| scalar_text(&entry.value, text).unwrap()).collect();
    assert_eq!(texts, ["3.10", "off", "0x1F", "true", "1", "~", "", "x\ny\n"]);
}

#[test]
fn spans_are_those_of_keys_and_values() {
    let text = "services:\n  - type: web\n    name: \"a\"  # c\n    list: [1, 2]\n";
    let root = read(text).root.unwrap();
    let table = root.as_table().unwrap();
    assert_eq!(&text[table.key_span("services").unwrap().range()], "services");
    let service = &table.get("services").unwrap().as_array().unwrap()[0];
    assert_eq!(&text[service.span.range()], "type: web\n    name: \"a\"  # c\n    list: [1, 2]");
    let service = service.as_table().unwrap();
    assert_eq!(&text[service.get("name").unwrap().span.range()], "\"a\"");
    assert_eq!(&text[service.get("list").unwrap().span.range()], "[1, 2]");
    assert_eq!(&text[service.get("type").unwrap().span.range()], "web");
}

#[test]
fn aliases_bring_values_and_merges_bring_keys() {
    let text = "a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\nd:\n  l: 4\n  <<: [*x, {m: 5}]\n";
    let x = json!({"k": 1, "l": 2});
    assert_eq!(value(text), json!({"a": x, "b": x, "c": {"k": 1, "l": 3}, "d": {"l": 4, "k": 1, "m": 5}}));
    let document = read(text);
    assert_eq!(document.marks.aliases.len(), 3);
    assert_eq!(document.marks.merges.len(), 2);
    let b = document.root.unwrap().as_table().unwrap().get("b").unwrap().span;
    assert_eq!(&text[b.range()], "*x");
    assert!(document.marks.is_alias(b) && document.marks.is_shared(b));
}

#[test]
fn faults_have_the_codes_of_the_reference() {
    assert_eq!(codes("a: 1\nb: 2\na: 3\n"), ["DUPLICATE_KEY"]);
    assert_eq!(codes("a: *nope\n"), ["ALIAS"]);
    assert_eq!(codes("a: b: c\n"), ["BLOCK_AS_IMPLICIT_KEY"]);
    assert_eq!(codes("a:\n\tb: 1\n"), ["TAB_AS_INDENT"]);
    assert_eq!(codes("a: 'b\n"), ["MISSING_CHAR"]);
    assert_eq!(codes("a:\n  b: 1\n c: 2\n"), ["BAD_INDENT"]);
    assert_eq!(codes("a: [1, 2\nb: 3\n"), ["BAD_INDENT"]);
    assert_eq!(codes("a: @b\n"), ["BAD_SCALAR_START"]);
    assert_eq!(codes("a: \"\\q\"\n"), ["BAD_DQ_ESCAPE"]);
    assert_eq!(codes("a\nb: 1\n"), ["MULTILINE_IMPLICIT_KEY"]);
    assert_eq!(codes("a: 1\n---\nb: 2\n"), ["MULTIPLE_DOCS"]);
    assert_eq!(codes("a:\n  <<: 1\n"), ["ALIAS"]);
}

#[test]
fn a_bomb_of_aliases_is_defused() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ["b", "c", "d", "e", "f", "g"].iter().zip(["a", "b", "c", "d", "e", "f"]) {
        text += &format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", "));
    }
    assert_eq!(codes(&text), ["RESOURCE_EXHAUSTION"]);
}

#[test]
fn doubts_have_places() {
    let text = "autoDeployTrigger: off\nport: 010\n\t\nx: &x {a: 'on'}\nz:\n  <<: *x\n";
    let doubts = read(text).doubts;
    let shown: Vec<(DoubtKind, &str)> = doubts.iter().map(|doubt| (doubt.kind, &text[doubt.span.range()])).collect();
    assert_eq!(
        shown,
        [(DoubtKind::Truth, "off"), (DoubtKind::Number, "010"), (DoubtKind::Tab, "\t"), (DoubtKind::Merge, "<<")]
    );
    assert_eq!(read("-\ta\n").doubts[0].kind, DoubtKind::Tab);
    assert!(read("a:\tb\n\n  # c\n").doubts.is_empty());
    let merges: Vec<DoubtKind> =
        read("a: &a {b: 1}\nc:\n  <<: *a\n  <<: *a\n").doubts.iter().map(|it| it.kind).collect();
    assert_eq!(merges, [DoubtKind::Merge, DoubtKind::SecondMerge]);
}

#[test]
fn every_error_begins_and_ends_at_the_border_of_a_character() {
    const PIECES: [&str; 28] = [
        "\u{a0}", "ä", "😀", "\u{feff}", "\u{2028}", "a", " ", "  ", "\n", "\r\n", "\t", ":", ": ", "- ", "? ", "{",
        "}", "[", "]", ",", "\"", "'", "|", ">", "&", "*", "!", "#",
    ];
    let mut state = 1_u64;
    for _ in 0..60_000 {
        let mut text = String::new();
        for _ in 0..9 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[usize::try_from(state >> 40).unwrap() % PIECES.len()]);
        }
        let document = read(&text);
        for error in &document.errors {
            assert!(text.get(error.span.range()).is_some(), "{text:?}: {error:?}");
        }
        for doubt in &document.doubts {
            assert!(text.get(doubt.span.range()).is_some(), "{text:?}: {doubt:?}");
        }
    }
}
