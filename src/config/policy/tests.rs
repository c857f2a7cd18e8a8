#![allow(clippy::unwrap_used)]

use jiff::Timestamp;

use crate::certificate::Level;
use crate::certificate::claim::Ruling;
use crate::certificate::hxo_approval::Kind;
use crate::config;
use crate::policy::Action;
use crate::policy::role::{Permission, Person};
use crate::policy::ruling::Request;

const FILE: &str = r#"
[roles.admiral]
github_permission = ["admin", "maintain"]
teams = ["acme/admirals"]
users = ["Nelson"]

[environments.production]
approve = ["admiral"]
min_level = "L2"
kind = "artifact"
refs = ["refs/heads/main", "refs/heads/release/*"]
events = ["push", "workflow_dispatch"]
freeze = [{ from = "Fri 16:00", to = "Mon 08:00", tz = "Europe/Berlin", allow = ["rollback"] }]

[environments.staging]
deploy = ["write"]
approve = ["write"]
min_level = "L1"

[environments.preview]
deploy = ["anyone"]
rollback = ["write"]
approve = ["triage"]
resume = ["admin"]
min_level = "L0"
identity = "claimed"
"#;

/// A Wednesday.
const WEDNESDAY: &str = "2026-11-18T10:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(login: &str, permission: Option<Permission>) -> Person {
    let teams = Some(Vec::new());
    Person { permission, teams, is_verified: true, ..Person::claimed(login, "the API of GitHub") }
}

fn request<'a>(action: Action, environment: &'a str, actor: &'a Person) -> Request<'a> {
    Request {
        action,
        environment,
        actor,
        triggering_actor: actor,
        approver: None,
        author: Some("writer"),
        at: at(WEDNESDAY),
        reference: Some("refs/heads/main"),
        event: Some("push"),
        level: Level::L2,
        kind: Kind::Artifact,
        recent_deploys: None,
    }
}

fn decide(file: &str, request: &Request<'_>) -> Ruling {
    config::parse(file).unwrap().policy.decide(request)
}

fn refusal(file: &str, request: &Request<'_>) -> String {
    let ruling = decide(file, request);
    ruling.refusal().map(|check| check.name.clone()).unwrap_or_default()
}

#[test]
fn the_matrix_of_roles_actions_and_environments() {
    let auto = Person { is_auto: true, ..person("chimera", None) };
    let people = [
        ("admin", person("a", Some(Permission::Admin))),
        ("maintain", person("b", Some(Permission::Maintain))),
        ("write", person("c", Some(Permission::Write))),
        ("triage", person("d", Some(Permission::Triage))),
        ("read", person("e", Some(Permission::Read))),
        ("auto", auto),
    ];
    // Deploy, roll back, approve, resume: in production, staging and preview.
    let wanted = [
        ("admin", "yyyy yyyy yyyy"),
        ("maintain", "yyyy yyyy yyyn"),
        ("write", "nnnn ynyy yyyn"),
        ("triage", "nnnn nnnn ynyn"),
        ("read", "nnnn nnnn ynnn"),
        ("auto", "nynn nynn nnnn"),
    ];
    for ((name, person), (_, wanted)) in people.iter().zip(wanted) {
        let of = |environment: &str| -> String {
            let may = |action| decide(FILE, &request(action, environment, person)).allowed;
            Action::ALL.into_iter().map(|action| if may(action) { 'y' } else { 'n' }).collect()
        };
        let said = [of("production"), of("staging"), of("preview")].join(" ");
        assert_eq!(said, wanted, "{name}");
    }
}

#[test]
fn without_a_policy_everything_but_dev_is_denied() {
    let admin = person("a", Some(Permission::Admin));
    for environment in ["production", "staging", "Dev", ""] {
        let ruling = decide("", &request(Action::Deploy, environment, &admin));
        assert!(!ruling.allowed, "{environment}");
        assert!(ruling.refusal().unwrap().evidence.contains("denied"));
    }
    assert!(decide("", &request(Action::Deploy, "dev", &Person::claimed("x", "nobody"))).allowed);
}

