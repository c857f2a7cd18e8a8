//! Where the themes of Hugo come from, as far as Hugo's own list tells.

use std::sync::LazyLock;

use serde::Deserialize;

const DATA: &str = include_str!("data/hugo-themes.json");

#[derive(Deserialize, Default)]
struct Table {
    themes: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// The repository of the theme that a folder is called after, as host, owner and name; none where several may be meant.
#[must_use]
pub fn repository(folder: &str) -> Option<&'static str> {
    let name = |theme: &'static String| theme.rsplit('/').next().unwrap_or_default();
    let alone = |is_meant: &dyn Fn(&str) -> bool| {
        let mut meant = TABLE.themes.iter().filter(|theme| is_meant(name(theme)));
        (meant.next(), meant.next())
    };
    match alone(&|name| name.eq_ignore_ascii_case(folder)) {
        (Some(one), None) => Some(one),
        (Some(_), Some(_)) => None,
        (None, _) => match alone(&|name| !bare(folder).is_empty() && bare(name) == bare(folder)) {
            (Some(one), None) => Some(one),
            _ => None,
        },
    }
}

/// A name without the words that say what it is.
fn bare(name: &str) -> String {
    let words = name.to_ascii_lowercase();
    let words = words.split(['-', '_', '.']).filter(|word| !matches!(*word, "hugo" | "theme" | "for"));
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_known_by_its_folder_and_two_of_one_name_are_not() {
        assert_eq!(repository("paper"), Some("github.com/nanxiaobei/hugo-paper"));
        assert_eq!(repository("papermod"), Some("github.com/adityatelange/hugo-PaperMod"));
        for folder in ["hugo-ink", "hugo-theme", "theme", "", "no-such-theme"] {
            assert_eq!(repository(folder), None, "{folder}");
        }
    }
}
