//! What an edit must not do to a file: make it unreadable, or change more than it seems to.

use crate::text::edit::Edit;
use crate::text::span::{FileId, Span};
use crate::text::{json, toml, yaml};

use super::Refusal;

const FILE: FileId = FileId(0);

/// A language that can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Toml,
    Yaml,
    Json,
}

impl Language {
    fn of(path: &str) -> Option<Language> {
        match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "toml" => Some(Language::Toml),
            "yaml" | "yml" => Some(Language::Yaml),
            "json" => Some(Language::Json),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Language::Toml => "TOML",
            Language::Yaml => "YAML",
            Language::Json => "JSON",
        }
    }

    /// What a reader of this language objects to.
    fn fault(self, text: &str) -> Option<String> {
        match self {
            Language::Toml => {
                toml::parse(text, FILE).err().map(|error| format!("line {}, {}", error.line, error.reason))
            }
            Language::Json => json::parse_manifest(text, FILE).err().map(|error| error.to_string()),
            Language::Yaml => yaml::parse(text, FILE).errors.into_iter().next().map(|error| {
                let line = line_of(text, error.span.start as usize);
                format!("line {line}, {}", error.message)
            }),
        }
    }
}

/// Reads an edited file again; tells whether it has become readable.
///
/// # Errors
/// When the file was readable and is not any more, or when an edit lies where YAML shares one text among several places.
pub fn check(path: &str, before: &str, after: &str, edits: &[Edit]) -> Result<bool, Refusal> {
    let Some(language) = Language::of(path) else { return Ok(false) };
    if language == Language::Yaml {
        check_shared(path, before, edits)?;
    }
    match (language.fault(before), language.fault(after)) {
        (None, Some(error)) => Err(Refusal::Unreadable { path: path.to_owned(), language: language.name(), error }),
        (was, is) => Ok(was.is_some() && is.is_none()),
    }
}

/// Refuses edits of what an alias repeats, of aliases and merges themselves, and of keys that stand there twice.
fn check_shared(path: &str, text: &str, edits: &[Edit]) -> Result<(), Refusal> {
    let document = yaml::parse(text, FILE);
    let marks = &document.marks;
    let anchored = repeated(text, marks);
    for edit in edits {
        let span = Span::new(FILE, edit.range.start, edit.range.end);
        let touches = |it: &Span| it.start < span.end && span.start < it.end;
        let is_within = |it: &Span| it.start <= span.start && span.end <= it.end;
        let is_cut = |it: &Span| edit.text.is_empty() && span.start <= it.start && it.end <= span.end;
        let what = if anchored.iter().any(|it| touches(it) || is_within(it)) {
            "belongs to an anchor that an alias repeats"
        } else if marks.aliases.iter().any(touches) {
            "holds an alias"
        } else if marks.merges.iter().any(touches) {
            "merges another mapping"
        } else if marks.duplicates.iter().any(|it| touches(it) && !is_cut(it)) {
            "repeats a key"
        } else {
            continue;
        };
        return Err(Refusal::Shared { path: path.to_owned(), line: line_of(text, edit.range.start), what });
    }
    Ok(())
}

/// The anchored nodes that an alias names; an anchor that nobody names is mere decoration.
fn repeated(text: &str, marks: &yaml::Marks) -> Vec<Span> {
    let named: std::collections::HashSet<&str> =
        marks.aliases.iter().filter_map(|alias| text.get(alias.range())?.strip_prefix('*')).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let is_named = |node: &Span| anchor(text, *node).is_none_or(|name| named.contains(name));
    marks.anchored.iter().copied().filter(is_named).collect()
}

/// The name of the anchor that stands before a node.
fn anchor(text: &str, node: Span) -> Option<&str> {
    let before = text.get(..node.start as usize)?;
    let mut words = before.rsplit(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty());
    words.by_ref().take(3).find_map(|word| word.strip_prefix('&'))
}

/// Line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::edit;

    fn checked(path: &str, text: &str, old: &str, new: &str) -> Result<bool, Refusal> {
        let start = text.find(old).unwrap();
        let edits = [Edit { range: start..start + old.len(), text: new.to_owned() }];
        check(path, text, &edit::apply(text, &edits).unwrap(), &edits)
    }

    #[test]
    fn a_file_that_no_longer_parses_is_refused_in_every_language() {
        for (path, text) in [("a.toml", "a = 1\n"), ("b.yaml", "a: 1\n"), ("package.json", "{\"a\": 1}\n")] {
            assert!(matches!(checked(path, text, "1", "[}"), Err(Refusal::Unreadable { .. })), "{path}");
            assert_eq!(checked(path, text, "1", "2"), Ok(false), "{path}");
        }
        assert_eq!(checked("a.txt", "a = 1", "1", "[}"), Ok(false));
    }

    #[test]
    fn a_file_that_did_not_parse_before_may_still_not_parse() {
        assert_eq!(checked("a.toml", "a = \"\nb = 1 1\n", "\"", "\"\""), Ok(false));
        assert_eq!(checked("a.toml", "a = \"\n", "\"", "\"\""), Ok(true));
    }

    #[test]
    fn what_an_alias_repeats_is_refused_and_an_anchor_without_one_is_not() {
        let text = "a: &x\n  b: 1\nc: *x\n";
        let refused = |result| matches!(result, Err(Refusal::Shared { .. }));
        assert!(refused(checked("a.yaml", text, "b: 1", "b: 2")));
        assert!(refused(checked("a.yaml", text, "*x", "1")));
        assert_eq!(checked("a.yaml", text, "c", "d"), Ok(false));
        assert_eq!(checked("a.yaml", "a: &x\n  b: 1\nc: 2\n", "b: 1", "b: 2"), Ok(false));
        assert_eq!(checked("a.yaml", "a: &y !!map\n  b: 1\nd: &x 1\nc: *x\n", "b: 1", "b: 2"), Ok(false));
    }

    #[test]
    fn merges_are_refused_and_a_repeated_key_may_only_be_cut_out() {
        let merged = "a: &x\n  b: 1\nc:\n  <<: *x\n  d: 1\n";
        assert!(matches!(checked("a.yml", merged, "<<", "e"), Err(Refusal::Shared { line: 4, .. })));
        assert_eq!(checked("a.yml", merged, "d: 1", "d: 2"), Ok(false));
        let repeated = "a: 1\nb: 2\na: 3\n";
        assert!(matches!(checked("a.yml", repeated, "a: 3", "a: 4"), Err(Refusal::Shared { line: 3, .. })));
        assert_eq!(checked("a.yml", repeated, "a: 3\n", ""), Ok(true));
    }
}
