//! Unified diffs of healed files, as `git apply` takes them; each hunk names the repairs in it.

use std::fmt::Write as _;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::heal::{Applied, HealedFile};

use super::human::Paint;

/// Unchanged lines around a change.
const CONTEXT_LINES: usize = 3;
/// Pairs of lines that are compared at most; beyond, everything between the first and the last change is one change.
const MAX_PAIRS: usize = 25_000_000;

/// The diff of one file. `prefix` is the path from the top of the work tree to the repository's root that was looked at.
#[must_use]
pub fn unified(file: &HealedFile, applied: &[Applied], prefix: &str, colour: bool) -> String {
    let paint = Paint(colour);
    let (before, after) = (file.before.as_deref().map(text), text(&file.after));
    let path = crate::project::path::child(prefix, &file.path);
    let old_path = file.from.as_ref().map_or_else(|| path.clone(), |from| crate::project::path::child(prefix, from));
    let (old, new) = (quoted("a/", &old_path), quoted("b/", &path));
    let mut out = paint.bold(&format!("diff --git {old} {new}")) + "\n";
    if file.from.is_some() {
        let (from, to) = (quoted("", &old_path), quoted("", &path));
        let _ = writeln!(out, "{}", paint.bold(&format!("rename from {from}\nrename to {to}")));
        if file.before.as_ref() == Some(&file.after) {
            return out;
        }
    }
    let tab = |path: &str| if path.contains(' ') { "\t" } else { "" };
    let (old_tab, new_tab) = (tab(&old_path), tab(&path));
    match before {
        Some(_) => out.push_str(&paint.bold(&format!("--- {old}{old_tab}"))),
        None => out.push_str(&paint.bold("new file mode 100644\n--- /dev/null")),
    }
    let _ = writeln!(out, "\n{}", paint.bold(&format!("+++ {new}{new_tab}")));
    let before = before.unwrap_or_default();
    let (old, new) = (lines(&before), lines(&after));
    for hunk in group_diff_ops(operations(&old, &new), CONTEXT_LINES) {
        let reasons = reasons(file, applied, &new, &hunk);
        out.push_str(&render_hunk(&hunk, &old, &new, &reasons, paint));
    }
    out
}

/// The repairs in hunks that show a text for which this holds, as numbers in what was applied.
#[must_use]
pub fn showing(file: &HealedFile, is_shown: &dyn Fn(&str) -> bool) -> Vec<usize> {
    let (before, after) = (file.before.as_deref().map(text).unwrap_or_default(), text(&file.after));
    let (old, new) = (lines(&before), lines(&after));
    let mut found = Vec::new();
    for hunk in group_diff_ops(operations(&old, &new), CONTEXT_LINES) {
        let is_of = |op: &DiffOp| old[op.old_range()].iter().chain(&new[op.new_range()]).any(|line| is_shown(line));
        if hunk.iter().any(is_of) {
            found.extend(numbers(file, &new, &hunk));
        }
    }
    found
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lines as git sees them: a line feed ends one, and nothing else does.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

pub(crate) fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (old_rest.len() - tail, new_rest.len() - tail);
    if old_len.saturating_mul(new_len) <= MAX_PAIRS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let change = DiffOp::Replace { old_index: head, old_len, new_index: head, new_len };
    vec![equal(0, 0, head), change, equal(head + old_len, head + new_len, tail)]
}

/// What the repairs in a hunk do, each once.
fn reasons(file: &HealedFile, applied: &[Applied], new: &[&str], hunk: &[DiffOp]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for number in numbers(file, new, hunk) {
        let reason = applied.get(number).map(|fix| format!("{}: {}", fix.subject.rule.id, one_line(&fix.title)));
        found.extend(reason.filter(|reason| !found.contains(reason)));
    }
    found
}

