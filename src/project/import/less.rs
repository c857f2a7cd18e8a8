//! What Less sheets load: `@import` with a relative name (<https://lesscss.org/features/#import-atrules-feature>).

use super::sass::string;
use super::scan::{Load, LoadKind, Scan};

/// Reads a sheet.
pub(super) fn sheet(text: &str) -> Scan {
    let mut scan = Scan::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        at += match bytes[at] {
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            quote @ (b'"' | b'\'') => string(rest, quote),
            b'@' => {
                scan.loads.extend(import(rest, at));
                1
            }
            _ => 1,
        };
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    scan
}

/// `@import "./x"` and `@import (reference) "./x"`; what may be missing, or is left to the browser, is none.
fn import(text: &str, offset: usize) -> Option<Load> {
    let mut rest = text.strip_prefix("@import")?.trim_start();
    if let Some(behind) = rest.strip_prefix('(') {
        let (options, behind) = behind.split_once(')')?;
        if options.contains("optional") || options.contains("css") {
            return None;
        }
        rest = behind.trim_start();
    }
    let quote = rest.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let name = rest.get(1..string(rest, quote) - 1)?;
    let is_relative = name.starts_with("./") || name.starts_with("../");
    let is_plain = !name.ends_with(".css") && !name.contains(['@', '\\', '\n', '*', '?']);
    let start = u32::try_from(offset + text.len() - rest.len() + 1).ok()?;
    (is_relative && is_plain).then(|| Load {
        specifier: name.to_owned(),
        start,
        end: start + u32::try_from(name.len()).unwrap_or_default(),
        kind: LoadKind::Less,
        is_type_only: false,
        is_guarded: false,
        is_immediate: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_imports_that_must_be_there_count() {
        let text = "// @import './a';\n/* @import './b'; */ @import \"./c\"; @import (reference) '../d.less';\n@import (optional) './e';\
                    @import './f.css'; @import 'g'; @import './@{h}'; é@import './ü'; .i { content: \"@import './i'\"; } @import './";
        let loads = sheet(text).loads;
        let names: Vec<&str> = loads.iter().map(|load| load.specifier.as_str()).collect();
        assert_eq!(names, ["./c", "../d.less", "./ü"]);
        assert!(loads.iter().all(|load| text[load.start as usize..load.end as usize] == load.specifier));
    }
}
