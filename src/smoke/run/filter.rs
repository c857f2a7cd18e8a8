//! What is done with values.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use url::Url;

use super::query::{json_path, of_decode};
use super::scene::Scene;
use super::trouble::Trouble;
use crate::smoke::ast::{Filter, FilterKind, NthIndex, Span};
use crate::smoke::date::{self, DateError};
use crate::smoke::decode::of_charset;
use crate::smoke::html;
use crate::smoke::number::{Number, as_float};
use crate::smoke::percent::{decoded, percent};
use crate::smoke::value::{Value, quote};

/// Applies filters, one after the other; `None` when the last finds nothing.
pub(super) fn apply(scene: &mut Scene<'_>, filters: &[Filter], value: Option<Value>) -> Result<Option<Value>, Trouble> {
    let mut value = value;
    for filter in filters {
        let Some(input) = value else {
            return Err(Trouble::failed(&filter.span, "there is nothing that the filter could be applied to"));
        };
        value = one(scene, filter, input)?;
    }
    Ok(value)
}

fn wrong(span: &Span, wanted: &str, value: &Value) -> Trouble {
    Trouble::failed(span, format!("the filter takes {wanted}, and it is {}", value.show()))
}

fn text(span: &Span, value: Value) -> Result<String, Trouble> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(wrong(span, "a text", &other)),
    }
}

fn bytes(span: &Span, value: Value) -> Result<Vec<u8>, Trouble> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        other => Err(wrong(span, "bytes", &other)),
    }
}

fn one(scene: &mut Scene<'_>, filter: &Filter, value: Value) -> Result<Option<Value>, Trouble> {
    let span = &filter.span;
    let found = match &filter.kind {
        FilterKind::Base64Decode | FilterKind::Base64UrlSafeDecode => {
            let is_plain = matches!(filter.kind, FilterKind::Base64Decode);
            let text = text(span, value)?;
            let decoded = if is_plain { STANDARD.decode(&text) } else { URL_SAFE_NO_PAD.decode(&text) };
            Value::Bytes(decoded.map_err(|_| Trouble::failed(span, format!("{} is not base 64", quote(&text))))?)
        }
        FilterKind::Base64Encode => Value::Text(STANDARD.encode(bytes(span, value)?)),
        FilterKind::Base64UrlSafeEncode => Value::Text(URL_SAFE_NO_PAD.encode(bytes(span, value)?)),
        FilterKind::CharsetDecode(charset) => {
            let charset = scene.render(charset)?;
            Value::Text(of_charset(&bytes(span, value)?, &charset).map_err(|error| of_decode(error, span))?)
        }
        FilterKind::ToHex => Value::Text(bytes(span, value)?.iter().map(|byte| format!("{byte:02x}")).collect()),
        FilterKind::Utf8Decode => Value::Text(String::from_utf8_lossy(&bytes(span, value)?).into_owned()),
        FilterKind::Utf8Encode => Value::Bytes(text(span, value)?.into_bytes()),
        FilterKind::Count => match &value {
            Value::List(values) => Value::count(values.len()),
            Value::Bytes(bytes) => Value::count(bytes.len()),
            other => return Err(wrong(span, "a list or bytes", other)),
        },
        FilterKind::First | FilterKind::Last | FilterKind::Nth(_) => return element(scene, filter, value).map(Some),
        FilterKind::DaysAfterNow | FilterKind::DaysBeforeNow | FilterKind::DateFormat(_) | FilterKind::ToDate(_) => {
            return of_date(scene, filter, value).map(Some);
        }
        FilterKind::HtmlEscape => Value::Text(html::escape(&text(span, value)?)),
        FilterKind::HtmlUnescape => match html::unescape(&text(span, value)?) {
            Ok(text) => Value::Text(text),
            Err(name) => return Err(Trouble::unknown(span, format!("the character \"&{name};\" is not known here"))),
        },
        FilterKind::JsonPath(path) => {
            let text = text(span, value)?;
            let json = serde_json::from_str(&text).map_err(|_| Trouble::failed(span, "the text is no JSON"))?;
            return json_path(scene, &json, path);
        }
        FilterKind::Location => match value {
            Value::Redirect(to) => Value::Text(to),
            other => return Err(wrong(span, "an element of \"redirects\"", &other)),
        },
        FilterKind::Regex(pattern) => {
            let regex = scene.pattern(pattern)?;
            let text = text(span, value)?;
            return Ok(regex.captures(&text).and_then(|groups| Some(Value::Text(groups.get(1)?.as_str().to_owned()))));
        }
        FilterKind::Replace(old, new) => {
            let text = text(span, value)?;
            let (old, new) = (scene.render(old)?, scene.render(new)?);
            Value::Text(text.replace(&old, &new))
        }
        FilterKind::ReplaceRegex(pattern, new) => {
            let text = text(span, value)?;
            let (regex, new) = (scene.pattern(pattern)?, scene.render(new)?);
            Value::Text(regex.replace_all(&text, new.as_str()).into_owned())
        }
        FilterKind::Split(separator) => {
            let text = text(span, value)?;
            let separator = scene.render(separator)?;
            Value::List(text.split(&separator).map(|part| Value::Text(part.to_owned())).collect())
        }
        FilterKind::ToFloat | FilterKind::ToInt => number(filter, &value)?,
        FilterKind::ToText => match value.render() {
            Some(text) => Value::Text(text),
            None => return Err(wrong(span, "what a text can hold", &value)),
        },
        FilterKind::UrlDecode => Value::Text(String::from_utf8_lossy(&decoded(&text(span, value)?)).into_owned()),
        FilterKind::UrlEncode => Value::Text(percent(&text(span, value)?, b"-._~/")),
        FilterKind::UrlQueryParam(name) => {
            let name = scene.render(name)?;
            let text = text(span, value)?;
            let is_http = text.starts_with("http://") || text.starts_with("https://");
            let url = Url::parse(&text).ok().filter(|_| is_http);
            let url = url.ok_or_else(|| Trouble::failed(span, format!("{} is no address", quote(&text))))?;
            let found = url.query_pairs().find(|(known, _)| *known == name);
            return Ok(found.map(|(_, value)| Value::Text(value.into_owned())));
        }
    };
    Ok(Some(found))
}