/// The repairs in a hunk.
fn numbers(file: &HealedFile, new: &[&str], hunk: &[DiffOp]) -> Vec<usize> {
    let changed = hunk.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(DiffOp::new_range);
    let ranges: Vec<Range<usize>> = changed.map(|lines| bytes_of(new, &lines)).collect();
    let is_here = |mark: &Range<usize>| ranges.iter().any(|range| mark.start <= range.end && range.start <= mark.end);
    file.marks.iter().filter(|(mark, _)| is_here(mark)).map(|(_, number)| *number).collect()
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn bytes_of(lines: &[&str], range: &Range<usize>) -> Range<usize> {
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let start = length(&lines[..range.start]);
    start..start + length(&lines[range.clone()])
}

fn render_hunk(hunk: &[DiffOp], old: &[&str], new: &[&str], reasons: &[String], paint: Paint) -> String {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return String::new() };
    let old_range = first.old_range().start..last.old_range().end;
    let new_range = first.new_range().start..last.new_range().end;
    let place = format!("@@ -{} +{} @@", range(&old_range), range(&new_range));
    let reason = if reasons.is_empty() { String::new() } else { format!(" {}", reasons.join("; ")) };
    let mut out = format!("{}{reason}\n", paint.cyan(&place));
    for op in hunk {
        if let DiffOp::Equal { .. } = op {
            old[op.old_range()].iter().for_each(|line| push(&mut out, ' ', line, str::to_owned));
            continue;
        }
        old[op.old_range()].iter().for_each(|line| push(&mut out, '-', line, |text| paint.red(text)));
        new[op.new_range()].iter().for_each(|line| push(&mut out, '+', line, |text| paint.green(text)));
    }
    out
}

fn push(out: &mut String, sign: char, line: &str, paint: impl Fn(&str) -> String) {
    let (content, is_whole) = line.strip_suffix('\n').map_or((line, false), |content| (content, true));
    out.push_str(&paint(&format!("{sign}{content}")));
    out.push('\n');
    if !is_whole {
        out.push_str("\\ No newline at end of file\n");
    }
}

/// Start and length as a hunk's head names them.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

/// A path as git writes it: in quotes with escapes where it holds odd characters.
fn quoted(side: &str, path: &str) -> String {
    let is_odd = |byte: u8| !(b' '..0x7f).contains(&byte) || byte == b'"' || byte == b'\\';
    if !path.bytes().any(is_odd) {
        return format!("{side}{path}");
    }
    let escaped: String = path
        .bytes()
        .map(|byte| match byte {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\t' => "\\t".to_owned(),
            byte if is_odd(byte) => format!("\\{byte:03o}"),
            byte => char::from(byte).to_string(),
        })
        .collect();
    format!("\"{side}{escaped}\"")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn diff(path: &str, before: Option<&str>, after: &str) -> String {
        let file = HealedFile {
            path: path.to_owned(),
            from: None,
            before: before.map(|text| Arc::from(text.as_bytes())),
            after: Arc::from(after.as_bytes()),
            marks: Vec::new(),
        };
        unified(&file, &[], "", false)
    }

    #[test]
    fn a_changed_line_stands_between_its_neighbours() {
        let expected = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n";
        assert_eq!(diff("x", Some("a\nb\nd\n"), "a\nc\nd\n"), expected);
    }

    #[test]
    fn a_new_file_comes_from_nowhere_and_odd_names_are_quoted() {
        let expected = "diff --git \"a/\\303\\251\" \"b/\\303\\251\"\nnew file mode 100644\n--- /dev/null\n+++ \"b/\\303\\251\"\n@@ -0,0 +1 @@\n+a\n";
        assert_eq!(diff("é", None, "a\n"), expected);
        assert!(diff("a b", Some("x\n"), "y\n").contains("--- a/a b\t\n+++ b/a b\t\n"));
    }

    #[test]
    fn a_renamed_file_names_both_paths() {
        let bytes: Arc<[u8]> = Arc::from("a\n".as_bytes());
        let mut file = HealedFile {
            path: "y".to_owned(),
            from: Some("x é".to_owned()),
            before: Some(Arc::clone(&bytes)),
            after: bytes,
            marks: Vec::new(),
        };
        let head = "diff --git \"a/x \\303\\251\" b/y\nrename from \"x \\303\\251\"\nrename to y\n";
        assert_eq!(unified(&file, &[], "", false), head);
        file.after = Arc::from("b\n".as_bytes());
        let edited = unified(&file, &[], "", false);
        assert_eq!(edited, format!("{head}--- \"a/x \\303\\251\"\t\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"));
    }

    #[test]
    fn a_missing_newline_at_the_end_is_said() {
        assert!(
            diff("x", Some("a"), "b").ends_with("-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")
        );
        assert!(diff("x", Some("a\r\n"), "b\r\n").ends_with("-a\r\n+b\r\n"));
    }

    #[test]
    fn a_large_file_that_changes_everywhere_is_one_change() {
        let before: String = (0..6000).map(|number| format!("{number}\r\n")).collect();
        let text = diff("x", Some(&before), &before.replace('\r', ""));
        assert!(text.contains("@@ -1,6000 +1,6000 @@"), "{}", &text[..200]);
    }
}
