//! What a configuration file says about one setting, as far as it can be read without running anything.

pub mod tree;
pub mod yaml;

use crate::text::span::Span;

use super::path;

/// A text that is written out in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Whether it is a repository path, because the file builds it from its own folder (`path.join(__dirname, …)`).
    pub is_absolute: bool,
    /// Where it was written.
    pub span: Span,
}

impl Written {
    /// A text that is relative to whatever the tool takes it for.
    #[must_use]
    pub fn new(text: impl Into<String>, span: Span) -> Written {
        Written { text: text.into(), is_absolute: false, span }
    }

    /// The repository path, seen from a folder; none when it leads out of the repository or is no plain path.
    #[must_use]
    pub fn path_from(&self, dir: &str) -> Option<String> {
        if self.is_absolute {
            return Some(self.text.clone());
        }
        let is_plain = !self.text.starts_with(['/', '~']) && !self.text.contains(['\\', '$', '%', '{', '*']);
        path::join(dir, &self.text).filter(|_| is_plain)
    }
}

/// What a file says about one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// It is set to a text.
    Written(Written),
    /// It is not set.
    Absent,
    /// It may be set, but only a run would tell to what.
    Computed,
}

impl Setting {
    /// This setting, or the other one where this one is absent.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Setting) -> Setting {
        if self == Setting::Absent { other() } else { self }
    }

    /// The text, if one is written.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Setting::Written(written) = self { Some(&written.text) } else { None }
    }

    /// Whether it is certainly not set.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        *self == Setting::Absent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_folder_unless_it_is_absolute() {
        let written = |text: &str| Written::new(text, Span::NONE);
        assert_eq!(written("../out/").path_from("site/a").as_deref(), Some("site/out"));
        assert_eq!(written("../../out").path_from("site"), None);
        for text in ["/var/www", ".\\out", "out-${x}", "~/out"] {
            assert_eq!(written(text).path_from(""), None, "{text}");
        }
        let absolute = Written { is_absolute: true, ..written("out") };
        assert_eq!(absolute.path_from("site").as_deref(), Some("out"));
    }
}
