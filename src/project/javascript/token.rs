//! Cuts JavaScript and TypeScript into tokens, as far as that goes without a grammar.
//!
//! Where a slash begins a regular expression is judged by the token before it. Markup (JSX) is not read: the tokens
//! end where it begins, and so they do at anything that cannot be made sense of.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Kind {
    /// An identifier or a keyword.
    Word,
    /// A string in single or double quotes.
    Text,
    /// A template without substitutions.
    Template,
    /// One end of a template with substitutions.
    TemplateEnd,
    /// A number.
    Number,
    /// A regular expression.
    Regex,
    /// A punctuation mark: one character, or one of `=>`, `++`, `--`.
    Mark,
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(in crate::project) struct Token<'a> {
    /// What it is.
    pub(in crate::project) kind: Kind,
    /// Its text, quotes included.
    pub(in crate::project) text: &'a str,
    /// Its first byte.
    pub(in crate::project) start: usize,
    /// Brackets that are open around it; a bracket counts outside itself.
    pub(in crate::project) depth: usize,
    /// Whether a line break comes before it.
    pub(in crate::project) is_first_on_line: bool,
    /// Whether it stands in the body of a `try` or of its `catch`.
    pub(in crate::project) is_tried: bool,
}

impl Token<'_> {
    /// One past its last byte.
    pub(in crate::project) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this mark.
    pub(in crate::project) fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }

    /// Whether it is this word.
    pub(in crate::project) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
}

/// The tokens of a text, and whether they reach its end.
#[derive(Debug, Default)]
pub(in crate::project) struct Tokens<'a> {
    pub(in crate::project) list: Vec<Token<'a>>,
    pub(in crate::project) is_complete: bool,
}

/// Cuts a text; `may_hold_markup` says whether `<` may begin an element.
pub(in crate::project) fn tokens(text: &str, may_hold_markup: bool) -> Tokens<'_> {
    let mut scan = Scan {
        text,
        at: 0,
        list: Vec::new(),
        open: Vec::new(),
        head_end: (usize::MAX, ""),
        is_first_on_line: true,
        may_hold_markup,
    };
    if text.starts_with('\u{feff}') {
        scan.at = '\u{feff}'.len_utf8();
    }
    if scan.rest().starts_with("#!") {
        scan.skip_line();
    }
    let is_complete = scan.run().is_some() && scan.open.is_empty();
    Tokens { list: scan.list, is_complete }
}

