//! The options of package managers.

use super::{Word, is_among};

/// A package manager's command line, its own options taken out.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// What is no option, up to where the script's own arguments begin.
    pub(super) words: Vec<Word>,
    /// The folder that an option names.
    pub(super) dir: Option<Word>,
    /// The packages that options name.
    pub(super) packages: Vec<Word>,
    /// Whether it runs in all packages.
    pub(super) is_everywhere: bool,
    pub(super) if_present: bool,
    pub(super) ignores_scripts: bool,
}

/// How a package manager writes its options.
pub(super) struct Style {
    dir: &'static str,
    package: &'static str,
    everywhere: &'static str,
    valued: &'static str,
    /// Whether options may follow the script's name (npm), or belong to the script (all others).
    goes_on: bool,
}

pub(super) const NPM: Style = Style {
    dir: "--prefix -C",
    package: "--workspace -w",
    everywhere: "--workspaces --ws -ws",
    valued: "--loglevel --registry --userconfig --globalconfig --cache --script-shell --omit --include --node-options --location --package -p --call --install-strategy --fetch-retries --tag",
    goes_on: true,
};

pub(super) const YARN: Style = Style {
    dir: "--cwd",
    package: "",
    everywhere: "",
    valued: "--cache-folder --modules-folder --mutex --network-timeout --registry --use-yarnrc",
    goes_on: false,
};

pub(super) const PNPM: Style = Style {
    dir: "-C --dir --prefix",
    package: "--filter -F --filter-prod",
    everywhere: "-r --recursive",
    valued: "--loglevel --reporter --workspace-concurrency --config-dir",
    goes_on: false,
};

pub(super) const BUN: Style = Style {
    dir: "--cwd",
    package: "--filter -F",
    everywhere: "--workspaces",
    valued: "--env-file --config -c --shell --elide-lines",
    goes_on: false,
};

impl Line {
    /// Takes options out of `words`, up to the end of the script's name unless the style goes on.
    pub(super) fn read(words: &[Word], style: &Style, stops_after: usize) -> Line {
        let mut line = Line::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            let (key, value) = match word.text.split_once('=') {
                Some((key, value)) if word.text.starts_with('-') => {
                    (key, Some(Word { text: value.to_owned(), ..word.clone() }))
                }
                _ => (word.text.as_str(), None),
            };
            if key == "--" {
                line.words.extend(words[at..].iter().cloned());
                break;
            }
            if !key.starts_with('-') || word.is_quoted && key.contains(' ') {
                line.words.push(word.clone());
                if !style.goes_on && line.words.len() >= stops_after {
                    line.words.extend(words[at..].iter().cloned());
                    break;
                }
                continue;
            }
            let takes = is_among(style.dir, key) || is_among(style.package, key) || is_among(style.valued, key);
            let value = match value {
                None if takes => {
                    at += 1;
                    words.get(at - 1).cloned()
                }
                value => value,
            };
            if is_among(style.dir, key) {
                line.dir = value;
            } else if is_among(style.package, key) {
                line.packages.extend(value);
            }
            line.is_everywhere |= is_among(style.everywhere, key);
            line.if_present |= key == "--if-present";
            line.ignores_scripts |= key == "--ignore-scripts";
        }
        line
    }
}
