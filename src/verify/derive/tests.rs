#![allow(clippy::unwrap_used)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::manifest::{Fact, Manifest};
use super::*;
use crate::platform::netlify::routing::{FileText, Form, SideFile, parse_headers, parse_redirects};
use crate::text::source::Source as Text;
use crate::verify::expectation::{BodyDigest, Expectation};
use crate::verify::probe::Weight;

/// A publish directory in memory.
#[derive(Default)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Reader for Folder {
    fn read(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        self.0.get(path).map(|bytes| Cow::Borrowed(bytes.as_slice()))
    }
}

impl Folder {
    fn manifest(&self) -> Manifest {
        let fact = |(path, bytes): (&String, &Vec<u8>)| {
            let fact = Fact { size: bytes.len() as u64, sha3: Digest::sha3(bytes), sha1: String::new() };
            (path.clone(), fact)
        };
        Manifest::new(self.0.iter().map(fact))
    }
}

/// What is derived of a publish directory with these files; side files are read.
fn derived_with(files: &[(&str, &str)], change: impl FnOnce(&mut Known<'_>)) -> Gathered {
    let folder = Folder(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect());
    let text = |name: &str| files.iter().find(|(path, _)| *path == name).map_or("", |(_, text)| text);
    let mut sources = Sources::default();
    let redirects = sources.add(Text::new("_redirects", true, text("_redirects")));
    let headers = sources.add(Text::new("_headers", true, text("_headers")));
    let side = |file| SideFile::Text(FileText { text: &sources.get(file).unwrap().text, file });
    let redirects = parse_redirects(side(redirects), None).unwrap().rules;
    let headers = parse_headers(side(headers), None, Form::Minimal).unwrap().rules;
    let manifest = folder.manifest();
    let mut known = Known {
        table: Table::new(&redirects),
        headers: &headers,
        sources: &sources,
        manifest: Some(&manifest),
        reader: &folder,
        host: None,
        seed: "key".to_owned(),
        changed: None,
        programs: Programs::default(),
        doubt: None,
    };
    change(&mut known);
    derive(&known)
}

fn derived(files: &[(&str, &str)]) -> Gathered {
    derived_with(files, |_| {})
}

fn probe<'g>(found: &'g Gathered, name: &str) -> &'g Probe {
    let named = |probe: &&Probe| probe.name.contains(name);
    found.probes.iter().find(named).unwrap_or_else(|| unreachable!("no \"{name}\" among {:#?}", found.probes))
}

fn reason<'g>(found: &'g Gathered, subject: &str) -> &'g str {
    let about = |gap: &&Gap| gap.subject.contains(subject);
    let found =
        found.gaps.iter().find(about).unwrap_or_else(|| unreachable!("no \"{subject}\" among {:#?}", found.gaps));
    &found.reason
}

fn digest_of(text: &str) -> Expectation {
    let length = Some(text.len() as u64);
    Expectation::Body(BodyDigest::Sha3 { length, digest: Digest::sha3(text.as_bytes()) })
}

const PAGE: &str = "<!doctype html><title>Home</title><link rel=stylesheet href=/app.css><script src=/app.js></script>";

#[test]
fn a_redirect_is_asked_with_words_for_what_it_leaves_open() {
    let found = derived(&[("index.html", PAGE), ("_redirects", "/old/:a/:b/* /new/:b/:a/:splat 302\n")]);
    let probe = probe(&found, "/old/:a/:b/*");
    assert_eq!(probe.request.target, "/old/chimera-probe1/chimera-probe2/chimera-probe/below");
    let location = "/new/chimera-probe2/chimera-probe1/chimera-probe/below".to_owned();
    assert_eq!(probe.expectations, [Expectation::Status(vec![302]), Expectation::Location(location)]);
    assert_eq!(probe.origin, Origin::line("_redirects", 1));
}

#[test]
fn a_rewrite_must_serve_the_page_that_it_names() {
    let found = derived(&[
        ("index.html", PAGE),
        ("data.json", "{}"),
        ("_redirects", "/api/* /data.json 200\n/* /index.html 200\n"),
    ]);
    assert_eq!(probe(&found, "\"/api/*\"").expectations, [Expectation::Status(vec![200]), digest_of("{}")]);
    let title = Expectation::Title("Home".to_owned());
    assert!(probe(&found, "redirect \"/*\" (").expectations.contains(&title));
    assert!(probe(&found, "a page that does not exist").expectations.contains(&title));
}

#[test]
fn the_earlier_of_two_rules_is_expected_to_win() {
    let found = derived(&[("index.html", PAGE), ("_redirects", "/blog/* /news/:splat\n/blog/old /c\n")]);
    let probe = probe(&found, "before which _redirects:1 comes");
    assert_eq!(probe.request.target, "/blog/old");
    assert!(probe.expectations.contains(&Expectation::Location("/news/old".to_owned())));
}

