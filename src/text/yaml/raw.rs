//! The nodes of a text as they are written, before aliases are followed and plain scalars get a type.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};

use super::MAX_DEPTH;
use super::error::{ErrorKind, SyntaxError};
use crate::text::span::{FileId, Span};

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// A node as it is written; its span leaves out anchor and tag.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) span: Span,
    pub(super) anchor: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar { text: String, style: Style },
    Alias(String),
    Sequence { items: Vec<Raw>, is_flow: bool },
    Mapping { pairs: Vec<(Raw, Raw)>, is_flow: bool },
}

/// A list or mapping whose end has not come.
struct Frame {
    raw: Raw,
    key: Option<Raw>,
}

struct Reader {
    file: FileId,
    frames: Vec<Frame>,
    root: Option<Raw>,
}

/// Reads the first document.
pub(super) fn read(text: &str, file: FileId, errors: &mut Vec<SyntaxError>) -> Option<Raw> {
    let mut reader = Reader { file, frames: Vec::new(), root: None };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options! { emit_comments: false }) {
        let (event, span) = match event {
            Ok(found) => found,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                errors.push(SyntaxError {
                    span: Span::new(file, at, at),
                    kind: ErrorKind::UnexpectedToken,
                    message: error.info().to_string(),
                });
                break;
            }
        };
        let span = span.byte_range().map_or(Span::NONE, |range| Span::new(file, range.start, range.end));
        documents += usize::from(matches!(event, Event::DocumentStart(..)));
        if documents > 1 {
            let message = "a second document starts here, and only one is read".to_owned();
            errors.push(SyntaxError { span, kind: ErrorKind::MultipleDocuments, message });
            break;
        }
        if reader.frames.len() > MAX_DEPTH {
            let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep");
            errors.push(SyntaxError { span, kind: ErrorKind::Exhaustion, message });
            break;
        }
        reader.take(event, span);
    }
    while !reader.frames.is_empty() {
        reader.close(None);
    }
    reader.root
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) {
        let name = |anchor: usize| (anchor != 0).then(|| anchor.to_string());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    _ => Style::Block,
                };
                let tag = tag.map(|tag| tag.to_string());
                let content = Content::Scalar { text: text.into_owned(), style };
                self.add(Raw { span, anchor: name(anchor), tag, content });
            }
            Event::Alias(anchor) => {
                self.add(Raw { span, anchor: None, tag: None, content: Content::Alias(anchor.to_string()) });
            }
            Event::SequenceStart(style, anchor, tag) => {
                let content = Content::Sequence { items: Vec::new(), is_flow: style == StructureStyle::Flow };
                let raw = Raw { span, anchor: name(anchor), tag: tag.map(|tag| tag.to_string()), content };
                self.frames.push(Frame { raw, key: None });
            }
            Event::MappingStart(style, anchor, tag) => {
                let content = Content::Mapping { pairs: Vec::new(), is_flow: style == StructureStyle::Flow };
                let raw = Raw { span, anchor: name(anchor), tag: tag.map(|tag| tag.to_string()), content };
                self.frames.push(Frame { raw, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span)),
            _ => {}
        }
    }

    fn close(&mut self, end: Option<Span>) {
        let Some(Frame { mut raw, key }) = self.frames.pop() else { return };
        if let (Some(key), Content::Mapping { pairs, .. }) = (key, &mut raw.content) {
            let span = Span { start: key.span.end, ..key.span };
            let content = Content::Scalar { text: String::new(), style: Style::Plain };
            pairs.push((key, Raw { span, anchor: None, tag: None, content }));
        }
        let (last, is_flow) = match &raw.content {
            Content::Sequence { items, is_flow } => (items.last().map(|item| item.span.end), *is_flow),
            Content::Mapping { pairs, is_flow } => (pairs.last().map(|(_, value)| value.span.end), *is_flow),
            _ => (None, false),
        };
        raw.span.end = match end {
            Some(end) if is_flow => end.end,
            _ => last.unwrap_or(raw.span.end),
        };
        self.add(raw);
    }

    fn add(&mut self, node: Raw) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut frame.raw.content {
            Content::Sequence { items, .. } => items.push(node),
            Content::Mapping { pairs, .. } => match frame.key.take() {
                Some(key) => pairs.push((key, node)),
                None => frame.key = Some(node),
            },
            Content::Scalar { .. } | Content::Alias(_) => {}
        }
        debug_assert!(self.file == frame.raw.span.file);
    }
}
