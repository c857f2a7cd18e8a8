//! The grammar of a command line as bash and dash read it, as far as build commands use it.

pub use super::syntax::{Command, Joiner, List, ParseError, Pipeline, Simple, Statement};
use super::word::{Scanner, Word};

/// The deepest nesting of groups that is read.
const MAX_DEPTH: usize = 32;

/// Words that belong to a compound command and cannot begin a command themselves.
const CLOSERS: [&str; 8] = ["then", "fi", "do", "done", "else", "elif", "esac", "}"];

/// Parses a command line.
///
/// # Errors
/// When the shell rejects it, or when it uses what this reader does not know.
pub fn parse(text: &str) -> Result<List, ParseError> {
    let mut parser = Parser { scan: Scanner { text, at: 0 }, depth: 0 };
    let list = parser.list(&[])?;
    match parser.scan.peek() {
        None => Ok(list),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    scan: Scanner<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn unexpected(&self) -> ParseError {
        ParseError::syntax(self.scan.at, "an operator stands where a command is expected")
    }

    fn skip_lines(&mut self) {
        self.scan.skip_blanks();
        while self.scan.peek() == Some(b'\n') {
            self.scan.at += 1;
            self.scan.skip_blanks();
        }
    }

    /// The reserved word at the cursor, if it is one of these.
    fn at_word(&self, words: &[&'static str]) -> Option<&'static str> {
        let ends = |length: usize| {
            self.scan.peek_at(length).is_none_or(|byte| {
                matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
            })
        };
        words.iter().copied().find(|word| self.scan.starts_with(word) && ends(word.len()))
    }

    fn expect_word(&mut self, word: &'static str, what: &'static str) -> Result<(), ParseError> {
        self.skip_lines();
        if self.at_word(&[word]).is_none() {
            return Err(ParseError::syntax(self.scan.at, what));
        }
        self.scan.at += word.len();
        Ok(())
    }

    fn list(&mut self, ends: &[&'static str]) -> Result<List, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Unsupported { at: self.scan.at, what: "groups nested very deeply" });
        }
        let mut list = List::default();
        loop {
            self.skip_lines();
            let is_over = matches!(self.scan.peek(), None | Some(b')')) || self.at_word(ends).is_some();
            if is_over {
                break;
            }
            let mut statement = self.statement()?;
            self.scan.skip_blanks();
            match self.scan.peek() {
                Some(b'&') => {
                    statement.is_background = true;
                    self.scan.at += 1;
                }
                Some(b';') if self.scan.peek_at(1) == Some(b';') => return Err(self.unexpected()),
                Some(b';' | b'\n') => self.scan.at += 1,
                _ => {
                    list.0.push(statement);
                    break;
                }
            }
            list.0.push(statement);
        }
        self.depth -= 1;
        Ok(list)
    }

    fn statement(&mut self) -> Result<Statement, ParseError> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.scan.skip_blanks();
            let joiner = if self.scan.starts_with("&&") {
                Joiner::And
            } else if self.scan.starts_with("||") {
                Joiner::Or
            } else {
                return Ok(Statement { first, rest, is_background: false });
            };
            let at = self.scan.at;
            self.scan.at += 2;
            self.skip_lines();
            if self.scan.peek().is_none() {
                return Err(ParseError::syntax(at, "nothing follows the last operator"));
            }
            rest.push((joiner, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, ParseError> {
        self.scan.skip_blanks();
        let mut is_negated = false;
        while let Some(word) = self.at_word(&["!", "time"]) {
            is_negated ^= word == "!";
            self.scan.at += word.len();
            self.scan.skip_blanks();
        }
        let mut commands = vec![self.command()?];
        loop {
            self.scan.skip_blanks();
            if self.scan.peek() != Some(b'|') || self.scan.starts_with("||") {
                return Ok(Pipeline { is_negated, commands });
            }
            let at = self.scan.at;
            self.scan.at += if self.scan.starts_with("|&") { 2 } else { 1 };
            self.skip_lines();
            if self.scan.peek().is_none() {
                return Err(ParseError::syntax(at, "nothing follows the last operator"));
            }
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Result<Command, ParseError> {
        self.scan.skip_blanks();
        if self.scan.starts_with("((") {
            return self.raw_until("))").map(|()| Command::Test);
        }
        if self.scan.peek() == Some(b'(') {
            self.scan.at += 1;
            let list = self.body(&[])?;
            if self.scan.peek() != Some(b')') {
                return Err(ParseError::syntax(self.scan.at, "a parenthesis is not closed"));
            }
            self.scan.at += 1;
            self.redirections()?;
            return Ok(Command::Subshell(list));
        }
        let keyword = self.at_word(&["{", "if", "for", "while", "until", "case", "select", "[[", "function"]);
        let Some(keyword) = keyword else {
            return match self.at_word(&CLOSERS) {
                Some(_) => Err(ParseError::syntax(self.scan.at, "a closing word has no beginning")),
                None => self.simple(),
            };
        };
        let start = self.scan.at;
        self.scan.at += keyword.len();
        let command = match keyword {
            "{" => {
                let list = self.body(&["}"])?;
                self.expect_word("}", "a brace is not closed")?;
                Command::Group(list)
            }
            "if" => self.if_command()?,
            "while" | "until" => {
                let mut list = self.body(&["do"])?;
                list.0.extend(self.do_group()?.0);
                Command::Repeated(list)
            }
            "for" | "select" => {
                while self.at_word(&["do"]).is_none() && self.scan.peek().is_some() {
                    let byte = self.scan.peek();
                    if self.scan.word()?.is_none() && byte.is_some() {
                        self.scan.at += 1;
                    }
                    self.skip_lines();
                }
                Command::Repeated(self.do_group()?)
            }
            "[[" => self.raw_until("]]").map(|()| Command::Test)?,
            _ => return Err(ParseError::Unsupported { at: start, what: "a \"case\" or a function" }),
        };
        self.redirections()?;
        Ok(command)
    }

    /// A list that may not be empty.
    fn body(&mut self, ends: &[&'static str]) -> Result<List, ParseError> {
        let list = self.list(ends)?;
        if list.0.is_empty() { Err(self.unexpected()) } else { Ok(list) }
    }

    fn do_group(&mut self) -> Result<List, ParseError> {
        self.expect_word("do", "a loop has no \"do\"")?;
        let list = self.body(&["done"])?;
        self.expect_word("done", "a loop has no \"done\"")?;
        Ok(list)
    }

    fn if_command(&mut self) -> Result<Command, ParseError> {
        let mut branches = Vec::new();
        loop {
            let condition = self.body(&["then"])?;
            self.expect_word("then", "an \"if\" has no \"then\"")?;
            branches.push((condition, self.body(&["elif", "else", "fi"])?));
            match self.at_word(&["elif", "else"]) {
                Some("elif") => self.scan.at += 4,
                Some(_) => {
                    self.scan.at += 4;
                    let otherwise = self.body(&["fi"])?;
                    self.expect_word("fi", "an \"if\" has no \"fi\"")?;
                    return Ok(Command::If(branches, Some(otherwise)));
                }
                None => {
                    self.expect_word("fi", "an \"if\" has no \"fi\"")?;
                    return Ok(Command::If(branches, None));
                }
            }
        }
    }

    /// Passes over a test, in which operators mean something else.
    fn raw_until(&mut self, end: &'static str) -> Result<(), ParseError> {
        let start = self.scan.at;
        loop {
            self.skip_lines();
            if self.scan.starts_with(end) {
                self.scan.at += end.len();
                return Ok(());
            }
            if self.scan.peek().is_none() {
                return Err(ParseError::syntax(start, "a test is not closed"));
            }
            if self.scan.word()?.is_some_and(|word| word.text == end) {
                return Ok(());
            }
            let is_operator = matches!(self.scan.peek(), Some(b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b';'));
            self.scan.at += usize::from(is_operator && !self.scan.starts_with(end));
        }
    }

    fn redirections(&mut self) -> Result<Vec<Word>, ParseError> {
        let mut found = Vec::new();
        while let Some(word) = self.redirection()? {
            found.push(word);
        }
        Ok(found)
    }

    fn redirection(&mut self) -> Result<Option<Word>, ParseError> {
        self.scan.skip_blanks();
        let digits = self.scan.text.as_bytes()[self.scan.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_both = digits == 0 && self.scan.starts_with("&>");
        let operator = self.scan.peek_at(digits + usize::from(is_both));
        if !matches!(operator, Some(b'<' | b'>')) {
            return Ok(None);
        }
        let start = self.scan.at;
        self.scan.at += digits + usize::from(is_both);
        if self.scan.starts_with("<<<") {
            self.scan.at += 3;
        } else if self.scan.starts_with("<<") {
            return Err(ParseError::Unsupported { at: start, what: "a here-document" });
        } else if self.scan.starts_with("<(") || self.scan.starts_with(">(") {
            return Err(ParseError::Unsupported { at: start, what: "a process substitution" });
        } else {
            self.scan.at += 1;
            if matches!(self.scan.peek(), Some(b'>' | b'&' | b'|')) {
                self.scan.at += 1;
            }
        }
        self.scan.skip_blanks();
        match self.scan.word()? {
            Some(word) => Ok(Some(word)),
            None => Err(ParseError::syntax(start, "a redirection names no file")),
        }
    }

    fn simple(&mut self) -> Result<Command, ParseError> {
        let mut simple = Simple::default();
        loop {
            if let Some(word) = self.redirection()? {
                simple.redirections.push(word);
                continue;
            }
            let Some(word) = self.scan.word()? else { break };
            match assignment(&word, self.scan.text).filter(|_| simple.words.is_empty()) {
                Some((name, mut value)) => {
                    if self.scan.peek() == Some(b'(') {
                        self.raw_until(")")?;
                        value.is_dynamic = true;
                    }
                    simple.assignments.push((name, value));
                }
                None => simple.words.push(word),
            }
        }
        if self.scan.peek() == Some(b'(') {
            return self.function(&simple);
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && simple.redirections.is_empty() {
            return Err(self.unexpected());
        }
        Ok(Command::Simple(simple))
    }

    fn function(&mut self, simple: &Simple) -> Result<Command, ParseError> {
        let [name] = simple.words.as_slice() else { return Err(self.unexpected()) };
        self.scan.at += 1;
        self.scan.skip_blanks();
        if self.scan.peek() != Some(b')') {
            return Err(self.unexpected());
        }
        self.scan.at += 1;
        self.skip_lines();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::Unsupported { at: self.scan.at, what: "a function in a function" });
        }
        self.command()?;
        self.depth -= 1;
        Ok(Command::Function(name.text.clone()))
    }
}

/// `NAME=value` in front of a command.
fn assignment(word: &Word, text: &str) -> Option<(String, Word)> {
    let written = &text[word.start..word.end];
    let (name, _) = written.split_once('=')?;
    let plain = name.strip_suffix('+').unwrap_or(name);
    let is_name = plain
        .bytes()
        .enumerate()
        .all(|(at, byte)| byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit()));
    if plain.is_empty() || !is_name {
        return None;
    }
    let mut value = word.clone();
    value.text = word.text.get(name.len() + 1..).unwrap_or_default().to_owned();
    value.is_dynamic |= name.ends_with('+');
    Some((plain.to_owned(), value))
}
