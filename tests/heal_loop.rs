//! The loop of healing against fixers that do harm, do nothing, or never end.

#![allow(clippy::unwrap_used)]

use std::cell::Cell;

use chimera::config::Configuration;
use chimera::heal::proof::Rejection;
use chimera::heal::{HEAL_MAX_ATTEMPTS, Healing, Limits, Reason, Refusal, heal};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::{Finding, Severity};
use chimera::rule::fix::{Applicability, Fix};
use chimera::rule::registry;
use chimera::sim::stage::Stage;
use chimera::text::span::{FileId, Span};
use chimera::verdict::registry::{PLATFORMS, Question};
use chimera::verdict::{SiteVerdict, Status};

const SITE: &str = "[build]\npublish = \".\"\n";

fn site(text: &str) -> Snapshot {
    Snapshot::in_memory([("netlify.toml", text.as_bytes()), ("index.html", b"x")])
}

/// The verdict of a sound site, to which tests add findings.
fn sound(snapshot: &Snapshot) -> SiteVerdict {
    let (platform, configuration) = (&PLATFORMS[0], Configuration::default());
    let targets = (platform.targets)(snapshot, &Question::default(), &configuration);
    let mut verdict = (platform.judge)(snapshot, &targets[0], &configuration);
    verdict.findings.clear();
    verdict
}

fn finding(id: &str, message: &str, fixes: impl IntoIterator<Item = Fix>) -> Finding {
    let mut finding = registry::find(id).unwrap().finding(message).severity(Severity::High);
    finding.place = chimera::rule::finding::Place::Span(Span::new(FileId(0), 0, 7));
    finding.fixes.extend(fixes);
    finding
}

fn append(snapshot: &Snapshot, text: &str) -> Fix {
    let end = snapshot.text("netlify.toml").unwrap().len();
    Fix::replace(Applicability::Safe, format!("append {text:?}"), Span::new(FileId(0), end, end), text)
}

fn healed(text: &str, findings: impl Fn(&Snapshot) -> Vec<Finding>) -> Healing {
    let judge = |snapshot: &Snapshot| {
        let mut verdict = sound(snapshot);
        verdict.findings = findings(snapshot);
        vec![verdict]
    };
    heal(&site(text), &judge, &Limits::default(), &|| false)
}

fn holds(snapshot: &Snapshot, text: &str) -> bool {
    snapshot.text("netlify.toml").unwrap().contains(text)
}

