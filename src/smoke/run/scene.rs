//! What requests of one file share, and the values of what is written in it.

use jiff::Timestamp;

use super::trouble::Trouble;
use crate::smoke::ast::{Body, Content, Expression, JsonPiece, Pattern, Piece, Placeholder, Span, Template};
use crate::smoke::cookie::Jar;
use crate::smoke::parse::number::compile;
use crate::smoke::port::{Millis, World};
use crate::smoke::value::{Value, quote};
use crate::smoke::variable::Variables;

/// What requests of one file share.
pub(super) struct Scene<'w> {
    pub(super) text: &'w str,
    pub(super) variables: Variables,
    pub(super) world: &'w mut dyn World,
    pub(super) jar: Jar,
    pub(super) until: Timestamp,
}

impl Scene<'_> {
    /// What a part of the file says.
    pub(super) fn source(&self, span: &Span) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Milliseconds that are left.
    pub(super) fn left(&self) -> Millis {
        let left = self.until.duration_since(self.world.now()).as_millis();
        Millis::try_from(left.max(0)).unwrap_or(Millis::MAX)
    }

    /// The value of a placeholder.
    pub(super) fn value(&mut self, placeholder: &Placeholder) -> Result<Value, Trouble> {
        match &placeholder.expression {
            Expression::NewDate => Ok(Value::Date(self.world.now())),
            Expression::NewUuid => Ok(Value::Text(uuid(self.world.random()))),
            Expression::Variable(name) => match self.variables.get(name) {
                Some(value) => Ok(value.clone()),
                None => Err(self.unset(name, &placeholder.span)),
            },
        }
    }

    /// What is to be said of a variable that is not there.
    fn unset(&self, name: &str, span: &Span) -> Trouble {
        match self.variables.why_unknown(name) {
            Some(reason) => Trouble::unknown(span, format!("the variable \"{name}\" is not known: {reason}")),
            None => Trouble::failed(span, format!("the variable \"{name}\" is not set")),
        }
    }

    /// The text of a placeholder.
    fn text_of(&mut self, placeholder: &Placeholder) -> Result<String, Trouble> {
        let value = self.value(placeholder)?;
        let kind = value.kind();
        value.render().ok_or_else(|| {
            Trouble::failed(
                &placeholder.span,
                format!("the variable is of the kind \"{kind}\", which no text can hold"),
            )
        })
    }

    /// A text with the values of its variables.
    pub(super) fn render(&mut self, template: &Template) -> Result<String, Trouble> {
        let mut text = String::new();
        for piece in &template.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Placeholder(placeholder) => text.push_str(&self.text_of(placeholder)?),
            }
        }
        Ok(text)
    }

    /// An expression to search with.
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Result<regex::Regex, Trouble> {
        match pattern {
            Pattern::Regex(regex) => Ok(regex.clone()),
            Pattern::Template(template) => {
                let source = self.render(template)?;
                compile(&source).map_err(|reason| Trouble::failed(&template.span, reason))
            }
        }
    }

    /// The bytes of a body, and whether it is a text.
    pub(super) fn body(&mut self, body: &Body) -> Result<Value, Trouble> {
        match &body.content {
            Content::Json(pieces) => self.json(pieces).map(Value::Text),
            Content::Text { text, .. } => self.render(text).map(Value::Text),
            Content::Bytes(bytes) => Ok(Value::Bytes(bytes.clone())),
            Content::File(name) => self.file(name).map(Value::Bytes),
        }
    }

    fn json(&mut self, pieces: &[JsonPiece]) -> Result<String, Trouble> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                JsonPiece::Text(part) => text.push_str(part),
                JsonPiece::InName(placeholder) => text.push_str(&self.text_of(placeholder)?),
                JsonPiece::InString(placeholder) => {
                    for c in self.text_of(placeholder)?.chars() {
                        match c {
                            '"' => text.push_str("\\\""),
                            '\\' => text.push_str("\\\\"),
                            '\n' => text.push_str("\\n"),
                            '\r' => text.push_str("\\r"),
                            '\t' => text.push_str("\\t"),
                            c => text.push(c),
                        }
                    }
                }
                JsonPiece::Value(placeholder) => {
                    let value = self.text_of(placeholder)?;
                    if !is_json_scalar(&value) {
                        let message = format!("{} is no value of JSON: a text is put between quotes", quote(&value));
                        return Err(Trouble::failed(&placeholder.span, message));
                    }
                    text.push_str(&value);
                }
            }
        }
        Ok(text)
    }

    /// The bytes of a file below the folder of the test.
    pub(super) fn file(&mut self, name: &Template) -> Result<Vec<u8>, Trouble> {
        let path = self.render(name)?;
        let Some(inside) = inside(&path) else {
            let message = format!("{} names no file below the folder of the test", quote(&path));
            return Err(Trouble::failed(&name.span, message));
        };
        let read = self.world.read(&inside);
        read.map_err(|reason| Trouble::failed(&name.span, format!("{} cannot be read: {reason}", quote(&path))))
    }
}

/// A path without detours; `None` when it leads out.
fn inside(path: &str) -> Option<String> {
    if path.starts_with('/')
        || path.ends_with('/')
        || path.contains(['\\', '\0'])
        || path.split('/').any(|part| part.ends_with(':'))
    {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Says whether a text begins with a number, a boolean or null, which is all that Hurl asks.
fn is_json_scalar(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    number.starts_with(|c: char| c.is_ascii_digit())
        || ["true", "false", "null"].iter().any(|word| text.starts_with(word))
}

/// A UUID of version 4.
fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        assert_eq!(inside("a/./b.json").as_deref(), Some("a/b.json"));
        assert_eq!(inside("a/../b.json").as_deref(), Some("b.json"));
        for path in ["../a", "a/../../b", "/etc/passwd", "c:/a", "a\\b", "..", "", "a/..", "a\0", "a/"] {
            assert_eq!(inside(path), None, "{path}");
        }
    }
}
