//! What must be true.

use super::super::ast::{Expected, Predicate, PredicateKind, Sort};
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::{number, template};

const PREDICATES: &str = "==, !=, >, >=, <, <=, startsWith, endsWith, contains, includes, matches, exists, isEmpty, \
                          isBoolean, isCollection, isDate, isFloat, isInteger, isIpv4, isIpv6, isIsoDate, isList, \
                          isNumber, isObject, isString or isUuid";

/// What may stand behind a comparison.
#[derive(Clone, Copy)]
enum Allowed {
    Anything,
    Ordered,
    TextOrBytes,
    Expression,
}

/// A predicate, which must be next.
pub(super) fn predicate(reader: &mut Reader<'_>) -> Result<Predicate, Fault> {
    let start = reader.at();
    let is_negated = reader.take("not") && reader.blanks();
    if !is_negated {
        reader.seek(start);
    }
    let kind = kind(reader)?;
    Ok(Predicate { is_negated, kind, span: start..reader.at() })
}

fn kind(reader: &mut Reader<'_>) -> Result<PredicateKind, Fault> {
    let start = reader.at();
    for sign in ["==", "!=", ">=", "<=", ">", "<"] {
        if reader.take(sign) {
            reader.blanks();
            return Ok(match sign {
                "==" => PredicateKind::Equal(expected(reader, Allowed::Anything)?),
                "!=" => PredicateKind::NotEqual(expected(reader, Allowed::Anything)?),
                ">=" => PredicateKind::GreaterOrEqual(expected(reader, Allowed::Ordered)?),
                "<=" => PredicateKind::LessOrEqual(expected(reader, Allowed::Ordered)?),
                ">" => PredicateKind::Greater(expected(reader, Allowed::Ordered)?),
                _ => PredicateKind::Less(expected(reader, Allowed::Ordered)?),
            });
        }
    }
    let name = reader.take_while(|c| c.is_ascii_alphanumeric());
    if name == "exists" {
        return Ok(PredicateKind::Exists);
    }
    if let Some(sort) = sort(name) {
        return Ok(PredicateKind::Is(sort));
    }
    let allowed = match name {
        "startsWith" | "endsWith" => Allowed::TextOrBytes,
        "contains" | "includes" => Allowed::Anything,
        "matches" => Allowed::Expression,
        _ => {
            reader.seek(start);
            return Err(
                reader.wrong(&format!("this is neither something to do nor something to compare: {PREDICATES}"))
            );
        }
    };
    if !reader.blanks() {
        return Err(reader.wrong("a blank is missing"));
    }
    let value = expected(reader, allowed)?;
    Ok(match name {
        "startsWith" => PredicateKind::StartsWith(value),
        "endsWith" => PredicateKind::EndsWith(value),
        "contains" => PredicateKind::Contains(value),
        "includes" => PredicateKind::Includes(value),
        _ => PredicateKind::Matches(value),
    })
}

fn sort(name: &str) -> Option<Sort> {
    Some(match name {
        "isBoolean" => Sort::Boolean,
        "isCollection" => Sort::Collection,
        "isDate" => Sort::Date,
        "isEmpty" => Sort::Empty,
        "isFloat" => Sort::Float,
        "isInteger" => Sort::Integer,
        "isIpv4" => Sort::Ipv4,
        "isIpv6" => Sort::Ipv6,
        "isIsoDate" => Sort::IsoDate,
        "isList" => Sort::List,
        "isNumber" => Sort::Number,
        "isObject" => Sort::Object,
        "isString" => Sort::Text,
        "isUuid" => Sort::Uuid,
        _ => return None,
    })
}

fn expected(reader: &mut Reader<'_>, allowed: Allowed) -> Result<Expected, Fault> {
    let start = reader.at();
    let Some((value, is_multiline)) = value(reader)? else {
        return Err(reader.wrong("a value to compare with is missing: a text is put between quotes"));
    };
    let (is_right, wanted) = match allowed {
        Allowed::Anything => (true, ""),
        Allowed::Ordered => {
            let is_ordered = matches!(value, Expected::Number(_) | Expected::Text(_) | Expected::Placeholder(_));
            (is_ordered && !is_multiline, "a number, a text or a variable")
        }
        Allowed::TextOrBytes => (
            matches!(value, Expected::Text(_) | Expected::Bytes(_)) && !is_multiline,
            "a text between quotes, or bytes",
        ),
        Allowed::Expression => {
            (matches!(value, Expected::Text(_) | Expected::Regex(_)) && !is_multiline, "an expression")
        }
    };
    if is_right { Ok(value) } else { Err(Fault::syntax(start..reader.at(), format!("{wanted} must stand here"))) }
}

/// A value, and whether it is a text over several lines.
fn value(reader: &mut Reader<'_>) -> Result<Option<(Expected, bool)>, Fault> {
    for (word, value) in [("null", Expected::Null), ("true", Expected::Bool(true)), ("false", Expected::Bool(false))] {
        if reader.take(word) {
            return Ok(Some((value, false)));
        }
    }
    if let Some(found) = number::number(reader)? {
        return Ok(Some((Expected::Number(found), false)));
    }
    if let Some(found) = number::file(reader)? {
        return Ok(Some((Expected::File(found), false)));
    }
    if let Some(found) = number::hex(reader)? {
        return Ok(Some((Expected::Bytes(found), false)));
    }
    if let Some(found) = number::base64(reader)? {
        return Ok(Some((Expected::Bytes(found), false)));
    }
    if let Some(found) = template::placeholder(reader)? {
        return Ok(Some((Expected::Placeholder(found), false)));
    }
    if let Some(found) = template::quoted(reader, '"')? {
        return Ok(Some((Expected::Text(found), false)));
    }
    if let Some((found, _)) = template::multiline(reader)? {
        return Ok(Some((Expected::Text(found), true)));
    }
    if let Some(found) = template::quoted(reader, '`')? {
        return Ok(Some((Expected::Text(found), false)));
    }
    Ok(number::regex(reader)?.map(|found| (Expected::Regex(found), false)))
}
