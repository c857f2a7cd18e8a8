//! Cuts Python into tokens (<https://docs.python.org/3/reference/lexical_analysis.html>).

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A string with its prefix and quotes.
    Text,
    /// An operator or a bracket.
    Mark,
    /// The end of a statement: a line end outside brackets, or `;`.
    End,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
    /// Brackets that are open around it; a bracket counts outside itself.
    pub depth: usize,
    /// White space before the line that it stands on.
    pub indent: usize,
}

impl<'a> Token<'a> {
    /// One past its last byte.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this mark.
    #[must_use]
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether it is this name.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }

    /// The value of a plain string: neither bytes nor formatted, and without an escape that means something.
    #[must_use]
    pub fn string(&self) -> Option<&'a str> {
        if self.kind != Kind::Text {
            return None;
        }
        let at = self.text.find(['"', '\''])?;
        let (prefix, quoted) = self.text.split_at(at);
        let is_raw = prefix.eq_ignore_ascii_case("r");
        let is_plain = prefix.is_empty() || is_raw || prefix.eq_ignore_ascii_case("u");
        let width = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
        let inner = quoted.get(width..quoted.len().checked_sub(width)?)?;
        (is_plain && (is_raw || !inner.contains('\\'))).then_some(inner)
    }

    /// The first byte of a plain string's value.
    #[must_use]
    pub fn string_start(&self) -> usize {
        self.string().and_then(|inner| self.text.find(inner)).map_or(self.start, |at| self.start + at)
    }
}

/// The tokens of a text, and whether they reach its end.
#[derive(Debug, Clone, Default)]
pub struct Tokens<'a> {
    /// The tokens.
    pub list: Vec<Token<'a>>,
    /// Whether all of the text was understood.
    pub is_complete: bool,
}

impl<'a> Tokens<'a> {
    /// The statements, each without its end; a block's first line is a statement of its own.
    pub fn statements(&self) -> impl Iterator<Item = &[Token<'a>]> {
        self.list.split(|token| token.kind == Kind::End).filter(|statement| !statement.is_empty())
    }
}

/// The deepest nesting of brackets and of strings in formatted strings.
const MAX_DEPTH: usize = 200;
const MAX_NESTED_STRINGS: usize = 16;

