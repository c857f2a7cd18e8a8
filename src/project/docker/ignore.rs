//! `.dockerignore`: Go's `filepath.Match` with `**`, exceptions, and the rule that a folder stands for all below it
//! (`moby/patternmatcher`).

/// The patterns of a `.dockerignore`, in order; the last one that matches decides.
#[derive(Debug, Clone, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    parts: Vec<String>,
    is_exception: bool,
}

impl Ignore {
    /// Reads the text of a `.dockerignore`.
    #[must_use]
    pub fn parse(text: &str) -> Ignore {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::trim).filter(|line| !line.is_empty());
        let pattern = |line: &str| {
            let (line, is_exception) = line.strip_prefix('!').map_or((line, false), |rest| (rest.trim(), true));
            let mut parts: Vec<String> = Vec::new();
            for part in line.split('/') {
                match part {
                    "" | "." => {}
                    ".." => {
                        parts.pop();
                    }
                    part => parts.push(part.to_owned()),
                }
            }
            (!parts.is_empty()).then_some(Pattern { parts, is_exception })
        };
        Ignore { patterns: lines.filter_map(pattern).collect() }
    }

    /// Whether a file of the context is left out.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let mut is_excluded = false;
        for pattern in &self.patterns {
            if is_excluded == pattern.is_exception && pattern.covers(&parts) {
                is_excluded = !pattern.is_exception;
            }
        }
        is_excluded
    }
}

impl Pattern {
    /// Whether it matches the path or a folder above it.
    fn covers(&self, path: &[&str]) -> bool {
        (1..=path.len()).any(|length| matches(&self.parts, &path[..length]))
    }
}

/// Whether patterns of parts match parts of a path; `**` stands for any number of parts.
fn matches(pattern: &[String], path: &[&str]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while seen < path.len() {
        if pattern.get(at).is_some_and(|part| part == "**") {
            back = Some((at, seen));
            at += 1;
        } else if pattern.get(at).is_some_and(|part| part_matches(part, path[seen])) {
            at += 1;
            seen += 1;
        } else if let Some((star, from)) = back {
            back = Some((star, from + 1));
            at = star + 1;
            seen = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|part| part == "**")
}

/// `*`, `?`, `[a-z]` and `\x` within one part.
fn part_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while seen < text.len() {
        match one(&pattern[at..], text[seen]) {
            _ if pattern.get(at) == Some(&'*') => {
                back = Some((at, seen));
                at += 1;
            }
            Some(length) => {
                at += length;
                seen += 1;
            }
            None => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    at = star + 1;
                    seen = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// The length of the pattern's first element, if it matches this character.
fn one(pattern: &[char], character: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '\\' => (pattern.get(1) == Some(&character)).then_some(2),
        '[' => {
            let end = pattern.iter().skip(2).position(|c| *c == ']')? + 2;
            let is_negated = pattern.get(1) == Some(&'^');
            let set = &pattern[if is_negated { 2 } else { 1 }..end];
            let is_in = set.contains(&character)
                || set.windows(3).any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&character));
            (is_in != is_negated).then_some(end + 1)
        }
        literal => (*literal == character).then_some(1),
    }
}
