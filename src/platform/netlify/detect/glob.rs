//! Workspace globs as the npm package `minimatch` reads them, with its default options.
//!
//! Extended globs, POSIX classes and brace sequences (`{1..3}`) are not read: they answer [`Unsupported`].

const MAX_EXPANSIONS: usize = 100;
const MAX_LENGTH: usize = 4_096;

/// A form of glob that is not read, so nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsupported;

/// A glob without its leading exclamation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob {
    /// Whether an odd number of exclamation marks came first.
    pub(super) is_negated: bool,
    /// The parts of the first alternative, as written.
    pub(super) first: Vec<String>,
    is_comment: bool,
    alternatives: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Globstar,
    Text(String),
    Wild(Vec<Token>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    Any,
    Star,
    Class { is_negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a glob; `Ok(None)` for the empty one and for comments (`#…`), which have no parts.
    pub(super) fn parse(glob: &str) -> Result<Option<Glob>, Unsupported> {
        if glob.is_empty() || glob.starts_with('#') {
            return Ok(None);
        }
        if glob.len() > MAX_LENGTH {
            return Err(Unsupported);
        }
        let pattern = glob.trim_start_matches('!');
        let is_negated = (glob.len() - pattern.len()) % 2 == 1;
        let expanded: Vec<Vec<String>> = expand(pattern, 0)?.iter().map(|one| split(one)).collect();
        let alternatives = expanded
            .iter()
            .map(|parts| parts.iter().map(|part| parse_part(part)).collect())
            .collect::<Result<_, _>>()?;
        let first = expanded.into_iter().next().unwrap_or_default();
        Ok(Some(Glob { is_negated, first, is_comment: pattern.starts_with('#'), alternatives }))
    }

    /// How much text all alternatives are.
    pub(super) fn size(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Globstar => 1,
            Part::Text(text) => text.len() + 1,
            Part::Wild(tokens) => tokens.len() + 1,
        };
        self.alternatives.iter().flatten().map(length).sum()
    }

    /// Whether a path fits, the negation left aside. What is a comment without its exclamation marks fits nothing.
    pub(super) fn matches(&self, path: &str) -> bool {
        if self.is_comment {
            return false;
        }
        let parts: Vec<&str> = split_slashes(path).collect();
        self.alternatives.iter().any(|pattern| parts_match(pattern, &parts))
    }
}

/// Splits at slashes, several of which count as one.
fn split_slashes(path: &str) -> impl Iterator<Item = &str> {
    let last = path.split('/').count() - 1;
    path.split('/')
        .enumerate()
        .filter(move |(at, part)| !part.is_empty() || *at == 0 || *at == last)
        .map(|(_, part)| part)
}

/// The parts of a pattern: `**/**` counts once, `x/..` vanishes.
fn split(pattern: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in split_slashes(pattern) {
        let last = parts.last().map(String::as_str);
        match (part, last) {
            ("**", Some("**")) => {}
            ("..", Some(last)) if !["", "..", ".", "**"].contains(&last) => {
                parts.pop();
            }
            _ => parts.push(part.to_owned()),
        }
    }
    if parts.is_empty() {
        parts.push(String::new());
    }
    parts
}

/// Expands `{a,b}` from the left.
fn expand(pattern: &str, depth: usize) -> Result<Vec<String>, Unsupported> {
    let Some(open) = pattern.find('{') else { return Ok(vec![pattern.to_owned()]) };
    let Some((body, rest)) = balanced(&pattern[open + 1..]) else {
        // An opening brace that nothing closes is itself; the expander has more rules when others are closed.
        return if pattern.contains('}') { Err(Unsupported) } else { Ok(vec![pattern.to_owned()]) };
    };
    let options = options(body);
    if pattern.contains('\\') || pattern[..open].ends_with('$') || options.len() < 2 || depth > 16 {
        return Err(Unsupported);
    }
    let tails = expand(rest, depth + 1)?;
    let mut expanded = Vec::new();
    for option in options {
        for middle in expand(option, depth + 1)? {
            expanded.extend(tails.iter().map(|tail| format!("{}{middle}{tail}", &pattern[..open])));
            if expanded.len() > MAX_EXPANSIONS {
                return Err(Unsupported);
            }
        }
    }
    Ok(expanded)
}

/// What lies before the brace that closes, and after it.
fn balanced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Cuts at the commas that lie in no inner brace.
fn options(body: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&body[start..]);
    found
}

fn parse_part(part: &str) -> Result<Part, Unsupported> {
    if part == "**" {
        return Ok(Part::Globstar);
    }
    let mut tokens = Vec::new();
    let mut rest = part;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        if "!?+*@".contains(next) && rest.starts_with('(') {
            return Err(Unsupported);
        }
        match next {
            '*' if tokens.last() == Some(&Token::Star) => {}
            '*' => tokens.push(Token::Star),
            '?' => tokens.push(Token::Any),
            '\\' => {
                let escaped = rest.chars().next();
                tokens.push(Token::Char(escaped.unwrap_or('\\')));
                rest = escaped.map_or("", |escaped| &rest[escaped.len_utf8()..]);
            }
            '[' => match class(rest)? {
                Some((token, length)) => {
                    tokens.push(token);
                    rest = &rest[length..];
                }
                None => tokens.push(Token::Char('[')),
            },
            other => tokens.push(Token::Char(other)),
        }
    }
    let text: Option<String> =
        tokens.iter().map(|token| if let Token::Char(found) = token { Some(*found) } else { None }).collect();
    Ok(text.map_or(Part::Wild(tokens), Part::Text))
}