#[test]
fn a_name_that_only_a_variable_says_proves_nobody() {
    let claimed = Person { permission: Some(Permission::Admin), ..Person::claimed("nelson", "GITHUB_ACTOR") };
    assert_eq!(refusal(FILE, &request(Action::Deploy, "production", &claimed)), "identity");
    assert!(decide(FILE, &request(Action::Deploy, "preview", &claimed)).allowed);
}

#[test]
fn who_starts_a_run_again_must_hold_the_role_too() {
    let (admin, reader) = (person("a", Some(Permission::Admin)), person("b", Some(Permission::Read)));
    for (actor, trigger, rule) in [(&admin, &reader, "triggering_actor"), (&reader, &admin, "actor")] {
        let request = Request { triggering_actor: trigger, ..request(Action::Deploy, "production", actor) };
        assert_eq!(refusal(FILE, &request), rule);
    }
}

#[test]
fn a_role_is_held_by_name_or_by_team() {
    let named = person("nelson", Some(Permission::Read));
    assert!(decide(FILE, &request(Action::Deploy, "production", &named)).allowed);
    let mut member = person("x", None);
    member.teams = Some(vec!["ACME/Admirals".to_owned()]);
    assert!(decide(FILE, &request(Action::Deploy, "production", &member)).allowed);
    member.teams = None;
    let ruling = decide(FILE, &request(Action::Deploy, "production", &member));
    assert!(ruling.refusal().unwrap().evidence.contains("teams cannot be read"));
}

#[test]
fn level_kind_reference_and_event_are_asked_of_a_deploy() {
    let admin = person("a", Some(Permission::Admin));
    let base = || request(Action::Deploy, "production", &admin);
    let cases = [
        (Request { level: Level::L1, ..base() }, "level"),
        (Request { kind: Kind::Source, ..base() }, "kind"),
        (Request { reference: Some("refs/heads/feature"), ..base() }, "reference"),
        (Request { reference: Some("refs/heads/release/1/2"), ..base() }, "reference"),
        (Request { reference: None, ..base() }, "reference"),
        (Request { event: Some("pull_request"), ..base() }, "event"),
        (Request { event: None, ..base() }, "event"),
        (Request { reference: Some("refs/heads/release/1"), ..base() }, ""),
    ];
    for (request, wanted) in cases {
        assert_eq!(refusal(FILE, &request), wanted);
    }
}

#[test]
fn what_was_live_before_is_always_admissible() {
    let auto = Person { is_auto: true, ..person("chimera", None) };
    let request = Request {
        level: Level::L0,
        kind: Kind::Source,
        reference: None,
        event: None,
        at: at("2026-11-21T10:00:00Z"),
        ..request(Action::Rollback, "production", &auto)
    };
    assert!(decide(FILE, &request).allowed, "on a Saturday, in the freeze");
}

#[test]
fn two_people_are_two_people() {
    let file = FILE.replace("kind = \"artifact\"", "two_person = true\nmax_age = \"2h\"");
    let (admin, other) = (person("a", Some(Permission::Admin)), person("b", Some(Permission::Maintain)));
    let (writer, reader) = (person("Writer", Some(Permission::Admin)), person("r", Some(Permission::Read)));
    let claimed = Person { permission: Some(Permission::Admin), ..Person::claimed("c", "a variable") };
    let hour = at("2026-11-18T09:00:00Z");
    let old = at("2026-11-18T07:59:59Z");
    let cases = [
        (None, "nobody"),
        (Some((&admin, hour)), "also wrote or started"),
        (Some((&writer, hour)), "also wrote or started"),
        (Some((&reader, hour)), "may not approve"),
        (Some((&claimed, hour)), "only said by"),
        (Some((&other, old)), "too long"),
    ];
    for (approver, part) in cases {
        let ruling = decide(&file, &Request { approver, ..request(Action::Deploy, "production", &admin) });
        let check = ruling.refusal().unwrap();
        assert!(check.name == "two_person" && check.evidence.contains(part), "{check:?}");
    }
    let good = Request { approver: Some((&other, hour)), ..request(Action::Deploy, "production", &admin) };
    assert!(decide(&file, &good).allowed);
    assert!(!decide(&file, &Request { author: None, ..good }).allowed);
}

