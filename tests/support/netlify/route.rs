//! What the fake answers to what.

use std::collections::BTreeSet;

use chimera::remote::transport::{Method, Request, Response};
use serde_json::{Value, json};

use super::{Deploy, HOOK, SITE, State, TOKEN, json_answer, refusal, sha1_of};

/// The path of an address, with its query, below the API.
pub(super) fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.strip_prefix("/api/v1").unwrap_or(path).to_owned()
}

pub(super) fn answer(state: &mut State, request: &Request) -> Response {
    if request.method != Method::Get {
        state.counters.mutating += 1;
    }
    tick(state);
    let whole = path_of(&request.url);
    let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
    if path.starts_with("/build_hooks/") {
        return hook(state, path, query);
    }
    if let Some(place) = path.strip_prefix("/pages/") {
        let (name, file) = place.split_once('/').unwrap_or((place, ""));
        return page(state, name, file);
    }
    let is_known =
        request.headers.iter().any(|(name, value)| *name == "authorization" && *value == format!("Bearer {TOKEN}"));
    if state.revoked || !is_known {
        return refusal(401, &format!("Access Denied for {TOKEN}"));
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (request.method, parts.as_slice()) {
        (Method::Get, ["sites", SITE]) => json_answer(200, &site(state)),
        (Method::Get, ["sites", SITE, "files"]) => json_answer(200, &files(state)),
        (Method::Get, ["accounts", "acc", "env"]) if !state.variables.is_null() => json_answer(200, &state.variables),
        (Method::Get, ["accounts", ..]) => refusal(403, "Forbidden"),
        (Method::Get, ["sites", SITE, "deploys"]) => {
            let page = parameter(query, "page").and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
            let list: Vec<Value> = state
                .deploys
                .iter()
                .skip((page - 1) * 100)
                .take(100)
                .map(|deploy| deploy_json(state, deploy))
                .collect();
            json_answer(200, &Value::Array(list))
        }
        (Method::Post, ["sites", SITE, "deploys"]) => create(state, query, &request.body),
        (Method::Get, ["sites", SITE, "deploys", id]) => {
            let found = progress(state, id);
            found.map_or_else(|| refusal(404, "Not Found"), |deploy| json_answer(200, &deploy_json(state, &deploy)))
        }
        (Method::Post, ["sites", SITE, "deploys", id, "restore"]) => restore(state, id),
        (Method::Put, ["deploys", id, "files", file]) => upload(state, id, file, &request.body),
        (Method::Post, ["deploys", id, verb]) => act(state, id, verb),
        _ => refusal(404, "Not Found"),
    }
}

/// A page of a deploy, or of the live one.
/// A file of a deploy, as its own address or the address of the site serves it.
fn page(state: &State, name: &str, file: &str) -> Response {
    let live = state.published.clone().unwrap_or_default();
    let id = if name == "live" { live.as_str() } else { name };
    if name == "live" && state.bad.contains(&live) {
        return text(500, "text/html", b"<h1>broken</h1>");
    }
    let file = if file.is_empty() { "index.html" } else { file };
    let deploy = state.deploys.iter().find(|deploy| deploy.id == id);
    let sha = deploy.and_then(|deploy| deploy.files.get(&format!("/{file}")));
    match sha.and_then(|sha| state.bytes.get(sha)) {
        Some(body) if file.ends_with(".html") => text(200, "text/html; charset=UTF-8", body),
        Some(body) => text(200, "application/octet-stream", body),
        // Deploys that nobody uploaded have one page.
        None if file == "index.html" => text(200, "text/html; charset=UTF-8", b"<h1>page</h1>"),
        None => text(404, "text/html; charset=utf-8", b"<h1>not found</h1>"),
    }
}

fn text(status: u16, kind: &str, body: &[u8]) -> Response {
    Response { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body: body.to_vec() }
}

/// What was restored a while ago is the live one by now.
fn tick(state: &mut State) {
    if let Some((at, id)) = state.switching.clone()
        && state.now >= at
    {
        state.switching = None;
        switch(state, &id);
    }
}

fn switch(state: &mut State, id: &str) {
    if state.published.as_deref() != Some(id) {
        state.counters.switches += 1;
        state.published = Some(id.to_owned());
    }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The files of the live deploy.
fn files(state: &State) -> Value {
    let live = state.deploys.iter().find(|deploy| Some(&deploy.id) == state.published.as_ref());
    let file = |(path, sha): (&String, &String)| json!({"id": path, "path": format!("/{path}"), "sha": sha, "size": 1});
    live.into_iter().flat_map(|deploy| &deploy.files).map(file).collect()
}

fn site(state: &State) -> Value {
    let live = state.published.as_ref().and_then(|id| state.deploys.iter().find(|deploy| deploy.id == *id));
    let mut site = json!({
        "id": SITE, "name": "example",
        "ssl_url": state.pages.as_ref().map_or("https://example.netlify.app".to_owned(), |base| format!("{base}/pages/live")),
        "prevent_non_git_prod_deploys": state.only_git,
        "build_settings": {"stop_builds": state.stop_builds},
    });
    if let Some(live) = live {
        site["published_deploy"] = deploy_json(state, live);
    }
    for (name, value) in state.settings.as_object().into_iter().flatten() {
        site[name] = value.clone();
    }
    site
}

fn deploy_json(state: &State, deploy: &Deploy) -> Value {
    let own = || format!("https://{}--example.netlify.app", deploy.id);
    let mut value = json!({
        "id": deploy.id, "site_id": SITE, "state": deploy.state, "title": deploy.title,
        "locked": deploy.locked, "required": deploy.required,
        "deploy_ssl_url": state.pages.as_ref().map_or_else(own, |base| format!("{base}/pages/{}", deploy.id)),
    });
    if let Some(commit) = &deploy.commit {
        value["commit_ref"] = json!(commit);
    }
    if let Some(error) = &deploy.error {
        value["error_message"] = json!(error);
    }
    value
}

fn create(state: &mut State, query: &str, body: &[u8]) -> Response {
    if state.only_git {
        return refusal(403, "deploys from git only");
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return refusal(400, "no JSON") };
    let files = body["files"].as_object().into_iter().flatten();
    let files = files.map(|(path, sha)| (path.clone(), sha.as_str().unwrap_or_default().to_owned())).collect();
    state.counters.created += 1;
    let mut deploy = Deploy {
        id: format!("new{}", state.counters.created),
        title: parameter(query, "title").unwrap_or_default(),
        state: "uploading".to_owned(),
        files,
        left: 2,
        ..Deploy::default()
    };
    let digests: BTreeSet<String> = deploy.files.values().cloned().collect();
    deploy.required = digests.into_iter().collect();
    let answer = deploy_json(state, &deploy);
    state.deploys.insert(0, deploy);
    json_answer(200, &answer)
}

fn upload(state: &mut State, id: &str, file: &str, body: &[u8]) -> Response {
    let path = percent_decode(file);
    let Some(deploy) = state.deploy(id) else { return refusal(404, "Not Found") };
    let Some(sha) = deploy.files.get(&path).cloned() else { return refusal(422, "no such file in the deploy") };
    if sha != sha1_of(body) {
        return refusal(422, "the digest differs");
    }
    deploy.required.retain(|wanted| *wanted != sha);
    state.counters.uploads += 1;
    state.bytes.insert(sha.clone(), body.to_vec());
    json_answer(200, &json!({"id": path, "path": path, "sha": sha}))
}

/// A step towards being ready, each time it is looked at.
fn progress(state: &mut State, id: &str) -> Option<Deploy> {
    let publishes = state.publishes_builds;
    let deploy = state.deploy(id)?;
    let is_working =
        !matches!(deploy.state.as_str(), "ready" | "error" | "old" | "rejected") && deploy.required.is_empty();
    let mut is_done = false;
    if is_working {
        deploy.left = deploy.left.saturating_sub(1);
        if deploy.left == 0 {
            deploy.state = "ready".to_owned();
            is_done = true;
        }
    }
    let found = deploy.clone();
    if is_done && publishes && found.commit.is_some() {
        switch(state, id);
    }
    Some(found)
}

fn restore(state: &mut State, id: &str) -> Response {
    let delay = state.switch_delay;
    let Some(deploy) = state.deploy(id).cloned() else { return refusal(404, "Not Found") };
    if !matches!(deploy.state.as_str(), "ready" | "old") {
        return refusal(422, "the deploy is not ready");
    }
    state.counters.restores += 1;
    if delay == 0 {
        switch(state, id);
    } else {
        state.switching = Some((state.now + delay, id.to_owned()));
    }
    json_answer(201, &deploy_json(state, &deploy))
}

fn act(state: &mut State, id: &str, verb: &str) -> Response {
    match verb {
        "lock" | "unlock" => state.counters.locks += 1,
        "cancel" => state.counters.cancels += 1,
        _ => return refusal(404, "Not Found"),
    }
    let Some(deploy) = state.deploy(id) else { return refusal(404, "Not Found") };
    let status = match verb {
        "cancel" => {
            deploy.state = "error".to_owned();
            deploy.error = Some("Canceled".to_owned());
            201
        }
        _ => {
            deploy.locked = verb == "lock";
            200
        }
    };
    let deploy = deploy.clone();
    json_answer(status, &deploy_json(state, &deploy))
}

fn hook(state: &mut State, path: &str, query: &str) -> Response {
    if path != HOOK {
        return refusal(404, "Not Found");
    }
    state.counters.hooks += 1;
    if state.stop_builds {
        return Response { status: 200, ..Response::default() };
    }
    state.counters.created += 1;
    let deploy = Deploy {
        id: format!("new{}", state.counters.created),
        title: parameter(query, "trigger_title").unwrap_or_default(),
        state: "building".to_owned(),
        commit: Some(state.hook_commit.clone()),
        left: 3,
        ..Deploy::default()
    };
    state.deploys.insert(0, deploy);
    Response { status: 200, ..Response::default() }
}

fn percent_decode(text: &str) -> String {
    let text = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
