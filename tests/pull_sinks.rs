//! What a repository holds breaks out of nothing that is said on a pull request, whatever it is.

#![allow(clippy::unwrap_used)]

use chimera::config::Configuration;
use chimera::heal::{self, Limits};
use chimera::project::snapshot::Snapshot;
use chimera::pull::diff::Diff;
use chimera::pull::piece::pieces;
use chimera::pull::remark::remarks;
use chimera::pull::{Inspection, check_run, command, commit, suggestion};
use chimera::rule::finding::{Level, Severity};
use chimera::rule::fix::Applicability;
use chimera::text::escape;
use chimera::verdict::SiteVerdict;
use chimera::verdict::registry::{Question, chosen};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

const PIECES: [&str; 30] = [
    "::error::x",
    "##[error]",
    "`",
    "```",
    "````",
    "|",
    "\\",
    "<script>",
    "</details>",
    "</sub>",
    "<!-- chimera:00 -->",
    "-->",
    "\n",
    "\r\n",
    "${{ secrets.X }}",
    "\u{202e}",
    "\u{200b}",
    "\u{1b}[31m",
    "@org/team",
    "#12",
    "[x](javascript:1)",
    "https://evil.example",
    "www.evil.example",
    "*",
    "\"",
    "a",
    " ",
    "%0A",
    "```suggestion",
    "Chimera-Healed-From: a",
];

fn hostile() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 1..7).prop_map(|pieces| pieces.concat())
}

/// A site with repairs of several rules beside hostile lines and values.
fn snapshot(text: &str) -> Snapshot {
    let value = serde_json::to_string(text).unwrap();
    let line = text.replace(['\n', '\r'], " ");
    let toml = format!(
        "# {line}\n[build]\nbase = \"/\"\ncommand = \"vite build # {}\"\npublish = \"build\"\n[build.environment]\nX = {value}\n\
         NODE_VERSION = 20\n[[redirects]]\nfrom = {value}\nto = {value}\nstatus = \"301\"\n",
        line.replace(['"', '\\', '\u{1b}'], "")
    );
    let manifest = format!(
        "{{\"name\": {value}, \"scripts\": {{\"build\": \"vite build\", \"x\": {value}}}, \"devDependencies\": {{\"vite\": \"6.0.0\"}}}}"
    );
    let files = [
        ("netlify.toml", toml),
        ("package.json", manifest),
        ("_redirects", format!("/a {line}\n{line} /b\n")),
        ("index.html", line),
    ];
    Snapshot::in_memory(files.map(|(path, text)| (path, text.into_bytes())))
}

fn judged(snapshot: &Snapshot) -> Vec<SiteVerdict> {
    let (configuration, question) = (Configuration::default(), Question::default());
    let platforms = chosen(Some("netlify"), snapshot, &configuration);
    let of = |platform: &chimera::verdict::registry::Platform| {
        let targets = (platform.targets)(snapshot, &question, &configuration);
        targets.into_iter().map(|target| (platform.judge)(snapshot, &target, &configuration)).collect::<Vec<_>>()
    };
    platforms.into_iter().flat_map(of).collect()
}

fn inspected(snapshot: &Snapshot, text: &str) -> Inspection {
    let limits = Limits { permission: Applicability::Review, severity: Severity::Low };
    let healing = heal::heal(snapshot, &judged, &limits, &|| false);
    let prefix = text.replace(['/', '\n', '\r'], "-");
    Inspection { prefix, healing, notices: vec![text.to_owned()], certification: None }
}

/// A diff that shows every line of every file that was healed.
fn diff(inspection: &Inspection) -> Diff {
    let mut text = String::new();
    for file in &inspection.healing.files {
        let Some(before) = &file.before else { continue };
        let before = String::from_utf8_lossy(before);
        let lines: Vec<&str> = before.lines().collect();
        let path = inspection.path(&file.path).replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("diff --git a/x b/x\n+++ \"b/{path}\"\n@@ -0,0 +1,{} @@\n", lines.len()));
        lines.iter().for_each(|line| text.push_str(&format!("+{line}\n")));
    }
    Diff::parse(&text)
}

