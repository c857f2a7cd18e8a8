//! What style sheets load: `@import` with a relative name.

use super::scan::{Load, LoadKind, Scan};

/// Reads a style sheet.
pub(super) fn sheet(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['/', '@'])) {
        at += found;
        let rest = &text[at..];
        if rest.starts_with("/*") {
            at += rest.find("*/").unwrap_or(rest.len());
        } else if let Some(load) = rest.strip_prefix("@import").and_then(|behind| import(text, behind)) {
            scan.loads.push(load);
        }
        at += 1;
        while at < text.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
    scan
}

/// `"./x.css"` or `url("./x.css")`, behind `@import`.
fn import(text: &str, behind: &str) -> Option<Load> {
    let rest = behind.trim_start();
    let rest = rest.strip_prefix("url(").map_or(rest, str::trim_start);
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = &rest[1..];
    let name = &name[..name.find([quote, '\n'])?];
    Load::relative(name, text.len() - rest.len() + 1, LoadKind::Style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_imports_outside_comments_count() {
        let text = "/* @import './a.css'; */ @import './b.css'; @import url( \"../c.css\") print; @import 'd.css'; \
                    @import url(https://e.css); é@import './ü.css";
        let names: Vec<_> = sheet(text).loads.into_iter().map(|load| load.specifier).collect();
        assert_eq!(names, ["./b.css", "../c.css"]);
    }
}
