#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::live::{Live, Variable};
use super::mac::Key;
use super::record::{Record, of_variable};
use super::*;
use crate::platform::netlify::setting as dashboard;
use crate::platform::netlify::site::{Dashboard, Request, Site};
use crate::project::snapshot::Snapshot;

const CANARY: &str = "canary-s3cr3t-value";

fn key() -> Key {
    Key::new(b"0123456789abcdef").unwrap()
}

fn variable(name: &str, context: &str, value: &str) -> Variable {
    Variable {
        name: name.to_owned(),
        context: context.to_owned(),
        scopes: vec!["builds".to_owned(), "functions".to_owned()],
        is_secret: false,
        mac: Some(of_variable(&key(), name, value)),
        updated_at: None,
    }
}

fn live(settings: &[(&'static str, &str)], variables: Vec<Variable>) -> Live {
    let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Live { settings, variables: Ok(variables), deploy: None }
}

fn with_site<T>(toml: &str, live: &Live, act: impl FnOnce(&NetlifySite<'_>) -> T) -> T {
    let snapshot = Snapshot::in_memory([("netlify.toml", toml.as_bytes()), ("index.html", b"x")]);
    let mut text = serde_json::json!({});
    for (name, key) in [(setting::COMMAND, "command"), (setting::PUBLISH, "publish")] {
        if let Some(value) = live.setting(name) {
            text[key] = serde_json::json!(value);
        }
    }
    let settings = dashboard::parse(&text.to_string()).unwrap();
    let request = Request { dashboard: Dashboard::Given(settings), ..Request::default() };
    act(&NetlifySite::new(&snapshot, Site::default(), &request))
}

fn compared(toml: &str, live: &Live, record: Option<&Record>) -> Drift {
    with_site(toml, live, |site| compare(site, live, record, &key()))
}

fn field<'d>(drift: &'d Drift, name: &str) -> &'d Field {
    let found = drift.fields.iter().find(|field| field.name == name);
    found.unwrap_or_else(|| unreachable!("no \"{name}\" in {drift:#?}"))
}

const FILE: &str = "[build]\ncommand = 'make'\npublish = 'dist'\n[build.environment]\nMODE = 'x'\n";

#[test]
fn the_file_wins_so_a_difference_to_the_dashboard_has_no_effect() {
    let live = live(&[(setting::COMMAND, "npm run build"), (setting::PUBLISH, "/dist/")], Vec::new());
    let drift = compared(FILE, &live, None);
    let command = field(&drift, "build.command");
    assert_eq!((command.standing, command.has_effect), (Standing::Changed, false));
    assert_eq!((command.repository.as_deref(), command.platform.as_deref()), (Some("make"), Some("npm run build")));
    assert_eq!(field(&drift, "build.publish").standing, Standing::Equal);
    assert_eq!(drift.changed().count(), 0);
}

#[test]
fn what_only_the_platform_says_is_unmanaged_until_it_is_recorded() {
    let before = live(&[(setting::COMMAND, "make"), ("production branch", "main")], vec![variable("A", "all", "1")]);
    let drift = compared("", &before, None);
    for name in ["build.command", "production branch", "A (all)"] {
        assert_eq!(field(&drift, name).standing, Standing::Unmanaged, "{name}");
    }
    let record = Record::of(&before, &key());
    let drift = compared("", &before, Some(&record));
    assert!(drift.fields.iter().all(|field| field.standing == Standing::Equal), "{drift:#?}");
    let now = live(&[("production branch", "next"), ("build image", "noble")], vec![variable("A", "all", "2")]);
    let drift = compared("", &now, Some(&record));
    let notes: Vec<(&str, &str)> =
        drift.changed().map(|field| (field.name.as_str(), field.note.as_deref().unwrap_or_default())).collect();
    let expected = [
        ("build image", "it was not set when it was recorded"),
        ("build.command", "it was set when it was recorded, and is not any more"),
        ("production branch", "it is another one than was recorded"),
        ("A (all)", "it has another value than was recorded"),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn every_change_of_a_variable_is_told_and_no_value() {
    let secret = |at: &str| Variable {
        is_secret: true,
        mac: None,
        updated_at: Some(at.to_owned()),
        ..variable("TOKEN", "production", CANARY)
    };
    let before = live(&[], vec![variable("A", "all", CANARY), variable("B", "all", CANARY), secret("2026-01-01")]);
    let record = Record::of(&before, &key());
    let mut other = variable("A", "all", CANARY);
    other.scopes = vec!["runtime".to_owned()];
    other.is_secret = true;
    let now = live(&[], vec![other, variable("C", "branch x", CANARY), secret("2026-02-02")]);
    let drift = compared("", &now, Some(&record));
    let text = format!("{drift:?} {record:?} {:?}", record.to_lines());
    for part in ["scopes were", "marked as secret now", "B (all)", "C (branch x)", "set anew"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains(CANARY));
    assert_eq!(drift.changed().count(), 4);
}

#[test]
fn a_variable_of_the_file_is_compared_by_its_value() {
    let drift = compared(FILE, &live(&[], vec![variable("MODE", "production", "x")]), None);
    assert_eq!(field(&drift, "MODE (production)").standing, Standing::Equal);
    let drift = compared(FILE, &live(&[], vec![variable("MODE", "all", "y")]), None);
    let mode = field(&drift, "MODE (all)");
    assert_eq!((mode.standing, mode.has_effect), (Standing::Changed, true));
    assert!(mode.note.as_deref().unwrap().contains("functions"));
    let mut only_builds = variable("MODE", "all", "y");
    only_builds.scopes = vec!["builds".to_owned()];
    assert_eq!(compared(FILE, &live(&[], vec![only_builds]), None).changed().count(), 0);
    let drift = compared(FILE, &live(&[], vec![variable("MODE", "deploy-preview", "y")]), None);
    assert_eq!(field(&drift, "MODE (deploy-preview)").standing, Standing::Unmanaged);
    assert_eq!(field(&compared(FILE, &live(&[], Vec::new()), None), "MODE").standing, Standing::Equal);
}

#[test]
fn a_record_of_another_key_and_unreadable_variables_are_gaps() {
    let mut seen = live(&[("production branch", "main")], vec![variable("A", "all", "1")]);
    let record = Record::of(&seen, &Key::new(b"another-key-of-16-bytes").unwrap());
    let drift = compared("", &seen, Some(&record));
    assert_eq!((drift.changed().count(), drift.gaps.len()), (0, 1));
    seen.variables = Err("the token may not read them".to_owned());
    let drift = compared("", &seen, None);
    assert_eq!(drift.gaps, ["environment variables: the token may not read them"]);
    let record = Record::of(&seen, &key());
    let readable = live(&[("production branch", "main")], vec![variable("A", "all", "1")]);
    assert_eq!(field(&compared("", &readable, Some(&record)), "A (all)").standing, Standing::Unmanaged);
}

#[test]
fn what_only_the_dashboard_says_can_be_written_into_the_file() {
    let seen = live(&[(setting::COMMAND, "echo \"a\\b\""), (setting::PUBLISH, "dist")], Vec::new());
    for (toml, expected) in [
        ("", "[build]\ncommand = \"echo \\\"a\\\\b\\\"\"\n"),
        ("[build]\npublish = 'dist'\n", "[build]\ncommand = \"echo \\\"a\\\\b\\\"\"\npublish = 'dist'\n"),
        ("[[headers]]\r\nfor = '/x'", "[[headers]]\r\nfor = '/x'\r\n[build]\r\ncommand = \"echo \\\"a\\\\b\\\"\"\r\n"),
    ] {
        let fix = with_site(toml, &seen, |site| repair::findings(site, &seen).remove(0).fixes.remove(0));
        let edits: Vec<crate::text::edit::Edit> = fix
            .changes
            .into_iter()
            .map(|change| match change {
                crate::rule::fix::Change::Edit { span, text } => crate::text::edit::Edit { range: span.range(), text },
                other => unreachable!("{other:?}"),
            })
            .collect();
        let text = crate::text::edit::apply(toml, &edits).unwrap();
        assert_eq!(text, expected);
        let again = with_site(&text, &seen, |site| repair::findings(site, &seen).len());
        assert!(again < 2, "the repair removes its finding");
    }
    assert!(with_site(FILE, &seen, |site| repair::findings(site, &seen)).is_empty());
}

proptest! {
    #[test]
    fn a_record_is_read_back_from_its_lines(
        names in prop::collection::vec("[ -~é]{1,12}", 0..6),
        is_secret in any::<bool>(),
        is_told in any::<bool>(),
    ) {
        let mut variables: Vec<Variable> = names.iter().map(|name| variable(name, "all", name)).collect();
        for variable in &mut variables {
            variable.is_secret = is_secret;
            variable.mac = variable.mac.filter(|_| is_told);
        }
        let seen = Live { settings: vec![("production branch", names.join(" "))], variables: Ok(variables), deploy: None };
        let record = Record::of(&seen, &key());
        let lines = record.to_lines();
        prop_assert!(lines.iter().all(|line| !line.chars().any(char::is_control)));
        prop_assert_eq!(Record::from_lines(&record.key, lines.iter().map(String::as_str)), record);
    }

    #[test]
    fn any_lines_are_read(lines in prop::collection::vec(".{0,60}", 0..6)) {
        let _ = Record::from_lines("k", lines.iter().map(String::as_str));
    }
}
