//! What a page makes a browser load: a tokenizer for as much of HTML as that needs, which reads every byte once.

use serde_json::Value;

use super::sheet;

/// References of one page that are looked at.
const MOST: usize = 10_000;

/// Attributes of one tag that are looked at.
const MOST_ATTRIBUTES: usize = 64;

/// What a reference loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A script or a module.
    Script,
    /// A style sheet.
    Style,
    /// An image, a font, a film, a manifest.
    Other,
}

/// Something that a page or a style sheet refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As it is written, entities resolved.
    pub url: String,
    /// What it loads.
    pub role: Role,
    /// What subresource integrity asks of it.
    pub integrity: Option<String>,
}

/// What a page refers to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Where relative references start from, if the page says so.
    pub base: Option<String>,
    /// What it loads, in order.
    pub references: Vec<Reference>,
}

/// A start tag.
struct Tag<'t> {
    name: String,
    attributes: Vec<(String, &'t str)>,
    /// Where it ends.
    end: usize,
}

impl<'t> Tag<'t> {
    fn get(&self, name: &str) -> Option<&'t str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn has_word(&self, name: &str, word: &str) -> bool {
        self.get(name).is_some_and(|value| value.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word)))
    }
}

/// Reads a page.
#[must_use]
pub fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut at = 0;
    while page.references.len() < MOST {
        let Some(open) = text[at..].find('<').map(|found| at + found) else { break };
        let rest = &text[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = comment.find("-->").map_or(text.len(), |end| open + 4 + end + 3);
            continue;
        }
        let tag = match tag(text, open) {
            Start::Tag(tag) => tag,
            Start::Text => {
                at = open + 1;
                continue;
            }
            // A browser drops what stands behind it, too (HTML Standard, "eof-in-tag").
            Start::Unfinished => break,
        };
        at = tag.end;
        let body = match tag.name.as_str() {
            "script" | "style" | "textarea" | "title" | "template" | "noscript" | "xmp" => {
                // Once it is not closed it holds the rest of the page.
                let end = closing(&text[at..], &tag.name).map_or(text.len(), |end| at + end);
                let body = &text[at..end];
                at = end;
                body
            }
            _ => "",
        };
        note(&tag, body, &mut page);
    }
    page.references.truncate(MOST);
    page
}

fn note(tag: &Tag<'_>, body: &str, page: &mut Page) {
    let mut add = |url: Option<&str>, role: Role| {
        if let Some(url) = url.map(unescape).filter(|url| !url.trim().is_empty()) {
            let integrity = tag.get("integrity").map(str::to_owned).filter(|text| !text.trim().is_empty());
            page.references.push(Reference { url: url.trim().to_owned(), role, integrity });
        }
    };
    match tag.name.as_str() {
        "base" if page.base.is_none() => page.base = tag.get("href").map(unescape),
        "script" if tag.has_word("type", "importmap") => import_map(body, page),
        "script" => add(tag.get("src"), Role::Script),
        "style" => page.references.extend(sheet::read(body)),
        "link" => {
            let is = |word: &str| tag.has_word("rel", word);
            let role = match tag.get("as").map(str::to_ascii_lowercase).as_deref() {
                _ if is("stylesheet") => Some(Role::Style),
                _ if is("modulepreload") => Some(Role::Script),
                Some("script") if is("preload") => Some(Role::Script),
                Some("style") if is("preload") => Some(Role::Style),
                _ if is("preload") || is("icon") || is("manifest") || is("apple-touch-icon") => Some(Role::Other),
                _ => None,
            };
            if let Some(role) = role {
                add(tag.get("href"), role);
            }
        }
        "img" | "source" | "video" | "audio" | "track" | "embed" | "input" => {
            add(tag.get("src"), Role::Other);
            add(tag.get("poster"), Role::Other);
            for url in candidates(tag.get("srcset").unwrap_or_default()) {
                add(Some(url), Role::Other);
            }
        }
        _ => {}
    }
    if let Some(style) = tag.get("style").filter(|style| style.contains("url(")) {
        page.references.extend(sheet::read(&unescape(style)));
    }
}

/// What begins at a `<`.
enum Start<'t> {
    Tag(Tag<'t>),
    Text,
    Unfinished,
}

fn tag(text: &str, open: usize) -> Start<'_> {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    let is_name = |byte: u8| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/');
    if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
        return Start::Text;
    }
    let start = at;
    while bytes.get(at).is_some_and(|byte| is_name(*byte)) {
        at += 1;
    }
    let name = text.get(start..at).unwrap_or_default().to_ascii_lowercase();
    let mut attributes: Vec<(String, &str)> = Vec::new();
    loop {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
            at += 1;
        }
        match bytes.get(at) {
            None => return Start::Unfinished,
            Some(b'>') => return Start::Tag(Tag { name, attributes, end: at + 1 }),
            Some(_) => {}
        }
        let (attribute, value, next) = attribute(text, at);
        at = next;
        let is_new = attributes.iter().all(|(known, _)| *known != attribute);
        if is_new && attributes.len() < MOST_ATTRIBUTES {
            attributes.push((attribute, value));
        }
    }
}

