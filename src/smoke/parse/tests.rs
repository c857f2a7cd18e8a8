#![allow(clippy::unwrap_used)]

use super::parse;
use crate::smoke::ast::{Content, OptionKind, PredicateKind, QueryKind, Weight};
use crate::smoke::fault::{Fault, FaultKind};

fn fault(text: &str) -> Fault {
    parse(text).map(|file| format!("{file:?}")).unwrap_err()
}

#[test]
fn a_whole_file_is_read() {
    let text = "# chimera: advisory on=live\n\nGET {{base_url}}/a?b=c # why\nAccept: text/html\n[Query]\nq: a b\n[Options]\n\
                location: true\nretry: 3\n{\"a\": [1, \"{{x}}\"]}\nHTTP 200\nServer: x\n[Captures]\nid: jsonpath \"$.id\" toString redact\n\
                [Asserts]\nheader \"X-A\" not contains \"b\"\njsonpath \"$.a[*]\" count == 3\n`body`\n\n\
                # chimera: shadow\nPOST {{base_url}}\nHTTP/1.1 *\n";
    let file = parse(text).unwrap();
    assert_eq!(file.entries.len(), 2);
    assert_eq!(file.directives.weight, Some(Weight::Advisory));
    assert!(file.directives.phases.is_some_and(|phases| phases.live && !phases.preview));
    assert_eq!(file.entries[1].directives.weight, Some(Weight::Shadow));
    let entry = &file.entries[0];
    assert_eq!((entry.request.headers.len(), entry.request.query.len(), entry.request.options.len()), (1, 1, 2));
    assert!(matches!(entry.request.options[0].kind, OptionKind::Location(_)));
    assert!(matches!(entry.request.body.as_ref().unwrap().content, Content::Json(_)));
    let expectation = entry.expectation.as_ref().unwrap();
    assert_eq!((expectation.status, expectation.headers.len(), expectation.captures.len()), (Some(200), 1, 1));
    assert!(expectation.captures[0].is_redacted);
    assert!(matches!(expectation.asserts[0].query.kind, QueryKind::Header(_)));
    assert!(expectation.asserts[0].predicate.is_negated);
    assert!(matches!(expectation.asserts[1].predicate.kind, PredicateKind::Equal(_)));
    assert_eq!(&text[expectation.asserts[1].span.clone()], "jsonpath \"$.a[*]\" count == 3");
    let second = file.entries[1].expectation.as_ref().unwrap();
    assert_eq!((second.version, second.status), (Some("HTTP/1.1"), None));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let text = "\u{feff}GET http://a\r\nA: b\r\nHTTP 200\r\n[Asserts]\r\nstatus == 200\r\n";
    let file = parse(text).unwrap();
    assert_eq!(file.entries[0].request.headers.len(), 1);
    assert_eq!(file.entries[0].expectation.as_ref().unwrap().asserts.len(), 1);
}

#[test]
fn what_hurl_has_and_we_have_not_is_named_with_its_place() {
    let cases = [
        ("GET http://a\nHTTP 200\n[Asserts]\n  xpath \"//a\" exists\n", 4, 3),
        ("GET http://a\nHTTP 200\n[Asserts]\nbody xpath \"//a\" exists\n", 4, 6),
        ("GET http://a\n[Options]\nproxy: b\n", 3, 1),
        ("GET http://a\n[Options]\ninsecure: true\n", 3, 11),
        ("GET http://a\n[Options]\nretry: -1\n", 3, 8),
        ("POST http://a\n[Multipart]\na: b\n", 2, 1),
        ("POST http://a\n<a/>\n", 2, 1),
        ("POST http://a\n```graphql\n{a}\n```\n", 2, 4),
        ("GET http://a\nHTTP/3 200\n", 2, 1),
        ("GET http://a\nHTTP 200\n[Asserts]\nrawbytes count == 1\n", 4, 1),
        ("GET http://a?{{getEnv}}\n", 1, 16),
        ("GET http://a/{{b c}}\n", 1, 18),
        ("HTTP 200\n", 1, 1),
    ];
    for (text, line, column) in cases {
        let fault = fault(text);
        let position = fault.position(text);
        assert_eq!(
            (fault.kind, position.line, position.column),
            (FaultKind::Unsupported, line, column),
            "{text}\n{fault:?}"
        );
    }
}

