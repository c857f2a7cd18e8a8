//! Variables in texts, as shells and templates would replace them.

/// The first `${NAME}`, `$NAME` in capitals or `{{ env.NAME }}`.
#[must_use]
pub fn find(text: &str) -> Option<&str> {
    if let Some(at) = text.find("{{").filter(|at| text[*at + 2..].trim_start().starts_with("env.")) {
        let end = text[at..].find("}}").map_or(text.len(), |end| at + end + 2);
        return Some(&text[at..end]);
    }
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    for (at, _) in text.match_indices('$') {
        let rest = &text[at + 1..];
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let length = inner.bytes().take_while(|byte| is_name(*byte)).count();
        let is_closed = inner.len() == rest.len() || inner[length..].starts_with('}');
        if length > 1 && !inner.as_bytes()[0].is_ascii_digit() && is_closed {
            let braces = if inner.len() == rest.len() { 0 } else { 2 };
            return Some(&text[at..at + 1 + length + braces]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_capitals_are_variables() {
        assert_eq!(find("https://${API_HOST}/x"), Some("${API_HOST}"));
        assert_eq!(find("é$BRANCH.example"), Some("$BRANCH"));
        assert_eq!(find("a {{ env.URL }} b"), Some("{{ env.URL }}"));
        assert_eq!(find("{{env.URL"), Some("{{env.URL"));
    }

    #[test]
    fn prices_patterns_and_other_templates_are_not() {
        for text in ["costs $5", "$", "${", "$A", "${lower}", "$lower", "^/a$", "${A-B}", "{{ name }}", "$$", "$1AB"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
