//! What the rules about submodules share: `.gitmodules`.

/// The file's name.
pub(super) const FILE: &str = ".gitmodules";

/// One section.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section<'a> {
    pub(super) path: &'a str,
    pub(super) url: &'a str,
    /// First byte of the URL.
    pub(super) start: usize,
    /// One past the line of the path.
    pub(super) end: usize,
}

/// The sections of the file (`git-config`).
pub(super) fn read(text: &str) -> Vec<Section<'_>> {
    let mut found: Vec<Section<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim();
        if word.starts_with('[') {
            found.push(Section::default());
        } else if let (Some(section), Some((key, value))) = (found.last_mut(), word.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match key.trim().to_ascii_lowercase().as_str() {
                "path" => {
                    section.path = value.trim_end_matches('/');
                    section.end = at + line.len();
                }
                "url" => {
                    section.url = value;
                    section.start = at + line.find(value).unwrap_or_default();
                }
                _ => {}
            }
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn sections_have_a_path_and_a_url() {
        let text = "[submodule \"a\"]\n\tpath = themes/a\n\turl = https://x/a.git\n[submodule \"b\"]\n\tpath = b/\n";
        let found = read(text);
        assert_eq!(
            (found[0].path, found[0].url, &text[found[0].start..][..7]),
            ("themes/a", "https://x/a.git", "https:/")
        );
        assert_eq!((found[1].path, found[1].url), ("b", ""));
    }
}
