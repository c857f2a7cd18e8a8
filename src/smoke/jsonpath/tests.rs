#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::Path;

fn find(path: &str, value: &Value) -> Value {
    Value::Array(Path::parse(path).unwrap().find(value).unwrap().into_iter().cloned().collect())
}

fn store() -> Value {
    json!({"store": {"book": [
        {"category": "reference", "author": "Nigel Rees", "price": 8.95},
        {"category": "fiction", "author": "Evelyn Waugh", "price": 12.99},
        {"category": "fiction", "author": "Herman Melville", "isbn": "0-553-21311-3", "price": 8.99},
        {"category": "fiction", "author": "J. R. R. Tolkien", "isbn": "0-395-19395-8", "price": 22.99}
    ], "bicycle": {"color": "red", "price": 399}}})
}

#[test]
fn the_examples_of_the_standard_are_found() {
    let store = store();
    assert_eq!(find("$.store.book[*].author", &store).as_array().unwrap().len(), 4);
    assert_eq!(find("$..author", &store).as_array().unwrap().len(), 4);
    assert_eq!(find("$.store..price", &store), json!([399, 8.95, 12.99, 8.99, 22.99]));
    assert_eq!(find("$..book[2].author", &store), json!(["Herman Melville"]));
    assert_eq!(find("$..book[-1]['author']", &store), json!(["J. R. R. Tolkien"]));
    assert_eq!(find("$..book[0,1].price", &store), json!([8.95, 12.99]));
    assert_eq!(find("$..book[:2].price", &store), json!([8.95, 12.99]));
    assert_eq!(find("$..book[?@.isbn].price", &store), json!([8.99, 22.99]));
    assert_eq!(find("$..book[?@.price<10].price", &store), json!([8.95, 8.99]));
    assert_eq!(find("$..book[? @.price < 10 && @.category == 'fiction' ].price", &store), json!([8.99]));
}

#[test]
fn slices_go_both_ways() {
    let list = json!([0, 1, 2, 3, 4]);
    assert_eq!(find("$[1:3]", &list), json!([1, 2]));
    assert_eq!(find("$[::2]", &list), json!([0, 2, 4]));
    assert_eq!(find("$[::-1]", &list), json!([4, 3, 2, 1, 0]));
    assert_eq!(find("$[3:0:-2]", &list), json!([3, 1]));
    assert_eq!(find("$[-2:]", &list), json!([3, 4]));
    assert_eq!(find("$[0:5:0]", &list), json!([]));
    assert_eq!(find("$[5:1:-9007199254740991]", &list), json!([4]));
}

#[test]
fn functions_are_called() {
    let list = json!([{"a": "abc"}, {"a": [1, 2]}, {"a": 5}, {"b": "x"}]);
    assert_eq!(find("$[?length(@.a) == 3].a", &list), json!(["abc"]));
    assert_eq!(find("$[?count(@.*) == 1 && @.b]", &list), json!([{"b": "x"}]));
    assert_eq!(find("$[?match(@.a, 'a.c')].a", &list), json!(["abc"]));
    assert_eq!(find("$[?match(@.a, 'b')]", &list), json!([]));
    assert_eq!(find("$[?search(@.a, 'b')].a", &list), json!(["abc"]));
    assert_eq!(find("$[?value(@..a) == 5].a", &list), json!([5]));
}

#[test]
fn what_is_no_path_is_refused() {
    let wrong = [
        "",
        "a",
        "$.",
        "$..",
        "$[",
        "$[]",
        "$[01]",
        "$[-0]",
        "$[?]",
        "$[?@.a ==]",
        "$ ",
        "$.a ",
        "$[1,]",
        "$['a]",
        "$[?@.* == 1]",
        "$[?length(@.*) > 1]",
        "$[?match(@.a, 'x') == true]",
        "$[?count(1) == 1]",
        "$[?1]",
        "$.1",
        "$[9007199254740992]",
        "$[?foo(@)]",
        "$['\\d']",
    ];
    for path in wrong {
        assert!(Path::parse(path).is_err(), "{path}");
    }
}

#[test]
fn depth_has_an_end_and_so_has_a_search() {
    for (open, close) in [("[?@", "]"), ("(", ")"), ("!(", ")"), ("[?length(", ")]")] {
        assert!(Path::parse(&format!("$[?{}@{}]", open.repeat(10_000), close.repeat(10_000))).is_err());
    }
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep.clone(), 1]);
    }
    assert!(Path::parse("$..*..*..*..*").unwrap().find(&deep).is_err());
}
