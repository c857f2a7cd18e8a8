//! An action named by commit.

use std::fmt;

/// An action, pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// `OWNER/REPOSITORY`.
    pub repository: String,
    /// The commit, as 40 hexadecimal digits.
    pub commit: String,
    /// The release that it is, for people.
    pub label: Option<String>,
}

/// Why an action cannot be pinned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// It does not have the form of an action.
    #[error("\"{0}\" is no action; give OWNER/REPOSITORY@COMMIT or OWNER/REPOSITORY@TAG")]
    Malformed(String),
    /// A short commit, of which others may come to have the same digits.
    #[error("\"{0}\" is a short commit; give all 40 digits")]
    Short(String),
}

impl Pin {
    /// Splits `OWNER/REPOSITORY@REFERENCE`.
    pub fn split(text: &str) -> Result<(&str, &str), PinError> {
        let malformed = || PinError::Malformed(text.to_owned());
        let (repository, reference) = text.split_once('@').ok_or_else(malformed)?;
        let (owner, name) = repository.split_once('/').ok_or_else(malformed)?;
        let is_name = |part: &str| {
            let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !part.is_empty() && !part.starts_with(['-', '.']) && part.bytes().all(is_fit)
        };
        // The narrow set of names that git takes, too.
        let is_reference = reference.split('/').all(is_name) && !reference.contains("..");
        if !is_name(owner) || !is_name(name) || !is_reference {
            return Err(malformed());
        }
        let is_hexadecimal = reference.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hexadecimal && (7..40).contains(&reference.len()) {
            return Err(PinError::Short(reference.to_owned()));
        }
        Ok((repository, reference))
    }

    /// Whether a reference is a whole commit.
    #[must_use]
    pub fn is_commit(reference: &str) -> bool {
        reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.repository, self.commit)?;
        match &self.label {
            Some(label) => write!(f, " # {label}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_an_owner_a_name_and_a_reference() {
        assert_eq!(Pin::split("some/home@v1.0.0"), Ok(("some/home", "v1.0.0")));
        for wrong in [
            "home@v1",
            "some/home",
            "some/home@",
            "a/b/c@v1",
            "some/ho me@v1",
            "some/home@v1 # x",
            "-a/b@v1",
            "a/b@-x",
            "a/b@v1..2",
        ] {
            assert_eq!(Pin::split(wrong), Err(PinError::Malformed(wrong.to_owned())), "{wrong}");
        }
        assert_eq!(Pin::split("some/home@9c091bb"), Err(PinError::Short("9c091bb".to_owned())));
        assert!(Pin::is_commit(&"a1".repeat(20)) && !Pin::is_commit("v1.0.0"));
    }
}
