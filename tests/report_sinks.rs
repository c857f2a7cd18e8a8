//! What a repository holds breaks out of no output: neither by names nor by values, whatever they are.

#![allow(clippy::unwrap_used)]

#[path = "support/program.rs"]
mod program;

use chimera::config::Configuration;
use chimera::heal::{self, Limits};
use chimera::project::snapshot::Snapshot;
use chimera::report::heal::HealReport;
use chimera::report::{FORMATS, Report, SiteReport, Style, markdown};
use chimera::rule::finding::Severity;
use chimera::rule::fix::Applicability;
use chimera::text::escape;
use chimera::verdict::SiteVerdict;
use chimera::verdict::registry::{Question, chosen};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

const PIECES: [&str; 44] = [
    "::error::x",
    "##[error]",
    "::",
    "`",
    "```",
    "````",
    "|",
    "\\|",
    "<script>",
    "</details>",
    "</code>",
    "\n",
    "\r",
    "\r\n",
    "${{ secrets.X }}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{1b}[31m",
    "@org/team",
    "#12",
    "[x](javascript:1)",
    "](",
    "![",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "*",
    "_",
    "\\",
    "\"",
    "'",
    "a",
    " ",
    "%0A",
    "~~~",
    "<!--",
    "-->",
    "&lt;",
    "$x$",
    "- ",
    "1. ",
    "# ",
    "[^1]: x",
];

fn hostile() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 1..8).prop_map(|pieces| pieces.concat())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A site whose names and values are hostile, with findings of many rules.
fn files(text: &str, path: &str) -> Vec<(String, String)> {
    let path = path.replace(['/', '\n', '\r', '\0'], "-");
    let value = quoted(text);
    let toml = format!(
        "[build]\nbase = \"\"\npublish = {value}\ncommand = {value}\n[build.environment]\nX = {value}\n\
         [[plugins]]\npackage = {value}\n[[headers]]\nfor = {value}\n[[redirects]]\nfrom = {value}\nto = {value}\n"
    );
    let line = text.replace(['\n', '\r'], " ");
    let blueprint = format!(
        "services:\n  - type: web\n    name: {value}\n    runtime: node\n    plan: {value}\n    buildCommand: {value}\n\
         \x20   startCommand: npm run {value}\n    envVars:\n      - key: A\n        fromDatabase: {{name: {value}, property: x}}\n"
    );
    let manifest =
        format!("{{\"name\": {value}, \"scripts\": {{\"build\": {value}}}, \"engines\": {{\"node\": {value}}}}}");
    [
        ("netlify.toml", toml),
        ("_redirects", format!("/a {line}\n{line} /b\n")),
        ("_headers", format!("{line}\n  {line}\n")),
        ("render.yaml", blueprint),
        ("package.json", manifest),
        (&path, String::new()),
        (&format!("{path}/netlify.toml"), format!("[build]\npublish = {value}\n")),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .to_vec()
}

fn judged(snapshot: &Snapshot) -> Vec<SiteVerdict> {
    let (configuration, question) = (Configuration::default(), Question::default());
    let mut verdicts = Vec::new();
    for platform in chosen(None, snapshot, &configuration) {
        for target in (platform.targets)(snapshot, &question, &configuration) {
            verdicts.push((platform.judge)(snapshot, &target, &configuration));
        }
    }
    verdicts
}

fn snapshot(files: &[(String, String)]) -> Snapshot {
    Snapshot::in_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))
}

fn report(files: &[(String, String)], prefix: &str, notice: &str) -> Report {
    let site = |verdict| SiteReport { root: prefix.to_owned(), prefix: prefix.to_owned(), verdict, milliseconds: None };
    Report {
        sites: judged(&snapshot(files)).into_iter().map(site).collect(),
        notices: vec![notice.to_owned()],
        ..Report::default()
    }
}

fn rendered(report: &Report, format: &str) -> String {
    (FORMATS.iter().find(|one| one.name == format).unwrap().render)(report, Style::default())
}

/// The lines that a runner would take for commands: `::` behind blanks, `##[` anywhere.
fn commands(log: &str) -> Vec<&str> {
    let is_named = |line: &str| line.strip_prefix("::").is_some_and(|rest| !rest.starts_with(':'));
    let is_command = |line: &&str| is_named(line.trim_start()) || line.contains("##[");
    log.split(['\n', '\r']).filter(is_command).collect()
}

/// Fails if GitHub would find a person, an issue or an address in words.
fn check_words(words: &str) -> Result<(), TestCaseError> {
    let is_before =
        |mark: char, wanted: fn(char) -> bool| words.split(mark).skip(1).any(|rest| rest.starts_with(wanted));
    prop_assert!(!is_before('@', |next| next.is_ascii_alphanumeric()), "{words}");
    prop_assert!(!is_before('#', |next| next.is_ascii_digit()), "{words}");
    prop_assert!(!words.contains("://") && !words.contains("www."), "{words}");
    Ok(())
}

