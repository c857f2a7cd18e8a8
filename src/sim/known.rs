//! Values that know where they came from.

use crate::text::span::Span;

/// Why a value is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// Written in a text of the simulation: a file, or an input such as the site settings.
    Written(Span),
    /// A file or folder of this path exists.
    Present(String),
    /// Given by the caller, with the name of the option.
    Input(&'static str),
    /// The platform proposes it when a site is created, because of what this names.
    Detected(String),
    /// The platform's default; the text says which rule makes it.
    Default(&'static str),
}

/// A value and why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// Why.
    pub because: Because,
}

impl<T> Known<T> {
    /// A value with its reason.
    pub fn new(value: T, because: Because) -> Known<T> {
        Known { value, because }
    }

    /// The span that wrote it, if one did.
    pub fn span(&self) -> Option<Span> {
        if let Because::Written(span) = self.because { Some(span) } else { None }
    }
}
