//! Which lines of a pull request can carry a comment.
//!
//! GitHub takes comments only at lines that its diff shows, and a comment on several lines only if they are in one hunk; one
//! comment elsewhere refuses the whole review (REST guide "Review comments").

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Lines of the new file that a hunk shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hunk {
    first: u32,
    /// The lines, without their line feeds.
    lines: Vec<String>,
}

/// A diff of a pull request.
#[derive(Debug, Default)]
pub struct Diff {
    files: BTreeMap<String, Vec<Hunk>>,
}

impl Diff {
    /// Reads a unified diff as git writes it. What it cannot read has no lines, so that nothing is hung there.
    #[must_use]
    pub fn parse(text: &str) -> Diff {
        let mut diff = Diff::default();
        let mut path: Option<String> = None;
        let mut lines = text.split('\n');
        while let Some(line) = lines.next() {
            if line.starts_with("diff --git ") {
                path = None;
            } else if let Some(name) = line.strip_prefix("+++ ") {
                path = new_path(name);
                if let Some(path) = &path {
                    diff.files.entry(path.clone()).or_default();
                }
            } else if let Some(range) = line.strip_prefix("@@ ").and_then(hunk_range) {
                // The lengths say where a hunk ends, whatever its lines look like.
                let hunk = read_hunk(&mut lines, range);
                if let Some(hunks) = path.as_ref().and_then(|path| diff.files.get_mut(path)) {
                    hunks.push(hunk);
                }
            }
        }
        diff
    }

    /// Whether the pull request changes this file (and leaves one there).
    #[must_use]
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether these lines of the new file are in one hunk and read as `expected`.
    #[must_use]
    pub fn shows(&self, path: &str, lines: RangeInclusive<u32>, expected: &[&str]) -> bool {
        let is_here = |hunk: &Hunk| {
            let Some(start) = lines.start().checked_sub(hunk.first) else { return false };
            let shown = hunk.lines.get(start as usize..).unwrap_or_default();
            shown.len() >= expected.len() && shown.iter().zip(expected).all(|(shown, expected)| shown == expected)
        };
        let is_sized = lines.end().checked_sub(*lines.start()).is_some_and(|more| more as usize + 1 == expected.len());
        is_sized && self.files.get(path).is_some_and(|hunks| hunks.iter().any(is_here))
    }
}

/// Old length, first new line and new length of `-1,7 +1,8 @@ …`.
fn hunk_range(text: &str) -> Option<(u32, u32, u32)> {
    let (range, _) = text.split_once(" @@")?;
    let (old, new) = range.strip_prefix('-')?.split_once(" +")?;
    let read = |part: &str| -> Option<(u32, u32)> {
        let (first, length) = part.split_once(',').unwrap_or((part, "1"));
        Some((first.parse().ok()?, length.parse().ok()?))
    };
    let ((_, old_length), (first, length)) = (read(old)?, read(new)?);
    Some((old_length, first, length))
}

fn read_hunk<'a>(lines: &mut impl Iterator<Item = &'a str>, range: (u32, u32, u32)) -> Hunk {
    let (mut old_left, first, mut new_left) = range;
    let mut hunk = Hunk { first, lines: Vec::new() };
    while old_left > 0 || new_left > 0 {
        let Some(line) = lines.next() else { break };
        match line.as_bytes().first() {
            Some(b'-') => old_left = old_left.saturating_sub(1),
            Some(b'+') => {
                new_left = new_left.saturating_sub(1);
                hunk.lines.push(line[1..].to_owned());
            }
            Some(b'\\') => {}
            Some(b' ') | None => {
                old_left = old_left.saturating_sub(1);
                new_left = new_left.saturating_sub(1);
                hunk.lines.push(line.get(1..).unwrap_or_default().to_owned());
            }
            Some(_) => break,
        }
    }
    hunk
}

/// The path of `+++ b/…`; nothing for a file that is gone.
fn new_path(text: &str) -> Option<String> {
    let text = text.strip_suffix('\r').unwrap_or(text);
    let text = text.strip_suffix('\t').unwrap_or(text);
    let name = match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => unquoted(quoted)?,
        None => text.to_owned(),
    };
    name.strip_prefix("b/").map(str::to_owned)
}

/// A name as git quotes it: escapes of C, bytes in octal.
fn unquoted(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            digit @ b'0'..=b'3' => {
                let (second, third) = (bytes.next()?, bytes.next()?);
                let value = |digit: u8| digit.checked_sub(b'0').filter(|value| *value < 8);
                value(digit)? * 64 + value(second)? * 8 + value(third)?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str = "diff --git a/netlify.toml b/netlify.toml
index 1..2 100644
--- a/netlify.toml
+++ b/netlify.toml
@@ -1,3 +1,4 @@
 [build]
-command = \"a\"
+command = \"b\"
++++ b/not-a-file
 publish = \"dist\"
@@ -20,2 +21,2 @@ [x]
 one
-two
+zwei
\\ No newline at end of file
diff --git \"a/\\303\\251 \\\"q\\\".txt\" \"b/\\303\\251 \\\"q\\\".txt\"
--- \"a/\\303\\251 \\\"q\\\".txt\"
+++ \"b/\\303\\251 \\\"q\\\".txt\"
@@ -1 +1 @@
-x
+y
diff --git a/gone b/gone
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-x
";

    #[test]
    fn lines_of_one_hunk_that_read_the_same_can_be_commented() {
        let diff = Diff::parse(DIFF);
        assert!(diff.shows("netlify.toml", 2..=2, &["command = \"b\""]));
        assert!(diff.shows("netlify.toml", 1..=2, &["[build]", "command = \"b\""]));
        assert!(diff.shows("netlify.toml", 22..=22, &["zwei"]));
        assert!(diff.shows("é \"q\".txt", 1..=1, &["y"]));
    }

    #[test]
    fn lines_elsewhere_or_of_two_hunks_or_of_another_text_cannot() {
        let diff = Diff::parse(DIFF);
        assert!(!diff.shows("netlify.toml", 5..=5, &["x"]));
        assert!(!diff.shows("netlify.toml", 4..=21, &["publish = \"dist\"", "one"]));
        assert!(!diff.shows("netlify.toml", 2..=2, &["command = \"c\""]));
        assert!(!diff.shows("netlify.toml", 0..=0, &["[build]"]));
        assert!(!diff.has_file("gone") && !diff.has_file("not-a-file") && diff.has_file("netlify.toml"));
    }

    #[test]
    fn a_diff_that_is_none_has_no_lines() {
        for text in
            ["", "@@ -1 +1 @@\n x", "+++ b/x\n@@ -1,9999999999 +1 @@\n", "+++ b/x\n@@ -0,0 +1,4000000000 @@\n+a"]
        {
            let diff = Diff::parse(text);
            assert!(!diff.shows("x", 1..=2, &["a", "b"]));
        }
    }
}