/// Cuts a text. The tokens end where something makes no sense.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    let mut scan = Scan { text, at: 0, list: Vec::new(), open: Vec::new(), indent: 0 };
    if text.starts_with('\u{feff}') {
        scan.at = '\u{feff}'.len_utf8();
    }
    scan.read_indent();
    let is_complete = scan.run().is_some() && scan.open.is_empty();
    scan.end_statement(text.len());
    Tokens { list: scan.list, is_complete }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    list: Vec<Token<'a>>,
    open: Vec<u8>,
    indent: usize,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The white space that a line begins with; a tabulator leads to the next multiple of eight.
    fn read_indent(&mut self) {
        self.indent = 0;
        for byte in self.rest().bytes() {
            match byte {
                b' ' => self.indent += 1,
                b'\t' => self.indent = (self.indent / 8 + 1) * 8,
                b'\x0c' => self.indent = 0,
                _ => break,
            }
            self.at += 1;
        }
    }

    fn end_statement(&mut self, at: usize) {
        if self.list.last().is_some_and(|last| last.kind != Kind::End) {
            let text = &self.text[at..at];
            self.list.push(Token { kind: Kind::End, text, start: at, depth: 0, indent: self.indent });
        }
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let text = &self.text[self.at..self.at + length];
        self.list.push(Token { kind, text, start: self.at, depth: self.open.len(), indent: self.indent });
        self.at += length;
    }

    fn run(&mut self) -> Option<()> {
        while let Some(first) = self.rest().chars().next() {
            match first {
                '\n' | '\r' => self.line_end(first),
                ' ' | '\t' | '\x0c' => self.at += 1,
                '#' => {
                    let rest = self.rest();
                    self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                }
                '\\' => self.continuation()?,
                '"' | '\'' => self.string(0)?,
                '0'..='9' => self.number(),
                '.' if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => self.number(),
                _ if first == '_' || first.is_alphabetic() => self.name()?,
                _ => self.mark(first)?,
            }
        }
        Some(())
    }

    fn line_end(&mut self, first: char) {
        let start = self.at;
        self.at += 1;
        if first == '\r' && self.rest().starts_with('\n') {
            self.at += 1;
        }
        if self.open.is_empty() {
            self.end_statement(start);
            self.read_indent();
        }
    }

    /// A backslash that joins two lines.
    fn continuation(&mut self) -> Option<()> {
        let rest = &self.rest()[1..];
        let length = ["\r\n", "\n", "\r"].iter().find(|end| rest.starts_with(**end))?.len();
        self.at += 1 + length;
        Some(())
    }

    fn number(&mut self) {
        let rest = self.rest().as_bytes();
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            let is_sign = matches!(byte, b'+' | b'-')
                && matches!(rest[length.saturating_sub(1)], b'e' | b'E')
                && !self.rest()[..length].starts_with("0x");
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || is_sign) {
                break;
            }
            length += 1;
        }
        self.push(Kind::Number, length);
    }

    fn name(&mut self) -> Option<()> {
        let rest = self.rest();
        let length = rest.find(|next: char| next != '_' && !next.is_alphanumeric()).unwrap_or(rest.len());
        let is_prefix = length <= 2 && rest[..length].chars().all(|letter| "rRbBuUfFtT".contains(letter));
        if is_prefix && rest[length..].starts_with(['"', '\'']) {
            return self.string(length);
        }
        self.push(Kind::Name, length);
        Some(())
    }

    fn string(&mut self, prefix: usize) -> Option<()> {
        let length = string_length(self.rest(), prefix, 0)?;
        self.push(Kind::Text, length);
        Some(())
    }

    fn mark(&mut self, first: char) -> Option<()> {
        const LONG: [&str; 13] = ["**=", "//=", ":=", "->", "==", "!=", "<=", ">=", "+=", "-=", "*=", "**", "..."];
        if let Some(long) = LONG.into_iter().find(|long| self.rest().starts_with(long)) {
            self.push(Kind::Mark, long.len());
            return Some(());
        }
        match first {
            '(' | '[' | '{' => {
                self.push(Kind::Mark, 1);
                self.open.push(first as u8);
                (self.open.len() <= MAX_DEPTH).then_some(())?;
            }
            ')' | ']' | '}' => {
                let wanted = match first {
                    ')' => b'(',
                    ']' => b'[',
                    _ => b'{',
                };
                self.open.pop().filter(|open| *open == wanted)?;
                self.push(Kind::Mark, 1);
            }
            ';' if self.open.is_empty() => {
                self.end_statement(self.at);
                self.at += 1;
            }
            _ => self.push(Kind::Mark, first.len_utf8()),
        }
        Some(())
    }
}

/// The length of the string that a text begins with, its prefix included; none when it does not end.
fn string_length(text: &str, prefix: usize, nesting: usize) -> Option<usize> {
    let letters = &text[..prefix];
    let is_formatted = letters.contains(['f', 'F', 't', 'T']);
    let bytes = text.as_bytes();
    let quote = *bytes.get(prefix)?;
    let is_long = bytes.get(prefix + 1) == Some(&quote) && bytes.get(prefix + 2) == Some(&quote);
    let width = if is_long { 3 } else { 1 };
    let mut at = prefix + width;
    loop {
        match *bytes.get(at)? {
            // A backslash escapes no brace.
            b'\\' if is_formatted && matches!(bytes.get(at + 1), Some(b'{' | b'}')) => at += 1,
            b'\\' => at += 2,
            b'\n' | b'\r' if !is_long => return None,
            byte if byte == quote && !is_long => return Some(at + 1),
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) => {
                return Some(at + 3);
            }
            b'{' if is_formatted && bytes.get(at + 1) == Some(&b'{') => at += 2,
            b'{' if is_formatted => at = field_end(text, at + 1, nesting)?,
            _ => at += 1,
        }
    }
}

