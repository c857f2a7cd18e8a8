//! What the modelled parser accepts and another plausible release rejects.
//!
//! Netlify's packages ask for `smol-toml` `^1.5.2` and do not pin it, and builds of the previous engine line used
//! `@iarna/toml`. A document that one of them rejects is a risk even when the newest release takes it.

use super::parse_document;
use crate::text::span::{FileId, Span};

/// A release line of a TOML parser that Netlify has used, other than the modelled smol-toml 1.9.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Release {
    /// smol-toml 1.5.2, the oldest that `@netlify/config` 25 allows (its `package.json`).
    Smol1_5,
    /// smol-toml 1.6.0 to 1.8.0.
    Smol1_6,
    /// `@iarna/toml` 2.2.5, used by `@netlify/config` 24 (its `package.json`).
    Iarna2_2,
}

impl Release {
    /// The package and its versions, for messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Release::Smol1_5 => "smol-toml 1.5",
            Release::Smol1_6 => "smol-toml 1.6 to 1.8",
            Release::Iarna2_2 => "@iarna/toml 2.2 (@netlify/config 24)",
        }
    }
}

/// A way of writing that not every release accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Construct {
    /// A byte order mark before the first line.
    ByteOrderMark,
    /// A line break between the braces of an inline table.
    InlineTableLineBreak,
    /// A comment between the braces of an inline table.
    InlineTableComment,
    /// A comma before the closing brace of an inline table.
    InlineTableTrailingComma,
    /// The escape `\e`.
    EscapeE,
    /// An escape of the form `\xHH`.
    EscapeX,
    /// One or two quotes right before the closing three.
    QuoteBeforeClosing,
    /// A time such as `07:32`.
    TimeWithoutSeconds,
    /// A lower case `t` or `z` in a date.
    LowerCaseDateLetter,
    /// A date or time so close to what follows that the previous engine misreads its end.
    CrampedDate,
    /// A date such as `2021- 2-30`, which only the lenient date format of the JavaScript runtime reads.
    LenientDate,
    /// An array with values of different types.
    MixedArray,
    /// A number such as `0e5`.
    ZeroExponent,
}

impl Construct {
    /// The releases that reject it.
    #[must_use]
    pub fn rejected_by(self) -> &'static [Release] {
        use Release::{Iarna2_2, Smol1_5, Smol1_6};
        match self {
            Construct::ByteOrderMark | Construct::LenientDate => &[Smol1_5, Smol1_6, Iarna2_2],
            Construct::InlineTableLineBreak
            | Construct::InlineTableComment
            | Construct::EscapeE
            | Construct::EscapeX
            | Construct::TimeWithoutSeconds => &[Smol1_5, Iarna2_2],
            Construct::InlineTableTrailingComma => &[Smol1_5],
            Construct::QuoteBeforeClosing
            | Construct::LowerCaseDateLetter
            | Construct::CrampedDate
            | Construct::MixedArray
            | Construct::ZeroExponent => &[Iarna2_2],
        }
    }

    /// What it is, for messages: a noun phrase.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Construct::ByteOrderMark => "a byte order mark",
            Construct::InlineTableLineBreak => "a line break in an inline table",
            Construct::InlineTableComment => "a comment in an inline table",
            Construct::InlineTableTrailingComma => "a trailing comma in an inline table",
            Construct::EscapeE => "the escape \"\\e\"",
            Construct::EscapeX => "an escape of the form \"\\xHH\"",
            Construct::QuoteBeforeClosing => "a quote right before three closing quotes",
            Construct::TimeWithoutSeconds => "a time without seconds",
            Construct::LowerCaseDateLetter => "a lower case \"t\" or \"z\" in a date",
            Construct::CrampedDate => "a date or time close to what follows it",
            Construct::LenientDate => "a date that is not written as YYYY-MM-DD",
            Construct::MixedArray => "an array of different types",
            Construct::ZeroExponent => "a 0 with an exponent",
        }
    }
}

impl DialectNote {
    /// The same in TOML 1.0, where one text can simply stand for the other; `written` is what stands there.
    #[must_use]
    pub fn plain(&self, written: &str) -> Option<String> {
        match self.construct {
            Construct::ByteOrderMark | Construct::InlineTableTrailingComma => Some(String::new()),
            Construct::EscapeE => Some("\\u001B".to_owned()),
            Construct::EscapeX => Some(written.replacen("\\x", "\\u00", 1)),
            _ => None,
        }
    }
}

/// A place in an accepted document that another release rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialectNote {
    /// What is written there.
    pub construct: Construct,
    /// Where.
    pub span: Span,
}

