//! The tokens of dates in the JavaScript runtime (`v8/src/date/dateparser.h`, `dateparser.cc`).

/// Digits of a number that count, after leading zeros; further ones are skipped.
const SIGNIFICANT: usize = 9;

/// A word that means something in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The name of a month, from 1.
    Month(i64),
    /// A time zone, in hours from UTC.
    Zone(i64),
    /// The `T` between date and time.
    TimeMark,
    /// `am` (0) or `pm` (12).
    HalfDay(i64),
    /// Anything else.
    Unknown,
}

/// A piece of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// The end, or a NUL.
    End,
    /// Digits: their value and how many they were.
    Number {
        /// Value of the significant digits.
        value: i64,
        /// Count of all digits.
        width: usize,
    },
    /// One of `:`, `-`, `+`, `.` and `)`.
    Symbol(u8),
    /// A word and its length.
    Word(Word, usize),
    /// A blank or line break.
    Space,
    /// Any other character, or text in parentheses.
    Other,
}

impl Token {
    /// The value of a number.
    pub(super) fn number(self) -> Option<i64> {
        if let Token::Number { value, .. } = self { Some(value) } else { None }
    }

    /// The value of a number of so many digits.
    pub(super) fn fixed(self, digits: usize) -> Option<i64> {
        match self {
            Token::Number { value, width } if width == digits => Some(value),
            _ => None,
        }
    }

    /// The milliseconds that a number after a point means.
    pub(super) fn millis(self) -> Option<i64> {
        let Token::Number { value, width } = self else { return None };
        Some(match width {
            1 => value * 100,
            2 => value * 10,
            3 => value,
            _ => (3..width.min(SIGNIFICANT)).fold(value, |value, _| value / 10),
        })
    }

    /// Whether a finished time of day may be followed by this.
    pub(super) fn may_follow_time(self) -> bool {
        matches!(self, Token::End | Token::Space | Token::Word(Word::Zone(0), 1) | Token::Symbol(b'+' | b'-'))
    }
}

/// Splits a date into tokens, one ahead.
pub(super) struct Lexer<'u> {
    units: &'u [u16],
    at: usize,
    ahead: Token,
}

impl Default for Lexer<'_> {
    fn default() -> Self {
        Lexer::new(&[])
    }
}