/// One past the brace that closes a field of a formatted string.
fn field_end(text: &str, from: usize, nesting: usize) -> Option<usize> {
    if nesting >= MAX_NESTED_STRINGS {
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = from;
    let mut open = 0usize;
    let mut is_format = false;
    loop {
        match *bytes.get(at)? {
            b'}' if open == 0 => return Some(at + 1),
            b'{' if is_format => at = field_end(text, at + 1, nesting + 1)?,
            b'(' | b'[' | b'{' => {
                open += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                at += 1;
            }
            b':' if open == 0 => {
                is_format = true;
                at += 1;
            }
            b'"' | b'\'' if !is_format => at += string_length(&text[at..], 0, nesting + 1)?,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).list.iter().filter(|token| token.kind != Kind::End).map(|token| token.text).collect()
    }

    #[test]
    fn strings_and_comments_are_kept_apart() {
        assert_eq!(texts("a = '#' # b\n"), ["a", "=", "'#'"]);
        assert_eq!(
            texts("x = \"\"\"a\n'b'\n# c\"\"\" + 'd\\'e'"),
            ["x", "=", "\"\"\"a\n'b'\n# c\"\"\"", "+", "'d\\'e'"]
        );
        assert_eq!(texts("rb'\\'' B\"x\" name"), ["rb'\\''", "B\"x\"", "name"]);
    }

    #[test]
    fn formatted_strings_end_where_they_should() {
        assert_eq!(texts("f\"{a['b']}\" c"), ["f\"{a['b']}\"", "c"]);
        assert_eq!(texts("f\"{a[\"b\"]!r:>{w}} {{\" c"), ["f\"{a[\"b\"]!r:>{w}} {{\"", "c"]);
        assert_eq!(texts("f'{x:\"^9}' c"), ["f'{x:\"^9}'", "c"]);
        assert_eq!(texts("rf'\\{{[a]\\}}' c"), ["rf'\\{{[a]\\}}'", "c"]);
        assert_eq!(texts("f'''{'}'} ' ''' c"), ["f'''{'}'} ' '''", "c"]);
    }

    #[test]
    fn statements_end_outside_brackets() {
        let text = "a = [1,\n  2]\nb = 1; c = \\\n 2\nif x:\n\tpass\n";
        let found = tokens(text);
        let lines: Vec<String> = found
            .statements()
            .map(|statement| statement.iter().map(|token| token.text).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(lines, ["a = [ 1 , 2 ]", "b = 1", "c = 2", "if x :", "pass"]);
        assert_eq!(found.statements().last().unwrap()[0].indent, 8);
        assert!(found.is_complete);
    }

    #[test]
    fn plain_strings_have_values() {
        let value = |text: &str| tokens(text).list[0].string().map(str::to_owned);
        assert_eq!(value("'a'").as_deref(), Some("a"));
        assert_eq!(value("u\"\"\"a\"b\"\"\"").as_deref(), Some("a\"b"));
        assert_eq!(value("r'\\d'").as_deref(), Some("\\d"));
        assert_eq!(
            (value("'\\n'"), value("f'a'"), value("b'a'"), value("''").as_deref()),
            (None, None, None, Some(""))
        );
        assert_eq!(tokens("x = r'ab'").list[2].string_start(), 6);
    }

    #[test]
    fn what_makes_no_sense_ends_the_tokens() {
        for text in ["'abc\n", "\"\"\"abc", "a)", "(a]", "(", "f'{a'", "a \\ b"] {
            assert!(!tokens(text).is_complete, "{text}");
        }
        assert!(tokens("").is_complete && tokens("1e-5 + 0x1e-1 ... é = ünï").is_complete);
    }
}
