//! From a request to its answers: what is sent, and where redirects lead.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::answer::{Answers, Exchange};
use super::scene::Scene;
use super::setting::Settings;
use super::trouble::{Trouble, TroubleKind};
use crate::smoke::ast::{Body, Content, Pair, Request};
use crate::smoke::percent::{UNRESERVED, percent};
use crate::smoke::port::Sent;
use crate::smoke::value::{Value, quote};

/// A request with the values of its variables.
struct Ready {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    cookies: String,
    body: Vec<u8>,
    content_type: Option<&'static str>,
    user: Option<String>,
}

/// Sends a request, and follows redirects where its options say so.
pub(super) fn send(scene: &mut Scene<'_>, request: &Request, settings: &Settings) -> Result<Answers, Trouble> {
    let mut ready = ready(scene, request, settings)?;
    let origin = address(&ready.url, request)?;
    let mut answers = Vec::new();
    loop {
        let url = address(&ready.url, request)?;
        let exchange = exchange(scene, request, settings, &ready, url)?;
        let status = exchange.answer.status;
        let target =
            exchange.answer.values("location").next().filter(|_| settings.follows && (300..400).contains(&status));
        let target = match target {
            None => None,
            Some(to) => Some(exchange.url.join(to).map_err(|_| {
                Trouble::failed(
                    &request.span,
                    format!("the answer {status} leads to {}, which is no address", quote(to)),
                )
            })?),
        };
        answers.push(exchange);
        let Some(target) = target else { return Ok(Answers::new(answers)) };
        if answers.len() > usize::try_from(settings.redirects).unwrap_or(usize::MAX) {
            return Err(Trouble::failed(
                &request.span,
                format!("there are more than {} redirects", settings.redirects),
            ));
        }
        redirect(&mut ready, &origin, &target, status);
    }
}

fn redirect(ready: &mut Ready, origin: &Url, target: &Url, status: u16) {
    if origin.origin() != target.origin() {
        ready
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization") && !name.eq_ignore_ascii_case("cookie"));
        ready.cookies.clear();
        ready.user = None;
    }
    if (301..=303).contains(&status) && ready.method != "GET" {
        "GET".clone_into(&mut ready.method);
        ready.body.clear();
        ready.content_type = None;
    }
    ready.url = target.to_string();
}

/// An address of HTTP.
fn address(url: &str, request: &Request) -> Result<Url, Trouble> {
    let wrong = |reason: &str| {
        let message = format!("{} is no address: {reason}", quote(url));
        Trouble::failed(&request.url.span, message)
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(wrong("it begins with \"https://\" or \"http://\", as \"{{base_url}}\" does"));
    }
    if url.contains(|c: char| c == ' ' || c.is_control()) {
        return Err(wrong("it has a blank in it"));
    }
    Url::parse(url).map_err(|error| wrong(&error.to_string()))
}

fn pairs(scene: &mut Scene<'_>, pairs: &[Pair]) -> Result<Vec<(String, String)>, Trouble> {
    pairs.iter().map(|pair| Ok((scene.render(&pair.name)?, scene.render(&pair.value)?))).collect()
}

fn joined(pairs: &[(String, String)], between: &str) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join(between)
}

fn encoded(pairs: Vec<(String, String)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| (name, percent(&value, UNRESERVED))).collect();
    joined(&pairs, "&")
}

fn ready(scene: &mut Scene<'_>, request: &Request, settings: &Settings) -> Result<Ready, Trouble> {
    let mut url = scene.render(&request.url)?;
    address(&url, request)?;
    let mut headers = pairs(scene, &request.headers)?;
    if let Some(pair) = &request.basic_auth {
        let (name, password) = (scene.render(&pair.name)?, scene.render(&pair.value)?);
        scene.variables.hide(&password);
        headers.push(("Authorization".to_owned(), basic(&format!("{name}:{password}"))));
    }
    let query = encoded(pairs(scene, &request.query)?);
    if !query.is_empty() {
        let between = if url.ends_with('?') {
            ""
        } else if url.contains('?') {
            "&"
        } else {
            "?"
        };
        url.push_str(between);
        url.push_str(&query);
    }
    let form = encoded(pairs(scene, &request.form)?);
    let cookies = joined(&pairs(scene, &request.cookies)?, "; ");
    let body = match &request.body {
        None => form.clone().into_bytes(),
        Some(body) => bytes(scene.body(body)?),
    };
    let content_type = match &request.body {
        _ if !request.form.is_empty() => Some("application/x-www-form-urlencoded"),
        Some(Body { content: Content::Json(_) | Content::Text { is_json: true, .. }, .. }) => Some("application/json"),
        _ => None,
    };
    headers.extend(settings.headers.iter().cloned());
    for (name, value) in &headers {
        let is_secret = ["authorization", "proxy-authorization", "cookie", "x-api-key"];
        if is_secret.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
            scene.variables.hide(value);
            // The scheme is no secret, what follows is.
            scene.variables.hide(value.split_once(' ').map_or("", |(_, credential)| credential));
        }
    }
    if let Some((_, password)) = settings.user.as_ref().and_then(|user| user.split_once(':')) {
        scene.variables.hide(password);
    }
    Ok(Ready { method: request.method.clone(), url, headers, cookies, body, content_type, user: settings.user.clone() })
}

fn bytes(body: Value) -> Vec<u8> {
    match body {
        Value::Bytes(bytes) => bytes,
        Value::Text(text) => text.into_bytes(),
        _ => Vec::new(),
    }
}

fn basic(user: &str) -> String {
    format!("Basic {}", STANDARD.encode(user))
}

fn exchange(
    scene: &mut Scene<'_>,
    request: &Request,
    settings: &Settings,
    ready: &Ready,
    url: Url,
) -> Result<Exchange, Trouble> {
    let mut headers = ready.headers.clone();
    let has =
        |headers: &[(String, String)], name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !has(&headers, name)) {
            headers.push((name.to_owned(), value));
        }
    };
    add("Content-Type", ready.content_type.map(ToOwned::to_owned));
    add("Authorization", ready.user.as_ref().map(|user| basic(user)));
    add("Accept-Encoding", settings.is_compressed.then(|| "gzip, deflate".to_owned()));
    add("Accept", Some("*/*".to_owned()));
    let kept = scene.jar.header(&url, scene.world.now());
    let cookies: Vec<String> =
        kept.into_iter().chain((!ready.cookies.is_empty()).then(|| ready.cookies.clone())).collect();
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    if let Some((name, _)) = headers.iter().find(|(name, value)| !is_header(name, value)) {
        return Err(Trouble::failed(&request.span, format!("the header {} cannot be sent as it is", quote(name))));
    }
    let timeout = if settings.timeout == 0 { scene.left() } else { settings.timeout.min(scene.left()) };
    let mut sent_to = url.clone();
    sent_to.set_fragment(None);
    let sent =
        Sent { method: ready.method.clone(), url: sent_to.to_string(), headers, body: ready.body.clone(), timeout };
    let answer = scene.world.send(&sent).map_err(|reason| {
        let message = format!("there is no answer to {} {}: {reason}", ready.method, quote(url.as_str()));
        Trouble { kind: TroubleKind::Silent, ..Trouble::failed(&request.url.span, message) }
    })?;
    for header in answer.values("set-cookie") {
        scene.jar.keep(header, &url, scene.world.now());
    }
    Ok(Exchange { answer, url })
}

fn is_header(name: &str, value: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_name) && !value.contains(['\r', '\n', '\0'])
}
