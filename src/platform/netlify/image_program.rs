//! Programs of the build image.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What is known about Ubuntu 24.04 with Netlify's additions (`netlify/build-image`, build logs); words between spaces.
const DATA: &str = include_str!("../data/netlify-image-programs.json");

#[derive(Deserialize, Default)]
struct File {
    present: String,
    absent: String,
    builders: String,
    gem: String,
    python: String,
}

/// What the image has to do with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there, or may be there on some versions of the image.
    Present,
    /// It belongs to another operating system.
    Absent,
    /// A Ruby gem brings it.
    Gem,
    /// A Python package brings it.
    Python,
}

static PROGRAMS: LazyLock<(HashMap<String, Presence>, Vec<String>)> = LazyLock::new(|| {
    let file: File = serde_json::from_str(DATA).unwrap_or_default();
    let groups = [
        (&file.present, Presence::Present),
        (&file.absent, Presence::Absent),
        (&file.gem, Presence::Gem),
        (&file.python, Presence::Python),
    ];
    let words = groups.into_iter().flat_map(|(words, presence)| words.split(' ').map(move |word| (word, presence)));
    let programs = words.map(|(word, presence)| (word.to_owned(), presence)).collect();
    (programs, file.builders.split(' ').map(str::to_owned).collect())
});

/// What is known about a program; none for one that nobody has heard of.
#[must_use]
pub fn presence(program: &str) -> Option<Presence> {
    PROGRAMS.0.get(program).copied()
}

/// The programs of the image that build sites, for slips of the pen.
pub fn builders() -> impl Iterator<Item = &'static str> {
    PROGRAMS.1.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_known() {
        assert_eq!(presence("hugo"), Some(Presence::Present));
        assert_eq!(presence("cd"), Some(Presence::Present));
        assert_eq!(presence("jekyll"), Some(Presence::Gem));
        assert_eq!(presence("xcopy"), Some(Presence::Absent));
        assert_eq!(presence("vite"), None);
        assert!(builders().any(|name| name == "hugo"));
    }
}
