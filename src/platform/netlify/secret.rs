//! What the smart detection of Netlify's secret scan takes for a secret (`build/src/plugins_core/secrets_scanning/utils.ts`).

use std::sync::OnceLock;

use serde::Deserialize;

const DATA: &str = include_str!("../data/netlify-secrets.json");

/// Characters behind the prefix at least.
const MIN_AFTER_PREFIX: usize = 12;
/// Bits per character at least.
const MIN_ENTROPY: f64 = 4.5;

#[derive(Debug, Deserialize)]
struct Data {
    prefixes: Vec<String>,
    safe_values: Vec<String>,
    /// For every byte the prefixes that begin with it, in any case.
    #[serde(skip)]
    beginning: Vec<Vec<String>>,
}

fn data() -> &'static Data {
    static TABLE: OnceLock<Data> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut data: Data = serde_json::from_str(DATA).expect("internal: the embedded table of prefixes is valid");
        let begins = |prefix: &&String, byte: u8| prefix.as_bytes()[..1].eq_ignore_ascii_case(&[byte]);
        let beginning = |byte: u8| data.prefixes.iter().filter(|prefix| begins(prefix, byte)).cloned().collect();
        data.beginning = (0..=u8::MAX).map(beginning).collect();
        data
    })
}

/// For every byte whether a secret may stand behind it; asked of every byte of every text.
const OPENINGS: [bool; 256] = {
    let mut openings = [false; 256];
    let (characters, mut at) = (b"\"'`=", 0);
    while at < characters.len() {
        openings[characters[at] as usize] = true;
        at += 1;
    }
    openings
};

/// A likely secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it begins with, in small letters.
    pub prefix: &'static str,
    /// Its line, from 1.
    pub line: usize,
    /// The secret itself, which no report shows.
    pub text: String,
}

/// Finds likely secrets in the bytes of a text; `omitted` holds values that the site excepts.
///
/// A secret stands behind a quote or an equals sign and ends at a quote or at the end of the text.
#[must_use]
pub fn find(bytes: &[u8], omitted: &[&str]) -> Vec<Hit> {
    let beginning = &data().beginning;
    let mut found = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while let Some(offset) = bytes[at..].iter().position(|byte| OPENINGS[usize::from(*byte)]) {
        let opening = at + offset;
        at = opening + 1;
        let start = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        let prefixes = bytes.get(start).map_or(&[][..], |first| &beginning[usize::from(*first)]);
        let Some((prefix, end)) = token(bytes, start, prefixes) else { continue };
        let Ok(token) = std::str::from_utf8(&bytes[start..end]) else { continue };
        let is_excepted = omitted.iter().copied().chain(data().safe_values.iter().map(String::as_str));
        if !is_excepted.into_iter().any(|value| value.eq_ignore_ascii_case(token)) && entropy(token) >= MIN_ENTROPY {
            line += bytes[counted..opening].iter().filter(|byte| **byte == b'\n').count();
            counted = opening;
            found.push(Hit { prefix, line, text: token.to_owned() });
        }
        at = (end + 1).min(bytes.len());
    }
    found
}

/// The token that begins here: its prefix and its end.
fn token(bytes: &[u8], start: usize, prefixes: &'static [String]) -> Option<(&'static str, usize)> {
    let rest = &bytes[start..];
    prefixes.iter().find_map(|prefix| {
        let head = rest.get(..prefix.len())?;
        if !head.eq_ignore_ascii_case(prefix.as_bytes()) {
            return None;
        }
        let body = &rest[prefix.len()..];
        let length = body.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
        let is_closed = body.get(length).is_none_or(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        (length >= MIN_AFTER_PREFIX && is_closed).then_some((prefix.as_str(), start + prefix.len() + length))
    })
}

/// Shannon's entropy, in bits per character.
fn entropy(token: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in token.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = f64::from(u32::try_from(token.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that no scan takes this file for a leak.
    fn likely(prefix: &str) -> String {
        format!("{prefix}{}", "Zk3vQ9xLr7TfWm2Yp8Hd5Bn4Jc6Gs")
    }

    fn found(text: &str) -> Vec<(&'static str, usize)> {
        find(text.as_bytes(), &[]).into_iter().map(|hit| (hit.prefix, hit.line)).collect()
    }

    #[test]
    fn a_prefix_twelve_characters_and_entropy_make_a_secret() {
        let text = format!("a\nkey = \"{}\"\nother = '{}'", likely("AKIA"), likely("ghp_"));
        assert_eq!(found(&text), [("akia", 2), ("ghp_", 3)]);
        let hits = find(format!("KEY={}", likely("sk-")).as_bytes(), &[]);
        assert_eq!(hits, [Hit { prefix: "sk-", line: 1, text: likely("sk-") }]);
        assert_eq!(find(format!("KEY=   {}", likely("sk_")).as_bytes(), &[]).len(), 1);
    }

    #[test]
    fn what_lacks_one_of_them_is_none() {
        let secret = likely("AKIA");
        for text in [
            secret.clone(),
            format!("KEY={secret}\nOTHER=1"),
            format!("\"{secret} \""),
            format!("\"{secret}_x\""),
            "\"AKIAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"".to_owned(),
            "\"AKIAZk3vQ9xLr7T\"".to_owned(),
            "const api_key = \"api_documentation-page\"".to_owned(),
        ] {
            assert!(find(text.as_bytes(), &[]).is_empty(), "{text}");
        }
        assert!(find(format!("\"{secret}\"").as_bytes(), &[&secret.to_lowercase()]).is_empty());
    }
}
