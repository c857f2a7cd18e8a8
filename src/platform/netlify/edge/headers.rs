//! Which header entries count for a path.
//!
//! The patterns are those of `@netlify/headers-parser` (`src/for_regexp.ts`): case does not matter, a slash at the end
//! neither; a part that holds a `*` is a regular expression, of which only plain text, `.` and `*` are understood here.

use crate::platform::netlify::routing::Header;
use crate::text::ecma;

/// Longest path that is matched, in bytes.
const MAX_PATH: usize = 4_096;

/// Names that a site cannot set (documentation, "Custom headers").
const RESERVED: [&str; 13] = [
    "accept-ranges",
    "age",
    "allow",
    "alt-svc",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "date",
    "server",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The name of the entry that makes the platform ask for a password.
pub const PASSWORD: &str = "basic-auth";

/// Whether a site cannot set this header; the name is in small letters.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// A part of a path pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// One segment of at least one character.
    Segment,
    /// The rest, whatever it is, with the slash before it.
    Rest,
    /// Letters and wildcards, in small letters.
    Text(Vec<Atom>),
}

/// What one place of a text may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Atom {
    One(char),
    Any,
    Many,
}

/// The path pattern of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern(Vec<Part>);

impl PathPattern {
    /// Reads the path of an entry; `None` for a regular expression that is not understood.
    #[must_use]
    pub fn parse(path: &str) -> Option<PathPattern> {
        let parts = path.split('/').map(ecma::trim_end).filter(|part| !part.is_empty());
        parts.map(part).collect::<Option<_>>().map(PathPattern)
    }

    /// The pattern of an entry.
    #[must_use]
    pub fn of(header: &Header) -> Option<PathPattern> {
        PathPattern::parse(&header.path.text)
    }

    /// Whether a path matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let Some(atoms) = self.atoms().filter(|_| path.len() <= MAX_PATH && path.starts_with('/')) else {
            return false;
        };
        let letters: Vec<char> = path.chars().flat_map(char::to_lowercase).collect();
        runs(&atoms, &letters)
    }

    /// The whole pattern as places; a segment is told from text by [`Step`].
    fn atoms(&self) -> Option<Vec<Step>> {
        let mut steps = vec![Step::One('/')];
        for (index, part) in self.0.iter().enumerate() {
            let is_rest = *part == Part::Rest;
            if index > 0 {
                steps.push(if is_rest { Step::Maybe('/') } else { Step::One('/') });
            } else if is_rest {
                steps[0] = Step::Maybe('/');
            }
            match part {
                Part::Rest => steps.push(Step::Many),
                Part::Segment => steps.extend([Step::NoSlash, Step::ManyNoSlash]),
                Part::Text(atoms) => steps.extend(atoms.iter().map(|atom| match atom {
                    Atom::One(letter) => Step::One(*letter),
                    Atom::Any => Step::Any,
                    Atom::Many => Step::Many,
                })),
            }
        }
        steps.push(Step::Maybe('/'));
        (steps.len() <= MAX_PATH).then_some(steps)
    }
}

/// One step of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    One(char),
    Maybe(char),
    Any,
    NoSlash,
    Many,
    ManyNoSlash,
}

impl Step {
    fn takes(self, letter: char) -> bool {
        match self {
            Step::One(wanted) | Step::Maybe(wanted) => wanted == letter,
            Step::Any | Step::Many => !matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
            Step::NoSlash | Step::ManyNoSlash => letter != '/',
        }
    }

    fn may_be_empty(self) -> bool {
        matches!(self, Step::Maybe(_) | Step::Many | Step::ManyNoSlash)
    }

    fn repeats(self) -> bool {
        matches!(self, Step::Many | Step::ManyNoSlash)
    }
}

/// Whether the steps take exactly these letters: all ways at once, letter by letter.
fn runs(steps: &[Step], letters: &[char]) -> bool {
    let mut open = vec![false; steps.len() + 1];
    open[0] = true;
    let skip = |open: &mut Vec<bool>| {
        for (at, step) in steps.iter().enumerate() {
            if open[at] && step.may_be_empty() {
                open[at + 1] = true;
            }
        }
    };
    skip(&mut open);
    for letter in letters {
        let mut next = vec![false; steps.len() + 1];
        for (at, step) in steps.iter().enumerate().filter(|(at, step)| open[*at] && step.takes(*letter)) {
            next[if step.repeats() { at } else { at + 1 }] = true;
        }
        if !next.contains(&true) {
            return false;
        }
        open = next;
        skip(&mut open);
    }
    open[steps.len()]
}

fn part(text: &str) -> Option<Part> {
    if text.starts_with(':') {
        return Some(Part::Segment);
    }
    if text == "*" {
        return Some(Part::Rest);
    }
    let is_pattern = text.contains('*');
    let mut atoms = Vec::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        atoms.push(match letter {
            '*' if is_pattern => Atom::Many,
            '.' if is_pattern => Atom::Any,
            '\\' | '^' | '$' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' if is_pattern => return None,
            letter => Atom::One(letter),
        });
    }
    Some(Part::Text(atoms))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        PathPattern::parse(pattern).unwrap().matches(path)
    }

    #[test]
    fn paths_match_as_the_patterns_of_the_vendor_do() {
        for (pattern, path) in [
            ("/*", "/"),
            ("/*", "/a/b.css"),
            ("/a/*", "/a"),
            ("/a/*", "/a/"),
            ("/a/*", "/ab"),
            ("/A", "/a/"),
            ("a", "/a"),
            ("/*.js", "/x/y.js"),
            ("/*.js", "/xyjs"),
            ("/:x/b", "/1/b"),
            ("/a.b", "/a.b"),
            ("/", "/"),
            ("/a/*/c", "/a/b/c"),
            ("/a/*/c", "/a/c"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/a", "/ab"),
            ("/a", "/a//"),
            ("/:x", "/"),
            ("/:x/b", "/1/2/b"),
            ("/a.b", "/axb"),
            ("/*.js", "/x.css"),
            ("/a", "a"),
            ("/", "/a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn regular_expressions_that_are_not_understood_are_said() {
        assert_eq!(PathPattern::parse("/*.(js|css)"), None);
        assert!(PathPattern::parse("/a.(js|css)").is_some());
    }
}
