//! What holds of every parser on any bytes: it ends, it does not panic, and every span lies in its text.

#![allow(dead_code, reason = "a fuzz target uses one of them")]
#![allow(clippy::unwrap_used, clippy::panic)]

use chimera::certificate::bundle::Bundle;
use chimera::certificate::envelope::{Envelope, Signer};
use chimera::certificate::verify::{Expectation, verify};
use chimera::config::Configuration;
use chimera::key::public::PublicKey;
use chimera::platform::netlify::config::{self, Failure, Options, escape};
use chimera::platform::netlify::oracle;
use chimera::platform::netlify::routing::{FileText, Form, SideFile, parse_headers, parse_redirects};
use chimera::platform::netlify::setting;
use chimera::platform::netlify::validate::cron;
use chimera::platform::pages::site::{Origin as GitHub, PagesSite};
use chimera::platform::render::schema;
use chimera::platform::render::site::RenderSite;
use chimera::project::import::scan;
use chimera::project::snapshot::Snapshot;
use chimera::report::{Style, certificate};
use chimera::rule::finding::{Level, Place};
use chimera::rule::fix::Change;
use chimera::smoke;
use chimera::smoke::jsonpath::Path;
use chimera::smoke::port::{Answer, Sent, World};
use chimera::smoke::run::Run;
use chimera::smoke::variable::Variables;
use chimera::text::source::{Source, Sources};
use chimera::text::span::{FileId, Span};
use chimera::text::tree::{Kind, Node, Table};
use chimera::text::{json, toml, yaml};
use chimera::verdict::{self, Status, render};
use jiff::Timestamp;

/// A check that panics when it fails.
pub(crate) type Law = fn(&[u8]);

/// Every law by its name.
pub(crate) const LAWS: [(&str, Law); 13] = [
    ("toml", law_of_toml),
    ("json", law_of_json),
    ("yaml", law_of_yaml),
    ("redirects", law_of_redirects),
    ("headers", law_of_headers),
    ("escape", law_of_escape),
    ("cron", law_of_cron),
    ("certificate", law_of_certificate),
    ("sites", law_of_sites),
    ("blueprints", law_of_blueprints),
    ("workflow", law_of_workflow),
    ("imports", law_of_imports),
    ("smoke", law_of_smoke),
];

const FILE: FileId = FileId(0);

/// Smoke tests: a file is read, or a fault is named that lies in it; whatever is read is gone through.
pub(crate) fn law_of_smoke(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\u{0}');
    let (head, body, file) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (head, body, file) = match (body, file) {
        (Some(body), Some(file)) => (head, body, file),
        _ => ("Set-Cookie: a=b; Path=/", "{\"a\": [1, 2.5, \"x\"]}", &text[..]),
    };
    match smoke::parse::parse(file) {
        Ok(parsed) => {
            let run = Run { text: file, variables: Variables::default(), is_live: None, weight: None, limit: 1000 };
            let outcome = smoke::run::run(&parsed, run, &mut Echo::new(head, body));
            for trouble in outcome.troubles {
                assert!(file.get(trouble.span).is_some(), "a trouble does not lie in its text");
            }
        }
        Err(fault) => {
            assert!(file.get(fault.span.clone()).is_some(), "{fault:?} does not lie in its text");
            assert!(fault.position(file).line > 0);
        }
    }
    let _ =
        Path::parse(body).map(|path| path.find(&serde_json::json!({"a": [1, {"b": null}]})).map(|found| found.len()));
    let _ = smoke::date::read(body, head).map(|date| smoke::date::write(date, head));
    let _ = smoke::html::unescape(body);
}

/// A world that answers everything with the same, and whose clock runs with what is asked.
struct Echo {
    answer: Answer,
    millis: i64,
}

impl Echo {
    fn new(head: &str, body: &str) -> Echo {
        let headers = head.lines().filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
        let answer =
            Answer { version: "HTTP/1.1".to_owned(), status: 200, headers, body: body.into(), ..Answer::default() };
        Echo { answer, millis: 0 }
    }
}

impl World for Echo {
    fn send(&mut self, _: &Sent) -> Result<Answer, String> {
        self.millis += 100;
        Ok(self.answer.clone())
    }

