//! What a service is: type, name, runtime.

use crate::platform::render::blueprint::{Class, Runtime, Service};
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::text::suggest;
use crate::text::tree::Node;

use super::spot::Spot;
use super::{DISCOURAGED, DOUBTFUL, FORBIDDEN, Judge, REFUSED, TAKEN, at};

/// Judges the type and the names of keys; whether the type is known.
pub(super) fn check(judge: &mut Judge<'_>, service: &Service) -> bool {
    let table = &service.table;
    if !table.contains_key("type") {
        let message = "the service has no \"type\"";
        judge.error("missing-type", Spot::resource(service), FORBIDDEN, message).says("unknown type \"\"");
        return false;
    }
    let word = service.value("type");
    if !holds(&vocabulary().types, word) {
        let (meant, advice) = advice(word);
        let message = format!("\"{word}\" is no type of service; {advice}");
        let remark = judge.error("unknown-type", at(service, "type"), REFUSED, message);
        remark.says(format!("unknown type \"{word}\"")).means(meant);
        return false;
    }
    if table.get("name").and_then(Node::as_str).is_none_or(str::is_empty) {
        judge.error("missing-name", Spot::resource(service), FORBIDDEN, "the service has no \"name\"");
    }
    check_old_names(judge, service, word);
    true
}

/// What to write for a type that does not exist: the word, if one will do, and the advice.
fn advice(word: &str) -> (Option<&'static str>, &'static str) {
    match word.to_lowercase().replace(['_', ' '], "-").as_str() {
        "static" | "static-site" | "staticsite" => (None, "a static site is \"type: web\" with \"runtime: static\""),
        "postgres" | "postgresql" | "psql" | "database" | "db" | "pgsql" => {
            (None, "a database is an entry of \"databases\"")
        }
        "private" | "private-service" => (Some("pserv"), "a private service is \"pserv\""),
        "background" | "background-worker" | "bg" | "workers" => (Some("worker"), "a background worker is \"worker\""),
        "job" | "cronjob" | "cron-job" | "scheduled" => (Some("cron"), "a cron job is \"cron\""),
        "web-service" | "webservice" | "service" | "api" | "node" | "docker" => {
            (Some("web"), "a web service is \"web\"")
        }
        "kv" | "key-value" | "valkey" | "cache" => (Some("keyvalue"), "a Key Value instance is \"keyvalue\""),
        other => match suggest::nearest(other, vocabulary().types.iter().map(String::as_str)) {
            Some(near) => (Some(near), "known are web, pserv, worker, cron, keyvalue and workflow"),
            None => (None, "known are web, pserv, worker, cron, keyvalue and workflow"),
        },
    }
}

fn check_old_names(judge: &mut Judge<'_>, service: &Service, word: &str) {
    let mut old = |key: &str, message: String| {
        judge.warn("deprecated-field", at(service, key), TAKEN, message);
    };
    if word == "redis" {
        old("type", "the type \"redis\" is the old name of \"keyvalue\"".to_owned());
    }
    for (key, new) in [
        ("autoDeploy", "autoDeployTrigger"),
        ("pullRequestPreviewsEnabled", "previews.generation"),
        ("domain", "domains"),
    ] {
        if service.table.contains_key(key) {
            old(key, format!("\"{key}\" is the old name of \"{new}\""));
        }
    }
    if service.table.contains_key("previewPlan") && service.class != Some(Class::KeyValue) {
        old("previewPlan", "\"previewPlan\" is the old name of \"previews.plan\"".to_owned());
    }
    let Some(env) = service.table.get("env") else { return };
    match env.as_str() {
        Some(_) => old("env", "\"env\" is the old name of \"runtime\"".to_owned()),
        None => {
            let message = "\"env\" must name a runtime; variables belong into \"envVars\"";
            judge.error("env-not-string", at(service, "env"), FORBIDDEN, message);
        }
    }
    let runtime = service.table.get("runtime");
    if runtime.is_some_and(|runtime| runtime.as_str().is_none() || runtime.as_str() != env.as_str()) {
        let message = "\"env\" and \"runtime\" name two runtimes; keep \"runtime\"";
        judge.warn("env-and-runtime", at(service, "env"), DOUBTFUL, message);
    }
}

/// The word for the runtime, by its new or its old key.
pub(super) fn runtime_word(service: &Service) -> Option<(&'static str, &str)> {
    let word = |key| Some((key, service.table.get(key).and_then(Node::as_str)?));
    word("runtime").or_else(|| word("env")).filter(|(_, word)| !word.is_empty())
}

pub(super) fn check_runtime(judge: &mut Judge<'_>, service: &Service) {
    let Some((key, word)) = runtime_word(service) else {
        if !service.table.contains_key("buildSource") {
            let message = "the service has no \"runtime\"";
            judge.error("missing-runtime", Spot::resource(service), REFUSED, message).says("invalid runtime");
        }
        return;
    };
    match Runtime::of(word) {
        None => {
            let near = nearest_runtime(word);
            let question = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
            let message = format!("\"{word}\" is no runtime of Render{question}");
            judge.error("invalid-runtime", at(service, key), REFUSED, message).says("invalid runtime").means(near);
        }
        Some(Runtime::Static) if service.class != Some(Class::Static) => {
            let message = "a static site has \"type: web\"";
            judge.error("static-not-web", at(service, "runtime"), DISCOURAGED, message);
        }
        Some(_) => {}
    }
}

/// The runtime that a word means.
pub(super) fn nearest_runtime(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let known = match lower.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.') {
        "nodejs" | "node.js" | "javascript" | "js" | "typescript" | "bun" | "npm" => Some("node"),
        "py" | "python-" => Some("python"),
        "golang" => Some("go"),
        "container" | "dockerfile" => Some("docker"),
        "html" | "static_site" | "static-site" => Some("static"),
        _ => None,
    };
    known.or_else(|| {
        let stem = lower.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-');
        suggest::nearest(stem, vocabulary().runtimes.iter().map(String::as_str))
    })
}
