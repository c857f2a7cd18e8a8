//! What Less sheets load: `@import` with a relative name (<https://lesscss.org/features/#import-atrules-feature>).

use super::sass::{at_rules, string};
use super::scan::{Load, LoadKind, Scan};

/// Reads a sheet.
pub(super) fn sheet(text: &str) -> Scan {
    let mut scan = Scan::default();
    at_rules(text, |rest, at| {
        scan.loads.extend(import(rest, at));
        1
    });
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
    let is_plain = !name.ends_with(".css") && !name.contains(['@', '\\', '\n', '*', '?']);
    Load::relative(name, offset + text.len() - rest.len() + 1, LoadKind::Less).filter(|_| is_plain)
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