/// The class after `[` and its length with `]`; `None` when it is not closed.
fn class(text: &str) -> Result<Option<(Token, usize)>, Unsupported> {
    let is_negated = text.starts_with(['!', '^']);
    let body_start = usize::from(is_negated);
    let body = &text[body_start..];
    let Some(end) = body.char_indices().skip(1).find(|(_, found)| *found == ']').map(|(at, _)| at) else {
        return Ok(None);
    };
    let inside = &body[..end];
    if inside.contains(['[', '\\', '/']) {
        return Err(Unsupported);
    }
    let mut ranges = Vec::new();
    let found: Vec<char> = inside.chars().collect();
    let mut at = 0;
    while at < found.len() {
        if found.get(at + 1) == Some(&'-') && at + 2 < found.len() {
            ranges.push((found[at], found[at + 2]));
            at += 3;
        } else {
            ranges.push((found[at], found[at]));
            at += 1;
        }
    }
    Ok(Some((Token::Class { is_negated, ranges }, body_start + end + 1)))
}

/// Matches parts from the left; the set of places reachable after each part of the pattern.
fn parts_match(pattern: &[Part], path: &[&str]) -> bool {
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for (index, part) in pattern.iter().enumerate() {
        let mut next = vec![false; path.len() + 1];
        if *part == Part::Globstar {
            // The last one needs something to stand for, the others may stand for nothing.
            let is_last = index + 1 == pattern.len();
            let mut open = false;
            for at in 0..=path.len() {
                next[at] = open || (reached[at] && !is_last);
                open = (open || reached[at]) && path.get(at).is_some_and(|name| !name.starts_with('.'));
            }
        } else {
            for at in 0..path.len() {
                next[at + 1] = reached[at] && part_matches(part, path[at]);
            }
        }
        reached = next;
    }
    let trailing_slash = path.len() > 1 && path.last() == Some(&"");
    reached[path.len()] || (trailing_slash && reached[path.len() - 1])
}

fn part_matches(part: &Part, name: &str) -> bool {
    match part {
        Part::Globstar => false,
        Part::Text(text) => text == name,
        Part::Wild(tokens) => {
            let starts_wild = !matches!(tokens.first(), Some(Token::Char(_)));
            let is_barred = (starts_wild && name.starts_with('.')) || matches!(name, "." | "..");
            let is_missing = name.is_empty() && tokens.as_slice() == [Token::Star];
            !is_barred && !is_missing && tokens_match(tokens, &name.chars().collect::<Vec<_>>())
        }
    }
}

/// Matches with one star remembered at a time, which is enough and never quadratic in the number of stars.
fn tokens_match(tokens: &[Token], name: &[char]) -> bool {
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        if tokens.get(token) == Some(&Token::Star) {
            star = Some((token, at));
            token += 1;
        } else if tokens.get(token).is_some_and(|token| token.accepts(name[at])) {
            token += 1;
            at += 1;
        } else if let Some((after, from)) = star {
            star = Some((after, from + 1));
            (token, at) = (after + 1, from + 1);
        } else {
            return false;
        }
    }
    tokens[token..].iter().all(|token| *token == Token::Star)
}

impl Token {
    fn accepts(&self, found: char) -> bool {
        match self {
            Token::Star => false,
            Token::Any => true,
            Token::Char(wanted) => *wanted == found,
            Token::Class { is_negated, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&found)) != *is_negated
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        Glob::parse(glob).unwrap().unwrap().matches(path)
    }

    #[test]
    fn stars_stay_inside_a_part_and_pass_over_hidden_names() {
        assert!(matches("packages/*", "packages/a") && matches("packages/*-app", "packages/my-app"));
        assert!(!matches("packages/*", "packages") && !matches("packages/*", "packages/a/b"));
        assert!(!matches("packages/*", "packages/.a") && matches("packages/.*", "packages/.a"));
        assert!(matches("p?ckages/[a-c]*[!x]", "packages/bcd") && !matches("[!p]*", "packages"));
        assert!(matches("packages/*", "packages/a/"));
    }

    #[test]
    fn a_double_star_stands_for_any_depth_but_not_for_nothing_at_the_end() {
        assert!(matches("packages/**", "packages/a/b") && !matches("packages/**", "packages"));
        assert!(matches("**/x", "x") && matches("**/x", "a/b/x") && matches("a/**/b", "a/b"));
        assert!(matches("**", "") && !matches("**", "a/.b/c"));
        assert!(matches("a/**/b/**/c", "a/x/b/c") && !matches("a/**/b/**/c", "a/x/c"));
    }

    #[test]
    fn braces_are_alternatives() {
        assert!(matches("{apps,packages}/*", "packages/a") && matches("a{b,{c,d}e}", "ade"));
        assert_eq!(Glob::parse("{apps,packages}/*").unwrap().unwrap().first, ["apps", "*"]);
    }

    #[test]
    fn what_is_not_read_is_said() {
        for glob in ["a/!(b)", "+(a|b)", "{1..3}", "[[:alpha:]]", "{a}", "a\\{b,c}"] {
            assert_eq!(Glob::parse(glob), Err(Unsupported), "{glob}");
        }
    }

    #[test]
    fn negation_and_comments_are_seen() {
        assert!(Glob::parse("!a/*").unwrap().unwrap().is_negated && !Glob::parse("!!a").unwrap().unwrap().is_negated);
        assert_eq!(Glob::parse("#a").unwrap(), None);
        assert!(!matches("!#a", "#a"));
    }

    #[test]
    fn many_stars_do_not_take_long() {
        let glob = "*a".repeat(2_000);
        assert!(!matches(&glob, &"a".repeat(1_999)));
    }
}
