//! Requirements files as pip reads them (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).

use std::ops::Range;

use super::name::normal;

/// One requirement of a distribution (<https://packaging.python.org/en/latest/specifications/dependency-specifiers/>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its normalised name.
    pub name: String,
    /// Its extras, normalised.
    pub extras: Vec<String>,
    /// Which versions: `>=2,<3`; empty for any, and for an address.
    pub specifier: String,
    /// When it holds: `python_version < "3.9"`; empty for always.
    pub marker: String,
}

/// What a line of a requirements file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A distribution.
    Distribution(Requirement),
    /// Another requirements file: `-r`.
    Include(String),
    /// A file that only narrows versions: `-c`.
    Constraint(String),
    /// A folder or an archive of the repository: `.`, `-e ./lib`, `dist/x.whl`.
    Local(String),
    /// An address whose distribution is not named.
    Address,
    /// Options that name no distribution.
    Option,
    /// What pip does not understand.
    Invalid,
}

/// One line, continued ones joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it asks for.
    pub item: Item,
    /// Where it stands, without comment and line end.
    pub range: Range<usize>,
}

/// Reads the text of a requirements file.
#[must_use]
pub fn read(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let start = at;
        let mut joined = String::new();
        let mut end = at;
        loop {
            let rest = &text[at..];
            let length = rest.find('\n').map_or(rest.len(), |line_end| line_end + 1);
            let line = rest[..length].trim_end_matches(['\n', '\r']);
            at += length;
            let is_comment = line.trim_start().starts_with('#');
            end = end.max(at - length + without_comment(line).trim_end().len());
            match line.strip_suffix('\\').filter(|_| !is_comment && at < text.len()) {
                Some(part) => joined.push_str(part),
                None => {
                    joined.push_str(line);
                    break;
                }
            }
        }
        let line = without_comment(&joined).trim();
        if !line.is_empty() {
            let start = start + (text[start..].len() - text[start..].trim_start().len());
            found.push(Line { item: item(line), range: start..end.max(start) });
        }
    }
    found
}

/// pip takes `#` for a comment at the beginning of a line and behind white space.
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let is_start = |at: usize| at == 0 || bytes[at - 1].is_ascii_whitespace();
    line.match_indices('#').find(|(at, _)| is_start(*at)).map_or(line, |(at, _)| &line[..at])
}

fn item(line: &str) -> Item {
    if line.starts_with('-') {
        return option(line);
    }
    if line.contains("${") {
        return Item::Address;
    }
    parse(line).map_or_else(|| path_or_address(line), Item::Distribution)
}

fn option(line: &str) -> Item {
    let (name, value) = match line.find(['=', ' ', '\t']) {
        Some(at) => (&line[..at], line[at + 1..].trim()),
        // A letter alone, with its value right behind it.
        None if !line.starts_with("--") => line.split_at_checked(2).unwrap_or((line, "")),
        None => (line, ""),
    };
    let value = value.trim_start_matches(['=', ' ']).trim_matches(['"', '\'']);
    match name {
        "-r" | "--requirement" => Item::Include(value.to_owned()),
        "-c" | "--constraint" => Item::Constraint(value.to_owned()),
        "-e" | "--editable" => path_or_address(value),
        _ if name.starts_with("-r") && !name.starts_with("--") => Item::Include(name[2..].to_owned()),
        _ => Item::Option,
    }
}

/// What is no plain requirement: a path, an archive, an address with or without the name of its distribution.
fn path_or_address(text: &str) -> Item {
    let word = text.split_whitespace().next().unwrap_or_default();
    if let Some((address, fragment)) = word.split_once('#')
        && let Some(name) = fragment.split('&').find_map(|part| part.strip_prefix("egg="))
        && address.contains("://")
    {
        let (name, extras) = name_and_extras(name);
        return Item::Distribution(Requirement {
            name: normal(name),
            extras,
            specifier: String::new(),
            marker: String::new(),
        });
    }
    if word.contains("://") {
        return Item::Address;
    }
    let is_path = word.starts_with('.')
        || word.contains('/')
        || [".whl", ".zip", ".tar.gz"].iter().any(|end| word.ends_with(end));
    if is_path { Item::Local(word.split('[').next().unwrap_or_default().to_owned()) } else { Item::Invalid }
}

fn name_and_extras(text: &str) -> (&str, Vec<String>) {
    match text.split_once('[') {
        Some((name, extras)) => {
            let extras = extras.split(']').next().unwrap_or_default().split(',');
            (name, extras.map(|extra| normal(extra.trim())).filter(|extra| !extra.is_empty()).collect())
        }
        None => (text, Vec::new()),
    }
}

