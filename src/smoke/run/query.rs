//! What is looked at in an answer.

use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::answer::Answers;
use super::scene::Scene;
use super::trouble::Trouble;
use crate::smoke::ast::{CertificateField, CookieAttribute, Query, QueryKind, Span, Template};
use crate::smoke::cookie::SetCookie;
use crate::smoke::date;
use crate::smoke::decode::DecodeError;
use crate::smoke::jsonpath::Path;
use crate::smoke::number::Number;
use crate::smoke::port::{Answer, Certificate, Field};
use crate::smoke::value::Value;

/// The value of a query; `None` when there is none.
pub(super) fn query(scene: &mut Scene<'_>, answers: &Answers, query: &Query) -> Result<Option<Value>, Trouble> {
    let span = &query.span;
    let answer = answers.last();
    let broken = |error| of_decode(error, span);
    let found = match &query.kind {
        QueryKind::Status => Value::Number(Number::Integer(answer.status.into())),
        QueryKind::Version => return version(scene, answers, span).map(Some),
        QueryKind::Url => Value::Text(answers.url().to_string()),
        QueryKind::Header(name) => return Ok(header(answer, &scene.render(name)?)),
        QueryKind::Cookie(name, attribute) => {
            let name = scene.render(name)?;
            return cookie(answer, &name, *attribute, span);
        }
        QueryKind::Body => Value::Text(answers.text().map_err(broken)?.to_owned()),
        QueryKind::JsonPath(path) => {
            let json = answers.json().map_err(broken)?.ok_or_else(|| Trouble::failed(span, "the body is no JSON"))?;
            return json_path(scene, json, path);
        }
        QueryKind::Regex(pattern) => {
            let regex = scene.pattern(pattern)?;
            let text = answers.text().map_err(broken)?;
            return Ok(regex.captures(text).and_then(|groups| Some(Value::Text(groups.get(1)?.as_str().to_owned()))));
        }
        QueryKind::Variable(name) => {
            let name = scene.render(name)?;
            return Ok(scene.variables.get(&name).cloned());
        }
        QueryKind::Duration => Value::Number(Number::Integer(i64::try_from(answer.duration).unwrap_or(i64::MAX))),
        QueryKind::Bytes => Value::Bytes(answers.bytes().map_err(broken)?.to_vec()),
        QueryKind::Sha256 => Value::Bytes(Sha256::digest(answers.bytes().map_err(broken)?).to_vec()),
        QueryKind::Md5 => Value::Bytes(Md5::digest(answers.bytes().map_err(broken)?).to_vec()),
        QueryKind::Certificate(field) => return certificate(answer, *field, span),
        QueryKind::Ip => match &answer.ip {
            Some(ip) => Value::Text(ip.clone()),
            None => return Err(Trouble::unknown(span, "the address of the machine that answered is not known")),
        },
        QueryKind::Redirects => Value::List(answers.redirects().map(Value::Redirect).collect()),
    };
    Ok(Some(found))
}

pub(super) fn of_decode(error: DecodeError, span: &Span) -> Trouble {
    match error {
        DecodeError::Broken(reason) => Trouble::failed(span, reason),
        DecodeError::Unsupported(what) => Trouble::unknown(span, format!("not supported: {what}")),
    }
}

fn version(scene: &Scene<'_>, answers: &Answers, span: &Span) -> Result<Value, Trouble> {
    if answers.url().scheme() == "https" && !scene.world.speaks("HTTP/2") {
        return Err(Trouble::unknown(span, "the version is that of our request: HTTP/2 is not spoken here"));
    }
    let version = &answers.last().version;
    Ok(Value::Text(version.strip_prefix("HTTP/").unwrap_or(version).to_owned()))
}

fn header(answer: &Answer, name: &str) -> Option<Value> {
    let mut values: Vec<Value> = answer.values(name).map(|value| Value::Text(value.to_owned())).collect();
    if values.len() > 1 { Some(Value::List(values)) } else { values.pop() }
}

fn cookie(answer: &Answer, name: &str, attribute: CookieAttribute, span: &Span) -> Result<Option<Value>, Trouble> {
    let found = answer.values("set-cookie").filter_map(SetCookie::parse).find(|cookie| cookie.name == name);
    let Some(cookie) = found else { return Ok(None) };
    let text = |name| cookie.attribute(name).map(|value| Value::Text(value.to_owned()));
    let flag = |name| cookie.has(name).then_some(Value::Unit);
    Ok(match attribute {
        CookieAttribute::Value => Some(Value::Text(cookie.value.clone())),
        CookieAttribute::Expires => match cookie.attribute("expires") {
            None => None,
            Some(text) => match date::cookie(text) {
                Some(date) => Some(Value::Date(date)),
                None => return Err(Trouble::failed(span, "the end of the cookie is no date")),
            },
        },
        CookieAttribute::MaxAge => cookie.max_age().map(|age| Value::Number(Number::Integer(age))),
        CookieAttribute::Domain => text("domain"),
        CookieAttribute::Path => text("path"),
        CookieAttribute::Secure => flag("secure"),
        CookieAttribute::HttpOnly => flag("httponly"),
        CookieAttribute::SameSite => text("samesite"),
    })
}

fn certificate(answer: &Answer, field: CertificateField, span: &Span) -> Result<Option<Value>, Trouble> {
    let unknown = || Trouble::unknown(span, "this field of the certificate is not known here");
    match &answer.certificate {
        Certificate::Missing => Ok(None),
        Certificate::Opaque => Err(unknown()),
        Certificate::Known(fields) => match fields.iter().find(|(known, _)| *known == field) {
            Some((_, Field::Text(text))) => Ok(Some(Value::Text(text.clone()))),
            Some((_, Field::Moment(date))) => Ok(Some(Value::Date(*date))),
            None => Err(unknown()),
        },
    }
}

/// The values at a path: one as it is, several as a list.
pub(super) fn json_path(
    scene: &mut Scene<'_>,
    json: &serde_json::Value,
    path: &Template,
) -> Result<Option<Value>, Trouble> {
    let text = scene.render(path)?;
    let parsed =
        Path::parse(&text).map_err(|reason| Trouble::failed(&path.span, format!("this is no JSONPath: {reason}")))?;
    let found = parsed.find(json).map_err(|reason| Trouble::unknown(&path.span, reason))?;
    Ok(match found[..] {
        [] => None,
        [only] => Some(Value::of_json(only)),
        _ => Some(Value::List(found.into_iter().map(Value::of_json).collect())),
    })
}
