//! Names of distributions and of modules.

/// A distribution's name as package indexes compare it
/// (<https://packaging.python.org/en/latest/specifications/name-normalization/>).
#[must_use]
pub fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        let character = if matches!(character, '-' | '_' | '.') { '-' } else { character.to_ascii_lowercase() };
        if character != '-' || !out.ends_with('-') {
            out.push(character);
        }
    }
    out
}

/// Whether a text is a dotted name of a module.
#[must_use]
pub fn is_module(name: &str) -> bool {
    !name.is_empty() && name.split('.').all(is_identifier)
}

/// Whether a text is an identifier.
#[must_use]
pub fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|next| next == '_' || next.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_separators() {
        for name in ["Flask_SQLAlchemy", "flask-sqlalchemy", "FLASK.sqlalchemy", "flask-_.sqlalchemy"] {
            assert_eq!(normal(name), "flask-sqlalchemy");
        }
    }

    #[test]
    fn modules_have_dotted_identifiers() {
        assert!(is_module("a.b_c") && is_module("_x1"));
        assert!(!is_module("a..b") && !is_module("1a") && !is_module("a-b") && !is_module(""));
    }
}
