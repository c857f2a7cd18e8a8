//! Settings at the top level of YAML files.

use granit_parser::{Event, Parser, ScalarStyle, options};

use super::{Setting, Written};
use crate::text::span::{FileId, Span};

/// The setting of a key of the outermost mapping.
///
/// A value with a tag (`!ENV`), an alias, a list or a mapping would have to be computed, and so would everything in a
/// file that is not YAML or holds several documents.
#[must_use]
pub fn setting(text: &str, file: FileId, key: &str) -> Setting {
    let mut reader = Reader { key, depth: 0, awaits_key: true, is_wanted: false, found: Setting::Absent };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options! { emit_comments: false }) {
        let Ok((event, span)) = event else { return Setting::Computed };
        documents += usize::from(matches!(event, Event::DocumentStart(..)));
        let span = span.byte_range().map_or(Span::NONE, |range| Span::new(file, range.start, range.end));
        if documents > 1 || !reader.take(&event, span) {
            return Setting::Computed;
        }
    }
    reader.found
}

struct Reader<'a> {
    key: &'a str,
    depth: usize,
    /// Whether the next node of the outermost mapping is a key.
    awaits_key: bool,
    is_wanted: bool,
    found: Setting,
}

impl Reader<'_> {
    /// Takes one event; false when the file is no mapping.
    fn take(&mut self, event: &Event<'_>, span: Span) -> bool {
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                if self.depth == 0 {
                    self.depth = 1;
                    return matches!(event, Event::MappingStart(..));
                }
                if self.depth == 1 {
                    self.node(Setting::Computed, None);
                }
                self.depth += 1;
            }
            Event::MappingEnd | Event::SequenceEnd => self.depth = self.depth.saturating_sub(1),
            Event::Scalar(text, style, _, tag) => {
                let is_plain = *style == ScalarStyle::Plain;
                let value = if tag.is_some() {
                    Setting::Computed
                } else if is_plain && matches!(&**text, "" | "~" | "null" | "Null" | "NULL") {
                    Setting::Absent
                } else {
                    Setting::Written(Written::new(&**text, span))
                };
                if self.depth == 0 {
                    return is_plain && text.is_empty();
                }
                if self.depth == 1 {
                    self.node(value, Some(text));
                }
            }
            Event::Alias(..) if self.depth == 1 => self.node(Setting::Computed, None),
            _ => {}
        }
        true
    }

    /// A key or a value of the outermost mapping.
    fn node(&mut self, value: Setting, text: Option<&str>) {
        if self.awaits_key {
            self.is_wanted = text == Some(self.key);
            // A merge key brings what other mappings say.
            if text == Some("<<") && self.found.is_absent() {
                self.found = Setting::Computed;
            }
        } else if self.is_wanted {
            self.found = value;
        }
        self.awaits_key = !self.awaits_key;
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    fn read(text: &str) -> Setting {
        setting(text, FileId(0), "site_dir")
    }

    #[test]
    fn the_text_is_found_with_its_place() {
        let text = "site_name: Äpfel\nnav:\n  - site_dir: no\nsite_dir: 'out/html' # here\n";
        let Setting::Written(written) = read(text) else { panic!("{:?}", read(text)) };
        assert_eq!(written.text, "out/html");
        assert_eq!(&text[written.span.range()], "'out/html'");
    }

    #[test]
    fn what_only_a_run_would_tell_is_computed() {
        for text in [
            "site_dir: !ENV [OUT, site]",
            "site_dir: [a]",
            "a: &x b\nsite_dir: *x",
            "- site_dir",
            "a: [",
            "a: 1\n---\nb: 2",
        ] {
            assert_eq!(read(text), Setting::Computed, "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_absent() {
        for text in ["", "# nothing\n", "site_name: a\ntheme:\n  site_dir: b\n", "site_dir:\n", "site_dir: ~\n"] {
            assert_eq!(read(text), Setting::Absent, "{text}");
        }
    }
}