    fn speaks(&self, _: &str) -> bool {
        true
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + self.millis).unwrap()
    }

    fn sleep(&mut self, time: u64) {
        self.millis += i64::try_from(time).unwrap();
    }

    fn random(&mut self) -> [u8; 16] {
        [7; 16]
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Ok(path.as_bytes().to_vec())
    }
}

/// The stack of those who read sources (`import::graph`).
const STACK_BYTES: usize = 192 << 20;

/// Sources: whatever they load is named by a place in the text.
pub(crate) fn law_of_imports(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = || {
        for file in ["a.js", "a.cjs", "a.tsx", "a.vue", "a.svelte", "a.astro", "a.html", "a.css"] {
            let loads = scan::scan(&text, file).map(|scan| scan.loads).unwrap_or_default();
            for load in loads {
                assert!(text.get(load.start as usize..load.end as usize).is_some(), "{file}: {load:?}");
            }
        }
    };
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        reader.unwrap().join().unwrap();
    });
}

fn sources_of(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("text", true, text));
    sources
}

fn check_span(sources: &Sources, span: Span) {
    if span.is_written() {
        assert!(sources.slice(span).is_some(), "{span:?} does not lie in its text");
        assert!(sources.get(span.file).is_some_and(|source| source.position(span.start).line > 0));
    }
}

fn check_tree(sources: &Sources, node: &Node) {
    check_span(sources, node.span);
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| check_tree(sources, item)),
        Kind::Table(table) => check_table(sources, table),
        _ => {}
    }
}

fn check_table(sources: &Sources, table: &Table) {
    for (_, entry) in table.iter() {
        check_span(sources, entry.key_span);
        check_tree(sources, &entry.value);
    }
}

pub(crate) fn law_of_toml(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let sources = sources_of(&text);
    match toml::parse_document(&text, FILE) {
        Ok(document) => {
            check_tree(&sources, &document.root);
            assert!(document.root.to_json().to_string().starts_with('{'), "a document is an object of JSON");
        }
        Err(error) => {
            assert!(text.is_char_boundary(error.offset.min(text.len())), "an error points into a character");
            let lines = text.bytes().filter(|byte| *byte == b'\n').count();
            assert!((1..=lines + 1).contains(&usize::try_from(error.line).unwrap()), "an error is on a line");
            error.related.into_iter().for_each(|span| check_span(&sources, span));
            assert!(!error.to_string().is_empty());
        }
    }
}

pub(crate) fn law_of_json(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match json::parse(&text, FILE) {
        Ok(root) => {
            check_tree(&sources_of(&text), &root);
            let again = json::parse(&root.to_json().to_string(), FILE).map(|root| root.to_json());
            assert_eq!(again.ok(), Some(root.to_json()), "what was read reads the same when written again");
        }
        Err(error) => {
            assert!(text.is_char_boundary(error.offset.min(text.len())) && error.line > 0 && error.column > 0)
        }
    }
    law_of_inputs(&text);
}

