//! Character classes and escapes of a regular expression with the flag `u` (ECMA-262, "Patterns").

use super::pattern_syntax::Reader;

/// What an escape or a member of a class stands for.
pub(super) enum Atom {
    /// One code point.
    One(u32),
    /// A set such as `\d`, which cannot bound a range.
    Set,
}

/// Reads the rest of a class after its `[`; a class can be repeated.
pub(super) fn read_class(reader: &mut Reader<'_>) -> Option<bool> {
    reader.eat("^");
    while !reader.eat("]") {
        let first = read_member(reader)?;
        if !reader.eat("-") {
            continue;
        }
        if reader.eat("]") {
            return Some(true);
        }
        match (first, read_member(reader)?) {
            (Atom::One(first), Atom::One(last)) if first <= last => {}
            _ => return None,
        }
    }
    Some(true)
}

fn read_member(reader: &mut Reader<'_>) -> Option<Atom> {
    match reader.next()? {
        '\\' => match reader.peek()? {
            'b' => {
                reader.next();
                Some(Atom::One(8))
            }
            '-' => {
                reader.next();
                Some(Atom::One(u32::from('-')))
            }
            _ => read_escape(reader),
        },
        c => Some(Atom::One(u32::from(c))),
    }
}

/// Reads what follows `\` wherever it may stand; escapes of only one place are the caller's.
pub(super) fn read_escape(reader: &mut Reader<'_>) -> Option<Atom> {
    let code = match reader.next()? {
        'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Some(Atom::Set),
        'p' | 'P' => return read_property(reader),
        'f' => 0xc,
        'n' => 0xa,
        'r' => 0xd,
        't' => 0x9,
        'v' => 0xb,
        '0' if !reader.peek().is_some_and(|c| c.is_ascii_digit()) => 0,
        'c' => u32::from(reader.next().filter(char::is_ascii_alphabetic)?) % 32,
        'x' => read_hex(reader, 2)?,
        'u' => read_unicode(reader)?,
        c if "^$\\.*+?()[]{}|/".contains(c) => u32::from(c),
        _ => return None,
    };
    Some(Atom::One(code))
}

/// Reads what follows `\u`; two escaped halves of a pair are one code point.
pub(super) fn read_unicode(reader: &mut Reader<'_>) -> Option<u32> {
    if reader.eat("{") {
        let code = u32::from_str_radix(reader.take_while(|c| c.is_ascii_hexdigit()), 16).ok()?;
        return (reader.eat("}") && code <= 0x10_ffff).then_some(code);
    }
    let first = read_hex(reader, 4)?;
    if (0xd800..0xdc00).contains(&first) {
        let mut ahead = Reader { rest: reader.rest };
        let second = if ahead.eat("\\u") { read_hex(&mut ahead, 4) } else { None };
        if let Some(second) = second.filter(|second| (0xdc00..0xe000).contains(second)) {
            reader.rest = ahead.rest;
            return Some(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        }
    }
    Some(first)
}

fn read_hex(reader: &mut Reader<'_>, length: usize) -> Option<u32> {
    let digits = reader.rest.get(..length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    reader.rest = &reader.rest[length..];
    u32::from_str_radix(digits, 16).ok()
}

/// Reads `{Name}` or `{Name=Value}`.
fn read_property(reader: &mut Reader<'_>) -> Option<Atom> {
    let word = |reader: &mut Reader<'_>| {
        let word = reader.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        (!word.is_empty()).then_some(())
    };
    reader.eat("{").then_some(())?;
    word(reader)?;
    if reader.eat("=") {
        word(reader)?;
    }
    reader.eat("}").then_some(Atom::Set)
}