#[test]
fn a_file_is_served_before_a_rule_that_is_not_forced_and_hidden_by_one_that_is() {
    let files = [("a.txt", "a"), ("b/c.txt", "c"), ("_redirects", "/a.txt /x\n/b/* /x 301!\n/* /y\n")];
    let found = derived(&files);
    assert!(probe(&found, "which leaves the path to a file").expectations.contains(&digest_of("a")));
    let hidden = probe(&found, "hides the file \"/b/c.txt\"");
    assert_eq!(hidden.expectations, [Expectation::Status(vec![301]), Expectation::Location("/x".to_owned())]);
    let found = derived(&[("d.txt", "d"), ("_redirects", "/* /y\n")]);
    assert!(probe(&found, "leaves alone the file \"/d.txt\"").expectations.contains(&digest_of("d")));
}

#[test]
fn conditions_are_met_by_cookies_and_everybody_else_comes_from_nowhere() {
    let text = "/ /de 302 Country=de\n/ /fr 302 Language=fr\n/x id=:id /y/:id 302\n/b /c 301 Cookie=beta\n/d /e\n";
    let found = derived(&[("_redirects", text)]);
    let cookies = |name: &str| probe(&found, name).request.cookies.clone();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(cookies("_redirects:1)")[0], pair("nf_country", "de"));
    assert_eq!(cookies("_redirects:2)")[1], pair("nf_lang", "fr"));
    assert_eq!(cookies("_redirects:4)")[2], pair("beta", "1"));
    assert_eq!(cookies("_redirects:5)"), [pair("nf_country", "aq"), pair("nf_lang", "gd")]);
    let asked = probe(&found, "_redirects:3)");
    assert_eq!(asked.request.target, "/x?id=chimera-probe-q0");
    let part = "/y/chimera-probe-q0".to_owned();
    assert!(asked.expectations.contains(&Expectation::HeaderContains { name: "location".to_owned(), part }));
}

#[test]
fn what_cannot_be_asked_has_a_reason() {
    let text = "/a /b 301 Role=admin\n/l /m\n/m /l\nhttps://x.com/* /y 301\n/s /t 200\n/é /u\n/p* /q\n";
    let found = derived(&[("_redirects", text)]);
    for (line, part) in
        [(1, "role"), (2, "loop"), (3, "loop"), (4, "x.com"), (5, "/t"), (6, "encode"), (7, "not known")]
    {
        assert!(reason(&found, &format!("_redirects:{line}")).contains(part), "{line}: {:?}", found.gaps);
    }
}

#[test]
fn another_site_need_only_not_fail() {
    let found = derived(&[("_redirects", "/api/* https://api.example.com/:splat 200\n")]);
    let probe = probe(&found, "/api/*");
    assert_eq!((probe.weight, &probe.expectations[..]), (Weight::Advisory, &[Expectation::StatusNotClass(5)][..]));
}

#[test]
fn headers_are_asked_of_a_file_that_they_count_for() {
    let text = "/*\n  X-A: 1\n  Server: x\n  X-Robots-Tag: none\n/app.*\n  X-A: 2\n  X-B: a\n  X-B: b\n  Vary: Origin\n/none/*\n  X: 1\n";
    let found = derived(&[("app.css", "p{}"), ("z.txt", "z"), ("_headers", text)]);
    let header = |name: &str, value: &str| Expectation::HeaderEquals { name: name.to_owned(), value: value.to_owned() };
    let all = probe(&found, "headers of \"/app.*\"");
    assert_eq!(all.request.target, "/app.css");
    let status = Expectation::Status(vec![200]);
    let expected = [
        status,
        Expectation::HeaderPresent("x-a".to_owned()),
        header("x-b", "a, b"),
        Expectation::HeaderPresent("vary".to_owned()),
    ];
    assert_eq!(all.expectations, expected);
    assert!(reason(&found, "\"Server\"").contains("nobody"));
    assert!(reason(&found, "_headers:10").contains("no file"));
    let robots =
        found.probes.iter().find(|probe| probe.expectations.contains(&header("x-robots-tag", "none"))).unwrap();
    assert!(!robots.scope.preview, "the deploy's own address is never indexed");
}

#[test]
fn what_no_header_can_be_is_not_asked_for() {
    let found = derived(&[("a.css", "x"), ("_headers", "/*\n  X Y: 1\n  X-Ü: 1\n  X-Z: ü\n")]);
    for name in ["X Y", "X-Ü"] {
        assert!(reason(&found, &format!("\"{name}\"")).contains("name"), "{name}");
    }
    assert!(probe(&found, "headers of").expectations.contains(&Expectation::HeaderPresent("x-z".to_owned())));
}

