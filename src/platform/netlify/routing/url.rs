//! Addresses in rules: which texts are URLs, and the parts of the one in `from`.

use url::{Position, Url};

use super::error::Reason;

/// The scheme, host and path that a URL in `from` stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `http` or `https`.
    pub scheme: String,
    /// Host name in lower case, with the port unless it is the scheme's own.
    pub host: String,
    /// Path without query, percent-encoded.
    pub path: String,
}

/// Tells whether a text counts as a URL (`redirect-parser/src/url.js`).
#[must_use]
pub fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Takes `from` apart; `None` for a plain path (`redirect-parser/src/normalize.js`).
///
/// # Errors
///
/// The URL cannot be parsed, or the path is one that the platform keeps for itself.
pub fn parse_from(from: &str) -> Result<Option<Address>, Reason> {
    let address = if is_url(from) { Some(parse_url(from)?) } else { None };
    let path = address.as_ref().map_or(from, |address| address.path.as_str());
    if path.starts_with("/.netlify") {
        return Err(Reason::ReservedPath { path: path.to_owned() });
    }
    Ok(address)
}

fn parse_url(from: &str) -> Result<Address, Reason> {
    let url = Url::parse(from).map_err(|_| Reason::InvalidUrl { url: from.to_owned() })?;
    Ok(Address {
        scheme: url.scheme().to_owned(),
        host: url[Position::BeforeHost..Position::AfterPort].to_owned(),
        path: url.path().to_owned(),
    })
}
