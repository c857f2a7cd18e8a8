//! The settings at the head of a page, as generators of sites read them.

use crate::text::span::FileId;
use crate::text::toml;

use super::setting::tree::{self, Keys};
use super::setting::{Setting, yaml};

/// The head of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontMatter<'t> {
    text: &'t str,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Yaml,
    Toml,
}

impl<'t> FrontMatter<'t> {
    /// The head of a page between two lines of `---` (YAML) or `+++` (TOML); none when it does not begin with one.
    #[must_use]
    pub fn of(page: &'t str) -> Option<FrontMatter<'t>> {
        let page = page.strip_prefix('\u{feff}').unwrap_or(page);
        let (first, rest) = page.split_once('\n')?;
        let form = match first.trim_end() {
            "---" => Form::Yaml,
            "+++" => Form::Toml,
            _ => return None,
        };
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_end() == first.trim_end() {
                return Some(FrontMatter { text: &rest[..end], form });
            }
            end += line.len();
        }
        None
    }

    /// What stands between the two lines.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// A setting of the head's top level.
    #[must_use]
    pub fn setting(&self, key: &str) -> Setting {
        match self.form {
            Form::Yaml => yaml::setting(self.text, FileId::NONE, key),
            Form::Toml => match toml::parse(self.text, FileId::NONE) {
                Ok(root) => tree::setting(&root, &[key], Keys::Exact),
                Err(_) => Setting::Computed,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(page: &str, key: &str) -> Option<Setting> {
        FrontMatter::of(page).map(|head| head.setting(key))
    }

    #[test]
    fn the_head_is_read_in_both_languages() {
        for page in [
            "---\ndate: 2030-01-02\n---\ndate: 2000-01-01\n",
            "\u{feff}---\r\ntitle: a\r\ndate: \"2030-01-02\"\r\n---\r\n",
            "+++\ndate = 2030-01-02\n[params]\ndate = 1\n+++\n",
        ] {
            assert_eq!(of(page, "date").as_ref().and_then(Setting::text), Some("2030-01-02"), "{page}");
            assert_eq!(of(page, "draft"), Some(Setting::Absent));
        }
    }

    #[test]
    fn a_page_without_a_head_has_no_settings() {
        for page in ["", "date: 2030-01-02\n", "---\ndate: 2030-01-02\n", " ---\na: b\n---\n"] {
            assert_eq!(FrontMatter::of(page), None, "{page}");
        }
        assert_eq!(of("---\n[\n---\n", "date"), Some(Setting::Computed));
    }
}
