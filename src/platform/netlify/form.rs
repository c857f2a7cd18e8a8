//! Forms that Netlify shall handle, in HTML and in JSX.

/// A form element in a source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// First byte of `<form`.
    pub start: usize,
    /// One past the name of the attribute that makes Netlify handle it.
    pub attribute: std::ops::Range<usize>,
    /// The form's name, if it is written out.
    pub name: Option<String>,
    /// The names of its fields that are written out.
    pub fields: Vec<String>,
    /// Whether it stands behind a condition.
    pub is_conditional: bool,
}

/// Whether HTML holds a form that the Next.js runtime takes for one of Netlify's (`opennextjs-netlify/src/build/verification.ts`).
#[must_use]
pub fn is_in_html(html: &str) -> bool {
    html.match_indices("<form").any(|(at, open)| {
        let rest = window(html, at + open.len(), LONGEST_ELEMENT);
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        ["netlify", "data-netlify"].iter().any(|name| {
            tag.match_indices(name).any(|(at, _)| {
                let before = tag[..at].chars().next_back();
                let after = tag[at + name.len()..].chars().next();
                before.is_some_and(char::is_whitespace)
                    && after.is_some_and(|after| after.is_whitespace() || matches!(after, '=' | '>'))
            })
        })
    })
}

/// The forms in JSX whose rendered HTML has the attribute.
///
/// React keeps `data-netlify` in every shape, and `netlify` only with a text.
#[must_use]
pub fn in_jsx(text: &str) -> Vec<Form> {
    let starts = text.match_indices("<form").map(|(at, _)| at).take(MAX_ELEMENTS);
    starts.filter(|at| !is_in_comment(text, *at)).filter_map(|at| form_at(text, at)).take(MAX_FORMS).collect()
}

/// Whether an element `<Name` stands in JSX outside every condition.
#[must_use]
pub fn is_rendered(text: &str, name: &str) -> bool {
    let open = format!("<{name}");
    text.match_indices(&open).take(MAX_ELEMENTS).any(|(at, _)| {
        let next = text[at + open.len()..].chars().next();
        let is_whole = next.is_none_or(|next| !next.is_alphanumeric() && next != '_' && next != '.');
        is_whole && !is_in_comment(text, at) && !is_conditional(text, at)
    })
}

fn form_at(text: &str, start: usize) -> Option<Form> {
    let attributes = attributes(text, start + "<form".len())?;
    let marked = attributes.iter().find(|attribute| {
        attribute.name == "data-netlify" || (attribute.name == "netlify" && attribute.text.is_some())
    })?;
    let name = attributes.iter().find(|attribute| attribute.name == "name").and_then(|attribute| attribute.text);
    let body = window(text, start, LONGEST_FORM);
    let body = &body[..body.find("</form").unwrap_or(body.len())];
    Some(Form {
        start,
        attribute: marked.start..marked.start + marked.name.len(),
        name: name.map(str::to_owned),
        fields: fields(body),
        is_conditional: is_conditional(text, start),
    })
}

/// The names of the fields in the body of a form.
fn fields(body: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for element in ["<input", "<textarea", "<select"] {
        for (at, _) in body.match_indices(element) {
            let attributes = attributes(body, at + element.len()).unwrap_or_default();
            let name =
                attributes.iter().find(|attribute| attribute.name == "name").and_then(|attribute| attribute.text);
            found.extend(name.filter(|name| *name != "form-name").map(str::to_owned));
        }
    }
    found.dedup();
    found
}

#[derive(Debug)]
struct Attribute<'a> {
    name: &'a str,
    start: usize,
    /// Its value, if it is a text in quotes.
    text: Option<&'a str>,
}

/// Attributes of an element at most.
const MAX_ATTRIBUTES: usize = 100;
/// Elements of a text that are looked at at most.
const MAX_ELEMENTS: usize = 500;
/// Forms of a text at most.
const MAX_FORMS: usize = 50;
/// Bytes of an element's tag at most.
const LONGEST_ELEMENT: usize = 5000;
/// Bytes of a form with its fields at most.
const LONGEST_FORM: usize = 20_000;

/// The attributes behind an element's name; `None` when it is another element's name that goes on.
fn attributes(text: &str, from: usize) -> Option<Vec<Attribute<'_>>> {
    let mut at = from;
    let first = text[at..].chars().next()?;
    if !first.is_whitespace() && !matches!(first, '>' | '/') {
        return None;
    }
    let mut found = Vec::new();
    while found.len() < MAX_ATTRIBUTES {
        at += text[at..].find(|next: char| !next.is_whitespace())?;
        match text.as_bytes()[at] {
            b'>' | b'/' => return Some(found),
            b'{' => at = past_braces(text, at)?,
            _ => {
                let length =
                    text[at..].find(|next: char| next.is_whitespace() || matches!(next, '=' | '>' | '/' | '{'))?;
                if length == 0 {
                    return None;
                }
                let (name, start) = (&text[at..at + length], at);
                at += length;
                let mut value = None;
                if text[at..].starts_with('=') {
                    (value, at) = attribute_value(text, at + 1)?;
                }
                found.push(Attribute { name, start, text: value });
            }
        }
    }
    Some(found)
}

