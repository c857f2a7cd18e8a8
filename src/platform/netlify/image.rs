//! What the build image brings along, as far as it is known: versions and lists that age.

use std::sync::OnceLock;

use serde::Deserialize;

const DATA: &str = include_str!("../data/netlify-image.json");

/// Python on the image, by minor versions.
#[derive(Debug, Deserialize)]
pub struct Python {
    /// The oldest one that was seen to install.
    pub oldest: String,
    /// The newest one that was seen to install.
    pub newest: String,
    /// The one that new sites get.
    pub default: String,
}

/// Hugo on the image.
#[derive(Debug, Deserialize)]
pub struct Hugo {
    /// The oldest version that a site without `HUGO_VERSION` gets.
    pub default: String,
}

/// Git LFS on the image.
#[derive(Debug, Deserialize)]
pub struct Lfs {
    /// The extensions that are fetched by default, letter case included.
    pub extensions: Vec<String>,
}

/// The build image.
#[derive(Debug, Deserialize)]
pub struct Image {
    /// Python.
    pub python: Python,
    /// Hugo.
    pub hugo: Hugo,
    /// Git LFS.
    pub lfs: Lfs,
}

/// What is known about the build image.
#[must_use]
pub fn image() -> &'static Image {
    static IMAGE: OnceLock<Image> = OnceLock::new();
    IMAGE.get_or_init(|| serde_json::from_str(DATA).expect("internal: the embedded table of the image is valid"))
}

/// The numbers of a version such as `3.9` or `v0.128.0`, three of them; `None` for anything else.
#[must_use]
pub fn numbers(version: &str) -> Option<(u32, u32, u32)> {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor, patch) = (parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
    parts.next().is_none().then_some((major, minor, patch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        let image = image();
        assert!(numbers(&image.python.oldest) < numbers(&image.python.newest));
        assert!(numbers(&image.python.default) <= numbers(&image.python.newest));
        assert!(numbers(&image.hugo.default).is_some() && !image.lfs.extensions.is_empty());
    }

    #[test]
    fn versions_have_up_to_three_numbers() {
        assert_eq!((numbers("3.9"), numbers(" v0.128.1\n")), (Some((3, 9, 0)), Some((0, 128, 1))));
        for text in ["", "3.x", "python-3.9", "1.2.3.4", "3.", "latest"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }
}
