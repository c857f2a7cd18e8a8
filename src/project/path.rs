//! Repository paths: relative to the root, `/` between parts, no dot segments, `""` for the root itself.

/// Resolves `path` lexically against the folder `dir` (itself a repository path).
///
/// `.` and empty parts vanish, `..` goes up. `None` when the result would leave the repository.
#[must_use]
pub fn join(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Joins two repository paths without looking at dot segments.
#[must_use]
pub fn child(dir: &str, name: &str) -> String {
    match (dir.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => dir.to_owned(),
        _ => {
            let mut path = String::with_capacity(dir.len() + 1 + name.len());
            path.push_str(dir);
            path.push('/');
            path.push_str(name);
            path
        }
    }
}

/// The folder that holds a path; the root's parent is `None`.
#[must_use]
#[inline]
pub fn parent(path: &str) -> Option<&str> {
    if path.is_empty() { None } else { Some(last_slash(path).map_or("", |at| &path[..at])) }
}

/// The last part of a path.
#[must_use]
#[inline]
pub fn name(path: &str) -> &str {
    last_slash(path).map_or(path, |at| &path[at + 1..])
}

/// The folder that holds a path, and its last part.
#[must_use]
#[inline]
pub fn split(path: &str) -> (&str, &str) {
    last_slash(path).map_or(("", path), |at| (&path[..at], &path[at + 1..]))
}

/// Asked for every file, over and over; the last part is short.
#[inline]
fn last_slash(path: &str) -> Option<usize> {
    path.as_bytes().iter().rposition(|byte| *byte == b'/')
}

/// The path as seen from `dir`; `None` when it lies elsewhere.
#[must_use]
#[inline]
pub fn strip<'a>(path: &'a str, dir: &str) -> Option<&'a str> {
    if dir.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(dir)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The folder and all folders above it, nearest first, ending with the root `""`.
pub fn ancestors(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |dir| parent(dir))
}

/// A path for people: `.` for the root.
#[must_use]
pub fn display(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_vanish_and_the_root_is_a_wall() {
        assert_eq!(join("site", "./a//b/../c/").as_deref(), Some("site/a/c"));
        assert_eq!(join("site", "..").as_deref(), Some(""));
        assert_eq!(join("site", "../.."), None);
    }

    #[test]
    fn ancestors_end_with_the_root() {
        assert_eq!(ancestors("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(ancestors("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn strip_respects_part_boundaries() {
        assert_eq!(strip("site/a", "site"), Some("a"));
        assert_eq!(strip("sites/a", "site"), None);
        assert_eq!(strip("a", ""), Some("a"));
    }
}
