//! Programs of the machines that build.

use std::collections::HashMap;

use serde::Deserialize;

/// Lists of programs; words between spaces.
#[derive(Deserialize, Default)]
struct File {
    #[serde(default)]
    present: String,
    #[serde(default)]
    absent: String,
    #[serde(default)]
    builders: String,
    #[serde(default)]
    gem: String,
    #[serde(default)]
    python: String,
}

/// What a machine has to do with a program.
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

/// The programs of a platform's machines.
#[derive(Debug, Default)]
pub struct Image {
    programs: HashMap<String, Presence>,
    builders: Vec<String>,
}

impl Image {
    /// Reads lists of programs; what a later one says wins.
    #[must_use]
    pub fn read(texts: &[&str]) -> Image {
        let mut image = Image::default();
        for text in texts {
            let file: File = serde_json::from_str(text).unwrap_or_default();
            let groups = [
                (&file.present, Presence::Present),
                (&file.absent, Presence::Absent),
                (&file.gem, Presence::Gem),
                (&file.python, Presence::Python),
            ];
            for (words, presence) in groups {
                image.programs.extend(words.split_whitespace().map(|word| (word.to_owned(), presence)));
            }
            image.builders.extend(file.builders.split_whitespace().map(str::to_owned));
        }
        image
    }

    /// What is known about a program; none for one that nobody has heard of.
    #[must_use]
    pub fn presence(&self, program: &str) -> Option<Presence> {
        self.programs.get(program).copied()
    }

    /// The programs that build sites, for slips of the pen.
    pub fn builders(&self) -> impl Iterator<Item = &str> {
        self.builders.iter().map(String::as_str)
    }
}
