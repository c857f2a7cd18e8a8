//! What is looked at in an answer, and what is done with it.

use super::super::ast::{
    CertificateField, CookieAttribute, Filter, FilterKind, NthIndex, Pattern, Query, QueryKind, Template,
};
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::{number, template};

const QUERIES: &str = "status, version, url, header, cookie, body, jsonpath, regex, variable, duration, bytes, sha256, \
                       md5, certificate, ip or redirects";

fn word<'t>(reader: &mut Reader<'t>) -> &'t str {
    reader.take_while(|c| c.is_ascii_alphanumeric())
}

fn blanks(reader: &mut Reader<'_>) -> Result<(), Fault> {
    if reader.blanks() { Ok(()) } else { Err(reader.wrong("a blank is missing")) }
}

/// A query, if one is next.
pub(super) fn query(reader: &mut Reader<'_>) -> Result<Option<Query>, Fault> {
    let start = reader.at();
    let kind = match word(reader) {
        "status" => QueryKind::Status,
        "version" => QueryKind::Version,
        "url" => QueryKind::Url,
        "body" => QueryKind::Body,
        "duration" => QueryKind::Duration,
        "bytes" => QueryKind::Bytes,
        "sha256" => QueryKind::Sha256,
        "md5" => QueryKind::Md5,
        "ip" => QueryKind::Ip,
        "redirects" => QueryKind::Redirects,
        "header" => QueryKind::Header(text(reader)?),
        "cookie" => cookie(reader)?,
        "jsonpath" => QueryKind::JsonPath(text(reader)?),
        "variable" => QueryKind::Variable(text(reader)?),
        "regex" => QueryKind::Regex(pattern(reader)?),
        "certificate" => QueryKind::Certificate(certificate(reader)?),
        name @ ("xpath" | "rawbytes") => {
            let message = format!("\"{name}\" cannot be asked here: {QUERIES} can");
            return Err(Fault::unsupported(start..reader.at(), message));
        }
        _ => {
            reader.seek(start);
            return Ok(None);
        }
    };
    Ok(Some(Query { kind, span: start..reader.at() }))
}

/// The fault of a line that begins with no query.
pub(super) fn unknown(reader: &Reader<'_>) -> Fault {
    reader.wrong(&format!("this is nothing that can be asked: {QUERIES} are"))
}

fn text(reader: &mut Reader<'_>) -> Result<Template, Fault> {
    blanks(reader)?;
    template::needed(reader)
}

fn pattern(reader: &mut Reader<'_>) -> Result<Pattern, Fault> {
    blanks(reader)?;
    if let Some(found) = template::quoted(reader, '"')? {
        return Ok(Pattern::Template(found));
    }
    match number::regex(reader)? {
        Some(found) => Ok(Pattern::Regex(found)),
        None => Err(reader.wrong("an expression is missing: between slashes, or between quotes")),
    }
}

fn cookie(reader: &mut Reader<'_>) -> Result<QueryKind, Fault> {
    blanks(reader)?;
    reader.expect("\"")?;
    let start = reader.at();
    let inside = reader.take_while(|c| c != '"' && c != '\n');
    let end = reader.at();
    reader.expect("\"")?;
    let (name, attribute) = inside.find('[').map_or((inside, None), |at| (&inside[..at], Some(&inside[at + 1..])));
    let template = cut(name, start)?;
    let attribute = match attribute {
        None => CookieAttribute::Value,
        Some(rest) => {
            let known = rest.strip_suffix(']').and_then(|name| attribute_of(name.trim_matches([' ', '\t'])));
            known.ok_or_else(|| {
                let message = "the attribute of a cookie is Value, Expires, Max-Age, Domain, Path, Secure, HttpOnly or \
                               SameSite, in brackets";
                Fault::syntax(start + name.len()..end, message)
            })?
        }
    };
    Ok(QueryKind::Cookie(template, attribute))
}

/// The name of a cookie, which stands at `start`.
fn cut(name: &str, start: usize) -> Result<Template, Fault> {
    let mut found = template::value(&mut Reader::new(name))
        .map_err(|fault| Fault { span: fault.span.start + start..fault.span.end + start, ..fault })?;
    found.span = start..start + name.len();
    Ok(found)
}

fn attribute_of(name: &str) -> Option<CookieAttribute> {
    Some(match name.to_lowercase().as_str() {
        "value" => CookieAttribute::Value,
        "expires" => CookieAttribute::Expires,
        "max-age" => CookieAttribute::MaxAge,
        "domain" => CookieAttribute::Domain,
        "path" => CookieAttribute::Path,
        "secure" => CookieAttribute::Secure,
        "httponly" => CookieAttribute::HttpOnly,
        "samesite" => CookieAttribute::SameSite,
        _ => return None,
    })
}

