//! Rules of other hosts in the words of `netlify.toml`.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

/// Rules beyond this number are left to people.
const MOST: usize = 50;

/// A rule as Netlify knows it.
struct Rule {
    from: String,
    to: String,
    status: u32,
}

/// Writes all rules of the list at the end of the configuration file; none if one of them says more than this knows.
pub(super) fn translated(site: &NetlifySite<'_>, rules: &Node, is_rewrite: bool) -> Option<Fix> {
    let rules = rules.as_array().filter(|rules| rules.len() <= MOST)?;
    let rules: Option<Vec<Rule>> = rules.iter().map(|rule| translate(rule.as_table()?, is_rewrite)).collect();
    let title = "write the same rules for Netlify";
    let source = site.config_source();
    let line_end = if source.is_some_and(|(_, source)| source.text.contains("\r\n")) { "\r\n" } else { "\n" };
    let text = rules?.iter().map(|rule| written(rule, line_end)).collect::<Vec<_>>().join(line_end);
    let Some((file, source)) = source else {
        return Some(Fix::create(Applicability::Review, title, child(site.build_dir(), "netlify.toml"), text));
    };
    let is_ended = source.text.ends_with('\n') || source.text.is_empty();
    let gap = if is_ended { line_end.to_owned() } else { line_end.repeat(2) };
    let end = source.text.len();
    let is_free = site.resolution.file.as_ref()?.at(&["redirects"]).is_none();
    is_free.then(|| Fix::replace(Applicability::Review, title, Span::new(file, end, end), format!("{gap}{text}")))
}

fn written(rule: &Rule, line_end: &str) -> String {
    let Rule { from, to, status } = rule;
    let lines = ["[[redirects]]".to_owned(), format!("from = \"{from}\""), format!("to = \"{to}\"")];
    let lines = lines.into_iter().chain([format!("status = {status}")]);
    lines.map(|line| format!("{line}{line_end}")).collect()
}

fn translate(rule: &Table, is_rewrite: bool) -> Option<Rule> {
    const KNOWN: [&str; 7] = ["source", "src", "destination", "dest", "permanent", "statusCode", "type"];
    let text = |keys: [&str; 2]| keys.into_iter().find_map(|key| rule.get(key)?.as_str());
    if rule.iter().any(|(key, _)| !KNOWN.contains(&key)) {
        return None;
    }
    let number = ["statusCode", "type"].into_iter().find_map(|key| rule.get(key)?.to_json().as_u64());
    let is_permanent = rule.get("permanent").and_then(Node::as_bool);
    let status = match (number, is_permanent) {
        (Some(301 | 308), _) | (None, Some(true)) => 301,
        (Some(302 | 307), _) | (None, Some(false)) => 302,
        (None, None) if is_rewrite => 200,
        _ => return None,
    };
    let (from, to) = pattern(text(["source", "src"])?, text(["destination", "dest"])?)?;
    Some(Rule { from, to, status })
}

/// Paths with at most one rest at their end: `/(.*)`, `/:path*`, `**`; single parts `:name` mean the same on both hosts.
fn pattern(from: &str, to: &str) -> Option<(String, String)> {
    const RESTS: [(&str, &str); 6] = [
        ("/(.*)", "$1"),
        ("/:path*", ":path*"),
        ("/:slug*", ":slug*"),
        ("/:match*", ":match*"),
        ("/:rest*", ":rest*"),
        ("/**", "\u{0}"),
    ];
    let from = if from == "**" { "/**" } else { from };
    let rest = RESTS.iter().find_map(|(end, name)| Some((from.strip_suffix(end)?, *name)));
    let (from, to) = match rest {
        Some((start, name)) => (format!("{start}/*"), to.replace(name, ":splat")),
        None => (from.to_owned(), to.to_owned()),
    };
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.:~*%#?=&+".contains(c));
    let start = from.strip_suffix('*').unwrap_or(&from);
    let is_known = from.starts_with('/') && !start.contains(['*', '?', '#', '+']) && !to.contains(['*', '+', '$']);
    (is_known && is_plain(&from) && is_plain(&to) && !to.is_empty()).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_and_one_rest_at_the_end_are_translated() {
        let of = |from, to| pattern(from, to).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(of("/a", "/b").as_deref(), Some("/a /b"));
        assert_eq!(of("/(.*)", "/index.html").as_deref(), Some("/* /index.html"));
        assert_eq!(of("/old/:path*", "/new/:path*").as_deref(), Some("/old/* /new/:splat"));
        assert_eq!(of("**", "/index.html").as_deref(), Some("/* /index.html"));
        for (from, to) in [("/a(b|c)", "/d"), ("/:a(\\d+)", "/b"), ("/a", "/$1"), ("a", "/b"), ("/**/x", "/y")] {
            assert_eq!(of(from, to), None, "{from}");
        }
    }
}
