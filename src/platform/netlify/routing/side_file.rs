//! The side files `_redirects` and `_headers` and their lines.

use super::error::{Place, Reason, RoutingError, Subject};
use crate::text::ecma;
use crate::text::span::{FileId, Span};

/// The text of a side file; bytes that are not UTF-8 have become U+FFFD.
#[derive(Debug, Clone, Copy)]
pub struct FileText<'a> {
    /// The text.
    pub text: &'a str,
    /// Its number, for spans.
    pub file: FileId,
}

/// What stands at the path of a side file.
#[derive(Debug, Clone, Copy)]
pub enum SideFile<'a> {
    /// Nothing.
    Absent,
    /// Something that cannot be read as a file, such as a directory.
    Unreadable {
        /// The path, for the message.
        path: &'a str,
    },
    /// A file.
    Text(FileText<'a>),
}

/// A line that says something, without surrounding white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
    pub(super) file: FileId,
    start: usize,
}

impl Line<'_> {
    pub(super) fn span(&self) -> Span {
        self.span_of(0, self.text.len())
    }

    /// The span of `start..end` of the line's text.
    pub(super) fn span_of(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.start + start, self.start + end)
    }

    pub(super) fn error(&self, subject: Subject, reason: Reason) -> RoutingError {
        RoutingError { subject, span: self.span(), place: Place::Line(self.number), reason }
    }
}

/// The lines of a side file that are neither blank nor comments (`line_parser.js` of both parsers).
pub(super) fn lines(file: FileText<'_>) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    let lines = file.text.split('\n').enumerate().map(move |(index, raw)| {
        let text = ecma::trim(raw);
        let indent = raw.len() - raw.trim_start_matches(ecma::is_space).len();
        let line = Line { number: index + 1, text, file: file.file, start: start + indent };
        start += raw.len() + 1;
        line
    });
    lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
}

/// The error of a side file that cannot be read.
pub(super) fn unreadable(subject: Subject, path: &str) -> RoutingError {
    RoutingError { subject, span: Span::NONE, place: Place::File, reason: Reason::Unreadable { path: path.to_owned() } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, &str, std::ops::Range<usize>)> {
        let file = FileText { text, file: FileId(0) };
        lines(file).map(|line| (line.number, line.text, line.span().range())).collect()
    }

    #[test]
    fn blank_lines_and_comments_count_but_say_nothing() {
        assert_eq!(read("\n# a\n \t\n  /x \r\n  # b\n/y"), [(4, "/x", 10..12), (6, "/y", 21..23)]);
    }

    #[test]
    fn lines_end_at_line_feeds_only() {
        assert_eq!(read("/a\r/b\u{2028}/c\n"), [(1, "/a\r/b\u{2028}/c", 0..10)]);
    }

    #[test]
    fn a_byte_order_mark_is_white_space() {
        assert_eq!(read("\u{feff}/a\n\u{85}#"), [(1, "/a", 3..5), (2, "\u{85}#", 6..9)]);
    }
}
