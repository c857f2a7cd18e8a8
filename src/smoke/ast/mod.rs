//! What a smoke file says: requests, and what is expected of their answers.

mod assert;

use std::ops::Range;

pub use self::assert::{
    Assert, Capture, CertificateField, CookieAttribute, Expected, Filter, FilterKind, NthIndex, Pattern, Predicate,
    PredicateKind, Query, QueryKind, Sort,
};

use super::number::Number;

/// Bytes of the file.
pub type Span = Range<usize>;

/// A smoke file.
#[derive(Debug, Clone, Default)]
pub struct SmokeFile {
    /// Requests, in order.
    pub entries: Vec<Entry>,
    /// What the comments above the first request say of the whole file.
    pub directives: Directives,
}

/// What comments that begin with `chimera:` say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Directives {
    /// What a failure means.
    pub weight: Option<Weight>,
    /// When it is asked.
    pub phases: Option<Phases>,
    /// Whether the time of the answer is compared with that of the last good deploy.
    pub is_latency_compared: bool,
}

/// What the failure of a check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// The deploy fails.
    #[default]
    Blocking,
    /// Somebody should have a look.
    Advisory,
    /// It is recorded only.
    Shadow,
}

/// The phases in which a check is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phases {
    /// On the permalink, before it is published.
    pub preview: bool,
    /// On the address of the site, once it is published.
    pub live: bool,
}

/// A request and what is expected of its answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The request.
    pub request: Request,
    /// What is expected; without it, any answer will do.
    pub expectation: Option<Expectation>,
    /// What comments above the request say; of the first request, this is said of the file instead.
    pub directives: Directives,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its method, in capital letters.
    pub method: String,
    /// Where it goes.
    pub url: Template,
    /// Headers.
    pub headers: Vec<Pair>,
    /// `[Query]`.
    pub query: Vec<Pair>,
    /// `[Form]`.
    pub form: Vec<Pair>,
    /// `[Cookies]`.
    pub cookies: Vec<Pair>,
    /// `[BasicAuth]`: a name and a password.
    pub basic_auth: Option<Pair>,
    /// `[Options]`, in order.
    pub options: Vec<EntryOption>,
    /// What is sent.
    pub body: Option<Body>,
    /// From the method to the end of the address.
    pub span: Span,
}

/// What is expected of an answer.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The version of HTTP, such as `HTTP/1.1`; `None` when any will do.
    pub version: Option<&'static str>,
    /// Where the version is.
    pub version_span: Span,
    /// The status; `None` when any will do.
    pub status: Option<u64>,
    /// Where the status is.
    pub status_span: Span,
    /// Headers that it must have.
    pub headers: Vec<Pair>,
    /// `[Captures]`.
    pub captures: Vec<Capture>,
    /// `[Asserts]`.
    pub asserts: Vec<Assert>,
    /// The body that it must have.
    pub body: Option<Body>,
}

/// A name and a value.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The name.
    pub name: Template,
    /// The value.
    pub value: Template,
}

/// A text with variables in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// Where it is.
    pub span: Span,
}

/// A piece of a text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A text as it is.
    Text(String),
    /// The value of an expression.
    Placeholder(Placeholder),
}

/// What stands between two pairs of braces.
#[derive(Debug, Clone)]
pub struct Placeholder {
    /// What it stands for.
    pub expression: Expression,
    /// Where it is, with its braces.
    pub span: Span,
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A variable.
    Variable(String),
    /// The time.
    NewDate,
    /// A name that nobody has had.
    NewUuid,
}

/// A body.
#[derive(Debug, Clone)]
pub struct Body {
    /// What is in it.
    pub content: Content,
    /// Where it is.
    pub span: Span,
}

/// What is in a body.
#[derive(Debug, Clone)]
pub enum Content {
    /// JSON, with its blanks.
    Json(Vec<JsonPiece>),
    /// A text; `is_json` when it is marked as such.
    Text {
        /// The text.
        text: Template,
        /// Whether it is sent as JSON.
        is_json: bool,
    },
    /// Bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file.
    File(Template),
}

/// A piece of JSON.
#[derive(Debug, Clone)]
pub enum JsonPiece {
    /// JSON as it is.
    Text(String),
    /// A placeholder inside a string: its value is escaped.
    InString(Placeholder),
    /// A placeholder inside the name of a member: its value is put in as it is.
    InName(Placeholder),
    /// A placeholder for a whole value: a number, a boolean or null.
    Value(Placeholder),
}

/// A line of `[Options]`.
#[derive(Debug, Clone)]
pub struct EntryOption {
    /// What it sets.
    pub kind: OptionKind,
    /// Where its value is.
    pub span: Span,
}

/// What an option sets.
#[derive(Debug, Clone)]
pub enum OptionKind {
    /// Asks for a compressed answer.
    Compressed(Choice),
    /// Waits before the request.
    Delay(Setting),
    /// Adds a header.
    Header(Template),
    /// Asks by HTTP/1.0.
    Http10(Choice),
    /// Asks by HTTP/1.1.
    Http11(Choice),
    /// Asks by HTTP/2.
    Http2(Choice),
    /// Trusts any certificate; only `false` is supported.
    Insecure(Choice),
    /// Follows redirects.
    Location(Choice),
    /// How many redirects are followed.
    MaxRedirects(Setting),
    /// When to give up.
    MaxTime(Setting),
    /// How often the request is made.
    Repeat(Setting),
    /// How often a request that fails is repeated.
    Retry(Setting),
    /// How long to wait between two tries.
    RetryInterval(Setting),
    /// Leaves the request out.
    Skip(Choice),
    /// A name and a password, with a colon between them.
    User(Template),
    /// Sets a variable.
    Variable(String, VariableValue),
    /// What Hurl prints: nothing here.
    Verbose(Choice),
}

/// A boolean of an option.
#[derive(Debug, Clone)]
pub enum Choice {
    /// It is written.
    Given(bool),
    /// It is a variable.
    Placeholder(Placeholder),
}

/// A number of an option; times are milliseconds.
#[derive(Debug, Clone)]
pub enum Setting {
    /// It is written.
    Given(u64),
    /// It is a variable.
    Placeholder(Placeholder),
}

/// The value of a variable that an option sets.
#[derive(Debug, Clone)]
pub enum VariableValue {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Template),
}
