//! What is looked at in an answer, and what must be true of it.

use regex::Regex;

use super::{Placeholder, Span, Template};
use crate::smoke::number::Number;

/// A value that is kept for later requests.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The name of the variable.
    pub name: Template,
    /// Where it comes from.
    pub query: Query,
    /// What is done with it.
    pub filters: Vec<Filter>,
    /// Whether it is a secret.
    pub is_redacted: bool,
}

/// Something that must be true.
#[derive(Debug, Clone)]
pub struct Assert {
    /// What is looked at.
    pub query: Query,
    /// What is done with it.
    pub filters: Vec<Filter>,
    /// What must be true of it.
    pub predicate: Predicate,
    /// The whole of it.
    pub span: Span,
}

/// Something that is looked at.
#[derive(Debug, Clone)]
pub struct Query {
    /// What.
    pub kind: QueryKind,
    /// Where it is asked.
    pub span: Span,
}

/// What is looked at.
#[derive(Debug, Clone)]
pub enum QueryKind {
    /// The status.
    Status,
    /// The version of HTTP.
    Version,
    /// The address of the last answer.
    Url,
    /// A header.
    Header(Template),
    /// A cookie that is set, or an attribute of it.
    Cookie(Template, CookieAttribute),
    /// The body as a text.
    Body,
    /// A place in a JSON body.
    JsonPath(Template),
    /// The first group of an expression.
    Regex(Pattern),
    /// A variable.
    Variable(Template),
    /// Milliseconds to the end of the answer.
    Duration,
    /// The body as bytes.
    Bytes,
    /// The SHA-256 of the body.
    Sha256,
    /// The MD5 of the body.
    Md5,
    /// A field of the certificate.
    Certificate(CertificateField),
    /// The address of the machine that answered.
    Ip,
    /// The answers that sent the request elsewhere.
    Redirects,
}

/// A part of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieAttribute {
    /// Its value.
    Value,
    /// When it ends.
    Expires,
    /// How long it lives.
    MaxAge,
    /// Its domain.
    Domain,
    /// Its path.
    Path,
    /// Whether it needs TLS.
    Secure,
    /// Whether scripts may not see it.
    HttpOnly,
    /// Whether other sites may send it.
    SameSite,
}

/// A field of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateField {
    /// Whose it is.
    Subject,
    /// Who says so.
    Issuer,
    /// When it begins.
    StartDate,
    /// When it ends.
    ExpireDate,
    /// Its number.
    SerialNumber,
    /// The names that it holds for.
    SubjectAltName,
    /// The whole of it, in PEM.
    Value,
}

/// An expression to search with.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Between slashes.
    Regex(Regex),
    /// A text that becomes one.
    Template(Template),
}

/// Something that is done with a value.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What.
    pub kind: FilterKind,
    /// Where it is.
    pub span: Span,
}

/// What is done with a value.
#[derive(Debug, Clone)]
pub enum FilterKind {
    /// Text in base 64 to bytes.
    Base64Decode,
    /// Bytes to text in base 64.
    Base64Encode,
    /// The same in the alphabet for addresses.
    Base64UrlSafeDecode,
    /// The same in the alphabet for addresses.
    Base64UrlSafeEncode,
    /// Bytes to text in a character set.
    CharsetDecode(Template),
    /// The number of elements.
    Count,
    /// Days from now to a date.
    DaysAfterNow,
    /// Days from a date to now.
    DaysBeforeNow,
    /// The first element.
    First,
    /// A date as a text.
    DateFormat(Template),
    /// Text to HTML.
    HtmlEscape,
    /// HTML to text.
    HtmlUnescape,
    /// A place in a JSON text.
    JsonPath(Template),
    /// The last element.
    Last,
    /// Where a redirect leads.
    Location,
    /// The element of a number, from the end when it is below zero.
    Nth(NthIndex),
    /// The first group of an expression.
    Regex(Pattern),
    /// One text for another.
    Replace(Template, Template),
    /// One text for whatever an expression finds.
    ReplaceRegex(Pattern, Template),
    /// Parts between separators.
    Split(Template),
    /// A text as a date.
    ToDate(Template),
    /// A number with a fraction.
    ToFloat,
    /// Bytes as hexadecimal digits.
    ToHex,
    /// A whole number.
    ToInt,
    /// A text.
    ToText,
    /// Without percent signs.
    UrlDecode,
    /// With percent signs.
    UrlEncode,
    /// A parameter of an address.
    UrlQueryParam(Template),
    /// Bytes to text.
    Utf8Decode,
    /// Text to bytes.
    Utf8Encode,
}

/// The number of an element.
#[derive(Debug, Clone)]
pub enum NthIndex {
    /// It is written.
    Given(i64),
    /// It is a variable.
    Placeholder(Placeholder),
}

/// What must be true of a value.
#[derive(Debug, Clone)]
pub struct Predicate {
    /// Whether it must not be.
    pub is_negated: bool,
    /// What.
    pub kind: PredicateKind,
    /// Where it is.
    pub span: Span,
}

/// What may be true of a value.
#[derive(Debug, Clone)]
pub enum PredicateKind {
    /// It is this.
    Equal(Expected),
    /// It is not this.
    NotEqual(Expected),
    /// It is more.
    Greater(Expected),
    /// It is not less.
    GreaterOrEqual(Expected),
    /// It is less.
    Less(Expected),
    /// It is not more.
    LessOrEqual(Expected),
    /// It begins with this.
    StartsWith(Expected),
    /// It ends with this.
    EndsWith(Expected),
    /// This is in it.
    Contains(Expected),
    /// This is one of its elements.
    Includes(Expected),
    /// An expression finds something in it.
    Matches(Expected),
    /// There is one.
    Exists,
    /// It is of a kind.
    Is(Sort),
}

/// Kinds of values that predicates ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// True or false.
    Boolean,
    /// A list, an object or bytes.
    Collection,
    /// A date.
    Date,
    /// Nothing is in it.
    Empty,
    /// A number with a fraction.
    Float,
    /// A whole number.
    Integer,
    /// An address of version 4.
    Ipv4,
    /// An address of version 6.
    Ipv6,
    /// A text that is a date of RFC 3339.
    IsoDate,
    /// A list or bytes.
    List,
    /// A number.
    Number,
    /// An object.
    Object,
    /// A text.
    Text,
    /// A UUID.
    Uuid,
}

/// What a value is compared with.
#[derive(Debug, Clone)]
pub enum Expected {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file.
    File(Template),
    /// A variable.
    Placeholder(Placeholder),
    /// A text.
    Text(Template),
    /// An expression.
    Regex(Regex),
}