fn attribute_value(text: &str, at: usize) -> Option<(Option<&str>, usize)> {
    let quote = text[at..].chars().next()?;
    if quote == '{' {
        let end = past_braces(text, at)?;
        let inner = text[at + 1..end - 1].trim();
        let quoted = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
        return Some((quoted, end));
    }
    if !matches!(quote, '"' | '\'') {
        return None;
    }
    let length = text[at + 1..].find(quote)?;
    Some((Some(&text[at + 1..at + 1 + length]), at + length + 2))
}

/// Bytes of an expression in braces at most.
const LONGEST_EXPRESSION: usize = 5000;

/// One past the brace that closes the one at `at`.
fn past_braces(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in text.as_bytes()[at..].iter().take(LONGEST_EXPRESSION).enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + offset + 1),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether an expression that decides comes right before: `&& <form`, `? (<form`.
fn is_conditional(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end().trim_end_matches('(').trim_end();
    before.ends_with("&&") || before.ends_with("||") || before.ends_with(['?', ':'])
}

/// Whether a place lies in a comment, by the marks before it on its line and the last block comment.
fn is_in_comment(text: &str, at: usize) -> bool {
    let mut start = at.saturating_sub(LONGEST_EXPRESSION);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = &text[start..at];
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    let is_block = before.rfind("/*").is_some_and(|open| !before[open..].contains("*/"));
    line.starts_with("//") || line.starts_with('*') || is_block
}

/// At most `length` bytes from `at`, cut at a character.
fn window(text: &str, at: usize, length: usize) -> &str {
    let mut end = text.len().min(at + length);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[at..end]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn html_is_judged_as_the_runtime_judges_it() {
        for html in ["<form netlify>", "<form name=\"a\"\n data-netlify=\"true\">", "<form\tnetlify name=a>"] {
            assert!(is_in_html(html), "{html}");
        }
        for html in ["<form>", "<form data-netlify-x>", "<form name=netlify><p netlify>", "<form", "<p netlify>"] {
            assert!(!is_in_html(html), "{html}");
        }
    }

    #[test]
    fn jsx_counts_when_react_renders_the_attribute() {
        for jsx in [
            "<form data-netlify>",
            "<form {...a} data-netlify={x > 1}>",
            "<form netlify=\"true\" />",
            "<form\nnetlify={\"true\"}>",
        ] {
            assert_eq!(in_jsx(jsx).len(), 1, "{jsx}");
        }
        for jsx in [
            "<form netlify>",
            "<form netlify={true}>",
            "<Form data-netlify>",
            "<formik data-netlify>",
            "// <form data-netlify>",
            "{/* <form data-netlify> */}",
            "<form onSubmit={() => <b data-netlify />}>",
        ] {
            assert!(in_jsx(jsx).is_empty(), "{jsx}");
        }
    }

    #[test]
    fn names_and_fields_are_read_and_conditions_seen() {
        let jsx = "<form name=\"contact\" data-netlify=\"true\">\n<input type=\"hidden\" name=\"form-name\" value=\"contact\" />\n\
                   <input name=\"email\" required /><textarea name={\"text\"} /><input name={field} /></form><input name=\"later\" />";
        let form = in_jsx(jsx).pop().unwrap();
        assert_eq!((form.name.as_deref(), form.is_conditional), (Some("contact"), false));
        assert_eq!(form.fields, ["email", "text"]);
        assert_eq!(&jsx[form.attribute], "data-netlify");
        assert!(in_jsx("{open && (\n <form data-netlify>")[0].is_conditional);
        assert!(is_rendered("return <Contact />", "Contact") && !is_rendered("open ? <Contact /> : null", "Contact"));
        assert!(!is_rendered("<ContactForm />", "Contact"));
    }

    #[test]
    fn hostile_markup_is_read_in_little_time() {
        for unit in
            ["<form", "<form ", "<form data-netlify ", "<form {", "<form a={", "<form data-netlify><input name="]
        {
            let text = unit.repeat((1 << 18) / unit.len());
            assert!(in_jsx(&text).len() <= MAX_FORMS, "{unit}");
            let _ = is_in_html(&text);
        }
    }
}
