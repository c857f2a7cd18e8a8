//! The pattern that a header path stands for.

use super::error::Reason;
use super::pattern_syntax;
use crate::text::ecma;

/// Builds the pattern of a path and prints it as JavaScript does (`headers-parser/src/for_regexp.ts`).
///
/// # Errors
///
/// A part that holds a `*` is not escaped and can be no valid regular expression.
pub fn for_path(path: &str) -> Result<String, Reason> {
    let source = source(path);
    if !pattern_syntax::is_valid(&source) {
        return Err(Reason::InvalidPattern { path: path.to_owned() });
    }
    Ok(print(&source))
}

fn source(path: &str) -> String {
    let mut pattern = String::from("^/");
    let parts = path.split('/').map(ecma::trim_end).filter(|part| !part.is_empty());
    for (index, part) in parts.enumerate() {
        if index > 0 {
            pattern.push('/');
        }
        push_part(part, &mut pattern);
    }
    pattern.push_str("/?$");
    pattern
}

fn push_part(part: &str, pattern: &mut String) {
    if part.starts_with(':') {
        pattern.push_str("([^/]+)");
    } else if part == "*" {
        pattern.push_str("?(.*)");
    } else if part.contains('*') {
        pattern.push_str(&part.replace('*', "(.*)"));
    } else {
        escape(part, pattern);
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '-' => out.push_str("\\x2d"),
            '|' | '\\' | '{' | '}' | '(' | ')' | '[' | ']' | '^' | '$' | '+' | '*' | '?' | '.' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
}

/// Prints a pattern as `String(regexp)` does: slashes outside classes and line breaks are escaped.
fn print(source: &str) -> String {
    let mut printed = String::with_capacity(source.len() + 8);
    printed.push('/');
    let (mut in_class, mut escaped) = (false, false);
    for c in source.chars() {
        match c {
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\u{2028}' => printed.push_str("\\u2028"),
            '\u{2029}' => printed.push_str("\\u2029"),
            '/' if !in_class && !escaped => printed.push_str("\\/"),
            _ => printed.push(c),
        }
        match c {
            '[' if !escaped => in_class = true,
            ']' if !escaped => in_class = false,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    printed.push_str("/iu");
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_part_has_its_pattern() {
        let patterns = [
            ("/", "/^\\/\\/?$/iu"),
            ("", "/^\\/\\/?$/iu"),
            ("a//b/", "/^\\/a\\/b\\/?$/iu"),
            ("/a.b-c", "/^\\/a\\.b\\x2dc\\/?$/iu"),
            ("/:id/:", "/^\\/([^/]+)\\/([^/]+)\\/?$/iu"),
            ("/*", "/^\\/?(.*)\\/?$/iu"),
            ("/a*b.c/:x*", "/^\\/a(.*)b.c\\/([^/]+)\\/?$/iu"),
            ("/a \u{a0}/ b", "/^\\/a\\/ b\\/?$/iu"),
            ("/a\nb", "/^\\/a\\nb\\/?$/iu"),
            ("/[*a/b*]", "/^\\/[(.*)a/b(.*)]\\/?$/iu"),
        ];
        for (path, pattern) in patterns {
            assert_eq!(for_path(path).as_deref(), Ok(pattern), "{path}");
        }
    }

    #[test]
    fn text_next_to_a_star_is_not_escaped() {
        assert_eq!(for_path("/*.(js|css)").as_deref(), Ok("/^\\/(.*).(js|css)\\/?$/iu"));
        assert_eq!(for_path("/*.{js,css}"), Err(Reason::InvalidPattern { path: "/*.{js,css}".into() }));
        assert!(for_path("/.{js,css}").is_ok());
    }
}