impl<'u> Lexer<'u> {
    /// Starts at the first unit.
    pub(super) fn new(units: &'u [u16]) -> Lexer<'u> {
        let mut lexer = Lexer { units, at: 0, ahead: Token::End };
        lexer.ahead = lexer.scan();
        lexer
    }

    /// The next token, left where it is.
    pub(super) fn peek(&self) -> Token {
        self.ahead
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Token {
        let scanned = self.scan();
        std::mem::replace(&mut self.ahead, scanned)
    }

    /// Takes the next token if it is that symbol.
    pub(super) fn skip(&mut self, symbol: u8) -> bool {
        let found = self.ahead == Token::Symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    /// Takes a number of so many digits that is at most `greatest`.
    pub(super) fn take_fixed(&mut self, digits: usize, greatest: i64) -> Option<i64> {
        let number = self.ahead.fixed(digits).filter(|number| *number <= greatest)?;
        self.next();
        Some(number)
    }

    /// The next unit; 0 at the end.
    fn unit(&self) -> u16 {
        self.units.get(self.at).copied().unwrap_or(0)
    }

    fn scan(&mut self) -> Token {
        let unit = self.unit();
        match u8::try_from(unit).unwrap_or(u8::MAX) {
            0 => Token::End,
            _ if is_space(unit) => {
                self.at += 1;
                Token::Space
            }
            b'0'..=b'9' => self.digits(),
            b'A'.. => self.word(),
            b'(' => {
                self.parentheses();
                Token::Other
            }
            byte => {
                self.at += 1;
                match byte {
                    b':' | b'-' | b'+' | b'.' | b')' => Token::Symbol(byte),
                    _ => Token::Other,
                }
            }
        }
    }

    fn digits(&mut self) -> Token {
        let start = self.at;
        while self.unit() == 0x30 {
            self.at += 1;
        }
        let significant = self.at;
        let mut value = 0;
        while let digit @ 0x30..=0x39 = self.unit() {
            if self.at - significant < SIGNIFICANT {
                value = value * 10 + i64::from(digit - 0x30);
            }
            self.at += 1;
        }
        Token::Number { value, width: self.at - start }
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        while self.unit() >= 0x41 && !is_space(self.unit()) {
            self.at += 1;
        }
        let word = &self.units[start..self.at];
        Token::Word(meaning(word), word.len())
    }

    fn parentheses(&mut self) {
        let mut open = 0;
        loop {
            match self.unit() {
                0x28 => open += 1,
                0x29 => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 || self.unit() == 0 {
                return;
            }
        }
    }
}

/// Whether JavaScript takes the unit for a blank or a line break (ECMA-262, `WhiteSpace` and `LineTerminator`).
pub(super) fn is_space(unit: u16) -> bool {
    matches!(unit, 0x9..=0xd | 0x20 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 | 0xfeff)
}

/// What a word means. Months are known by their first three letters, other words must be whole.
fn meaning(word: &[u16]) -> Word {
    let letter = |unit: &u16| u8::try_from(*unit).map_or('\u{fffd}', |byte| char::from(byte | 0x20));
    let prefix: String = word.iter().take(3).map(letter).collect();
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if let Some(month) = (1..).zip(MONTHS).find(|(_, name)| *name == prefix) {
        return Word::Month(month.0);
    }
    if word.len() > 3 {
        return Word::Unknown;
    }
    match prefix.as_str() {
        "am" => Word::HalfDay(0),
        "pm" => Word::HalfDay(12),
        "z" | "ut" | "utc" | "gmt" => Word::Zone(0),
        "edt" => Word::Zone(-4),
        "cdt" | "est" => Word::Zone(-5),
        "cst" | "mdt" => Word::Zone(-6),
        "mst" | "pdt" => Word::Zone(-7),
        "pst" => Word::Zone(-8),
        "t" => Word::TimeMark,
        _ => Word::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token, Word};

    fn tokens(text: &str) -> Vec<Token> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut lexer = Lexer::new(&units);
        std::iter::from_fn(|| Some(lexer.next()).filter(|token| *token != Token::End)).collect()
    }

    #[test]
    fn a_date_is_split_into_numbers_symbols_and_words() {
        let number = |value, width| Token::Number { value, width };
        assert_eq!(
            tokens("07:5Z JUNE(x(y))9+"),
            [
                number(7, 2),
                Token::Symbol(b':'),
                number(5, 1),
                Token::Word(Word::Zone(0), 1),
                Token::Space,
                Token::Word(Word::Month(6), 4),
                Token::Other,
                number(9, 1),
                Token::Symbol(b'+'),
            ]
        );
    }

    #[test]
    fn a_nul_ends_a_date_even_in_parentheses() {
        assert_eq!(tokens("1\u{0}2"), [Token::Number { value: 1, width: 1 }]);
        assert_eq!(tokens("(1\u{0}2"), [Token::Other]);
    }

    #[test]
    fn nine_digits_count() {
        assert_eq!(tokens("1234567890"), [Token::Number { value: 123_456_789, width: 10 }]);
        assert_eq!(tokens("0012345678901"), [Token::Number { value: 123_456_789, width: 13 }]);
    }

    #[test]
    fn blanks_beyond_ascii_separate_words() {
        assert_eq!(tokens("z\u{a0}é"), [Token::Word(Word::Zone(0), 1), Token::Space, Token::Word(Word::Unknown, 1)]);
    }

    #[test]
    fn fractions_give_milliseconds() {
        let millis = |text| tokens(text)[0].millis();
        assert_eq!(
            [millis("5"), millis("05"), millis("0509"), millis("9999999999")].map(Option::unwrap_or_default),
            [500, 50, 50, 999]
        );
        assert_eq!(tokens("x")[0].millis(), None);
    }
}
