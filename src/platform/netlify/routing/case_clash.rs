//! The same header under names that differ in case only.

use std::collections::HashMap;

use super::header::Header;
use crate::text::span::Span;

/// One use of a header name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderUse {
    /// The path of the entry.
    pub path: String,
    /// The name as written.
    pub name: String,
    /// What wrote it, as in [`HeaderValue`](super::header::HeaderValue).
    pub spans: Vec<Span>,
}

/// Two names of one header, about which the engine warns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseClash {
    /// The earlier name.
    pub earlier: HeaderUse,
    /// The later name, which the engine's warning prints first.
    pub later: HeaderUse,
}

impl CaseClash {
    /// The path, if both names stand under the same one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        (self.earlier.path == self.later.path).then_some(self.earlier.path.as_str())
    }
}

/// Finds the clash that the engine warns about, the first one (`config/src/log/messages.js`). Of equal names only the
/// last use counts.
#[must_use]
pub fn find(headers: &[Header]) -> Option<CaseClash> {
    let uses: Vec<(&Header, &str)> =
        headers.iter().flat_map(|header| header.values.keys().map(move |name| (header, name.as_str()))).collect();
    let last: HashMap<&str, usize> = uses.iter().enumerate().map(|(at, (_, name))| (*name, at)).collect();
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut found: Option<(usize, usize)> = None;
    for (at, (_, name)) in uses.iter().enumerate().filter(|(at, (_, name))| last.get(name) == Some(at)) {
        let first = *first_of.entry(name.to_lowercase()).or_insert(at);
        if first != at && found.is_none_or(|(earliest, _)| first < earliest) {
            found = Some((first, at));
        }
    }
    let (earlier, later) = found?;
    let describe = |at: usize| {
        let (header, name) = uses[at];
        let spans = header.values.get(name).map(|value| value.spans.clone()).unwrap_or_default();
        HeaderUse { path: header.path.text.clone(), name: name.to_owned(), spans }
    };
    Some(CaseClash { earlier: describe(earlier), later: describe(later) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::fixture::side_file;
    use super::super::header::{Form, parse_headers};
    use super::*;

    fn clash(text: &str) -> Option<CaseClash> {
        find(&parse_headers(side_file(text), None, Form::Minimal).unwrap().rules)
    }

    #[test]
    fn equal_names_do_not_clash() {
        assert_eq!(clash("/a\nX: 1\nY: 1\n/b\nX: 2\n"), None);
    }

    #[test]
    fn two_spellings_under_one_path_clash() {
        let text = "/a\nX-A: 1\nx-a: 2\n";
        let found = clash(text).unwrap();
        assert_eq!((found.earlier.name.as_str(), found.later.name.as_str()), ("X-A", "x-a"));
        assert_eq!(found.path(), Some("/a"));
        assert_eq!(&text[found.later.spans[0].range()], "x-a: 2");
    }

    #[test]
    fn the_last_use_of_a_spelling_counts() {
        let found = clash("/a\nX-A: 1\nx-a: 2\n/b\nX-A: 3\n").unwrap();
        assert_eq!((found.earlier.name.as_str(), found.later.path.as_str()), ("x-a", "/b"));
        assert_eq!(found.path(), None);
    }

    #[test]
    fn the_clash_whose_first_name_comes_first_is_found() {
        let found = clash("/a\nA: 1\nB: 1\nb: 1\na: 1\nB: 2\n").unwrap();
        assert_eq!((found.earlier.name.as_str(), found.later.name.as_str()), ("A", "a"));
    }
}
