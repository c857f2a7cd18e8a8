//! Elements of pages, as far as that goes without a grammar.

use std::ops::Range;

use super::scan::{Load, LoadKind, Scan};

/// An element with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// What stands between the name and `>`.
    pub(super) attributes: Range<usize>,
    /// What stands between its tags.
    pub(super) body: Range<usize>,
}

/// The elements of a name, in order; those in comments are passed over.
pub(super) fn elements<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Element> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + text.get(at..)?.find('<')?;
            let rest = &text[open + 1..];
            at = open + 1;
            if rest.starts_with("!--") {
                at += rest.find("-->")?;
            } else if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                let behind = at + name.len();
                if !text[behind..].starts_with(|next: char| next.is_whitespace() || next == '>' || next == '/') {
                    continue;
                }
                let end = behind + tag_end(&text[behind..])?;
                let closing = find_closing(&text[end + 1..], name)?;
                at = end + 1 + closing;
                return Some(Element { attributes: behind..end, body: end + 1..at });
            }
        }
    })
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn find_closing(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| text.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

/// The value of an attribute in quotes, and where it begins in `attributes`.
pub(super) fn attribute<'t>(attributes: &'t str, name: &str) -> Option<(&'t str, usize)> {
    for (at, _) in attributes.match_indices(name) {
        let is_whole = attributes[..at].ends_with(|before: char| before.is_whitespace());
        let rest = attributes[at + name.len()..].trim_start();
        let Some(rest) = rest.strip_prefix('=').map(str::trim_start).filter(|_| is_whole) else { continue };
        let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
        let value = &rest[1..];
        let value = &value[..value.find(quote)?];
        return Some((value, attributes.len() - rest.len() + 1));
    }
    None
}

/// Reads a page: the modules that its scripts name.
pub(super) fn page(text: &str) -> Scan {
    let mut scan = Scan::default();
    for element in elements(text, "script") {
        let attributes = &text[element.attributes.clone()];
        let is_module = attribute(attributes, "type").is_some_and(|(kind, _)| kind == "module");
        let Some((source, at)) = attribute(attributes, "src").filter(|_| is_module) else { continue };
        let start = element.attributes.start + at;
        let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        scan.loads.push(Load {
            specifier: source.to_owned(),
            start: bound(start),
            end: bound(start + source.len()),
            kind: LoadKind::Page,
            is_type_only: false,
            is_guarded: attributes.contains("vite-ignore"),
            is_immediate: true,
        });
    }
    scan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_modules() {
        let text = "<!-- <script type=module src='/old.js'></script> --><script src=\"/a.js\"></script>\n\
                    <SCRIPT type=\"module\" src='/src/main.ts'></script><scripts></scripts>";
        let loads = page(text).loads;
        assert_eq!(loads.len(), 1);
        assert_eq!(&text[loads[0].start as usize..loads[0].end as usize], "/src/main.ts");
    }

    #[test]
    fn unfinished_elements_are_none() {
        for text in ["<script", "<script>", "<script type='module' src='x", "<!--", "<", "<script></scrip"] {
            assert!(page(text).loads.is_empty());
        }
    }
}
