//! Laws of the entry points that hold for any input.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use proptest::prelude::*;
use support::law;

const WORDS: [&str; 60] = [
    "\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\\q",
    "\\n",
    "[build]\n",
    "base = ",
    "\"site\"",
    "\"..\"",
    "publish = ",
    "command = ",
    "[context.production]\n",
    "[[redirects]]\n",
    "from = ",
    "to = ",
    "\"/a\"",
    "status = ",
    "200",
    "[[headers]]\n",
    "for = ",
    "[headers.values]\n",
    "x = ",
    "[[plugins]]\n",
    "package = ",
    "[functions]\n",
    "[functions.a]\n",
    "schedule = ",
    "memory = ",
    "[[edge_functions]]\n",
    "path = ",
    "nan",
    "1",
    "-1.5",
    "1979-05-27",
    "true",
    "/a",
    "/b",
    "/*",
    "X: y",
    ":",
    "301!",
    "Country=us",
    "\"dir\":",
    "\"options\":",
    "[site.\".\"]\n",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => text().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_files_resolve_or_are_rejected(root in bytes(), site in bytes(), redirects in bytes(), headers in bytes()) {
        law::law_of_site(&[
            ("netlify.toml", &root),
            ("site/netlify.toml", &site),
            ("_redirects", &redirects),
            ("_headers", &headers),
            ("site/_headers", &headers),
        ]);
    }

    #[test]
    fn any_settings_are_read_or_refused(text in text()) {
        law::law_of_inputs(&text);
        law::law_of_inputs(&format!("{{{text}}}"));
    }

    #[test]
    fn any_bytes_are_toml_or_not(bytes in bytes()) {
        law::law_of_toml(&bytes);
        law::law_of_escape(&bytes);
    }

    #[test]
    fn any_bytes_are_json_or_not(bytes in bytes()) {
        law::law_of_json(&bytes);
    }

    #[test]
    fn any_bytes_are_yaml_or_not(bytes in bytes(), text in "[-?:,\\[\\]{}#&*!|>'\"%@`a<~ \t\n\r]{0,60}") {
        law::law_of_yaml(&bytes);
        law::law_of_yaml(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_side_files(bytes in bytes()) {
        law::law_of_redirects(&bytes);
        law::law_of_headers(&bytes);
    }

    #[test]
    fn any_schedule_is_accepted_or_refused(text in "[-0-9*/,?HL# @a-zA-Z()]{0,40}") {
        law::law_of_cron(text.as_bytes());
    }
}
