//! `.gitignore`: whether a path that is not tracked may be made by a build, because git is told to pass over it.

use globset::{GlobBuilder, GlobMatcher};

use super::path::{ancestors, child, parent, strip};
use super::snapshot::Snapshot;

/// Rules of one ignore file that are read at most.
const MAX_RULES: usize = 2000;

/// The rules of one ignore file.
#[derive(Debug, Default)]
pub struct IgnoreFile(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    matcher: GlobMatcher,
    is_negated: bool,
    is_for_folders: bool,
    /// Where the pattern stands in the text.
    line: (usize, usize),
}

impl IgnoreFile {
    /// Parses the text of an ignore file; faulty patterns are passed over.
    #[must_use]
    pub fn parse(text: &str) -> IgnoreFile {
        let lines = text.split_inclusive('\n').take(MAX_RULES).scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        });
        IgnoreFile(lines.filter_map(|(start, line)| Rule::parse(line, start)).collect())
    }

    /// Whether the path, as seen from the folder of the file, is ignored itself or through a folder above it.
    #[must_use]
    pub fn ignores(&self, path: &str) -> bool {
        self.line_for(path).is_some()
    }

    /// Where the pattern stands that makes git pass over the path, as a byte range; `None` when it does not.
    #[must_use]
    pub fn line_for(&self, path: &str) -> Option<(usize, usize)> {
        let mut ignored = None;
        let above: Vec<&str> = ancestors(path).filter(|path| !path.is_empty()).collect();
        for (index, path) in above.iter().enumerate().rev() {
            let is_folder = index > 0;
            let rules = self.0.iter().filter(|rule| is_folder || !rule.is_for_folders);
            if let Some(rule) = rules.rev().find(|rule| rule.matcher.is_match(path)) {
                ignored = (!rule.is_negated).then_some(rule.line);
            }
            if ignored.is_some() && is_folder {
                return ignored;
            }
        }
        ignored
    }
}

impl Rule {
    fn parse(line: &str, start: usize) -> Option<Rule> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let range = (start, start + line.len());
        let (pattern, is_negated) = line.strip_prefix('!').map_or((line, false), |pattern| (pattern, true));
        let (pattern, is_for_folders) = pattern.strip_suffix('/').map_or((pattern, false), |pattern| (pattern, true));
        let is_anchored = pattern.contains('/');
        let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
        let glob = if is_anchored { pattern.to_owned() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build().ok()?;
        Some(Rule { matcher: glob.compile_matcher(), is_negated, is_for_folders, line: range })
    }
}

/// The ignore file and the place in it that make git pass over a path, from the root down to the path's folder.
#[must_use]
pub fn rule_for(snapshot: &Snapshot, path: &str) -> Option<(String, (usize, usize))> {
    ancestors(parent(path).unwrap_or_default()).find_map(|dir| {
        let below = strip(path, dir).unwrap_or_default();
        let file = child(dir, ".gitignore");
        let line = IgnoreFile::parse(&snapshot.text(&file).ok()?).line_for(below)?;
        Some((file, line))
    })
}

/// Whether any ignore file from the root down to the path's folder ignores the path.
#[must_use]
pub fn is_ignored(snapshot: &Snapshot, path: &str) -> bool {
    ancestors(parent(path).unwrap_or_default()).any(|dir| {
        let below = strip(path, dir).unwrap_or_default();
        snapshot.text(&child(dir, ".gitignore")).is_ok_and(|text| IgnoreFile::parse(&text).ignores(below))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignores(rules: &str, path: &str) -> bool {
        IgnoreFile::parse(rules).ignores(path)
    }

    #[test]
    fn a_pattern_without_a_slash_matches_anywhere() {
        assert!(ignores("lib", "lib") && ignores("lib", "a/lib/b.js") && ignores("*.gen.ts", "a/b.gen.ts"));
        assert!(!ignores("lib", "a/library/b.js") && !ignores("# lib\n\n", "lib"));
    }

    #[test]
    fn a_slash_anchors_and_a_last_slash_means_folders() {
        assert!(ignores("/lib", "lib/a") && !ignores("/lib", "a/lib"));
        assert!(ignores("a/b", "a/b/c") && !ignores("a/b", "x/a/b"));
        assert!(ignores("lib/", "a/lib/b") && !ignores("lib/", "a/lib"));
        assert!(ignores("**/out", "a/b/out/c") && ignores("a/**/z", "a/b/c/z"));
    }

    #[test]
    fn the_last_rule_counts_but_nothing_comes_back_out_of_an_ignored_folder() {
        assert!(!ignores("*.js\n!a.js", "a.js") && ignores("!a.js\n*.js", "a.js"));
        assert!(ignores("lib/\n!lib/a.js", "lib/a.js"));
        assert!(ignores("[\n*.js", "a.js"));
    }

    #[test]
    fn every_ignore_file_above_counts() {
        let files = [(".gitignore", "dist"), ("site/.gitignore", "/generated")];
        let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes())));
        assert!(is_ignored(&snapshot, "site/dist/a.js") && is_ignored(&snapshot, "site/generated/a.js"));
        assert!(!is_ignored(&snapshot, "site/lib/generated/a.js") && !is_ignored(&snapshot, "generated/a.js"));
    }
}
