//! Bodies.

use super::super::ast::{Body, Content};
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::{json, number, template};

/// A body, if one is next.
pub(super) fn body(reader: &mut Reader<'_>) -> Result<Option<Body>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let start = reader.at();
    let Some(content) = content(reader)? else {
        reader.seek(before);
        return Ok(None);
    };
    let span = start..reader.at();
    reader.line_end()?;
    Ok(Some(Body { content, span }))
}

fn content(reader: &mut Reader<'_>) -> Result<Option<Content>, Fault> {
    if let Some((text, is_json)) = template::multiline(reader)? {
        return Ok(Some(Content::Text { text, is_json }));
    }
    if let Some(text) = template::quoted(reader, '`')? {
        return Ok(Some(Content::Text { text, is_json: false }));
    }
    if let Some(pieces) = json::json(reader)? {
        return Ok(Some(Content::Json(pieces)));
    }
    if reader.peek() == Some('<') {
        let start = reader.at();
        let message = "XML: write it between three backquotes, with a header for its type";
        return Err(Fault::unsupported(start..start + 1, message));
    }
    if let Some(bytes) = number::base64(reader)? {
        return Ok(Some(Content::Bytes(bytes)));
    }
    if let Some(bytes) = number::hex(reader)? {
        return Ok(Some(Content::Bytes(bytes)));
    }
    Ok(number::file(reader)?.map(Content::File))
}
