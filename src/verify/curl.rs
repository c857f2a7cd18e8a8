//! A request as a line for a terminal.

use crate::verify::prober::Errand;

/// The line; what could be a credential is left to the reader.
#[must_use]
pub fn line(errand: &Errand) -> String {
    let mut words = vec!["curl".to_owned(), "-sS".to_owned(), "-i".to_owned()];
    if errand.method != "GET" {
        words.extend(["-X".to_owned(), quote(&errand.method)]);
    }
    if errand.redirects > 0 {
        words.extend(["-L".to_owned(), "--max-redirs".to_owned(), errand.redirects.to_string()]);
    }
    for (name, value) in &errand.headers {
        let value = if is_secret(name) { "…" } else { value };
        words.extend(["-H".to_owned(), quote(&format!("{name}: {value}"))]);
    }
    if !errand.body.is_empty() {
        words.extend(["--data-binary".to_owned(), quote(&String::from_utf8_lossy(&errand.body))]);
    }
    words.push(quote(&errand.url));
    words.join(" ")
}

fn is_secret(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie"].iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// A word for a shell: as it is, or between single quotes.
fn quote(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@%+".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    format!("'{}'", plain.replace('\'', r"'\''"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::verify::probe::Request;

    #[test]
    fn the_line_can_be_pasted_and_tells_no_secret() {
        let mut request = Request::get("/a b?x=1&y=2");
        request.redirects = 3;
        request.headers = vec![("Authorization".to_owned(), "Bearer geheim".to_owned())];
        let errand = Errand::new("https://site.test", &request).unwrap();
        assert_eq!(
            line(&errand),
            "curl -sS -i -L --max-redirs 3 -H 'Authorization: …' 'https://site.test/a%20b?x=1&y=2'"
        );
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote("a\nb"), "'a b'");
    }
}
