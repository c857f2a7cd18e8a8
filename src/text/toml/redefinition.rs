//! Repairs of documents that define a table or a key twice.

use std::collections::HashSet;
use std::ops::Range;

use crate::text::edit::Edit;
use crate::text::span::FileId;
use crate::text::tree::Table;

use super::error::TomlError;
use super::outline::{Header, Outline, outline};
use super::parse;
use super::repair::Repair;

/// The repair of a table or key that is defined twice, if one is plain. `is_list` says of a name whether the reader of
/// the document expects a list of tables under it.
#[must_use]
pub fn propose(text: &str, error: &TomlError, is_list: impl Fn(&[&str]) -> bool) -> Option<Repair> {
    let outline = outline(text);
    let again = outline.headers.iter().position(|header| header.range.contains(&error.offset));
    let candidates = match again {
        Some(again) => {
            let lists = lists(&outline, &is_list);
            let merged = merged(text, &outline, again);
            let both = merged.as_ref().map(|repair| joined(repair, &lists));
            vec![lists_of_tables(&lists), both, merged]
        }
        None => vec![identical(text, error)],
    };
    candidates.into_iter().flatten().find(|repair| repair.helps(text, error))
}

/// The headers that have one bracket on each side and should have two.
fn lists(outline: &Outline, is_list: &impl Fn(&[&str]) -> bool) -> Vec<(String, Edit, Edit)> {
    let single = outline.headers.iter().filter(|header| !header.is_list);
    single
        .filter_map(|header| {
            let names: Vec<&str> = header.parts.iter().map(|part| part.name.as_str()).collect();
            is_list(&names).then(|| {
                let insert = |at: usize, text: &str| Edit { range: at..at, text: text.to_owned() };
                (names.join("."), insert(header.range.start, "["), insert(header.range.end, "]"))
            })
        })
        .collect()
}

fn lists_of_tables(lists: &[(String, Edit, Edit)]) -> Option<Repair> {
    let (name, ..) = lists.first()?;
    let edits = lists.iter().flat_map(|(_, open, close)| [open.clone(), close.clone()]).collect();
    Some(Repair::new(format!("write \"[[{name}]]\", which adds one more each time"), edits))
}

fn joined(merged: &Repair, lists: &[(String, Edit, Edit)]) -> Repair {
    let edits = lists.iter().flat_map(|(_, open, close)| [open.clone(), close.clone()]);
    Repair::new(merged.title.clone(), merged.edits.iter().cloned().chain(edits).collect())
}

/// Moves the content of the second table to the end of the first, when no key is in both.
fn merged(text: &str, outline: &Outline, again: usize) -> Option<Repair> {
    let second = &outline.headers[again];
    let first = (0..again).rev().find(|at| names(&outline.headers[*at]) == names(second))?;
    let is_disjoint = {
        let first = keys(text, &outline.headers[first])?;
        keys(text, second)?.iter().all(|key| !first.contains(key))
    };
    if !is_disjoint {
        return None;
    }
    let name = names(second).join(".");
    let header = line(text, second.range.clone());
    if first + 1 == again {
        let title = format!("remove the second \"[{name}]\", so that its keys belong to the first");
        return Some(Repair::one(title, header, ""));
    }
    let body = &text[header.end..second.body.end];
    let content = body.trim_end();
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let target = &outline.headers[first];
    let end = target.range.end + text[target.range.end..target.body.end].trim_end().len();
    let moved = Edit { range: end..end, text: format!("{line_break}{}", content.trim_start_matches(['\r', '\n'])) };
    let removed = Edit { range: header.start..header.end + content.len(), text: String::new() };
    Some(Repair::new(format!("move the keys of the second \"[{name}]\" to the first"), vec![moved, removed]))
}

fn names(header: &Header) -> Vec<&str> {
    header.parts.iter().map(|part| part.name.as_str()).collect()
}

/// The keys directly below a header, if what follows it parses.
fn keys(text: &str, header: &Header) -> Option<HashSet<String>> {
    let root = parse(&text[header.body.clone()], FileId::NONE).ok()?;
    let table: &Table = root.as_table()?;
    Some(table.iter().map(|(key, _)| key.to_owned()).collect())
}

/// The whole lines around a range, with the last line break.
fn line(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
    start..end
}

/// Removes a line that is there already, word for word.
fn identical(text: &str, error: &TomlError) -> Option<Repair> {
    let earlier = line(text, error.related?.range());
    let again = line(text, error.offset..error.offset);
    let is_same = earlier != again && text[earlier].trim() == text[again.clone()].trim();
    is_same.then(|| Repair::one("remove the repeated line", again, ""))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::edit;
    use crate::text::toml::parse_document;

    fn repaired(text: &str) -> Option<String> {
        let error = parse_document(text, FileId(0)).unwrap_err();
        let repair = propose(text, &error, |names| matches!(names, ["headers" | "redirects"]))?;
        Some(edit::apply(text, &repair.edits).unwrap())
    }

    #[test]
    fn single_tables_become_lists() {
        let text = "[redirects]\na = 1\n[redirects]\na = 2\n";
        assert_eq!(repaired(text).unwrap(), "[[redirects]]\na = 1\n[[redirects]]\na = 2\n");
        assert_eq!(repaired("[[headers]]\n[headers]\n").unwrap(), "[[headers]]\n[[headers]]\n");
    }

    #[test]
    fn a_table_that_goes_on_loses_its_second_header() {
        let text = "[[headers]]\n[headers.values]\na = 1\n\n  [headers.values]\nb = 2\n";
        assert_eq!(repaired(text).unwrap(), "[[headers]]\n[headers.values]\na = 1\n\nb = 2\n");
        let text = "[headers]\n[headers.values]\na = 1\n[headers.values]\nb = 2\n";
        assert_eq!(repaired(text).unwrap(), "[[headers]]\n[headers.values]\na = 1\nb = 2\n");
    }

    #[test]
    fn a_table_further_down_moves_up() {
        let text = "[build]\na = 1\n\n[x]\ny = 1\n\n[build]\nb = 2 # z\n\n[c]\n";
        assert_eq!(repaired(text).unwrap(), "[build]\na = 1\nb = 2 # z\n\n[x]\ny = 1\n\n\n\n[c]\n");
    }

    #[test]
    fn keys_that_collide_are_left_to_people() {
        assert_eq!(repaired("[build]\na = 1\n[x]\n[build]\na = 2\n"), None);
        assert_eq!(repaired("a = 1\na = 2\n"), None);
    }

    #[test]
    fn a_repeated_line_is_removed() {
        assert_eq!(repaired("a = 1\nb = 2\n a = 1\n").unwrap(), "a = 1\nb = 2\n");
    }
}
