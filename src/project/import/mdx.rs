//! Texts that are compiled as MDX: the imports before and between plain paragraphs (MDX's documentation, "ESM").
//!
//! Blocks of code, markup and expressions may hold lines that look like imports, so that reading ends at the first of them.

use super::scan::{self, Dialect, Scan};

/// Blank lines that one declaration may go over at most.
const MOST_GAPS: usize = 20;

/// Reads a text; none when it is a draft, or says itself that it is no MDX.
pub(super) fn text(text: &str) -> Option<Scan> {
    let mut at = front_matter(text)?;
    let mut scan = Scan::default();
    let mut is_free = true;
    while at < text.len() {
        let line = line(text, at);
        let is_blank = line.trim().is_empty();
        if is_free && is_declaration(line) {
            let Some(end) = declaration(text, at, &mut scan) else { return Some(scan) };
            at = end;
        } else if line.contains(['`', '<', '{', '~']) || line.starts_with(['\t', ' ']) && !is_blank {
            return Some(scan);
        } else {
            at += line.len();
            is_free = is_blank;
        }
    }
    Some(scan)
}

/// The line at a place, with its end.
fn line(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)]
}

fn is_declaration(line: &str) -> bool {
    ["import ", "import{", "import\"", "import'", "export "].iter().any(|word| line.starts_with(word))
}

/// Where the text behind its front matter begins.
fn front_matter(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let first = line(text, start);
    if first.trim_end() != "---" {
        return Some(start);
    }
    let mut at = start + first.len();
    while at < text.len() {
        let line = line(text, at);
        at += line.len();
        match line.trim_end() {
            "---" => return Some(at),
            line if line.starts_with("draft:") && line.ends_with("true") => return None,
            line if line.trim_start().starts_with("format:") => return None,
            _ => {}
        }
    }
    None
}

/// Adds what the declarations of one block load; where the block ends, none when it makes no sense.
fn declaration(text: &str, start: usize, scan: &mut Scan) -> Option<usize> {
    let mut end = start;
    for _ in 0..MOST_GAPS {
        let mut has_text = false;
        while end < text.len() {
            let line = line(text, end);
            let is_blank = line.trim().is_empty();
            if is_blank && has_text {
                break;
            }
            has_text |= !is_blank;
            end += line.len();
        }
        if let Some(mut found) = scan::script(&text[start..end], Dialect::JavaScript) {
            found.shift(u32::try_from(start).ok()?);
            scan.append(found);
            return Some(end);
        }
        if end >= text.len() {
            return None;
        }
    }
    None
}

#[cfg(all(test, feature = "syntax"))]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let loads = text(source).map(|scan| scan.loads).unwrap_or_default();
        for load in &loads {
            assert_eq!(&source[load.start as usize..load.end as usize], load.specifier);
        }
        loads.into_iter().map(|load| load.specifier).collect()
    }

    #[test]
    fn imports_stand_before_and_between_paragraphs() {
        let source = "---\ntitle: x\n---\nimport A from './a'\nimport { b } from './b'\n\n# Title\n\nText\nimport from China\n\n\
                      export { c } from './c'\n\nimport D\n\n  from './d'\n\n<A />\n\nimport E from './e'\n";
        assert_eq!(names(source), ["./a", "./b", "./c", "./d"]);
        assert_eq!(names("\u{feff}import A from './ä'"), ["./ä"]);
    }

    #[test]
    fn code_is_no_import() {
        for source in [
            "```js\nimport A from './a'\n```\n",
            "Text\n\n    import x\n\nimport A from './a'",
            "{/*\n\nimport A from './a'\n\n*/}",
        ] {
            assert!(names(source).is_empty(), "{source}");
        }
    }

    #[test]
    fn drafts_and_broken_texts_are_passed_over() {
        for source in [
            "---\ndraft: true\n---\nimport A from './a'",
            "---\nimport A from './a'",
            "import duties rise\n\nimport A from './a'",
        ] {
            assert!(names(source).is_empty(), "{source}");
        }
    }
}