#[test]
fn an_hour_takes_so_many_deploys_and_no_more() {
    let file = FILE.replace("kind = \"artifact\"", "max_per_hour = 6\nfallback = [\"pages\"]");
    let admin = person("a", Some(Permission::Admin));
    let with = |recent_deploys| Request { recent_deploys, ..request(Action::Deploy, "production", &admin) };
    assert_eq!(refusal(&file, &with(Some(5))), "");
    assert_eq!(refusal(&file, &with(Some(6))), "max_per_hour");
    assert_eq!(refusal(&file, &with(None)), "max_per_hour", "what nobody counted is not few");
    let back = Request { recent_deploys: Some(99), ..request(Action::Rollback, "production", &admin) };
    assert!(decide(&file, &back).allowed, "going back is no deploy");
    assert_eq!(config::parse(&file).unwrap().policy.environments["production"].fallback, ["pages"]);
}

#[test]
fn a_policy_may_only_warn_or_be_off() {
    let reader = person("r", Some(Permission::Read));
    let with = |mode: &str| FILE.replace("kind = \"artifact\"", &format!("mode = \"{mode}\""));
    let warned = decide(&with("warn"), &request(Action::Deploy, "production", &reader));
    assert!(warned.allowed && warned.refusal().is_some());
    let off = decide(&with("off"), &request(Action::Deploy, "production", &reader));
    assert!(off.allowed && off.refusal().is_none() && off.mode == "off");
}

fn is_frozen(window: &str, time: &str) -> bool {
    let admin = person("a", Some(Permission::Admin));
    let file = format!("[environments.p]\nfreeze = [{window}]\n");
    !decide(&file, &Request { at: at(time), ..request(Action::Deploy, "p", &admin) }).allowed
}

#[test]
fn a_freeze_begins_and_ends_on_its_minute_in_summer_and_in_winter() {
    let window = r#"{ from = "Fri 16:00", to = "Mon 08:00", tz = "Europe/Berlin" }"#;
    let cases = [
        ("2026-11-20T14:59:59Z", false),
        ("2026-11-20T15:00:00Z", true),
        ("2026-11-22T12:00:00Z", true),
        ("2026-11-23T06:59:59Z", true),
        ("2026-11-23T07:00:00Z", false),
        ("2026-07-03T13:59:59Z", false),
        ("2026-07-03T14:00:00Z", true),
        ("2026-07-06T05:59:59Z", true),
        ("2026-07-06T06:00:00Z", false),
        // The clocks were put back in this one.
        ("2026-10-23T13:59:59Z", false),
        ("2026-10-23T14:00:00Z", true),
        ("2026-10-26T06:59:59Z", true),
        ("2026-10-26T07:00:00Z", false),
    ];
    for (time, wanted) in cases {
        assert_eq!(is_frozen(window, time), wanted, "{time}");
    }
}

#[test]
fn a_freeze_has_no_hole_where_the_clocks_change() {
    // On 25 October 2026 the hour from two to three comes twice in Berlin: at 00:00Z and at 01:00Z.
    let twice = r#"{ from = "Sun 02:30", to = "Sun 02:45", tz = "Europe/Berlin" }"#;
    let cases = [
        ("2026-10-25T00:29:59Z", false),
        ("2026-10-25T00:30:00Z", true),
        ("2026-10-25T01:10:00Z", true),
        ("2026-10-25T01:44:59Z", true),
        ("2026-10-25T01:45:00Z", false),
    ];
    for (time, wanted) in cases {
        assert_eq!(is_frozen(twice, time), wanted, "{time}");
    }
    // On 29 March 2026 it never comes: at 01:00Z two o'clock is three o'clock.
    let never = r#"{ from = "Sun 02:30", to = "Sun 04:00", tz = "Europe/Berlin" }"#;
    for (time, wanted) in
        [("2026-03-29T00:29:59Z", false), ("2026-03-29T01:00:00Z", true), ("2026-03-29T02:00:00Z", false)]
    {
        assert_eq!(is_frozen(never, time), wanted, "{time}");
    }
}

