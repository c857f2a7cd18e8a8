//! Names of npm packages, as `validate-npm-package-name` 5 judges them for old packages.

use crate::text::ecma::trim;

/// Says why a text cannot be the name of a package (`validate-npm-package-name/lib/index.js`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NpmNameError {
    /// The text is empty.
    #[error("is empty, should be the name of an npm package")]
    Empty,
    /// The text starts with `.`.
    #[error("starts with a full stop, should be the name of an npm package")]
    LeadingPeriod,
    /// The text starts with `_`.
    #[error("starts with an underscore, should be the name of an npm package")]
    LeadingUnderscore,
    /// White space at an end.
    #[error("has white space around it, should be the name of an npm package alone")]
    Padded,
    /// One of the two names that npm reserves.
    #[error("is a name that npm reserves, should be the name of an npm package")]
    Reserved,
    /// A version, tag or range after the name.
    #[error("has a version behind the name, should be the name alone (\"pinned_version\" holds the version)")]
    Version,
    /// A slash where there is no scope.
    #[error("holds a slash, should be \"name\" or \"@scope/name\", or start with \"./\" for a local plugin")]
    Slash,
    /// A character that a URL would have to escape.
    #[error("holds {0:?}, should be \"name\" or \"@scope/name\" with letters, digits and -_.!~*'() only")]
    Character(char),
}

/// Checks that the text may be the name of an npm package, new or old.
///
/// # Errors
///
/// The first thing that is wrong with it.
pub fn check_npm_name(name: &str) -> Result<(), NpmNameError> {
    if name.is_empty() {
        return Err(NpmNameError::Empty);
    }
    if name.starts_with('.') {
        return Err(NpmNameError::LeadingPeriod);
    }
    if name.starts_with('_') {
        return Err(NpmNameError::LeadingUnderscore);
    }
    if trim(name) != name {
        return Err(NpmNameError::Padded);
    }
    if ["node_modules", "favicon.ico"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        return Err(NpmNameError::Reserved);
    }
    match escaped_character(name) {
        None => Ok(()),
        Some(_) if is_scoped(name) => Ok(()),
        Some(first) => Err(reason(name, first)),
    }
}

fn reason(name: &str, first: char) -> NpmNameError {
    let (scope, rest) = match name.split_once('/') {
        Some((scope, rest)) if scope.len() > 1 && scope.starts_with('@') => (&scope[1..], rest),
        _ => ("", name),
    };
    let versioned = rest.split_once('@').filter(|(package, _)| !package.is_empty());
    if versioned.is_some_and(|(package, _)| escaped_character(scope).is_none() && escaped_character(package).is_none())
    {
        return NpmNameError::Version;
    }
    match escaped_character(scope).or_else(|| escaped_character(rest)).unwrap_or(first) {
        '/' => NpmNameError::Slash,
        character => NpmNameError::Character(character),
    }
}

/// The first character that `encodeURIComponent` changes.
fn escaped_character(text: &str) -> Option<char> {
    text.chars().find(|character| !character.is_ascii_alphanumeric() && !"-_.!~*'()".contains(*character))
}

fn is_scoped(name: &str) -> bool {
    let Some((scope, package)) = name.strip_prefix('@').and_then(|rest| rest.split_once('/')) else { return false };
    [scope, package].iter().all(|part| !part.is_empty() && escaped_character(part).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_are_accepted() {
        let long = "a".repeat(3000);
        for name in ["a", "Capital", "http", "a.b", "-", "~'!()*", "@a/b", "@a/.b", "@_a/_b", &long] {
            assert_eq!(check_npm_name(name), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        let cases = [
            ("", NpmNameError::Empty),
            (".a", NpmNameError::LeadingPeriod),
            ("_a", NpmNameError::LeadingUnderscore),
            (" a", NpmNameError::Padded),
            ("a\u{feff}", NpmNameError::Padded),
            ("Node_Modules", NpmNameError::Reserved),
            ("favicon.ICO", NpmNameError::Reserved),
            ("a@1.2.3", NpmNameError::Version),
            ("@a/b@next", NpmNameError::Version),
            ("a/b", NpmNameError::Slash),
            ("@a/b/c", NpmNameError::Slash),
            ("@/b", NpmNameError::Character('@')),
            ("@a", NpmNameError::Character('@')),
            ("@a b/c", NpmNameError::Character(' ')),
            ("git:a", NpmNameError::Character(':')),
            ("é", NpmNameError::Character('é')),
        ];
        for (name, fault) in cases {
            assert_eq!(check_npm_name(name), Err(fault), "{name:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(name in ".*") {
            let _ = check_npm_name(&name);
        }

        #[test]
        fn clean_names_are_accepted_with_and_without_a_scope(name in "[a-zA-Z0-9~*!][-a-zA-Z0-9_.!~*'()]{0,20}x") {
            proptest::prop_assert_eq!(check_npm_name(&name), Ok(()));
            let (scoped, pathed) = (format!("@{name}/{name}"), format!("{name}/{name}"));
            proptest::prop_assert_eq!(check_npm_name(&scoped), Ok(()));
            proptest::prop_assert!(check_npm_name(&pathed).is_err());
        }
    }
}