#[test]
fn a_site_without_a_start_page_is_not_expected_to_have_none() {
    let found = derived(&[("a.css", "x")]);
    assert!(reason(&found, "entry page \"/\"").contains("no such page"));
}

#[test]
fn a_large_file_is_no_sample() {
    let large = "x".repeat(9 << 20);
    let found = derived(&[("film.txt", &large), ("a.txt", "a")]);
    assert!(reason(&found, "file \"film.txt\"").contains("8 MB"));
    assert!(found.probes.iter().any(|probe| probe.name == "file \"a.txt\""));
}

#[test]
fn behind_a_password_nothing_is_asked() {
    let found = derived(&[("a.css", "x"), ("_headers", "/*\n  Basic-Auth: me:secret\n  X-A: 1\n")]);
    assert!(found.probes.is_empty(), "{:?}", found.probes);
    assert!(found.gaps.iter().all(|gap| !format!("{gap:?}").contains("secret")));
}

#[test]
fn what_pages_and_their_sheets_load_is_asked_for_with_its_bytes() {
    let css = "@import 'more.css'; p { background: url(img/a.png) }";
    let page = PAGE.replace("src=/app.js", "src=/app.js integrity=sha384-abc") + "<img src=gone.png>";
    let files = [("index.html", &*page), ("app.css", css), ("app.js", "1"), ("more.css", "q{}"), ("img/a.png", "png")];
    let found = derived(&files);
    let expectations = |name: &str| probe(&found, &format!("asset \"{name}\"")).expectations.clone();
    assert!(expectations("/app.css").contains(&digest_of(css)));
    assert!(expectations("/app.js").contains(&Expectation::Body(BodyDigest::Integrity("sha384-abc".to_owned()))));
    assert!(
        expectations("/more.css").contains(&digest_of("q{}")) && expectations("/img/a.png").contains(&digest_of("png"))
    );
    assert_eq!(probe(&found, "asset \"/gone.png\"").weight, Weight::Advisory);
}

#[test]
fn a_page_is_known_by_its_title_and_never_by_every_byte() {
    let found = derived(&[("index.html", PAGE), ("404.html", "<title>Nothing here</title>")]);
    let home = probe(&found, "entry page \"/\"");
    assert!(home.expectations.contains(&Expectation::Title("Home".to_owned())));
    assert!(home.expectations.iter().all(|expectation| !matches!(expectation, Expectation::Body(_))));
    let missing = probe(&found, "a page that does not exist");
    assert!(missing.expectations.contains(&Expectation::Status(vec![404])));
    assert!(missing.expectations.contains(&Expectation::Title("Nothing here".to_owned())));
    assert!(probe(&found, "\".env\" is not").expectations.contains(&Expectation::Status(vec![404])));
}

#[test]
fn pages_of_the_sitemap_are_entry_pages() {
    let sitemap = "<urlset><url><loc>https://example.com/about</loc></url><url><loc>https://example.com/x.pdf</loc></url></urlset>";
    let found = derived(&[("index.html", PAGE), ("about.html", "<title>About</title>"), ("sitemap.xml", sitemap)]);
    let about = probe(&found, "entry page \"/about\"");
    assert!(about.request.redirects > 0 && about.expectations.contains(&Expectation::Title("About".to_owned())));
    assert!(found.probes.iter().all(|probe| !probe.name.contains("x.pdf\"") || probe.name.starts_with("file")));
}

#[test]
fn without_the_publish_directory_only_rules_are_asked_about() {
    let text = [("_redirects", "/a/* /b/:splat\n/c /d\n/e /f 301!\n"), ("_headers", "/*\n  X-A: 1\n")];
    let found = derived_with(&text, |known| known.manifest = None);
    assert_eq!(found.probes.iter().filter(|probe| probe.name.starts_with("redirect")).count(), 2, "{:?}", found.gaps);
    assert!(reason(&found, "_redirects:2").contains("not known"));
    for subject in ["_headers:1", "entry pages", "assets", "files", "leaks"] {
        assert!(reason(&found, subject).contains("build"), "{subject}");
    }
}

#[test]
fn before_edge_functions_and_in_doubt_nothing_is_asked() {
    let files = [("index.html", PAGE), ("_redirects", "/a /b\n"), ("_headers", "/*\n  X-A: 1\n")];
    let found = derived_with(&files, |known| known.programs.at_the_edge = true);
    assert!(found.probes.is_empty() && found.gaps.len() >= 7);
    let found = derived_with(&files, |known| known.programs.on_a_server = true);
    assert!(reason(&found, "_redirects:1").contains("not known"));
    assert!(found.probes.iter().any(|probe| probe.name == "file \"index.html\""));
}

fn many(count: usize) -> Vec<(String, String)> {
    (0..count).map(|number| (format!("f/{number}.txt"), format!("text {number}"))).collect()
}