/// An open bracket.
struct Open {
    mark: u8,
    is_template: bool,
    is_tried: bool,
    /// The word before it, of those whose parentheses are followed by a statement: `if (…)`.
    head: Option<&'static str>,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    list: Vec<Token<'a>>,
    open: Vec<Open>,
    /// Number of tokens when a head such as `if (…)` ended last, and its word.
    head_end: (usize, &'static str),
    is_first_on_line: bool,
    may_hold_markup: bool,
}

/// Words after which an operand begins.
const OPERATOR_WORDS: [&str; 14] = [
    "await",
    "case",
    "delete",
    "do",
    "else",
    "extends",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
];

/// Words whose parentheses are followed by a statement.
const HEADS: [&str; 5] = ["if", "while", "for", "with", "catch"];

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(rest.len());
    }

    /// Cuts to the end; `None` at something that makes no sense.
    fn run(&mut self) -> Option<()> {
        loop {
            self.skip_blank()?;
            let Some(first) = self.rest().chars().next() else { return Some(()) };
            match first {
                '"' | '\'' => self.string(first)?,
                '`' => self.template_from(self.at, 1)?,
                '}' if self.open.last().is_some_and(|open| open.is_template) => {
                    self.open.pop();
                    self.template_from(self.at, 1)?;
                }
                '0'..='9' => self.number(),
                '.' if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => self.number(),
                '/' if self.expects_operand() => match self.regex_length() {
                    Some(length) => self.push(Kind::Regex, length),
                    None => self.push(Kind::Mark, 1),
                },
                '<' if self.may_hold_markup && self.expects_operand() && !self.is_shift() => return None,
                '\\' => return None,
                _ if is_word_character(first) => self.word(),
                _ => self.mark(first)?,
            }
        }
    }

    /// Skips white space and comments; `None` for a comment without an end.
    fn skip_blank(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { return Some(()) };
            if rest.starts_with("//") {
                self.skip_line();
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let length = comment.find("*/")? + 4;
                self.is_first_on_line |= rest[..length].contains('\n');
                self.at += length;
            } else if crate::text::ecma::is_space(first) {
                self.is_first_on_line |= matches!(first, '\n' | '\r' | '\u{2028}' | '\u{2029}');
                self.at += first.len_utf8();
            } else {
                return Some(());
            }
        }
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let token = Token {
            kind,
            text: &self.text[self.at..self.at + length],
            start: self.at,
            depth: self.open.len(),
            is_first_on_line: self.is_first_on_line,
            is_tried: self.open.last().is_some_and(|open| open.is_tried),
        };
        self.list.push(token);
        self.is_first_on_line = false;
        self.at += length;
    }

    /// A string up to its closing quote; `None` when the line ends before.
    fn string(&mut self, quote: char) -> Option<()> {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    if escaped == '\r' && self.rest()[at + 2..].starts_with('\n') {
                        characters.next();
                    }
                }
                '\n' | '\r' => return None,
                _ if character == quote => {
                    self.push(Kind::Text, at + 1);
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }

    /// The part of a template that begins at `start`, behind a backtick or the brace of a substitution.
    fn template_from(&mut self, start: usize, skip: usize) -> Option<()> {
        let part = &self.text[start..];
        let bytes = part.as_bytes();
        let is_opening = bytes.first() == Some(&b'`');
        let mut at = skip;
        loop {
            match bytes.get(at)? {
                b'\\' => at += 1,
                b'`' => {
                    let kind = if is_opening { Kind::Template } else { Kind::TemplateEnd };
                    self.push(kind, at + 1);
                    return Some(());
                }
                b'$' if bytes.get(at + 1) == Some(&b'{') => {
                    self.push(Kind::TemplateEnd, at + 2);
                    let is_tried = self.open.last().is_some_and(|open| open.is_tried);
                    self.open.push(Open { mark: b'{', is_template: true, is_tried, head: None });
                    return Some(());
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn number(&mut self) {
        let rest = self.rest().as_bytes();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        self.push(Kind::Number, rest.iter().take_while(|byte| is_part(**byte)).count());
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = rest.find(|character: char| !is_word_character(character)).unwrap_or(rest.len());
        self.push(Kind::Word, length);
    }

    /// A punctuation mark; `None` for a bracket that closes nothing.
    fn mark(&mut self, first: char) -> Option<()> {
        if let Some(long) = ["=>", "++", "--"].into_iter().find(|long| self.rest().starts_with(long)) {
            self.push(Kind::Mark, long.len());
            return Some(());
        }
        match first {
            '(' | '[' | '{' => {
                let before = self.list.last();
                let is_after = |word: &str| before.is_some_and(|token| token.is_word(word));
                let is_caught = is_after("catch") || self.head_end == (self.list.len(), "catch");
                let is_tried = self.open.last().is_some_and(|open| open.is_tried)
                    || (first == '{' && (is_after("try") || is_caught));
                let head = HEADS.into_iter().find(|head| is_after(head)).filter(|_| first == '(');
                self.push(Kind::Mark, 1);
                self.open.push(Open { mark: first as u8, is_template: false, is_tried, head });
            }
            ')' | ']' | '}' => {
                let opened = match first {
                    ')' => b'(',
                    ']' => b'[',
                    _ => b'{',
                };
                let open = self.open.pop().filter(|open| open.mark == opened && !open.is_template)?;
                self.push(Kind::Mark, 1);
                if let Some(head) = open.head {
                    self.head_end = (self.list.len(), head);
                }
            }
            _ => self.push(Kind::Mark, first.len_utf8()),
        }
        Some(())
    }

    /// Whether a value may begin here, so that a slash begins a regular expression.
    fn expects_operand(&self) -> bool {
        let Some(last) = self.list.last() else { return true };
        if self.head_end.0 == self.list.len() {
            return true;
        }
        match last.kind {
            Kind::Word => {
                let is_property = self.list.len() > 1 && self.list[self.list.len() - 2].is_mark(".");
                !is_property && OPERATOR_WORDS.contains(&last.text)
            }
            Kind::Text | Kind::Template | Kind::Number | Kind::Regex => false,
            Kind::TemplateEnd => !last.text.ends_with('`'),
            Kind::Mark if last.text == "!" => {
                // A non-null assertion of TypeScript clings to the value before it.
                let before = self.list.len().checked_sub(2).map(|at| &self.list[at]);
                !before.is_some_and(|before| {
                    before.end() == last.start && (before.kind == Kind::Word || matches!(before.text, ")" | "]"))
                })
            }
            Kind::Mark => !matches!(last.text, ")" | "]" | "++" | "--"),
        }
    }

    /// Whether the mark before this one is `<` and clings to it.
    fn is_shift(&self) -> bool {
        self.list.last().is_some_and(|last| last.is_mark("<") && last.end() == self.at)
    }

    /// The length of the regular expression that begins here, if it ends on this line.
    fn regex_length(&self) -> Option<usize> {
        let rest = self.rest();
        let mut is_in_class = false;
        let mut characters = rest.char_indices().skip(1);
        let mut end = loop {
            match characters.next()? {
                (_, '\n' | '\r') => return None,
                (_, '\\') => {
                    characters.next().filter(|(_, escaped)| *escaped != '\n')?;
                }
                (_, '[') => is_in_class = true,
                (_, ']') => is_in_class = false,
                (at, '/') if !is_in_class => break at + 1,
                _ => {}
            }
        };
        end += rest[end..].bytes().take_while(u8::is_ascii_alphabetic).count();
        Some(end)
    }
}

/// Whether a character may be part of an identifier; everything beyond ASCII that is no white space counts.
pub(in crate::project) fn is_word_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '_' | '$' | '#' | '@')
        || (!character.is_ascii() && !crate::text::ecma::is_space(character))
}

/// For every bracket the index of its partner, for other tokens their own.
pub(in crate::project) fn partners(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Mark) {
        match token.text {
            "(" | "[" | "{" => open.push(at),
            ")" | "]" | "}" => {
                if let Some(partner) = open.pop() {
                    partners[at] = partner;
                    partners[partner] = at;
                }
            }
            _ => {}
        }
    }
    partners
}
