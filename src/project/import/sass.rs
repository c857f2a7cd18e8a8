//! What Sass sheets load: `@use`, `@forward` and `@import` with relative names (<https://sass-lang.com/documentation/at-rules/>).

use super::resolve::Completion;
use super::scan::{Load, LoadKind, Scan};
use crate::project::path::{self, child};

/// Reads a sheet in the syntax with braces.
pub(super) fn sheet(text: &str) -> Scan {
    let mut scan = Scan::default();
    at_rules(text, |rest, at| rule(rest, at, &mut scan.loads));
    scan
}

/// Shows each `@` outside comments and texts, with what follows and where it is; it is told the length of what was read.
pub(super) fn at_rules(text: &str, mut read: impl FnMut(&str, usize) -> usize) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        at += match bytes[at] {
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            quote @ (b'"' | b'\'') => string(rest, quote),
            b'@' => read(rest, at),
            _ => 1,
        };
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// Reads a sheet in the indented syntax, in which a comment holds everything that is indented deeper.
pub(super) fn indented(text: &str) -> Scan {
    let mut scan = Scan::default();
    let (mut at, mut comment) = (0, None);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let is_inside = comment.is_some_and(|outer| indent > outer) && !trimmed.is_empty();
        if !is_inside && !trimmed.is_empty() {
            comment = (trimmed.starts_with("//") || trimmed.starts_with("/*")).then_some(indent);
            if trimmed.starts_with('@') {
                rule(trimmed, at + indent, &mut scan.loads);
            }
        }
        at += line.len();
    }
    scan
}

/// The length of a quoted text, which ends with its line at the latest.
pub(super) fn string(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Takes what a rule loads; its length.
fn rule(text: &str, offset: usize, loads: &mut Vec<Load>) -> usize {
    let Some(word) = ["@use", "@forward", "@import"].into_iter().find(|word| text.starts_with(word)) else { return 1 };
    let mut at = word.len();
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let quote = text.as_bytes().get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let Some(quote) = quote else { return at };
        let length = string(&text[at..], quote);
        let name = text.get(at + 1..at + length - 1).unwrap_or_default();
        loads.extend(load(name, offset + at + 1));
        at += length;
        let behind = text[at.min(text.len())..].trim_start();
        if word != "@import" || !behind.starts_with(',') {
            return at;
        }
        at = text.len() - behind.len() + 1;
    }
}

/// A relative name; what is left to the browser or put together is none.
fn load(name: &str, start: usize) -> Option<Load> {
    let is_plain = !name.ends_with(".css") && !name.contains(['#', '\\', '\n', '*', '?']);
    Load::relative(name, start, LoadKind::Sass).filter(|_| is_plain)
}

/// The name with an underscore, by which Sass finds sheets that are only loaded by others.
pub(super) fn partial(name: &str, completion: Completion) -> Option<String> {
    let folder = path::parent(name).unwrap_or_default();
    (completion == Completion::Sass).then(|| child(folder, &format!("_{}", path::name(name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::import::resolve::{Resolved, Resolver};
    use crate::project::snapshot::Snapshot;

    #[test]
    fn partials_and_folders_are_found() {
        let of = |files: &[&str], name: &str| {
            let snapshot = Snapshot::in_memory(files.iter().map(|path| (*path, "".as_bytes())));
            load(name, 0).map(|load| Resolver::new("", Completion::Vite).resolve(&snapshot, &load, "src"))
        };
        let file = |path: &str| Some(Resolved::File(path.to_owned()));
        assert_eq!(of(&["src/_a.scss"], "./a"), file("src/_a.scss"));
        assert_eq!(of(&["src/_a.scss"], "./a.scss"), file("src/_a.scss"));
        assert_eq!(of(&["src/a/_index.scss"], "./a"), file("src/a/_index.scss"));
        assert_eq!(of(&["src/a.sass"], "./a"), file("src/a.sass"));
        assert!(matches!(of(&["src/a.js"], "./a"), Some(Resolved::Missing(_))));
    }

    #[test]
    fn relative_names_outside_comments_and_texts_count() {
        let text = "// @use './a';\n/* @use './b'; */\n@use \"./c\" as *;\n@forward '../d';\n@import './e', \"./f\";\n\
                    @import './g.css'; @import 'h'; @use './#{$x}'; a { content: \"@use './i'\"; } é@use './ü";
        let names: Vec<_> = sheet(text).loads.into_iter().map(|load| load.specifier).collect();
        assert_eq!(names, ["./c", "../d", "./e", "./f"]);
    }

    #[test]
    fn comments_of_the_indented_syntax_hold_what_is_deeper() {
        let text =
            "@use './a'\n// x\n  @use './b'\n\n  @use './c'\n@import \"./d\"\n/* y\n @use './e'\np\n  @import './f'\n";
        let loads = indented(text).loads;
        let names: Vec<&str> = loads.iter().map(|load| load.specifier.as_str()).collect();
        assert_eq!(names, ["./a", "./d", "./f"]);
        assert!(loads.iter().all(|load| text[load.start as usize..load.end as usize] == load.specifier));
    }

    #[test]
    fn places_are_those_of_the_names() {
        let text = "@use './abc';";
        let loads = sheet(text).loads;
        assert_eq!(loads.first().map(|load| &text[load.start as usize..load.end as usize]), Some("./abc"));
    }
}
