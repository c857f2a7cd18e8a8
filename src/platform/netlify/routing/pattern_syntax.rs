//! Whether a text is a regular expression of JavaScript with the flag `u` (ECMA-262, "Patterns").
//!
//! Names of Unicode properties (`\p{…}`) are not looked up.

use std::collections::HashSet;

use super::pattern_class;

/// The most groups that V8 captures.
const MOST_CAPTURES: u64 = 32_767;

/// Tells whether JavaScript accepts the text as a pattern with the flag `u`.
pub(super) fn is_valid(source: &str) -> bool {
    let mut reader = Reader { rest: source };
    Pattern::default().read(&mut reader).is_some()
}

/// What is left of a pattern.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    pub(super) fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !accept(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

/// What was read so far; every reading function gives `None` when the pattern is not valid.
#[derive(Default)]
struct Pattern {
    /// One entry per open group: whether a quantifier may follow it.
    open: Vec<bool>,
    captures: u64,
    highest_reference: u64,
    names: HashSet<String>,
    references: HashSet<String>,
}

impl Pattern {
    fn read(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let mut quantifiable = false;
        while let Some(c) = reader.next() {
            quantifiable = match c {
                '*' | '+' | '?' | '{' => {
                    let complete = quantifiable && (c != '{' || read_bounds(reader)?);
                    reader.eat("?");
                    complete.then_some(false)?
                }
                '(' => self.open_group(reader)?,
                ')' => self.open.pop()?,
                '[' => pattern_class::read_class(reader)?,
                '\\' => self.read_escape(reader)?,
                ']' | '}' => return None,
                '|' | '^' | '$' => false,
                _ => true,
            };
        }
        let resolved = self.highest_reference <= self.captures && self.references.is_subset(&self.names);
        (resolved && self.open.is_empty() && self.captures <= MOST_CAPTURES).then_some(())
    }

    /// Reads what follows `(`; nothing can be repeated right after it.
    fn open_group(&mut self, reader: &mut Reader<'_>) -> Option<bool> {
        if !reader.eat("?") {
            self.captures += 1;
            self.open.push(true);
        } else if reader.eat(":") {
            self.open.push(true);
        } else if ["=", "!", "<=", "<!"].iter().any(|kind| reader.eat(kind)) {
            self.open.push(false);
        } else {
            let name = reader.eat("<").then(|| read_name(reader))??;
            self.captures += 1;
            self.open.push(true);
            self.names.insert(name).then_some(())?;
        }
        Some(false)
    }

    /// Reads what follows `\` outside of a class and tells whether it can be repeated.
    fn read_escape(&mut self, reader: &mut Reader<'_>) -> Option<bool> {
        match reader.peek()? {
            'b' | 'B' => {
                reader.next();
                Some(false)
            }
            '1'..='9' => {
                let digits = reader.take_while(|c| c.is_ascii_digit());
                self.highest_reference = self.highest_reference.max(number(digits));
                Some(true)
            }
            'k' => {
                reader.next();
                let name = reader.eat("<").then(|| read_name(reader))??;
                self.references.insert(name);
                Some(true)
            }
            _ => pattern_class::read_escape(reader).map(|_| true),
        }
    }
}

/// Reads the rest of `{n}`, `{n,}` or `{n,m}`.
fn read_bounds(reader: &mut Reader<'_>) -> Option<bool> {
    const INFINITY: u64 = 0x7fff_ffff;
    let digits = |reader: &mut Reader<'_>| {
        let digits = reader.take_while(|c| c.is_ascii_digit());
        (!digits.is_empty()).then(|| number(digits).min(INFINITY))
    };
    let least = digits(reader)?;
    let most = if reader.eat(",") { digits(reader).unwrap_or(INFINITY) } else { least };
    (reader.eat("}") && least <= most).then_some(true)
}

fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(u64::MAX)
}

/// Reads the name of a group up to and with its `>`.
fn read_name(reader: &mut Reader<'_>) -> Option<String> {
    let mut name = String::new();
    loop {
        let c = match reader.next()? {
            '>' => break,
            '\\' => {
                reader.eat("u").then_some(())?;
                char::from_u32(pattern_class::read_unicode(reader)?)?
            }
            c => c,
        };
        let accepted = matches!(c, '$' | '_')
            || c.is_alphabetic()
            || (!name.is_empty() && (c.is_alphanumeric() || matches!(c, '\u{200c}' | '\u{200d}')));
        accepted.then_some(())?;
        name.push(c);
    }
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_patterns_are_accepted() {
        let valid = [
            "",
            "a|b|",
            "(a(?:b)(?=c)(?!d)(?<=e)(?<!f))",
            "(.*)?",
            "a*?b+?c??d{1}e{1,}f{1,2}?",
            "^$\\b\\B.",
            "[]",
            "[^]",
            "[a-z-]",
            "[-a]",
            "[\\d\\]\\-\\b]",
            "[--a]",
            "\\1(a)",
            "(?<n>a)\\k<n>",
            "\\k<n>(?<n>a)",
            "(?<$é\\u{61}>a)",
            "\\0\\cA\\x41\\u0041\\u{1F600}\\uD83D\\uDE00\\uD83D\\^\\/\\}",
            "\\p{L}\\P{Script=Greek}",
            "[\\uD83D\\uDE00-\\uD83D\\uDE01]",
            "a{99999999999,88888888888}",
            "é😀\n/",
        ];
        for source in valid {
            assert!(is_valid(source), "{source}");
        }
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        let invalid = [
            "(",
            ")",
            "(?",
            "(?a)",
            "(?i:a)",
            "[",
            "]",
            "{",
            "}",
            "a{",
            "a{,2}",
            "a{2,1}",
            "a{1",
            "*",
            "a**",
            "a|*",
            "(*)",
            "^*",
            "\\b+",
            "(?=a)*",
            "(?<=a)?",
            "[z-a]",
            "[\\d-z]",
            "[a-\\w]",
            "[\\1]",
            "[\\B]",
            "[\\k<n>]",
            "\\",
            "\\-",
            "\\a",
            "\\00",
            "\\2(a)",
            "\\k",
            "\\k<n>",
            "(?<>a)",
            "(?<1>a)",
            "(?<n>a)(?<n>b)",
            "(?<n",
            "\\x4",
            "\\u41",
            "\\u{}",
            "\\u{110000}",
            "\\c1",
            "\\p",
            "\\p{}",
            "\\p{L",
            "[\\uDE01-\\uD83D]",
        ];
        for source in invalid {
            assert!(!is_valid(source), "{source}");
        }
    }

    #[test]
    fn groups_are_limited_and_nesting_is_not() {
        let most = usize::try_from(MOST_CAPTURES).unwrap_or(0);
        assert!(is_valid(&"()".repeat(most)));
        assert!(!is_valid(&"()".repeat(most + 1)));
        assert!(is_valid(&format!("{}{}", "(?:".repeat(200_000), ")".repeat(200_000))));
    }
}
