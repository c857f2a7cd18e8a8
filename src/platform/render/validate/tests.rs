use super::{Engine, Input, Remark, remarks, verdict};
use crate::platform::render::blueprint::Blueprint;
use crate::text::span::FileId;
use crate::text::yaml;

fn judge(text: &str) -> Vec<Remark> {
    let document = yaml::parse(text, FileId(0));
    let root = document.root.as_ref();
    let blueprint = root.map(|root| Blueprint::read(root, text)).unwrap_or_default();
    remarks(&Input { root, blueprint: &blueprint, snapshot: None, repository: None })
}

fn names(text: &str) -> Vec<(&'static str, String)> {
    judge(text).into_iter().map(|remark| (remark.rule, remark.path)).collect()
}

#[test]
fn a_plain_service_gives_no_cause() {
    let text = "services:\n  - {type: web, name: a, runtime: node, buildCommand: b, startCommand: c}\n";
    assert_eq!(names(text), []);
    assert_eq!(verdict(&judge(text)), Engine::Accepts);
}

#[test]
fn the_old_name_of_the_runtime_is_taken() {
    let text = "services:\n  - {type: web, name: a, env: node, buildCommand: b, startCommand: c}\n";
    assert_eq!(names(text), [("deprecated-field", "services[0].env".to_owned())]);
    assert_eq!(verdict(&judge(text)), Engine::Accepts);
}

#[test]
fn a_value_has_one_source() {
    let text = "envVarGroups:\n  - name: g\n    envVars:\n      - {key: A, value: x, sync: false}\n      - key: B\n";
    let found = judge(text);
    let sources = found.iter().find(|remark| remark.rule == "env-multiple-sources").unwrap();
    assert_eq!(sources.wording.as_deref(), Some("cannot simultaneously specify fields value and sync"));
    assert!(names(text).contains(&("env-no-source", "envVarGroups[0].envVars[1]".to_owned())));
    assert_eq!(verdict(&found), Engine::Rejects);
}

#[test]
fn nothing_and_a_list_are_refused() {
    assert_eq!(names("# nothing\n"), [("empty-file", String::new())]);
    assert_eq!(names("- a\n"), [("root-not-map", String::new())]);
}

#[test]
fn schedules_have_five_fields() {
    for good in ["0 3 * * *", "*/5 * * * *", "0 0 1,15 jan-mar MON", "0-30/2 1 * * 7"] {
        assert!(super::cron::is_valid(good), "{good}");
    }
    for bad in
        ["0 3 * *", "0 0 3 * * *", "60 * * * *", "* * * * 8", "*/0 * * * *", "@daily", "1-2-3 * * * *", "5- * * * *"]
    {
        assert!(!super::cron::is_valid(bad), "{bad}");
    }
}