/// The files that are asked for as samples.
fn sampled(files: &[(String, String)], seed: &str, changed: Option<Vec<String>>) -> BTreeSet<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = derived_with(&files, |known| {
        known.seed = seed.to_owned();
        known.changed = changed;
    });
    let name = |probe: Probe| probe.name.strip_prefix("file \"").map(|rest| rest.trim_end_matches('"').to_owned());
    found.probes.into_iter().filter_map(name).collect()
}

#[test]
fn a_fault_in_one_of_a_hundred_files_is_found_and_in_a_changed_file_always() {
    let files = many(2_000);
    let mut found = 0;
    const RUNS: u64 = 100;
    for run in 0..RUNS {
        let sample = sampled(&files, &format!("deploy {run}"), None);
        assert_eq!(sample.len(), file::SAMPLE);
        // Every hundredth file is damaged; which ones depends on the run and not on the sample.
        let is_damaged = |number: usize| (number as u64 * 7_919 + run * 31).is_multiple_of(100);
        found += u64::from((0..2_000).any(|number| is_damaged(number) && sample.contains(&files[number].0)));
    }
    assert!(found * 100 >= RUNS * 95, "found in {found} of {RUNS}");
    let changed: Vec<String> = files.iter().take(500).map(|(path, _)| path.clone()).collect();
    let sample = sampled(&files, "key", Some(changed.clone()));
    assert!(changed.iter().all(|path| sample.contains(path)));
    assert!(sample.len() <= 800 && sample.len() > 500);
}

#[test]
fn a_sample_is_the_same_for_the_same_deploy_and_another_for_another() {
    let files = many(1_000);
    assert_eq!(sampled(&files, "a", None), sampled(&files, "a", None));
    assert_ne!(sampled(&files, "a", None), sampled(&files, "b", None));
}

#[test]
fn twenty_thousand_rules_are_drawn_from_and_each_has_its_reason() {
    let rules: String = (0..20_000).map(|number| format!("/old/{number}/* /new/{number}/:splat\n")).collect();
    let found = derived(&[("_redirects", &rules)]);
    let asked = found.probes.iter().filter(|probe| probe.name.starts_with("redirect")).count();
    let left = found.gaps.iter().filter(|gap| gap.subject.starts_with("_redirects:")).count();
    assert_eq!((asked, left), (500, 19_500));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_rule_gives_a_probe_or_a_reason_whatever_it_says(
        redirects in prop::collection::vec("[/:*a-c.]{0,8} [/:*a-c.]{0,8}( 200| 301!| 404| 302 Country=de| 301 Role=x)?", 0..8),
        headers in prop::collection::vec("/[a-c:*./]{0,6}\n  (X-A|Server|Vary): [a-c]{1,3}", 0..4),
        page in ".{0,200}",
    ) {
        let (redirects, headers) = (redirects.join("\n"), headers.join("\n"));
        let files = [("_redirects", &*redirects), ("_headers", &*headers), ("index.html", &*page), ("a", "a"), ("b/c", "c")];
        let mut sources = Sources::default();
        let file = sources.add(Text::new("_redirects", true, redirects.clone()));
        let text = FileText { text: &redirects, file };
        let rules = parse_redirects(SideFile::Text(text), None).unwrap().rules;
        let found = derived(&files);
        for rule in &rules {
            let line = format!("_redirects:{}", sources.get(file).unwrap().position(rule.span.start).line);
            let is_asked = found.probes.iter().any(|probe| probe.origin.to_string() == line);
            prop_assert!(is_asked || found.gaps.iter().any(|gap| gap.subject == line), "{line} of {redirects}");
        }
        let file = sources.add(Text::new("_headers", true, headers.clone()));
        let text = FileText { text: &headers, file };
        for entry in parse_headers(SideFile::Text(text), None, Form::Minimal).unwrap().rules {
            let line = format!("_headers:{}", sources.get(file).unwrap().position(entry.span.start).line);
            let is_asked = found.probes.iter().any(|probe| probe.origin.to_string() == line);
            prop_assert!(is_asked || found.gaps.iter().any(|gap| gap.subject.starts_with(&line)), "{line} of {headers}");
        }
        for probe in &found.probes {
            prop_assert!(!probe.expectations.is_empty() && probe.request.target.starts_with('/'));
        }
    }

    #[test]
    fn any_bytes_of_a_publish_directory_are_read(page in prop::collection::vec(any::<u8>(), 0..300), sheet in ".{0,100}") {
        let page = String::from_utf8_lossy(&page).into_owned();
        let linked = format!("<link rel=stylesheet href=a.css>{page}");
        derived(&[("index.html", &linked), ("a.css", &sheet), ("sitemap.xml", &page)]);
    }
}
