//! What a rule asks of the visitor: parameters of the query, a country, a language, cookies.

use super::rule::{Applies, Visitor, asks_no_query};
use crate::platform::netlify::routing::Redirect;
use crate::text::ecma;
use crate::text::tree::{Kind, Node, Table};

/// Whether the query of a request has what the rule asks for; all parameters must be there, others may be.
pub(super) fn by_query(redirect: &Redirect, visitor: &Visitor) -> Applies {
    if asks_no_query(redirect) {
        return Applies::Yes;
    }
    if visitor.has_query {
        return Applies::Perhaps;
    }
    if visitor.query.is_empty() {
        return Applies::No;
    }
    let Some(wanted) = redirect.query.as_deref().and_then(Node::as_table) else { return Applies::Perhaps };
    let mut applies = Applies::Yes;
    for (name, entry) in wanted.iter() {
        let Some(value) = scalar(&entry.value).filter(|value| is_plain(name) && is_plain(value)) else {
            applies = Applies::Perhaps;
            continue;
        };
        let given = visitor.query.iter().rfind(|(known, _)| known == name).map(|(_, given)| given);
        let Some(given) = given else { return Applies::No };
        if placeholder(&value).is_none() && *given != value {
            return Applies::No;
        }
    }
    applies
}

/// The placeholders of a rule's parameters with what the query gives for them.
pub(super) fn captured<'v>(redirect: &'v Redirect, visitor: &'v Visitor) -> Vec<(&'v str, &'v str)> {
    let wanted = redirect.query.as_deref().and_then(Node::as_table);
    let of = |(name, node): (&str, &'v Node)| {
        let placeholder = placeholder(node.as_str()?)?;
        let given = visitor.query.iter().rfind(|(known, _)| known == name)?;
        Some((placeholder, given.1.as_str()))
    };
    wanted.into_iter().flat_map(Table::iter).filter_map(|(name, entry)| of((name, &entry.value))).collect()
}

/// The name behind the colon of `:name`.
pub(super) fn placeholder(value: &str) -> Option<&str> {
    value.strip_prefix(':').filter(|name| !name.is_empty())
}

/// The text of a value of one parameter.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match node.kind {
        Kind::String(_) | Kind::Number(_) => ecma::to_text(node).ok(),
        _ => None,
    }
}

/// Whether a name or value of a parameter is compared as it is written: what has to be encoded never matches.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte)) && !text.is_empty()
}

/// Whether a visitor meets the conditions; all of them must hold. A visitor of whom nothing is said has no cookies, and a
/// country and a language that no rule names.
pub(super) fn by_conditions(conditions: &Table, visitor: &Visitor) -> Applies {
    let mut applies = Applies::Yes;
    for (name, entry) in conditions.iter() {
        let one = match name {
            "Country" if visitor.country.is_none() => nobody(&entry.value),
            "Language" if visitor.language.is_none() => nobody(&entry.value),
            "Cookie" if visitor.cookies.is_empty() => nobody(&entry.value),
            "Country" => any_of(&entry.value, |item| is_country(item, visitor.country.as_deref())),
            "Language" => any_of(&entry.value, |item| is_language(item, visitor.language.as_deref())),
            "Cookie" => any_of(&entry.value, |item| visitor.cookies.iter().any(|cookie| cookie == item)),
            _ => Applies::Perhaps,
        };
        match one {
            Applies::No => return Applies::No,
            Applies::Perhaps => applies = Applies::Perhaps,
            Applies::Yes => {}
        }
    }
    applies
}

/// The values of a condition, each between commas; `None` for anything else.
pub(super) fn items(value: &Node) -> Option<Vec<&str>> {
    let texts: Vec<&str> = match value.as_array() {
        Some(items) => items.iter().map(Node::as_str).collect::<Option<_>>()?,
        None => vec![value.as_str()?],
    };
    let items: Vec<&str> = texts.into_iter().flat_map(|text| text.split(',')).collect();
    let is_known = |item: &&str| !item.is_empty() && item.trim() == *item;
    (!items.is_empty() && items.iter().all(is_known)).then_some(items)
}

/// For a visitor who has nothing of the kind, whatever is named.
fn nobody(value: &Node) -> Applies {
    let is_text = |node: &Node| node.as_str().is_some_and(|text| !text.is_empty());
    let is_named = match value.as_array() {
        Some(items) => !items.is_empty() && items.iter().all(is_text),
        None => is_text(value),
    };
    if is_named { Applies::No } else { Applies::Perhaps }
}

fn any_of(value: &Node, is_met: impl Fn(&str) -> bool) -> Applies {
    match items(value) {
        Some(items) if items.iter().any(|item| is_met(item)) => Applies::Yes,
        Some(_) => Applies::No,
        None => Applies::Perhaps,
    }
}

fn is_country(item: &str, country: Option<&str>) -> bool {
    country.is_some_and(|country| country.eq_ignore_ascii_case(item))
}

/// A rule for `en` is met by `en-GB`, and one for `en-GB` is not met by `en`.
fn is_language(item: &str, language: Option<&str>) -> bool {
    let Some(language) = language else { return false };
    let start = language.get(..item.len()).is_some_and(|start| start.eq_ignore_ascii_case(item));
    start && matches!(language.as_bytes().get(item.len()), None | Some(b'-'))
}