#[test]
fn a_fixer_that_never_converges_is_stopped_after_exactly_three_attempts() {
    let simulations = Cell::new(0);
    let healing = healed(SITE, |snapshot| {
        simulations.set(simulations.get() + 1);
        let fixes = (0..100).map(|number| append(snapshot, &format!("# {number}\n")));
        vec![finding("NTL007", "it never ends", fixes)]
    });
    assert_eq!((healing.attempts, simulations.get()), (HEAL_MAX_ATTEMPTS, 1 + HEAL_MAX_ATTEMPTS));
    assert_eq!(healing.reverted.iter().map(|it| it.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(healing.reverted.iter().all(|it| it.reason == Rejection::Stays));
    assert!(healing.files.is_empty() && healing.fixes_applied.is_empty());
    assert_eq!(healing.refused[0].reason, Reason::ManualReview(3));
}

#[test]
fn a_finding_that_changes_its_words_is_still_the_same() {
    let healing = healed(SITE, |snapshot| {
        let length = snapshot.text("netlify.toml").unwrap().len();
        vec![finding(
            "NTL007",
            &format!("{length} bytes are too many"),
            (0..9).map(|number| append(snapshot, &format!("#{number}\n"))),
        )]
    });
    assert_eq!(healing.attempts, HEAL_MAX_ATTEMPTS);
    assert!(healing.files.is_empty());
}

#[test]
fn a_repair_that_brings_something_as_bad_is_taken_back_and_the_next_one_kept() {
    let healing = healed(SITE, |snapshot| {
        if holds(snapshot, "# worse") {
            return vec![finding("NTL010", "a new one", [])];
        }
        if holds(snapshot, "# good") {
            return Vec::new();
        }
        vec![finding("NTL007", "broken", [append(snapshot, "# worse\n"), append(snapshot, "# good\n")])]
    });
    assert_eq!(healing.reverted[0].reason, Rejection::New { rule: "NTL010", message: "a new one".to_owned() });
    assert_eq!((healing.fixes_applied[0].attempt, healing.attempts), (2, 2));
    assert_eq!(*healing.files[0].after, *format!("{SITE}# good\n").as_bytes());
    assert!(healing.refused.is_empty());
}

/// A verdict whose build fails with one finding; when it is mended, `behind` shows in the stage of publishing.
fn in_stages(behind: &'static [&'static str]) -> Healing {
    let judge = |snapshot: &Snapshot| {
        let mut verdict = sound(snapshot);
        let is_mended = holds(snapshot, "# mended");
        let (rule, stage, messages, text) = match is_mended {
            true => ("NTL011", Stage::Publish, behind, "# published\n"),
            false => ("NTL007", Stage::BuildCommand, &["no such script"][..], "# mended\n"),
        };
        let found = messages.iter().map(|message| finding(rule, message, [append(snapshot, text)]).stage(stage));
        verdict.findings = if holds(snapshot, "# published") { Vec::new() } else { found.collect() };
        verdict.stage = verdict.findings.first().map(|finding| finding.stage);
        verdict.status = if verdict.findings.is_empty() { Status::Pass } else { Status::Fail };
        verdict.deploy = verdict.status;
        vec![verdict]
    };
    heal(&site(SITE), &judge, &Limits::default(), &|| false)
}

#[test]
fn what_a_failed_build_kept_from_being_seen_is_healed_after_it() {
    let healing = in_stages(&["nothing is published"]);
    let applied: Vec<&str> = healing.fixes_applied.iter().map(|applied| applied.subject.message.as_str()).collect();
    assert_eq!(applied, ["no such script", "nothing is published"], "{:?}", healing.reverted);
    assert!(healing.refused.is_empty());
}

#[test]
fn a_repair_that_leads_to_more_errors_than_there_were_is_taken_back() {
    let judge = |snapshot: &Snapshot| {
        let mut verdict = sound(snapshot);
        verdict.findings = match holds(snapshot, "# mended") {
            true => vec![finding("NTL011", "one", []), finding("NTL012", "two", [])],
            false => {
                vec![finding("NTL007", "no such script", [append(snapshot, "# mended\n")]).stage(Stage::BuildCommand)]
            }
        };
        (verdict.status, verdict.deploy) = (Status::Fail, Status::Fail);
        verdict.stage = verdict.findings.first().map(|finding| finding.stage);
        vec![verdict]
    };
    let healing = heal(&site(SITE), &judge, &Limits::default(), &|| false);
    assert!(healing.files.is_empty() && healing.fixes_applied.is_empty(), "{:?}", healing.fixes_applied);
    assert_eq!(healing.reverted[0].reason, Rejection::New { rule: "NTL011", message: "one".to_owned() });
    assert_eq!(healing.refused[0].reason, Reason::ManualReview(1));
}

#[test]
fn something_less_bad_may_appear() {
    let healing = healed(SITE, |snapshot| match holds(snapshot, "# done") {
        true => vec![finding("NTL010", "a warning", []).severity(Severity::Medium)],
        false => vec![finding("NTL007", "broken", [append(snapshot, "# done\n")])],
    });
    assert_eq!(healing.fixes_applied.len(), 1);
}

#[test]
fn a_finding_may_not_get_worse_in_the_place_of_another() {
    let judge = |snapshot: &Snapshot| {
        let mut verdict = sound(snapshot);
        let (severity, fixes) = match holds(snapshot, "# worse") {
            true => (Severity::High, vec![]),
            false => (Severity::Low, vec![append(snapshot, "# worse\n")]),
        };
        let odd = finding("NTL007", "odd", fixes).severity(severity);
        verdict.findings = vec![odd];
        vec![verdict]
    };
    let limits = Limits { severity: Severity::Low, ..Limits::default() };
    let healing = heal(&site(SITE), &judge, &limits, &|| false);
    assert!(healing.files.is_empty() && healing.reverted.len() == 1);
}

#[test]
fn findings_below_the_threshold_are_left_alone() {
    let healing = healed(SITE, |snapshot| {
        vec![finding("NTL007", "odd", [append(snapshot, "# it\n")]).severity(Severity::Medium)]
    });
    assert!(healing.files.is_empty() && healing.refused.is_empty() && healing.attempts == 0);
}

#[test]
fn many_repairs_go_together_and_one_bad_apple_does_not_spoil_them() {
    let text: String = (0..40).map(|number| format!("# {number:02} broken\n")).collect();
    let simulations = Cell::new(0);
    let healing = healed(&text, |snapshot| {
        simulations.set(simulations.get() + 1);
        let text = snapshot.text("netlify.toml").unwrap();
        let lines = text.match_indices("broken").map(|(at, word)| {
            let number = &text[at - 3..at - 1];
            let new = if number == "17" { "broken twice broken" } else { "mended" };
            let place = Span::new(FileId(0), at, at + word.len());
            let fix = Fix::replace(Applicability::Safe, format!("mend {number}"), place, new);
            finding("NTL007", &format!("line {number}"), [fix]).at(place)
        });
        lines.collect()
    });
    assert_eq!((healing.fixes_applied.len(), healing.refused.len()), (39, 1));
    assert!((1..=3).contains(&healing.reverted.len()), "{}", healing.reverted.len());
    assert_eq!(healing.refused[0].subject.message, "line 17");
    assert!(simulations.get() < 20, "{} simulations", simulations.get());
}

#[test]
fn a_repair_that_makes_the_file_unreadable_is_refused_without_being_tried() {
    let healing = healed(SITE, |snapshot| vec![finding("NTL007", "broken", [append(snapshot, "[[[")])]);
    assert!(matches!(&healing.refused[0].reason, Reason::Refused(Refusal::Unreadable { language: "TOML", .. })));
    assert_eq!(healing.attempts, 0);
}

#[test]
fn time_that_is_over_ends_the_loop_and_keeps_what_was_healed() {
    let asked = Cell::new(0);
    let is_over = || {
        asked.set(asked.get() + 1);
        asked.get() > 1
    };
    let judge = |snapshot: &Snapshot| {
        let mut verdict = sound(snapshot);
        let number = snapshot.text("netlify.toml").unwrap().lines().count();
        let name = format!("number {number}");
        verdict.findings = vec![finding("NTL007", &name, [append(snapshot, "# more\n")])];
        // Every repair heals one finding and uncovers another of lower, but still high enough severity.
        verdict.findings[0].severity = if number < 3 { Severity::Critical } else { Severity::High };
        vec![verdict]
    };
    let healing = heal(&site(SITE), &judge, &Limits::default(), &is_over);
    assert!(healing.is_out_of_time, "{:?}", healing.refused);
    assert_eq!((healing.fixes_applied.len(), healing.refused[0].reason.name()), (1, "out-of-time"));
}

#[test]
fn what_the_permission_does_not_cover_is_named() {
    let healing = healed(SITE, |snapshot| {
        let mut review = append(snapshot, "# a\n");
        review.applicability = Applicability::Review;
        let mut show = append(snapshot, "# b\n");
        show.applicability = Applicability::Show;
        vec![finding("NTL007", "one", [review]), finding("NTL010", "two", [show]), finding("NTL011", "three", [])]
    });
    let reasons: Vec<&str> = healing.refused.iter().map(|refused| refused.reason.name()).collect();
    assert_eq!(reasons, ["needs-review", "show-only", "no-fix"]);
    assert!(healing.files.is_empty());
}