/// Whether `@iarna/toml` misreads the end of a date or time (its `lib/toml-parser.js`).
///
/// After a date it takes one space for the start of a time of day; after a time it swallows one character.
pub(super) fn is_cramped(written: &str, rest: &str, in_brackets: bool) -> bool {
    let next = rest.as_bytes().first().copied();
    let before_delimiter = matches!(next, Some(b',' | b']' | b'}'));
    let ends_line = |byte: Option<u8>| matches!(byte, None | Some(b'\n' | b'\r' | b'#'));
    let is_time = written.as_bytes().get(2) == Some(&b':');
    if is_time && !written.contains('.') {
        return match next {
            None | Some(b' ' | b'\t' | b'\r') => false,
            Some(b'\n') => !in_brackets && !ends_line(rest[1..].trim_start_matches([' ', '\t']).bytes().next()),
            Some(_) => true,
        };
    }
    if written.len() == "YYYY-MM-DD".len() && next == Some(b' ') {
        let after = rest.as_bytes().get(1).copied();
        return !ends_line(after) && !matches!(after, Some(b' ' | b'\t'));
    }
    let has_zone = !is_time && written.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-']));
    before_delimiter && !has_zone
}

/// Lists the places that other releases reject, in file order; nothing for a document that is rejected anyway.
#[must_use]
pub fn strictness(text: &str, file: FileId) -> Vec<DialectNote> {
    parse_document(text, file).map(|document| document.notes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Construct, strictness};
    use crate::text::span::FileId;

    fn notes(text: &str) -> Vec<(Construct, &str)> {
        strictness(text, FileId(0)).into_iter().map(|note| (note.construct, &text[note.span.range()])).collect()
    }

    #[test]
    fn inline_tables_of_toml_1_1_are_noted() {
        let text = "a = { # one\n b = [\n1\n],\n}";
        assert_eq!(
            notes(text),
            [
                (Construct::InlineTableComment, "# one"),
                (Construct::InlineTableTrailingComma, ","),
                (Construct::InlineTableLineBreak, "\n"),
            ]
        );
        assert_eq!(notes("a = { b = 1 } # one\n"), []);
    }

    #[test]
    fn new_escapes_are_noted() {
        assert_eq!(notes(r#"a = "\e\x41""#), [(Construct::EscapeE, r"\e"), (Construct::EscapeX, r"\x41")]);
    }

    #[test]
    fn dates_that_others_reject_are_noted() {
        assert_eq!(notes("a = 07:32"), [(Construct::TimeWithoutSeconds, "07:32")]);
        assert_eq!(notes("a = 1979-05-27t07:32:00Z"), [(Construct::LowerCaseDateLetter, "1979-05-27t07:32:00Z")]);
        assert_eq!(notes("a = 1979-05-27T07:32:00Z"), []);
    }

    #[test]
    fn dates_whose_end_others_misread_are_noted() {
        let cramped = |text| notes(text).into_iter().any(|(construct, _)| construct == Construct::CrampedDate);
        for text in
            ["a=[1979-05-27]", "a={b=1979-05-27 }", "a=07:32:00\nb=1", "a=[07:32:00.5,]", "a=[1979-05-27T07:32:00]"]
        {
            assert!(cramped(text), "{text}");
        }
        for text in
            ["a=1979-05-27 #", "a=[1979-05-27  ]", "a=07:32:00\n\n", "a=[07:32:00\n]", "a=[1979-05-27T07:32:00Z]"]
        {
            assert!(!cramped(text), "{text}");
        }
    }

    #[test]
    fn dates_of_the_lenient_format_are_noted() {
        assert_eq!(notes("a = 2021- 2-30"), [(Construct::LenientDate, "2021- 2-30")]);
        assert_eq!(notes("a = 2021-02-30"), []);
    }

    #[test]
    fn the_first_item_of_another_type_is_noted() {
        assert_eq!(notes("a = [1, 2.0, 'x']"), [(Construct::MixedArray, "2.0")]);
        assert_eq!(notes("a = [[1], ['x']]"), []);
    }

    #[test]
    fn what_newer_releases_know_is_written_plainly() {
        let text = "\u{feff}a = { b = \"\\e\\x41\", }";
        let plain: Vec<_> = strictness(text, FileId(0))
            .iter()
            .map(|note| note.plain(&text[note.span.range()]).unwrap_or_default())
            .collect();
        assert_eq!(plain, ["", "\\u001B", "\\u0041", ""]);
        assert!(strictness("a = [1, 'x']", FileId(0))[0].plain("'x'").is_none());
    }

    #[test]
    fn a_byte_order_mark_is_noted() {
        assert_eq!(notes("\u{feff}a = 1"), [(Construct::ByteOrderMark, "\u{feff}")]);
    }

    #[test]
    fn a_rejected_document_has_no_notes() {
        assert_eq!(notes("a = \"\\e\"\nb ="), []);
    }
}
