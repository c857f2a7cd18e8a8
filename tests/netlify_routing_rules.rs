//! Laws of the rules about redirects and headers that hold for any input.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;

use chimera::config::Configuration;
use chimera::platform::netlify::site::{Request, Site};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Place;
use chimera::rule::fix::{Applicability, Change, Fix};
use chimera::text::edit::{self, Edit};
use chimera::verdict::{self, SiteVerdict};
use proptest::prelude::*;

const REDIRECTS: &str = "site/_redirects";
const HEADERS: &str = "site/_headers";
const CONFIG: &str = "netlify.toml";

#[derive(Debug, Clone)]
struct Files {
    redirects: String,
    headers: String,
    config: String,
}

impl Files {
    fn verdict(&self) -> SiteVerdict {
        let files = [
            (REDIRECTS, self.redirects.as_str()),
            (HEADERS, &self.headers),
            (CONFIG, &self.config),
            ("site/index.html", "<script src=\"/a.js\"></script>"),
            ("site/a.html", ""),
            ("site/b/index.html", ""),
        ];
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        verdict::netlify::simulate(&snapshot, Site::default(), &Request::default(), &Configuration::default())
    }

    fn with(&self, fix: &Fix, verdict: &SiteVerdict) -> Files {
        let mut files = self.clone();
        for name in [REDIRECTS, HEADERS, CONFIG] {
            let file = verdict.sources.find(name);
            let edits: Vec<Edit> = fix
                .changes
                .iter()
                .filter_map(|change| match change {
                    Change::Edit { span, text } if Some(span.file) == file => {
                        Some(Edit { range: span.range(), text: text.clone() })
                    }
                    _ => None,
                })
                .collect();
            let text = match name {
                REDIRECTS => &mut files.redirects,
                HEADERS => &mut files.headers,
                _ => &mut files.config,
            };
            *text = edit::apply(text, &edits).unwrap();
        }
        files
    }
}

fn count(verdict: &SiteVerdict, id: &str) -> usize {
    verdict.findings.iter().filter(|finding| finding.rule.id == id).count()
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "/",
        "/a",
        "/a/",
        "/b",
        "/b/*",
        "/*",
        "/:x",
        "/:x/b",
        "/a/*",
        "/index.html",
        "/b/:splat",
        "/a/:splat",
        "/:splat",
        "b",
        "/a.html",
        "https://x.com/*",
        "https://x.com/:splat",
        "/.netlify/x",
        "*",
        "/é",
        "/$HOST/${HOST}",
        "/a#b?c",
    ])
}

fn line() -> impl Strategy<Value = String> {
    let status =
        prop::sample::select(vec!["", "301", "302!", "200", "200!", "404", "x", "Country=de", "301 Role=a", "999"]);
    let gap = prop::sample::select(vec![" ", "  ", "\t", "\u{a0}", " q=:q "]);
    let other = prop::sample::select(vec!["", "# note", "[[redirects]]", "from = \"/a\"", "/a", "---", "  /a  "]);
    prop_oneof![
        6 => (path(), path(), status, gap).prop_map(|(from, to, status, gap)| format!("{from}{gap}{to} {status}")),
        1 => other.prop_map(str::to_owned),
    ]
}

fn header_line() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "/*",
        "/a",
        "*.js",
        "  X-A: b",
        "  x-a: c",
        "X-B:",
        ": d",
        "text",
        "[[headers]]",
        "",
        "# no",
    ])
    .prop_map(str::to_owned)
}

fn table() -> impl Strategy<Value = String> {
    let status = prop::sample::select(vec!["", "status = 301", "status = \"200!\"", "status = 200 # é", "status = 9"]);
    let force = prop::sample::select(vec!["", "force = true", "force = \"true\"", "force = false"]);
    let indent = prop::sample::select(vec!["", "  ", "\t"]);
    let more = prop::sample::select(vec![
        "",
        "[redirects.headers]\nX-A = \"b\"",
        "# so",
        "query = {q = \":q\"}",
        "too = \"/a\"",
    ]);
    let redirect = (path(), path(), status, force, indent, more).prop_map(|(from, to, status, force, indent, more)| {
        let mut text = format!("{indent}[[redirects]]\n");
        for line in [format!("from = \"{from}\""), format!("to = '{to}'"), status.into(), force.into(), more.into()] {
            writeln!(text, "{indent}{line}").unwrap();
        }
        text
    });
    let header = prop::sample::select(vec![
        "[[headers]]\nfor = \"/*\"\n[headers.values]\nX-A = 1\nx-a = \"$HOST\"\n",
        "[[headers]]\nfor = \"/a\"\nX-A = \"b\"\n",
        "[[headers]]\n[headers.values]\nX-A = [\"b\", 1]\n",
    ]);
    prop_oneof![5 => redirect, 1 => header.prop_map(str::to_owned)]
}

fn files() -> impl Strategy<Value = Files> {
    let lines = |line: BoxedStrategy<String>, end: &'static str| {
        (prop::collection::vec(line, 0..6), prop::bool::ANY)
            .prop_map(move |(lines, closed)| lines.join(end) + if closed { end } else { "" })
    };
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    let all = end.prop_flat_map(move |end| {
        (lines(line().boxed(), end), lines(header_line().boxed(), end), prop::collection::vec(table(), 0..5), Just(end))
    });
    all.prop_map(|(redirects, headers, tables, end)| {
        let config = format!("[build]\npublish = \"site\"\n\n{}", tables.join("\n")).replace('\n', end);
        Files { redirects, headers, config }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_fit_their_texts_and_safe_fixes_remove_them(files in files()) {
        let verdict = files.verdict();
        for finding in &verdict.findings {
            if let Place::Span(span) = finding.place {
                prop_assert!(verdict.sources.slice(span).is_some(), "{}: {span:?}", finding.rule.id);
            }
            for label in &finding.related {
                prop_assert!(verdict.sources.slice(label.span).is_some(), "{}: {label:?}", finding.rule.id);
            }
            for fix in &finding.fixes {
                let after = files.with(fix, &verdict).verdict();
                let id = finding.rule.id;
                if fix.applicability == Applicability::Safe {
                    prop_assert!(count(&after, id) < count(&verdict, id), "{id} {fix:#?}");
                }
                let unreadable = |verdict: &SiteVerdict| count(verdict, "NTL001") + count(verdict, "NTL002");
                prop_assert!(unreadable(&after) <= unreadable(&verdict), "{id} {fix:#?}");
            }
        }
    }
}
