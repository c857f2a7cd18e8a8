//! The paths that the `from` of a redirect stands for.

use crate::platform::netlify::routing::url::is_url;

/// Longest pattern that is looked at, in segments.
const MAX_SEGMENTS: usize = 64;

/// Longest destination that is filled in, in bytes.
const MAX_TARGET: usize = 2_000;

/// A part of a path between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Segment<'a> {
    /// This text, letter by letter: the edge tells capitals apart and decodes nothing.
    Literal(&'a str),
    /// Any text of at least one character (`:name`).
    Placeholder(&'a str),
}

/// The paths that match a `from`: segments, then anything if a lone `*` comes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// The segments.
    pub segments: Vec<Segment<'a>>,
    /// Whether a `*` follows.
    pub has_splat: bool,
}

/// The name and text of every placeholder, then of the splat.
pub type Captures<'a, 'p> = Vec<(&'a str, &'p str)>;

impl<'a> Pattern<'a> {
    /// Reads the path of a `from`; `None` for forms whose effect is not known, such as a `*` inside a segment.
    #[must_use]
    pub fn parse(path: &'a str) -> Option<Pattern<'a>> {
        let mut pattern = Pattern { segments: Vec::new(), has_splat: false };
        for part in parts(path) {
            if part.is_empty() || pattern.has_splat || pattern.segments.len() == MAX_SEGMENTS {
                return None;
            }
            match part.strip_prefix(':').filter(|name| !name.is_empty()) {
                _ if part == "*" => pattern.has_splat = true,
                _ if part.contains('*') => return None,
                Some(name) => pattern.segments.push(Segment::Placeholder(name)),
                None => pattern.segments.push(Segment::Literal(part)),
            }
        }
        Some(pattern)
    }

    /// The part of a `from` of unknown effect that every matching path must start with, as a pattern that matches more.
    #[must_use]
    pub fn outline(path: &'a str) -> Pattern<'a> {
        let is_plain = |part: &&str| !part.is_empty() && !part.contains('*') && !part.starts_with(':');
        let segments = parts(path).take_while(is_plain).take(MAX_SEGMENTS).map(Segment::Literal).collect();
        Pattern { segments, has_splat: true }
    }

    /// Matches a path, with or without a slash at its end.
    #[must_use]
    pub fn captures<'p>(&self, path: &'p str) -> Option<Captures<'a, 'p>> {
        let mut rest = Some(path.strip_prefix('/')?);
        if !self.has_splat {
            rest = Some(path.strip_prefix('/')?).map(|rest| rest.strip_suffix('/').unwrap_or(rest));
            rest = rest.filter(|rest| !rest.is_empty());
        }
        let mut captures = Vec::new();
        for segment in &self.segments {
            let (part, next) = rest?.split_once('/').map_or((rest?, None), |(part, next)| (part, Some(next)));
            match segment {
                Segment::Literal(text) if *text != part => return None,
                Segment::Placeholder(_) if part.is_empty() => return None,
                Segment::Placeholder(name) => captures.push((*name, part)),
                Segment::Literal(_) => {}
            }
            rest = next;
        }
        if self.has_splat {
            captures.push(("splat", rest.unwrap_or_default()));
            return Some(captures);
        }
        rest.is_none().then_some(captures)
    }

    /// Whether every path of the other pattern matches this one too.
    #[must_use]
    pub fn covers(&self, other: &Pattern<'_>) -> bool {
        let fits = |(mine, theirs): (&Segment<'a>, &Segment<'_>)| match (mine, theirs) {
            (Segment::Placeholder(_), _) => true,
            (Segment::Literal(mine), Segment::Literal(theirs)) => mine == theirs,
            (Segment::Literal(_), Segment::Placeholder(_)) => false,
        };
        let is_long_enough = match (self.has_splat, other.has_splat) {
            (true, _) => self.segments.len() <= other.segments.len(),
            (false, splat) => self.segments.len() == other.segments.len() && !splat,
        };
        is_long_enough && self.segments.iter().zip(&other.segments).all(fits)
    }

    /// Whether it stands for one path only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.has_splat && self.segments.iter().all(|segment| matches!(segment, Segment::Literal(_)))
    }

    /// Whether it stands for all paths.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.has_splat && self.segments.is_empty()
    }

    /// The text that every matching path starts with: `/blog` of `/blog/:slug`.
    #[must_use]
    pub fn prefix(&self) -> String {
        let mut prefix = String::new();
        for segment in &self.segments {
            let Segment::Literal(text) = segment else { break };
            prefix.push('/');
            prefix.push_str(text);
        }
        prefix
    }

    /// A matching path, with `word` in the place of whatever is left open.
    #[must_use]
    pub fn example(&self, word: &str) -> String {
        let text = |segment: &Segment<'a>| {
            match segment {
                Segment::Literal(text) => *text,
                Segment::Placeholder(_) => word,
            }
            .to_owned()
        };
        let mut parts: Vec<String> = self.segments.iter().map(text).collect();
        if self.has_splat {
            parts.push(word.to_owned());
        }
        format!("/{}", parts.join("/"))
    }
}

