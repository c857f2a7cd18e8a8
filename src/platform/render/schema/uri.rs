//! What a URI is (RFC 3986, as the package `ajv-formats` reads it).

use core::net::{Ipv4Addr, Ipv6Addr};

/// Whether a text is a URI with its scheme.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
    let (path, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    is_scheme && is_hierarchy(path) && [query, fragment].into_iter().flatten().all(|part| is_made_of(part, b":@/?"))
}

fn is_hierarchy(path: &str) -> bool {
    let has_authority = |rest: &str| {
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        is_authority(authority) && is_made_of(path, b":@/")
    };
    // One slash is enough before a host.
    if path.strip_prefix("//").is_some_and(has_authority) || path.strip_prefix('/').is_some_and(has_authority) {
        return true;
    }
    !path.is_empty() && !path.starts_with("//") && is_made_of(path, b":@/")
}

fn is_authority(text: &str) -> bool {
    let host = match text.split_once('@') {
        Some((user, host)) if is_made_of(user, b":") => host,
        Some(_) => return false,
        None => text,
    };
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return is_address(address) && is_port(port);
    }
    let (name, port) = host.find(':').map_or((host, ""), |at| host.split_at(at));
    (name.parse::<Ipv4Addr>().is_ok() || is_made_of(name, b"")) && is_port(port)
}

fn is_address(text: &str) -> bool {
    let is_future = || {
        let Some((version, rest)) = text.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.')) else {
            return false;
        };
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_version && !rest.is_empty() && !rest.contains('%') && is_made_of(rest, b":")
    };
    text.parse::<Ipv6Addr>().is_ok() || is_future()
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a text has only letters, digits, `-._~!$&'()*+,;=`, these bytes, and bytes written as `%XX`.
fn is_made_of(text: &str, more: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
        let is_fine = match byte {
            b'%' => is_hex(bytes.next()) && is_hex(bytes.next()),
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) || more.contains(&byte),
        };
        if !is_fine {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_has_a_scheme_and_only_its_characters() {
        for text in [
            "https://a.example/b?c#d",
            "mailto:a@b",
            "http://[::1]:80/",
            "urn:x",
            "http:/a",
            "a:b",
            "x://",
            "http://a:80/%20",
        ] {
            assert!(is_uri(text), "{text}");
        }
        for text in ["", "a", "/a", "//a/b", "http:", "http://a b", "http://a/%2", "http://[::g]/", "1a:b", "http:?a"] {
            assert!(!is_uri(text), "{text}");
        }
    }
}