#[test]
fn what_is_no_hurl_is_refused_with_its_place() {
    let cases = [
        ("get http://a\n", 1, 1),
        ("GET\n", 1, 4),
        ("GET http://a\nHTTP\n", 2, 5),
        ("GET http://a\nHTTP abc\n", 2, 6),
        ("GET http://a\nHTTP 200\n[Assert]\n", 3, 1),
        ("GET http://a\nHTTP 200\n[Asserts]\nstatsu == 200\n", 4, 1),
        ("GET http://a\nHTTP 200\n[Asserts]\nstatus = 200\n", 4, 8),
        ("GET http://a\nHTTP 200\n[Asserts]\nstatus == abc\n", 4, 11),
        ("GET http://a\nHTTP 200\n[Asserts]\nbody matches /(/\n", 4, 14),
        ("GET http://a\nHTTP 200\n[Asserts]\nheader \"a == 1\n", 4, 15),
        ("GET http://a\n[Query]\na: b\n[Query]\nc: d\n", 4, 1),
        ("GET http://a\n[Asserts]\nstatus == 200\n", 2, 1),
        ("POST http://a\n{\"a\": }\n", 2, 7),
        ("POST http://a\n{\"a\": 1,}\n", 2, 9),
        ("POST http://a\nhex,abc;\n", 2, 5),
        ("POST http://a\n```\nabc\n", 2, 1),
        ("GET http://a\\q\n", 1, 13),
        ("GET http://a\n[Options]\nretry: abc\n", 3, 8),
        ("GET http://a\n[Options]\nfoo: 1\n", 3, 1),
    ];
    for (text, line, column) in cases {
        let fault = fault(text);
        let position = fault.position(text);
        assert_eq!(
            (fault.kind, position.line, position.column),
            (FaultKind::Syntax, line, column),
            "{text}\n{fault:?}"
        );
    }
}

#[test]
fn a_comment_for_us_is_never_passed_over() {
    for text in [
        "# chimera: adivsory\nGET http://a\n",
        "# chimera:\nGET http://a\n",
        "# chimera: on=prod\nGET http://a\n",
        "GET http://a # chimera: shadow\n",
        "GET http://a\n# chimera: shadow\nA: b\nHTTP 200\n",
        "GET http://a\nHTTP 200\n# chimera: shadow\n",
    ] {
        assert_eq!(fault(text).kind, FaultKind::Syntax, "{text}");
    }
}

#[test]
fn a_fault_is_one_line() {
    let text = "GET http://a\n[Options]\nproxy: b\n";
    assert_eq!(fault(text).line("a.hurl", text), "a.hurl:3:1: unsupported: the option \"proxy\"");
}

/// Twice the text takes about twice the time, whatever it is made of.
#[test]
fn long_and_deep_texts_are_read_in_one_go() {
    let parts = [
        "GET http://a\n",
        "\n",
        "# c\n",
        "[",
        "{\"a\":",
        "{{",
        "a",
        " ",
        "\"",
        "`",
        "A: b\n",
        "[Asserts]\n",
        "status == 1 ",
        "\\",
        "1",
        "```",
    ];
    for part in parts {
        for start in [
            "",
            "GET http://a\n",
            "GET http://a\nHTTP 200\n[Asserts]\n",
            "POST http://a\n```\n",
            "POST http://a\n[",
            "GET ",
        ] {
            let _ = parse(&format!("{start}{}", part.repeat(200_000 / part.len())));
        }
    }
}
