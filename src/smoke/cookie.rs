//! Cookies: what an answer sets, and what later requests send (RFC 6265).

use jiff::{SignedDuration, Timestamp};
use url::{Host, Url};

use super::date;

/// A cookie as an answer sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    attributes: Vec<(String, Option<String>)>,
}

impl SetCookie {
    /// Reads the value of a header.
    #[must_use]
    pub fn parse(header: &str) -> Option<SetCookie> {
        let (name, rest) = header.split_once('=')?;
        let mut parts = rest.split(';');
        let value = parts.next().unwrap_or_default();
        let attributes = parts.filter(|part| !part.is_empty()).map(|part| {
            let mut sides = part.split('=');
            let name = sides.next().unwrap_or_default().trim().to_lowercase();
            (name, sides.next().map(ToOwned::to_owned))
        });
        Some(SetCookie { name: name.to_owned(), value: value.to_owned(), attributes: attributes.collect() })
    }

    /// The value of an attribute, whose name is in small letters.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.as_deref())
    }

    /// Says whether it has an attribute without a value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, value)| known == name && value.is_none())
    }

    /// How many seconds it lives.
    #[must_use]
    pub fn max_age(&self) -> Option<i64> {
        let ages = self.attributes.iter().filter(|(known, _)| known == "max-age");
        ages.filter_map(|(_, value)| value.as_ref()?.parse().ok()).next()
    }
}

/// A cookie that is kept.
#[derive(Debug, Clone)]
struct Kept {
    name: String,
    value: String,
    domain: String,
    is_host_only: bool,
    path: String,
    is_secure: bool,
    expires: Option<Timestamp>,
}

/// Cookies that are kept during a test.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Kept>,
}

/// Most cookies that are kept.
const MOST: usize = 3000;

impl Jar {
    /// Keeps what an answer from this address sets.
    pub fn keep(&mut self, header: &str, url: &Url, now: Timestamp) {
        let Some(cookie) = SetCookie::parse(header) else { return };
        let Some(host) = url.host() else { return };
        let (name, value) = (cookie.name.trim(), cookie.value.trim());
        let host_name = host.to_string();
        let domain = cookie.attribute("domain").map(|domain| domain.trim().trim_start_matches('.').to_lowercase());
        let domain = domain.filter(|domain| !domain.is_empty());
        if name.is_empty() || domain.as_ref().is_some_and(|domain| !is_covered(&host, domain)) {
            return;
        }
        let is_secure = cookie.attributes.iter().any(|(known, _)| known == "secure");
        if is_secure && !is_trusted(url) {
            return;
        }
        let path =
            cookie.attribute("path").map(|path| path.trim().trim_matches('"')).filter(|path| path.starts_with('/'));
        let path = path.map_or_else(|| default_path(url), |path| path.trim_end_matches('/').to_owned());
        let kept = Kept {
            name: name.to_owned(),
            value: value.to_owned(),
            is_host_only: domain
                .as_ref()
                .is_none_or(|domain| *domain == host_name && matches!(host, Host::Ipv4(_) | Host::Ipv6(_))),
            domain: domain.unwrap_or(host_name),
            path,
            is_secure,
            expires: end(&cookie, now),
        };
        let is_same = |old: &Kept| old.name == kept.name && old.domain == kept.domain && old.path == kept.path;
        self.cookies.retain(|old| !is_same(old));
        if kept.expires.is_none_or(|end| end > now) && self.cookies.len() < MOST {
            self.cookies.push(kept);
        }
    }

    /// What a request to this address sends, in the form of the header; `None` when nothing is.
    #[must_use]
    pub fn header(&self, url: &Url, now: Timestamp) -> Option<String> {
        let host = url.host()?;
        let host_name = host.to_string();
        let is_sent = |kept: &&Kept| {
            let is_there = if kept.is_host_only { kept.domain == host_name } else { is_below(&host, &kept.domain) };
            is_there
                && is_path(url.path(), &kept.path)
                && (!kept.is_secure || is_trusted(url))
                && kept.expires.is_none_or(|end| end > now)
        };
        let mut sent: Vec<&Kept> = self.cookies.iter().filter(is_sent).collect();
        sent.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<String> = sent.iter().map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

fn end(cookie: &SetCookie, now: Timestamp) -> Option<Timestamp> {
    match cookie.max_age() {
        Some(age) if age <= 0 => Some(Timestamp::MIN),
        Some(age) => now.checked_add(SignedDuration::from_secs(age)).ok(),
        None => cookie.attribute("expires").and_then(date::cookie),
    }
}

/// Connections that nobody listens to.
fn is_trusted(url: &Url) -> bool {
    url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn is_below(host: &Host<&str>, domain: &str) -> bool {
    match host {
        Host::Domain(name) => {
            name.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        }
        Host::Ipv4(_) | Host::Ipv6(_) => host.to_string() == domain,
    }
}

/// Says whether a host may set cookies of a domain: one of its own, which is no top level.
fn is_covered(host: &Host<&str>, domain: &str) -> bool {
    is_below(host, domain) && (domain.contains('.') || domain == "localhost" || host.to_string() == domain)
}

fn default_path(url: &Url) -> String {
    let path = url.path();
    path[..path.rfind('/').unwrap_or(0)].to_owned()
}

fn is_path(path: &str, kept: &str) -> bool {
    path.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