/// Any text is judged as a workflow of a small repository, and whatever is said of it lies in its text.
pub(crate) fn law_of_workflow(data: &[u8]) {
    let path = ".github/workflows/pages.yml";
    let files: [(&str, &[u8]); 5] = [
        (path, data),
        ("package.json", br#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7.0.0"}}"#),
        ("index.html", b"<p>"),
        ("_config.yml", data),
        ("docs/index.md", data),
    ];
    let snapshot = Snapshot::in_memory(files);
    let origin = GitHub { repository: Some(("a/b".to_owned(), "")), default_branch: Some("main".to_owned()) };
    for place in [path, "", "package.json"] {
        let verdict = verdict::pages::judge(PagesSite::new(&snapshot, place, &origin), &Configuration::default());
        for finding in &verdict.findings {
            assert!(!finding.message.is_empty());
            if let Place::Span(span) = finding.place {
                check_span(&verdict.sources, span);
            }
            finding.related.iter().for_each(|label| check_span(&verdict.sources, label.span));
            for change in finding.fixes.iter().flat_map(|fix| &fix.changes) {
                if let Change::Edit { span, .. } = change {
                    check_span(&verdict.sources, *span);
                }
            }
        }
    }
}

/// YAML is read or refused, and what is read can be judged as a Blueprint.
pub(crate) fn law_of_yaml(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let sources = sources_of(&text);
    let document = yaml::parse(&text, FILE);
    assert_eq!(document.is_ok(), document.errors.is_empty());
    document.root.iter().for_each(|root| check_tree(&sources, root));
    for error in &document.errors {
        check_span(&sources, error.span);
        assert!(!error.message.is_empty() && !error.kind.code().is_empty());
    }
    document.doubts.iter().for_each(|doubt| check_span(&sources, doubt.span));
    let yaml::Marks { anchored, aliases, merges, duplicates, tagged, flow, quoted, blocks } = &document.marks;
    for list in [anchored, aliases, merges, duplicates, tagged, flow, quoted, blocks] {
        list.iter().for_each(|span| check_span(&sources, *span));
        assert!(list.is_sorted(), "marks are in the order of the text");
    }
    let judgement = schema::judge(&document, &text, FILE);
    assert_eq!(judgement.is_valid, judgement.violations.is_empty());
    for violation in &judgement.violations {
        check_span(&sources, violation.place);
        check_span(&sources, violation.span);
        assert!(!violation.message.is_empty() && !violation.message.contains("anyOf"));
    }
}

/// What holds of everything that people hand us beside a repository.
pub(crate) fn law_of_inputs(text: &str) {
    if let Err(error) = oracle::parse_case(text) {
        assert!(!error.is_empty());
    }
    match setting::parse(text) {
        Ok(settings) => check_table(&sources_of(text), &settings.config),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Err(error) = chimera::config::parse(text) {
        let lines = text.bytes().filter(|byte| *byte == b'\n').count();
        assert!(error.line as usize <= lines + 1 && error.column > 0 && !error.message.is_empty());
    }
}

pub(crate) fn law_of_redirects(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let sources = sources_of(&text);
    let Ok(parsed) = parse_redirects(SideFile::Text(FileText { text: &text, file: FILE }), None) else {
        panic!("a file cannot make the engine crash")
    };
    for rule in &parsed.rules {
        check_span(&sources, rule.span);
        assert!(rule.to_json()["from"].is_string());
    }
    for error in &parsed.errors {
        check_span(&sources, error.span);
        assert!(!error.to_string().is_empty() && !error.first_line().is_empty());
    }
    let lines = text.split('\n').filter(|line| !line.trim().is_empty()).count();
    assert!(parsed.rules.len() + parsed.errors.len() <= lines, "a line makes at most one rule or error");
}

pub(crate) fn law_of_headers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let sources = sources_of(&text);
    for form in [Form::Minimal, Form::Complete] {
        let Ok(parsed) = parse_headers(SideFile::Text(FileText { text: &text, file: FILE }), None, form) else {
            panic!("a file cannot make the engine crash")
        };
        for rule in &parsed.rules {
            check_span(&sources, rule.path.span);
            assert!(rule.to_json()["for"].is_string());
            assert!(form == Form::Minimal || rule.pattern().is_some(), "a complete entry has a pattern");
        }
        for error in &parsed.errors {
            check_span(&sources, error.span);
            assert!(!error.to_string().is_empty() && !error.first_line().is_empty());
        }
    }
}

pub(crate) fn law_of_escape(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(found) = escape::find(&text) {
        let rest = text[found.offset..].strip_prefix('\\').expect("it is a backslash");
        assert!(rest.starts_with(found.character) && !"\"\\btnfruU".contains(found.character));
    }
}

/// Nothing that nobody signed is ever accepted, and what was read is written and read the same.
pub(crate) fn law_of_certificate(data: &[u8]) {
    let expected = Expectation { target: "a", ..Expectation::default() };
    let wrapped = Envelope::seal(data.to_vec(), &Signer::Nobody).to_json().to_string().into_bytes();
    for bytes in [data, &wrapped] {
        assert!(verify(bytes, &expected).failure.is_some());
        if let Ok(bundle) = Bundle::parse(bytes) {
            assert_eq!(Bundle::parse(bundle.to_text().as_bytes()).as_ref(), Ok(&bundle));
            let _ = certificate::json(&bundle);
            let text = certificate::human(&bundle, Style::default());
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
    let text = String::from_utf8_lossy(data);
    if let Ok(public) = PublicKey::parse(&text) {
        assert_eq!(PublicKey::parse(&public.to_text()).map(|again| again.key), Ok(public.key));
    }
    if let Ok(configuration) = chimera::config::parse(&text) {
        let _ = configuration.policy;
    }
}

pub(crate) fn law_of_cron(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match cron::parse_cron(&text) {
        Ok(cron) => assert_eq!(cron.fields().len(), 6),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The first bytes say how the rest is split into files.
pub(crate) fn law_of_sites(data: &[u8]) {
    let Some((split, rest)) = data.split_at_checked(2) else { return };
    let at = |share: u8| rest.len() * usize::from(share) / 255;
    let (low, high) = (at(split[0].min(split[1])), at(split[0].max(split[1])));
    law_of_site(&[
        ("netlify.toml", &rest[..low]),
        ("_redirects", &rest[low..high]),
        ("_headers", &rest[high..]),
        ("site/netlify.toml", &rest[high..]),
        ("site/_redirects", &rest[..low]),
    ]);
}

/// What holds of every resolution.
pub(crate) fn law_of_site(files: &[(&str, &[u8])]) {
    let snapshot = Snapshot::in_memory(files.iter().copied());
    let options = Options::default();
    let resolution = config::resolve(&snapshot, &options, Sources::default());
    let sources = &resolution.sources;
    match &resolution.outcome {
        Ok(resolved) => {
            check_table(sources, &resolved.config);
            resolved.redirects.rules.iter().for_each(|rule| check_span(sources, rule.span));
            resolved.headers.rules.iter().for_each(|rule| check_span(sources, rule.path.span));
            assert!(snapshot.is_dir(&resolved.build_dir), "a build runs in a folder that exists");
        }
        Err(failure) => {
            check_span(sources, failure.span());
            assert!(!failure.to_string().is_empty() && !matches!(failure, Failure::Missing { .. }));
        }
    }
    for error in resolution.redirect_errors.iter().chain(&resolution.header_errors) {
        check_span(sources, error.span);
    }
    resolution.warnings.iter().for_each(|warning| assert!(!warning.to_string().is_empty()));
    let document = oracle::document(&snapshot, &Table::default(), &options);
    assert_eq!(document["ok"], resolution.outcome.is_ok());
    assert!(oracle::steps_document(&snapshot, &options)["success"].is_boolean());
}

/// The first bytes say how the rest is split into a Blueprint and the files of its services.
pub(crate) fn law_of_blueprints(data: &[u8]) {
    let Some((split, rest)) = data.split_at_checked(2) else { return };
    let at = |share: u8| rest.len() * usize::from(share) / 255;
    let (low, high) = (at(split[0].min(split[1])), at(split[0].max(split[1])));
    law_of_blueprint(&[
        ("render.yaml", &rest[..low.max(high / 2)]),
        ("package.json", &rest[low..high]),
        ("requirements.txt", &rest[high..]),
        ("Dockerfile", &rest[low..]),
        ("index.js", &rest[low..high]),
        ("main.py", &rest[high..]),
    ]);
}

/// What holds of every simulation of a Blueprint.
pub(crate) fn law_of_blueprint(files: &[(&str, &[u8])]) {
    let snapshot = Snapshot::in_memory(files.iter().copied());
    let verdict = render::judge(RenderSite::new(&snapshot, "render.yaml"), &Configuration::default());
    for finding in &verdict.findings {
        let related = finding.related.iter().map(|label| label.span);
        let place = if let Place::Span(span) = finding.place { Some(span) } else { None };
        related.chain(place).for_each(|span| check_span(&verdict.sources, span));
        assert!(!finding.message.is_empty(), "{} says something", finding.rule.id);
    }
    let nodes = verdict.graph.nodes.len();
    for edge in &verdict.graph.edges {
        check_span(&verdict.sources, edge.span);
        assert!(edge.from < nodes && edge.to < nodes, "an edge joins two nodes");
    }
    assert_eq!(verdict.status == Status::Fail, verdict.at_level(Level::Error).next().is_some());
}