/// Fails unless Markdown holds nothing but what we write: our few elements, no link, no picture, tables as wide as their heads.
fn check_markdown(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(escape::is_plain(text), "hidden characters in {text:?}");
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let (mut run, mut is_block) = (String::new(), false);
    let (mut details, mut columns) = (0_i32, Vec::new());
    for event in Parser::new_ext(text, options | Options::ENABLE_MATH) {
        match &event {
            Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => is_block = !is_block,
            Event::Text(_) if is_block => {}
            Event::Text(text) => run.push_str(text),
            _ => check_words(&std::mem::take(&mut run))?,
        }
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                let is_ours = html.starts_with("<details><summary>")
                    && html.ends_with("</summary>")
                    && html.matches('<').count() == html.matches("<!-- -->").count() + 3
                    || ["</details>", "<code>", "</code>", "<!-- -->", ""].contains(&html);
                prop_assert!(is_ours, "{html:?} in {text}");
                details += i32::from(html.starts_with("<details>")) - i32::from(html == "</details>");
            }
            Event::Start(Tag::Table(alignments)) => columns.push((alignments.len(), 0)),
            Event::Start(Tag::TableRow | Tag::TableHead) => columns.last_mut().unwrap().1 = 0,
            Event::Start(Tag::TableCell) => columns.last_mut().unwrap().1 += 1,
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::Strikethrough
                | Tag::Emphasis),
            ) => {
                prop_assert!(false, "{tag:?} in {text}");
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {
                prop_assert!(false, "{event:?} in {text}");
            }
            _ => {}
        }
    }
    prop_assert_eq!(details, 0, "{}", text);
    for row in text.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |")) {
        let cells = row.replace("&#124;", "").matches('|').count();
        prop_assert!((4..=5).contains(&cells), "{cells} bars in {row}");
        prop_assert!(!row.contains("\\|"), "{row}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_holds_our_commands_and_no_others(text in hostile(), path in hostile()) {
        let report = report(&files(&text, &path), &path.replace('\n', "-"), &text);
        let log = rendered(&report, "github");
        for line in commands(&log) {
            let is_ours = ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
            prop_assert!(is_ours && !line.contains("##["), "{line}");
            let (head, _) = line[2..].split_once("::").unwrap();
            prop_assert!(head.split(',').all(|part| part.matches('=').count() >= 1), "{head}");
            prop_assert!(line.ends_with(line.trim_end()) && line.contains("title="), "{line}");
        }
        prop_assert!(escape::is_plain(&log), "{log:?}");
        prop_assert!(commands(&log).len() <= 10);
        let people = rendered(&report, "human");
        prop_assert!(commands(&people).is_empty(), "{people}");
    }

    #[test]
    fn a_summary_holds_no_markup_of_the_repository(text in hostile(), path in hostile()) {
        let report = report(&files(&text, &path), &path.replace('\n', "-"), &text);
        check_markdown(&rendered(&report, "markdown"))?;
    }

    #[test]
    fn a_summary_of_repairs_holds_no_markup_of_the_repository(text in hostile(), path in hostile()) {
        let snapshot = snapshot(&files(&text, &path));
        let limits = Limits { permission: Applicability::Review, severity: Severity::Low };
        let healing = heal::heal(&snapshot, &judged, &limits, &|| false);
        let report = HealReport {
            root: ".".to_owned(),
            prefix: String::new(),
            healing: &healing,
            is_written: false,
            patch: None,
            notices: vec![text.clone()],
        };
        check_markdown(&markdown::heal(&report))?;
    }

    #[test]
    fn each_sink_escapes_any_text(text in "\\PC{0,40}", more in hostile()) {
        let text = text + &more;
        prop_assert!(commands(&escape::log(&text)).is_empty(), "{}", escape::log(&text));
        prop_assert!(!escape::log(&text).contains('\n'));
        let property = escape::command_property(&text);
        prop_assert!(!property.contains([':', ',', '\n', '\r']), "{property}");
        prop_assert!(!escape::command_message(&text).contains(['\n', '\r']));
        for shown in [escape::markdown(&text), escape::code(&text), escape::prose(&text)] {
            check_markdown(&format!("| a | b | c |\n| --- | --- | --- |\n| x | {shown} | x |\n"))?;
            check_markdown(&format!("{shown}\n"))?;
        }
        check_markdown(&format!("<details><summary>{}</summary>\n\n</details>\n", escape::html(&text)))?;
        let fence = escape::fence(&text.replace('\r', ""), "diff");
        prop_assert_eq!(Parser::new(&fence).filter(|event| matches!(event, Event::Start(_))).count(), 1, "{}", fence);
    }
}

#[test]
fn no_format_shows_a_secret_of_the_environment() {
    let mut files: Vec<(String, String)> = files("x y", "a b");
    files.retain(|(path, _)| path != "a b");
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let folder = program::repository(&files);
    let canaries = ["NETLIFY_AUTH_TOKEN", "RENDER_API_KEY", "GITHUB_TOKEN", "CHIMERA_SIGNING_KEY", "X", "NPM_TOKEN"];
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command.args(arguments).current_dir(folder.path());
        canaries.iter().for_each(|name| _ = command.env(name, format!("canary-{name}-7f3a")));
        let output = command.output().unwrap();
        program::stdout(&output) + &program::stderr(&output)
    };
    for format in &FORMATS {
        let text = run(&["simulate", "--format", format.name]);
        assert!(text.len() > 100 && !text.contains("7f3a"), "{}", format.name);
    }
    for format in ["human", "json", "markdown"] {
        let text = run(&["heal", "--format", format]);
        assert!(text.len() > 100 && !text.contains("7f3a"), "{format}");
    }
}