fn element(scene: &mut Scene<'_>, filter: &Filter, value: Value) -> Result<Value, Trouble> {
    let index = match &filter.kind {
        FilterKind::First => 0,
        FilterKind::Last => -1,
        FilterKind::Nth(NthIndex::Given(index)) => *index,
        FilterKind::Nth(NthIndex::Placeholder(placeholder)) => match scene.value(placeholder)? {
            Value::Number(Number::Integer(index)) => index,
            other => {
                return Err(Trouble::failed(
                    &placeholder.span,
                    format!("a whole number is needed, and it is {}", other.show()),
                ));
            }
        },
        _ => return Ok(value),
    };
    let Value::List(mut values) = value else { return Err(wrong(&filter.span, "a list", &value)) };
    let length = values.len();
    let place = match usize::try_from(index) {
        Ok(place) => Some(place),
        Err(_) => usize::try_from(index.unsigned_abs()).ok().and_then(|back| length.checked_sub(back)),
    };
    match place.filter(|place| *place < length) {
        Some(place) => Ok(values.swap_remove(place)),
        None => Err(Trouble::failed(&filter.span, format!("the list has {length} elements"))),
    }
}

fn of_date(scene: &mut Scene<'_>, filter: &Filter, value: Value) -> Result<Value, Trouble> {
    let span = &filter.span;
    if let FilterKind::ToDate(format) = &filter.kind {
        let (text, format) = (text(span, value)?, scene.render(format)?);
        return date::read(&text, &format).map(Value::Date).map_err(|error| match error {
            DateError::Text => {
                Trouble::failed(span, format!("{} is no date of the form {}", quote(&text), quote(&format)))
            }
            other => of_format(other, span),
        });
    }
    let Value::Date(date) = value else { return Err(wrong(span, "a date", &value)) };
    let after = date.duration_since(scene.world.now());
    let days = after.as_hours() / 24;
    match &filter.kind {
        FilterKind::DaysAfterNow => Ok(Value::Number(Number::Integer(days))),
        FilterKind::DaysBeforeNow => Ok(Value::Number(Number::Integer(-days))),
        FilterKind::DateFormat(format) => {
            let format = scene.render(format)?;
            date::write(date, &format).map(Value::Text).map_err(|error| of_format(error, span))
        }
        _ => Ok(Value::Date(date)),
    }
}

fn of_format(error: DateError, span: &Span) -> Trouble {
    match error {
        DateError::Text => Trouble::failed(span, "the text is no such date"),
        DateError::Format(sign) => Trouble::failed(span, format!("\"%{sign}\" is no part of a date")),
        DateError::Unsupported(sign) => Trouble::unknown(span, format!("not supported: \"%{sign}\" in a date")),
    }
}

fn number(filter: &Filter, value: &Value) -> Result<Value, Trouble> {
    let is_float = matches!(filter.kind, FilterKind::ToFloat);
    let found = match value {
        Value::Number(Number::Integer(number)) if is_float => Some(Number::Float(as_float(*number))),
        Value::Number(Number::Integer(number)) => Some(Number::Integer(*number)),
        Value::Number(Number::Float(number)) if is_float => Some(Number::Float(*number)),
        Value::Number(Number::Float(number)) => Some(Number::Integer(whole(*number))),
        Value::Text(text) if is_float => text.parse().ok().map(Number::Float),
        Value::Text(text) => text.parse().ok().map(Number::Integer),
        _ => None,
    };
    found.map(Value::Number).ok_or_else(|| wrong(&filter.span, "a number, or a text that is one", value))
}

#[allow(clippy::cast_possible_truncation, reason = "what does not fit becomes the nearest that does, as in Hurl")]
fn whole(number: f64) -> i64 {
    number as i64
}
