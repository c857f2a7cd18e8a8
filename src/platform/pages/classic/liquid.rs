//! Liquid, as far as a text cannot be parsed at all (`liquid` 4.0.4: `lib/liquid/tokenizer.rb`, `block_body.rb`).

use std::ops::Range;

/// Why a text cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `{{` without the `}}` that belongs to it.
    Variable,
    /// `{%` without `%}`, or without a name in it.
    Tag,
    /// A tag that nobody defines.
    Unknown(String),
    /// `raw` without its end.
    Raw,
}

/// The first fault of a text, and where it stands.
#[must_use]
pub fn fault(text: &str, is_tag: impl Fn(&str) -> bool) -> Option<(Fault, Range<usize>)> {
    let mut at = 0;
    while let Some(start) = next(text, at) {
        if text[start..].starts_with("{{") {
            let Some(end) = text[start + 2..].find('}').map(|end| start + 2 + end) else {
                return Some((Fault::Variable, start..start + 2));
            };
            if !text[end + 1..].starts_with('}') {
                return Some((Fault::Variable, start..end + 1));
            }
            at = end + 2;
            continue;
        }
        let Some(end) = text[start + 2..].find("%}").map(|end| start + 2 + end) else {
            return Some((Fault::Tag, start..start + 2));
        };
        let body = text[start + 2..end].trim_start_matches('-').trim_start();
        let length = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(body.len());
        let name = &body[..length];
        at = end + 2;
        match name {
            "" => return Some((Fault::Tag, start..at)),
            "raw" => match end_of(text, at, "endraw") {
                Some(end) => at = end,
                None => return Some((Fault::Raw, start..at)),
            },
            // What stands in a comment is passed over; where it has no end, its end is not known either.
            "comment" => at = end_of(text, at, "endcomment")?,
            name if is_tag(name) => {}
            name => return Some((Fault::Unknown(name.to_owned()), start..at)),
        }
    }
    None
}

/// The next `{{` or `{%`.
fn next(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find('{')?;
        if text[at + 1..].starts_with(['{', '%']) {
            return Some(at);
        }
        at += 1;
    }
}

/// Where the tag of that name ends.
fn end_of(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find("{%")? + 2;
        let body = text[at..].trim_start_matches('-').trim_start();
        if let Some(rest) = body.strip_prefix(name) {
            let rest = rest.trim_start().trim_start_matches('-');
            if rest.starts_with("%}") {
                return Some(text.len() - rest.len() + 2);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Fault, &str)> {
        let is_tag = |name: &str| ["if", "endif", "include", "endraw"].contains(&name);
        fault(text, is_tag).map(|(fault, range)| (fault, &text[range]))
    }

    #[test]
    fn what_liquid_can_parse_is_no_fault() {
        for text in [
            "{{ page.title }} {% if a %}x{%- endif -%}",
            "{% raw %}{{ {% {{1}{% endraw %} {{{ x }}}",
            "{% comment %}{{ broken {% nothing %}{% endcomment %}",
            "a { b {x} { {",
            "{% include a.html x=\"{{\" %}",
            "",
            "{",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn braces_that_nobody_closes_are_faults() {
        assert_eq!(found("m = {{1, 0}, {0, 1}\n"), Some((Fault::Variable, "{{1, 0}")));
        assert_eq!(found("a {{ b\n"), Some((Fault::Variable, "{{")));
        assert_eq!(found("a {% if\n"), Some((Fault::Tag, "{%")));
        assert_eq!(found("a {% %}\n"), Some((Fault::Tag, "{% %}")));
        assert_eq!(found("{% raw %} {{ x }}"), Some((Fault::Raw, "{% raw %}")));
        assert_eq!(found("{% cite a %}"), Some((Fault::Unknown("cite".to_owned()), "{% cite a %}")));
    }
}