#[test]
fn a_freeze_may_span_a_year_or_most_of_a_week() {
    let once = r#"{ from = "2026-12-24 12:00", to = "2027-01-02 00:00", tz = "America/New_York" }"#;
    for (time, wanted) in [
        ("2026-12-24T16:59:59Z", false),
        ("2026-12-24T17:00:00Z", true),
        ("2027-01-02T04:59:59Z", true),
        ("2027-01-02T05:00:00Z", false),
    ] {
        assert_eq!(is_frozen(once, time), wanted, "{time}");
    }
    let long = r#"{ from = "Wed 12:00", to = "Wed 11:00", tz = "UTC" }"#;
    for (time, wanted) in
        [("2026-11-18T10:59:59Z", true), ("2026-11-18T11:30:00Z", false), ("2026-11-18T12:00:00Z", true)]
    {
        assert_eq!(is_frozen(long, time), wanted, "{time}");
    }
    let sunday = r#"{ from = "Sat 23:00", to = "Sun 01:00", tz = "Pacific/Kiritimati" }"#;
    for (time, wanted) in
        [("2026-11-21T08:59:59Z", false), ("2026-11-21T09:00:00Z", true), ("2026-11-21T11:00:00Z", false)]
    {
        assert_eq!(is_frozen(sunday, time), wanted, "{time}");
    }
}

#[test]
fn what_is_wrong_in_the_file_is_said_with_its_place() {
    let cases = [
        ("[roles.r]\ngithub_permission = [\"owner\"]\n", 2, 22, "\"owner\" is no permission"),
        ("[roles.r]\n", 1, 1, "nobody holds"),
        ("[roles.r]\nteams = [\"admirals\"]\n", 2, 10, "ORGANISATION/TEAM"),
        ("[roles.r]\nuser = [\"x\"]\n", 2, 1, "did you mean \"users\""),
        ("[environments.p]\ndeploy = [\"admirel\"]\n", 2, 11, "did you mean \"admiral\""),
        ("[environments.p]\nmin_level = \"L5\"\n", 2, 13, "L0, L1, L2, L3, L4"),
        ("[environments.p]\nmin_level = 3\n", 2, 13, "is no level"),
        ("[environments.p]\nrefs = [\"main\"]\n", 2, 9, "refs/heads/NAME"),
        (
            "[environments.p]\nfreeze = [{ from = \"Fry 16:00\", to = \"Mon 08:00\", tz = \"UTC\" }]\n",
            2,
            20,
            "no moment",
        ),
        (
            "[environments.p]\nfreeze = [{ from = \"Fri 24:00\", to = \"Mon 08:00\", tz = \"UTC\" }]\n",
            2,
            20,
            "no moment",
        ),
        (
            "[environments.p]\nfreeze = [{ from = \"Fri 16:00\", to = \"Mon 08:00\", tz = \"Mars/Base\" }]\n",
            2,
            56,
            "no time zone",
        ),
        ("[environments.p]\nfreeze = [{ from = \"Fri 16:00\", to = \"Mon 08:00\" }]\n", 2, 11, "needs \"tz\""),
        ("[environments.p]\nfreeze = [{ from = \"Fri 16:00\", to = \"Fri 16:00\", tz = \"UTC\" }]\n", 2, 11, "empty"),
        ("[environments.p]\nmax_age = \"2d\"\n", 2, 11, "\"90m\""),
        ("[environments.p]\ntwo_person = \"yes\"\n", 2, 14, "true or false"),
        ("[environments.p]\nfallback = [\"paiges\"]\n", 2, 13, "netlify, render, pages, node"),
        ("[environments.p]\nmax_per_hour = 0\n", 2, 16, "whole number from 1"),
        ("[environments.p]\nmax_per_day = 1\n", 2, 1, "unknown key \"max_per_day\""),
        ("[environments.\"a b\"]\n", 1, 1, "no name of an environment"),
        ("environments = 3\n", 1, 16, "[environments.NAME]"),
    ];
    for (text, line, column, part) in cases {
        let error = config::parse(text).unwrap_err();
        assert!(error.message.contains(part), "{text}: {error}");
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
    }
}
