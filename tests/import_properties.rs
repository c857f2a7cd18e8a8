//! Laws of the reading of sources that hold for any text: it ends, does not panic, and names places that exist.

#![allow(clippy::unwrap_used, clippy::panic)]

use chimera::config::Configuration;
use chimera::platform::netlify::site::{Dashboard, Request, Site};
use chimera::project::command::follow::{self, Start};
use chimera::project::command::{NoJudge, Shell};
use chimera::project::import::bundle::bundles;
use chimera::project::import::graph::Graph;
use chimera::project::import::resolve::Resolved;
use chimera::project::import::scan::{self, Scan};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Place;
use chimera::text::source::Sources;
use chimera::text::span::Span;
use chimera::verdict::netlify;
use proptest::prelude::*;

const WORDS: [&str; 97] = [
    "\n<style lang=\"scss\">\n",
    "\n<style lang=\"less\">\n",
    "@import (reference) './y'",
    "</style>",
    "\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    ";",
    ",",
    ".",
    "...",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "</",
    "/>",
    "=>",
    "=",
    "==",
    "?",
    "??",
    "?.",
    ":",
    "!",
    "&&",
    "||",
    "+",
    "/",
    "//",
    "/*",
    "*/",
    "/x/g",
    "\\",
    "\\u{1F600}",
    "`",
    "${",
    "'",
    "\"",
    "#",
    "@",
    "é",
    "😀",
    "\u{feff}",
    "\0",
    "0",
    "1n",
    "a",
    "b",
    "x",
    "'./a'",
    "\"./B.js\"",
    "'react'",
    "'../../x'",
    "`./c`",
    "'@/a'",
    "import ",
    "import(",
    "import.meta.env",
    ".env.X",
    "export ",
    "default ",
    "from ",
    "as ",
    "* ",
    "type ",
    "require(",
    "module.exports",
    "process",
    "__dirname",
    "const ",
    "function ",
    "class ",
    "async ",
    "await ",
    "yield ",
    "if (",
    "else ",
    "try {",
    "catch ",
    "return ",
    "typeof ",
    "new ",
    " assert { type: 'json' }",
    "---\n",
    "<script setup lang=\"ts\">",
    "<script type=\"module\" src=\"/a.js\">",
    "</script>",
    "<template>",
    "@import './x.css';",
    "<!--",
];

const FILES: [&str; 13] = [
    "a.js",
    "a.mjs",
    "a.cjs",
    "a.jsx",
    "a.ts",
    "a.tsx",
    "a.vue",
    "a.svelte",
    "a.astro",
    "a.mdx",
    "a.less",
    "a.sass",
    "index.html",
];

fn check_places(text: &str, scan: &Scan) {
    let loads = scan.loads.iter().map(|load| (load.start, load.end));
    let variables = scan.variables.iter().map(|variable| (variable.start, variable.end));
    let names = scan.common_names.iter().map(|name| (name.start, name.end));
    let others = scan.assertions.iter().chain(&scan.declaration).copied();
    for (start, end) in loads.chain(variables).chain(names).chain(others) {
        assert!(text.get(start as usize..end as usize).is_some(), "{start}..{end} does not fit {text:?}");
    }
    for name in &scan.common_names {
        assert_eq!(text.get(name.start as usize..name.end as usize), Some(name.name));
    }
    for (start, end) in &scan.assertions {
        assert_eq!(text.get(*start as usize..*end as usize), Some("assert"));
    }
}

fn program() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_words_are_read(text in program(), file in proptest::sample::select(&FILES[..])) {
        if let Some(scan) = scan::scan(&text, file) {
            check_places(&text, &scan);
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>(), file in proptest::sample::select(&FILES[..])) {
        if let Some(scan) = scan::scan(&text, file) {
            check_places(&text, &scan);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_sources_are_judged(main in program(), settings in program(), other in program()) {
        let manifest = r#"{"scripts": {"build": "vite build && node a.cjs"}, "devDependencies": {"vite": "7.0.0"}}"#;
        let files = [
            ("netlify.toml", "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n"),
            ("package.json", manifest), ("index.html", "<script type=module></script><script type='module' src='/src/a.ts'></script>"),
            ("src/a.ts", &main), ("src/A.ts", &other), ("a.cjs", &other), ("tsconfig.json", &settings), ("vite.config.js", &settings),
        ];
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        let site = Site { directory: String::new() };
        let request = Request { dashboard: Dashboard::Unknown, ..Request::default() };
        let verdict = netlify::simulate(&snapshot, site, &request, &Configuration::default());
        for finding in &verdict.findings {
            if let Place::Span(span) = finding.place {
                assert!(verdict.sources.slice(span).is_some(), "{} {span:?}", finding.rule.id);
            }
        }
    }
}

/// What `vite build` reaches from a page that loads one script.
fn graph(script: &str) -> Graph {
    let page = "<script type=\"module\" src=\"/src/main.ts\"></script>";
    let files = [("index.html", page), ("src/main.ts", script), ("src/b.ts", "")];
    let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
    let mut sources = Sources::default();
    let start = Start {
        snapshot: &snapshot,
        command: "vite build",
        span: Span::NONE,
        shell: Shell::Bash,
        dir: "",
        checkout: "",
        judge: &NoJudge,
        is_pristine: true,
    };
    let trace = follow::follow(&start, &mut sources);
    let bundle = bundles(&snapshot, &trace.invocations[0]).swap_remove(0);
    Graph::of(&snapshot, &bundle)
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("!", ""),
        ("a=>", ""),
        ("a=", ""),
        ("a?b:", ""),
        ("a+", ""),
        ("f`${", "}`"),
        ("x<", ""),
        ("(a=", ")"),
        ("if(a)", ""),
        ("new ", ""),
        ("a.", ""),
        ("else if(a){}", ""),
    ] {
        for count in [290, 60_000 / open.len(), 900_000 / open.len()] {
            let text = format!("import './b';{}1{}", open.repeat(count), close.repeat(count));
            assert!(graph(&text).files.contains_key("src/main.ts"), "{open} {count}");
        }
    }
}

#[test]
fn circles_end() {
    let found = graph("import './main'; import './b'; import './gone'");
    let links = found.files["src/main.ts"].loads().map(|(_, resolved)| matches!(resolved, Resolved::File(_)));
    assert_eq!(links.collect::<Vec<_>>(), [true, true, false]);
}