/// One requirement, as `requirements.txt` and the lists of `pyproject.toml` have them; none for a path and an address
/// without a name.
#[must_use]
pub fn parse(text: &str) -> Option<Requirement> {
    let text = text.trim();
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let length = text.find(|character| !is_part(character)).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let is_name = name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.ends_with(|last: char| last.is_ascii_alphanumeric());
    if !is_name {
        return None;
    }
    let mut rest = rest.trim_start();
    let mut extras = Vec::new();
    if let Some(inner) = rest.strip_prefix('[') {
        let end = inner.find(']')?;
        extras = inner[..end].split(',').map(|extra| normal(extra.trim())).filter(|extra| !extra.is_empty()).collect();
        rest = inner[end + 1..].trim_start();
    }
    if let Some(address) = rest.strip_prefix('@') {
        let marker = address.split_once(" ;").map_or("", |(_, marker)| marker.trim());
        let marker = marker.to_owned();
        return Some(Requirement { name: normal(name), extras, specifier: String::new(), marker });
    }
    let (versions, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let versions = versions.split(" --").next().unwrap_or_default().trim();
    let versions = versions.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(versions);
    let is_specifier = versions.is_empty() || versions.starts_with(['=', '<', '>', '!', '~']);
    let marker = marker.split(" --").next().unwrap_or_default().trim().to_owned();
    is_specifier.then(|| Requirement { name: normal(name), extras, specifier: versions.trim().to_owned(), marker })
}

impl Requirement {
    /// Whether it may not hold on Render: a marker that is not understood as certain for CPython on Linux.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        !self.marker.is_empty() && !is_true_on_linux(&self.marker)
    }

    /// The version that it is pinned to: `==1.2.3`.
    #[must_use]
    pub fn pinned(&self) -> Option<&str> {
        let version = self.specifier.strip_prefix("==")?.trim_start_matches('=').trim();
        (!version.contains([',', '*', ' '])).then_some(version)
    }
}

fn is_true_on_linux(marker: &str) -> bool {
    let plain: String =
        marker.chars().filter(|character| !character.is_whitespace()).collect::<String>().replace('"', "'");
    matches!(
        plain.as_str(),
        "sys_platform!='win32'"
            | "sys_platform=='linux'"
            | "platform_system!='Windows'"
            | "platform_system=='Linux'"
            | "sys_platform!='darwin'"
            | "os_name=='posix'"
            | "platform_python_implementation=='CPython'"
            | "implementation_name=='cpython'"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn only(text: &str) -> Item {
        read(text).swap_remove(0).item
    }

    fn distribution(text: &str) -> Requirement {
        let Item::Distribution(found) = only(text) else { unreachable!("{text}") };
        found
    }

    #[test]
    fn an_option_of_any_letter_is_read() {
        assert!(matches!(only("-¡"), Item::Option));
        assert!(matches!(only("-rbase.txt"), Item::Include(path) if path == "base.txt"));
    }

    #[test]
    fn names_extras_versions_and_markers_are_told_apart() {
        let found = distribution("Uvicorn[Standard, watch_files] >=0.30,<1 ; python_version < '3.9'  # why");
        assert_eq!((found.name.as_str(), found.specifier.as_str()), ("uvicorn", ">=0.30,<1"));
        assert_eq!(
            (found.extras.as_slice(), found.is_conditional()),
            (&["standard".to_owned(), "watch-files".to_owned()][..], true)
        );
        assert_eq!(distribution("flask").specifier, "");
        assert_eq!(distribution("flask (>=2)").specifier, ">=2");
        assert_eq!(distribution("gunicorn==23.0.0").pinned(), Some("23.0.0"));
        assert_eq!(distribution("gunicorn==23.*").pinned(), None);
        assert!(!distribution("gunicorn; sys_platform != \"win32\"").is_conditional());
    }

    #[test]
    fn hashes_and_continued_lines_belong_to_their_requirement() {
        let text = "flask==3.0.3 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\r\nclick==8.1\n";
        let lines = read(text);
        assert_eq!(lines.len(), 2);
        let Item::Distribution(flask) = &lines[0].item else { unreachable!() };
        assert_eq!((flask.name.as_str(), flask.pinned()), ("flask", Some("3.0.3")));
        assert_eq!(&text[lines[1].range.clone()], "click==8.1");
    }

    #[test]
    fn options_includes_paths_and_addresses_are_told_apart() {
        assert_eq!(only("-r base.txt"), Item::Include("base.txt".to_owned()));
        assert_eq!(only("-rbase.txt"), Item::Include("base.txt".to_owned()));
        assert_eq!(only("--requirement=../a b.txt"), Item::Include("../a b.txt".to_owned()));
        assert_eq!(only("-c limits.txt"), Item::Constraint("limits.txt".to_owned()));
        assert_eq!((only("-e ."), only("./lib[x]")), (Item::Local(".".to_owned()), Item::Local("./lib".to_owned())));
        assert_eq!((only("--index-url https://x.org"), only("git+https://x.org/y.git")), (Item::Option, Item::Address));
        assert_eq!(distribution("git+https://x.org/y.git@v1#egg=My_Lib[z]").name, "my-lib");
        assert_eq!(distribution("-e git+https://x.org/y.git#egg=lib").name, "lib");
        assert_eq!(distribution("lib @ https://x.org/lib.zip").name, "lib");
        assert_eq!((only("a b"), only("${X}")), (Item::Invalid, Item::Address));
    }

    #[test]
    fn comments_need_white_space_before_them() {
        assert!(read("# only\n   # this\n\n").is_empty());
        assert_eq!(distribution("x @ https://a.org/b#sha256=1 # c").name, "x");
        assert_eq!(read("a # \\\nb").len(), 1);
    }
}