fn certificate(reader: &mut Reader<'_>) -> Result<CertificateField, Fault> {
    blanks(reader)?;
    reader.expect("\"")?;
    let start = reader.at();
    let name = reader.take_while(|c| c != '"' && c != '\n');
    let field = match name {
        "Subject" => CertificateField::Subject,
        "Issuer" => CertificateField::Issuer,
        "Start-Date" => CertificateField::StartDate,
        "Expire-Date" => CertificateField::ExpireDate,
        "Serial-Number" => CertificateField::SerialNumber,
        "Subject-Alt-Name" => CertificateField::SubjectAltName,
        "Value" => CertificateField::Value,
        _ => {
            let message = "a certificate has the fields Subject, Issuer, Start-Date, Expire-Date, Serial-Number, \
                           Subject-Alt-Name and Value";
            return Err(Fault::syntax(start..reader.at(), message));
        }
    };
    reader.expect("\"")?;
    Ok(field)
}

/// As many filters as are next.
pub(super) fn filters(reader: &mut Reader<'_>) -> Result<Vec<Filter>, Fault> {
    let mut filters = Vec::new();
    loop {
        let before = reader.at();
        if !reader.blanks() {
            return Ok(filters);
        }
        let start = reader.at();
        let Some(kind) = filter(reader)? else {
            reader.seek(before);
            return Ok(filters);
        };
        filters.push(Filter { kind, span: start..reader.at() });
    }
}

fn filter(reader: &mut Reader<'_>) -> Result<Option<FilterKind>, Fault> {
    let start = reader.at();
    let name = word(reader);
    if let Some(kind) = plain(name) {
        return Ok(Some(kind));
    }
    let kind = match name {
        "charsetDecode" | "decode" => FilterKind::CharsetDecode(text(reader)?),
        "dateFormat" | "format" => FilterKind::DateFormat(text(reader)?),
        "jsonpath" => FilterKind::JsonPath(text(reader)?),
        "nth" => FilterKind::Nth(index(reader)?),
        "regex" => FilterKind::Regex(pattern(reader)?),
        "replace" => FilterKind::Replace(text(reader)?, text(reader)?),
        "replaceRegex" => FilterKind::ReplaceRegex(pattern(reader)?, text(reader)?),
        "split" => FilterKind::Split(text(reader)?),
        "toDate" => FilterKind::ToDate(text(reader)?),
        "urlQueryParam" => FilterKind::UrlQueryParam(text(reader)?),
        "xpath" => {
            return Err(Fault::unsupported(start..reader.at(), "\"xpath\" cannot be used here: use regex or jsonpath"));
        }
        _ => return Ok(None),
    };
    Ok(Some(kind))
}

fn plain(name: &str) -> Option<FilterKind> {
    Some(match name {
        "base64Decode" => FilterKind::Base64Decode,
        "base64Encode" => FilterKind::Base64Encode,
        "base64UrlSafeDecode" => FilterKind::Base64UrlSafeDecode,
        "base64UrlSafeEncode" => FilterKind::Base64UrlSafeEncode,
        "count" => FilterKind::Count,
        "daysAfterNow" => FilterKind::DaysAfterNow,
        "daysBeforeNow" => FilterKind::DaysBeforeNow,
        "first" => FilterKind::First,
        "htmlEscape" => FilterKind::HtmlEscape,
        "htmlUnescape" => FilterKind::HtmlUnescape,
        "last" => FilterKind::Last,
        "location" => FilterKind::Location,
        "toFloat" => FilterKind::ToFloat,
        "toHex" => FilterKind::ToHex,
        "toInt" => FilterKind::ToInt,
        "toString" => FilterKind::ToText,
        "urlDecode" => FilterKind::UrlDecode,
        "urlEncode" => FilterKind::UrlEncode,
        "utf8Decode" => FilterKind::Utf8Decode,
        "utf8Encode" => FilterKind::Utf8Encode,
        _ => return None,
    })
}

fn index(reader: &mut Reader<'_>) -> Result<NthIndex, Fault> {
    blanks(reader)?;
    if let Some(found) = number::integer(reader)? {
        return Ok(NthIndex::Given(found));
    }
    match template::placeholder(reader)? {
        Some(found) => Ok(NthIndex::Placeholder(found)),
        None => Err(reader.wrong("the number of an element is missing")),
    }
}
