//! Requests that a rule answers, made up from the rule itself.

use super::condition::{is_plain, items, placeholder, scalar};
use super::pattern::{Pattern, Segment};
use super::rule::{Rule, Visitor};
use crate::text::tree::{Node, Table as Values};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The path.
    pub path: String,
    /// Who asks.
    pub visitor: Visitor,
}

/// Why no request can be made up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoExample {
    /// The `from` has a form whose effect is not known.
    #[error("what its path matches is not known")]
    Pattern,
    /// The path holds what clients encode.
    #[error("its path holds what clients encode, and how the edge compares that is not known")]
    Encoded,
    /// A query that is compared in a way that is not known.
    #[error("its query holds what clients encode, and how the edge compares that is not known")]
    Query,
    /// A rule for visitors with a role.
    #[error("it counts for visitors with a role, and no token is given")]
    Role,
    /// Another condition.
    #[error("the condition \"{0}\" cannot be met by a request of ours")]
    Condition(String),
    /// A rule of another host.
    #[error("it counts for the host \"{0}\" only")]
    Host(String),
}

/// A request that the rule alone would answer, from an ordinary visitor; `word` stands for whatever is left open.
///
/// # Errors
/// Why no such request is known.
pub fn of(rule: &Rule<'_>, ordinary: &Visitor, word: &str) -> Result<Example, NoExample> {
    let pattern = rule.pattern.as_ref().ok_or(NoExample::Pattern)?;
    let path = path(pattern, word);
    if !path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte)) {
        return Err(NoExample::Encoded);
    }
    Ok(Example { path, visitor: visitor(rule, ordinary, word)? })
}

/// Somebody for whom the rule counts.
///
/// # Errors
/// Why nobody is known.
pub fn visitor(rule: &Rule<'_>, ordinary: &Visitor, word: &str) -> Result<Visitor, NoExample> {
    let mut visitor = ordinary.clone();
    if let Some(address) = rule.redirect.address.as_deref() {
        let is_ours =
            ordinary.address.as_ref().is_some_and(|(scheme, host)| *scheme == address.scheme && *host == address.host);
        if !is_ours {
            return Err(NoExample::Host(address.host.clone()));
        }
    }
    if rule.asks_query() {
        visitor.query = query(rule, word).ok_or(NoExample::Query)?;
    }
    for (name, entry) in rule.redirect.conditions.as_deref().into_iter().flat_map(Values::iter) {
        let other = || NoExample::Condition(name.to_owned());
        let item = items(&entry.value).and_then(|items| items.first().copied()).filter(|item| is_token(item));
        match name {
            "Role" => return Err(NoExample::Role),
            "Country" => visitor.country = Some(item.ok_or_else(other)?.to_owned()),
            "Language" => visitor.language = Some(item.ok_or_else(other)?.to_owned()),
            "Cookie" => visitor.cookies.push(item.ok_or_else(other)?.to_owned()),
            _ => return Err(other()),
        }
    }
    Ok(visitor)
}

/// Every placeholder gets a word of its own, so that it is seen when two are mixed up, and the splat two segments.
fn path(pattern: &Pattern<'_>, word: &str) -> String {
    let mut path = String::new();
    let mut count = 0;
    for segment in &pattern.segments {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Placeholder(_) => {
                count += 1;
                path.push_str(&format!("{word}{count}"));
            }
        }
    }
    if pattern.has_splat {
        path.push_str(&format!("/{word}/below"));
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

fn query(rule: &Rule<'_>, word: &str) -> Option<Vec<(String, String)>> {
    let wanted = rule.redirect.query.as_deref().and_then(Node::as_table)?;
    let mut query = Vec::new();
    for (count, (name, entry)) in wanted.iter().enumerate() {
        let value = scalar(&entry.value).filter(|value| is_plain(name) && is_plain(value))?;
        let value = if placeholder(&value).is_some() { format!("{word}-q{count}") } else { value };
        query.push((name.to_owned(), value));
    }
    Some(query)
}

fn is_token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// A visitor whom no rule singles out: from a country and with a language that none names, where any is named.
#[must_use]
pub fn ordinary<'a>(rules: impl IntoIterator<Item = &'a Rule<'a>>) -> Visitor {
    const COUNTRIES: [&str; 5] = ["aq", "bv", "hm", "tf", "gs"];
    const LANGUAGES: [&str; 5] = ["gd", "fo", "kw", "gv", "se"];
    let (mut countries, mut languages) = (Vec::new(), Vec::new());
    for rule in rules {
        let conditions = rule.redirect.conditions.as_deref();
        let named = |name: &str| conditions.and_then(|table| table.get(name)).and_then(items).unwrap_or_default();
        countries.extend(named("Country"));
        languages.extend(named("Language"));
    }
    let free = |all: &[&str], named: &[&str]| {
        let is_named = |word: &&&str| {
            let starts = |item: &&str| item.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(word));
            named.iter().any(starts)
        };
        all.iter().find(|word| !is_named(word)).filter(|_| !named.is_empty()).map(|word| (*word).to_owned())
    };
    Visitor { country: free(&COUNTRIES, &countries), language: free(&LANGUAGES, &languages), ..Visitor::default() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::rule::Applies;
    use super::*;
    use crate::platform::netlify::routing::{FileText, Redirect, SideFile, parse_redirects};
    use crate::text::span::FileId;

    fn rules(text: &str) -> Vec<Redirect> {
        parse_redirects(SideFile::Text(FileText { text, file: FileId(0) }), None).unwrap().rules
    }

    fn example(text: &str) -> Result<Example, NoExample> {
        let rules = rules(text);
        let all: Vec<Rule<'_>> = rules.iter().map(Rule::new).collect();
        let found = of(&all[0], &ordinary(&all), "w")?;
        assert_eq!(all[0].applies(&found.visitor), Applies::Yes);
        assert!(all[0].pattern.as_ref().unwrap().captures(&found.path).is_some());
        Ok(found)
    }

    #[test]
    fn placeholders_splats_queries_and_conditions_are_met() {
        assert_eq!(example("/a/:x/:y/* /b").unwrap().path, "/a/w1/w2/w/below");
        assert_eq!(example("/ /b").unwrap().path, "/");
        let found = example("/a id=:id kind=5 /b/:id 301 Country=de,at Language=en Cookie=beta").unwrap();
        let query: Vec<_> = found.visitor.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(query, ["id=w-q0", "kind=5"]);
        assert_eq!(found.visitor.country.as_deref(), Some("de"));
        assert_eq!(found.visitor.language.as_deref(), Some("en"));
        assert_eq!(found.visitor.cookies, ["beta"]);
    }

    #[test]
    fn what_cannot_be_asked_for_is_said() {
        assert_eq!(example("/a /b 301 Role=admin"), Err(NoExample::Role));
        assert_eq!(example("/a*b /b"), Err(NoExample::Pattern));
        assert_eq!(example("/%C3%A9 /b"), Err(NoExample::Encoded));
        assert_eq!(example("https://x.com/a /b"), Err(NoExample::Host("x.com".to_owned())));
    }

    #[test]
    fn an_ordinary_visitor_meets_no_rule_of_a_country_or_language() {
        let rules = rules("/a /b 301 Country=aq,de Language=gd-GB\n/c /d 301 Language=fr\n");
        let all: Vec<Rule<'_>> = rules.iter().map(Rule::new).collect();
        let visitor = ordinary(&all);
        assert!(visitor.country.is_some() && visitor.language.is_some());
        assert!(all.iter().all(|rule| rule.applies(&visitor) == Applies::No));
    }
}