/// The parts of a path between slashes, the first slash and the last one left out.
pub(super) fn parts(path: &str) -> impl Iterator<Item = &str> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    inner.split('/').filter(move |_| !inner.is_empty())
}

/// The destination with placeholders filled in; `None` when it is too long to be looked at.
///
/// Names are replaced one after the other, wherever they stand: `:a` also counts in `:ab`.
#[must_use]
pub fn fill(target: &str, captures: &Captures<'_, '_>) -> Option<String> {
    let mut filled = target.to_owned();
    for (name, text) in captures {
        if filled.len() > MAX_TARGET || name.len() + text.len() > MAX_TARGET {
            return None;
        }
        filled = filled.replace(&format!(":{name}"), text);
    }
    (filled.len() <= MAX_TARGET).then_some(filled)
}

/// The beginning of the paths that a rule with a splat leaves alone, lest it lead to itself; for a URL that is so on its
/// own host only.
///
/// Of `/en/:splat` that is `/en`; of any other path the whole, and of a URL without `:splat` nothing.
#[must_use]
pub fn spared(target: &str) -> Option<&str> {
    let path = if is_url(target) { path_of_url(target) } else { target };
    let mut found = path.match_indices("/:splat").map(|(at, found)| (at, &path[at + found.len()..]));
    let at = found.find(|(at, rest)| *at > 1 && (rest.is_empty() || rest.len() > 1 && rest.starts_with('/')));
    match at {
        Some((at, _)) => Some(&path[..at]),
        None => Some(path).filter(|_| !is_url(target)),
    }
}

fn path_of_url(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn led(from: &str, to: &str, path: &str) -> Option<String> {
        fill(to, &Pattern::parse(from).unwrap().captures(path)?)
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference_without_a_splat() {
        for (from, path) in [("/a", "/a/"), ("/a/", "/a"), ("a", "/a"), ("/", "/"), ("", "/")] {
            assert!(led(from, "/", path).is_some(), "{from} {path}");
        }
        assert_eq!(led("/a/:x", "/:x", "/a/b/").as_deref(), Some("/b"));
        assert_eq!(led("/a", "/", "/a//"), None);
    }

    #[test]
    fn a_splat_takes_the_rest_as_it_is_even_nothing() {
        let found = |path: &str| led("/a/*", "/b/:splat", path);
        assert_eq!(found("/a").as_deref(), Some("/b/"));
        assert_eq!(found("/a/x/y/").as_deref(), Some("/b/x/y/"));
        assert_eq!(found("/ab"), None);
        assert_eq!(led("/*", "/b/:splat", "/").as_deref(), Some("/b/"));
    }

    #[test]
    fn placeholders_need_a_segment_and_letters_keep_their_case() {
        assert_eq!(led("/:x", "/b", "/"), None);
        assert_eq!(led("/a", "/b", "/A"), None);
        assert_eq!(led("/:a/:ab", "/:ab/:a", "/1/2").as_deref(), Some("/1b/1"));
    }

    #[test]
    fn forms_of_unknown_effect_are_told_apart() {
        for from in ["/a*", "/a/*/b", "/a//b", "/**", "//a"] {
            assert_eq!(Pattern::parse(from), None, "{from}");
        }
        assert_eq!(Pattern::outline("/a/b*/c").prefix(), "/a");
        assert!(Pattern::parse(&"/a".repeat(1_000)).is_none());
    }

    #[test]
    fn covering_asks_for_every_path() {
        let covers = |a: &str, b: &str| Pattern::parse(a).unwrap().covers(&Pattern::parse(b).unwrap());
        assert!(covers("/*", "/a/:x/*") && covers("/a/*", "/a") && covers("/:x", "/a") && covers("/a", "/a/"));
        assert!(!covers("/a", "/:x") && !covers("/:x", "/*") && !covers("/a/*", "/*") && !covers("/a/:x", "/a/*"));
    }

    #[test]
    fn a_rule_with_a_splat_leaves_its_own_destination_alone() {
        assert_eq!(spared("/en/:splat"), Some("/en"));
        assert_eq!(spared("/en/:splat/x"), Some("/en"));
        assert_eq!(spared("/:splat"), Some("/:splat"));
        assert_eq!(spared("/en"), Some("/en"));
        assert_eq!(spared("https://a.b/en/:splat"), Some("/en"));
        assert_eq!(spared("https://a.b/en"), None);
    }

    #[test]
    fn a_destination_of_excessive_length_is_not_looked_at() {
        assert_eq!(led("/:x", &"/:x".repeat(1_000), "/a"), None);
        assert_eq!(led("/:x", &"/:x".repeat(600), &format!("/{}", "a".repeat(100))), None);
    }
}