/// Fails if anything but our own few elements is markup; the code blocks with this tag.
fn check_markdown(text: &str, tag: &str) -> Result<Vec<String>, TestCaseError> {
    const OURS: [&str; 10] = [
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<code>",
        "</code>",
        "<sub>",
        "</sub>",
        "<!-- -->",
        "git apply",
    ];
    let mut blocks = Vec::new();
    let mut is_in_block = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let mut rest = html.to_string();
                OURS.iter().for_each(|ours| rest = rest.replace(ours, ""));
                let mark = rest.trim().strip_prefix("<!-- chimera:").and_then(|rest| rest.strip_suffix(" -->"));
                let is_mark =
                    mark.is_some_and(|mark| mark.len() == 24 && mark.bytes().all(|byte| byte.is_ascii_hexdigit()));
                prop_assert!(is_mark || !rest.contains(['<', '>']), "{rest:?} in {text}");
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => prop_assert!(false, "a link in {text}"),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                is_in_block = &*kind == tag;
                if is_in_block {
                    blocks.push(String::new());
                }
            }
            Event::Text(words) if is_in_block => blocks.last_mut().unwrap().push_str(&words),
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => is_in_block = false,
            _ => {}
        }
    }
    Ok(blocks)
}

fn is_command(line: &str) -> bool {
    line.trim_start().strip_prefix("::").is_some_and(|rest| !rest.starts_with(':')) || line.contains("##[")
}

#[test]
fn the_site_of_these_tests_has_suggestions() {
    let snapshot = snapshot("`a` @b");
    let inspection = inspected(&snapshot, "`a` @b");
    let trial = |path: &str, text: &str| {
        judged(&snapshot.with_files(&std::iter::once((path.to_owned(), text.as_bytes().into())).collect()))
    };
    let found = pieces(&inspection, &trial, &|| false);
    let plans = suggestion::plan(&[(&inspection, found)], &diff(&inspection), &[]);
    assert!(plans[0].suggestions.len() >= 2, "{plans:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_out_of_what_is_said(text in hostile()) {
        let snapshot = snapshot(&text);
        let inspection = inspected(&snapshot, &text);
        let remarks = remarks(&inspection);
        prop_assert!(!remarks.is_empty());
        let run = check_run::check_run(&inspection, &remarks, "abc", Some(Level::Error), false);
        for line in [&run.title, &run.name].into_iter().chain(run.annotations.iter().flat_map(|one| [&one.message, &one.title])) {
            prop_assert!(escape::is_plain(line) && !line.contains('\n'), "{line:?}");
        }
        prop_assert!(run.title.chars().count() <= 260 && run.summary.len() <= 65_535 && run.text.len() <= 65_535);
        check_markdown(&run.summary, "")?;
        check_markdown(&check_run::unfinished(&text, "abc", &text, false).summary, "")?;

        let log = command::log(&inspection, &remarks);
        prop_assert!(!log.split(['\n', '\r']).any(is_command), "{log}");
        let (commands, count) = command::commands(&remarks);
        let found = commands.split(['\n', '\r']).filter(|line| is_command(line)).count();
        prop_assert_eq!(found, count, "{}", commands);

        let message = commit::message(&[&inspection], "abc");
        prop_assert!(!message.contains(['@', '#', '\r', '\u{202e}', '\u{1b}']), "{message}");
        let trailers = message.lines().filter(|line| line.starts_with("Chimera-Healed-From: ")).count();
        prop_assert_eq!(trailers, 1, "{}", message);
        check_markdown(&commit::pull_request_body(&[&inspection], &text), "")?;
    }

    #[test]
    fn a_suggestion_holds_what_it_suggests_and_nothing_else(text in hostile()) {
        let snapshot = snapshot(&text);
        let inspection = inspected(&snapshot, &text);
        let trial = |path: &str, text: &str| {
            judged(&snapshot.with_files(&std::iter::once((path.to_owned(), text.as_bytes().into())).collect()))
        };
        let found = pieces(&inspection, &trial, &|| false);
        let wanted: Vec<String> = found.iter().map(|piece| piece.after.clone()).collect();
        let plans = suggestion::plan(&[(&inspection, found)], &diff(&inspection), &[]);
        for comment in plans.iter().flat_map(|plan| &plan.suggestions) {
            let blocks = check_markdown(&comment.body, "suggestion")?;
            prop_assert_eq!(blocks.len(), 1, "{}", comment.body);
            prop_assert!(wanted.contains(&blocks[0]) , "{:?} in {:?}", blocks, wanted);
        }
        for comment in plans.iter().flat_map(|plan| &plan.files) {
            check_markdown(&comment.body, "diff")?;
        }
    }

    #[test]
    fn any_text_can_be_read_as_a_diff(text in "(diff --git |\\+\\+\\+ b/x\n|@@ -[0-9]{1,11},?[0-9]? \\+[0-9]{1,11},?[0-9]{0,10} @@\n|[-+ \\\\]a?\n|\"\\\\[0-9]{0,3}|\n){0,30}") {
        let diff = Diff::parse(&text);
        prop_assert!(!diff.shows("x", 0..=0, &["a"]));
    }
}