/// An attribute, and where it ends.
fn attribute(text: &str, start: usize) -> (String, &str, usize) {
    let bytes = text.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let mut at = start + 1;
    while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/')) {
        at += 1;
    }
    let name = String::from_utf8_lossy(&bytes[start..at]).to_ascii_lowercase();
    let behind = at;
    while is_space(at) {
        at += 1;
    }
    if bytes.get(at) != Some(&b'=') {
        return (name, "", behind);
    }
    at += 1;
    while is_space(at) {
        at += 1;
    }
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(at).copied() {
        let inner = at + 1;
        let end = memchr::memchr(quote, &bytes[inner..]).map_or(bytes.len(), |found| inner + found);
        return (name, text.get(inner..end).unwrap_or_default(), (end + 1).min(bytes.len()));
    }
    let inner = at;
    while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != b'>') {
        at += 1;
    }
    (name, text.get(inner..at).unwrap_or_default(), at)
}

/// Where the end tag of an element begins.
fn closing(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: usize| {
        let rest = &text.as_bytes()[at + 2..];
        rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && rest.get(name.len()).is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
    };
    memchr::memmem::find_iter(text.as_bytes(), b"</").find(|at| is_end(*at))
}

/// The addresses of a `srcset`, without their descriptors.
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == ',');
        let end = rest.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() {
            return None;
        }
        rest = &rest[end..];
        let url = word.trim_end_matches(',');
        if url.len() == word.len() {
            rest = rest.find(',').map_or("", |at| &rest[at..]);
        }
        Some(url)
    })
}

/// The modules of an import map that are addresses (HTML Standard, "Import maps").
fn import_map(body: &str, page: &mut Page) {
    let Ok(map) = serde_json::from_str::<Value>(body) else { return };
    let is_address =
        |url: &&str| ["/", "./", "../", "http"].iter().any(|start| url.starts_with(start)) && !url.ends_with('/');
    for url in map["imports"].as_object().into_iter().flatten().filter_map(|(_, url)| url.as_str()).filter(is_address) {
        let integrity = map["integrity"][url].as_str().map(str::to_owned);
        page.references.push(Reference { url: url.to_owned(), role: Role::Script, integrity });
    }
}

/// The text of an attribute; entities beside the usual five are left as they are.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&#38;", "&"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urls(text: &str) -> Vec<String> {
        read(text).references.into_iter().map(|reference| reference.url).collect()
    }

    #[test]
    fn everything_that_a_page_loads_is_found() {
        let text = "<!doctype html><head><base href='/app/'>\
            <link rel=stylesheet href=a.css integrity='sha384-x'><LINK REL='preload' AS=\"style\" HREF=\"b.css?x=1&amp;y=2\">\
            <link rel='shortcut icon' href=/favicon.ico><link rel=canonical href=/no><link rel=modulepreload href=c.js>\
            <script type=importmap>{\"imports\": {\"m\": \"/m.js\", \"n/\": \"/n/\"}}</script>\
            <script src=d.js defer></script><script>document.write('<img src=no.png>')</script>\
            <!-- <img src=no.png> --><style>p { background: url(e.png) }</style></head>\
            <body style=\"background:url('f.png')\"><img src=g.png srcset='h.png 1x, i.png 2x,j.png'><a href=/no>x</a>\
            <video poster=k.png src=l.mp4></video><textarea><img src=no.png></textarea>";
        let expected = [
            "a.css",
            "b.css?x=1&y=2",
            "/favicon.ico",
            "c.js",
            "/m.js",
            "d.js",
            "e.png",
            "f.png",
            "g.png",
            "h.png",
            "i.png",
            "j.png",
            "l.mp4",
            "k.png",
        ];
        assert_eq!(urls(text), expected);
        let page = read(text);
        assert_eq!(page.base.as_deref(), Some("/app/"));
        assert_eq!(page.references[0].integrity.as_deref(), Some("sha384-x"));
    }

    #[test]
    fn what_is_not_finished_is_nothing() {
        for text in
            ["<script src=a.js", "<img", "<", "<!-- <img src=a>", "<img src='a.png", "</img src=a>", "< img src=a>"]
        {
            assert!(urls(text).is_empty(), "{text}");
        }
        assert_eq!(urls("<img src=a.png><script>"), ["a.png"]);
    }

    #[test]
    fn a_large_page_without_ends_is_read_in_time() {
        for text in
            ["<img src='".repeat(200_000), "<style>".repeat(200_000), "<a a".repeat(200_000), "<!--".repeat(200_000)]
        {
            let _ = read(&text);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn any_tangle_of_markup_is_read(parts in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "=", "\"", "'", "script", "style", "</", "<!--", "-->", " src=", "a.js", "/", "é", "\u{0}", "&amp;", "url(",
            "<img srcset=", ", ", "<link rel=stylesheet href=",
        ]), 0..40)) {
            for reference in read(&parts.concat()).references {
                prop_assert!(!reference.url.trim().is_empty());
            }
        }
    }
}
