//! Here-documents of `RUN`, `COPY` and `ADD`.

use super::line::Line;

/// Finds the here-documents that a logical line opens, passes over their lines, and returns their texts.
pub(super) fn take(joined: &str, lines: &[Line<'_>], at: &mut usize) -> Vec<String> {
    let keyword = joined.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    if !matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let mut documents = Vec::new();
    for (name, strips_tabs) in openings(joined) {
        let mut text = String::new();
        let mut next = *at;
        let is_end = |line: &str| if strips_tabs { line.trim_start_matches('\t') == name } else { line == name };
        while let Some(line) = lines.get(next) {
            next += 1;
            if is_end(line.text) {
                break;
            }
            text.push_str(line.text);
            text.push('\n');
        }
        *at = next;
        documents.push(text);
    }
    documents
}

/// `<<EOF`, `<<-EOF`, `<<"EOF"`: the words that end the documents.
fn openings(joined: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for word in joined.split_whitespace() {
        let Some((before, rest)) = word.split_once("<<") else { continue };
        if !before.bytes().all(|byte| byte.is_ascii_digit()) || rest.starts_with('<') {
            continue;
        }
        let (rest, strips_tabs) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
        let name = rest.trim_matches(['"', '\'']);
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name {
            found.push((name.to_owned(), strips_tabs));
        }
    }
    found
}
