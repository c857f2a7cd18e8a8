//! Where a request ends when every redirect is followed.

use super::rule::{Effect, Visitor};
use super::table::{Lookup, Table};
use crate::platform::netlify::routing::url::{is_url, parse_from};

/// Redirects that a browser follows before it gives up (Chromium and Firefox: 20).
pub const MAX_HOPS: usize = 20;

/// Whether a file answers a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// One does.
    File,
    /// None does.
    Nothing,
    /// It is not known.
    Unknown,
}

/// What is known about the files of the deploy.
pub trait Files {
    /// Whether a file answers this path, a page without its ending included.
    fn at(&self, path: &str) -> Presence;
}

/// One redirect on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The path asked for.
    pub path: String,
    /// The rule that answers.
    pub rule: usize,
    /// The destination.
    pub target: String,
}

/// How a chain of redirects ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With an answer, or on another site.
    Settled,
    /// What happens is not known.
    Unknown,
    /// Never: these redirects come round again, or go on past the browser's patience.
    Loop(Vec<Hop>),
}

/// Follows a path through the rules, from one redirect to the next.
#[must_use]
pub fn follow(table: &Table<'_>, files: &dyn Files, mut visitor: Visitor, start: &str) -> Ending {
    let mut hops: Vec<Hop> = Vec::new();
    let mut seen: Vec<(Visitor, String)> = Vec::new();
    let mut path = start.to_owned();
    while hops.len() <= MAX_HOPS {
        let (number, target) = match table.lookup(&visitor, &path) {
            Lookup::Nothing => return Ending::Settled,
            Lookup::Unknown => return Ending::Unknown,
            Lookup::Rule { rule, target } => (rule, target),
        };
        let rule = &table.rules[number];
        if rule.effect != Effect::Redirect {
            return Ending::Settled;
        }
        if !rule.redirect.is_forced() {
            match files.at(&path) {
                Presence::File => return Ending::Settled,
                Presence::Unknown => return Ending::Unknown,
                Presence::Nothing => {}
            }
        }
        seen.push((visitor.clone(), path.clone()));
        let next = next(&target, &mut visitor);
        hops.push(Hop { path, rule: number, target });
        path = match next {
            Next::Path(next) => next,
            Next::Elsewhere => return Ending::Settled,
            Next::Unknown => return Ending::Unknown,
        };
        if let Some(from) = seen.iter().position(|(known, at)| *known == visitor && *at == path) {
            return Ending::Loop(hops.split_off(from));
        }
    }
    Ending::Loop(hops)
}

/// What a browser asks for next.
enum Next {
    Path(String),
    Elsewhere,
    Unknown,
}

fn next(target: &str, visitor: &mut Visitor) -> Next {
    let (target, query) = match target.find(['?', '#']) {
        Some(at) => (&target[..at], &target[at..]),
        None => (target, ""),
    };
    visitor.has_query |= query.starts_with('?') || !visitor.query.is_empty();
    visitor.query.clear();
    if is_url(target) {
        let Some((scheme, host)) = &visitor.address else { return Next::Elsewhere };
        return match parse_from(target) {
            Ok(Some(address)) if address.host != *host => Next::Elsewhere,
            Ok(Some(address)) => {
                let scheme = if address.scheme == *scheme { scheme.clone() } else { address.scheme };
                visitor.address = Some((scheme, address.host));
                plain(address.path)
            }
            _ => Next::Unknown,
        };
    }
    if target.starts_with("//") {
        return Next::Elsewhere;
    }
    plain(target.to_owned())
}

/// A path that browsers send as it is written.
fn plain(path: String) -> Next {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
    let has_dots = path.split('/').any(|part| part == "." || part == "..");
    if path.starts_with('/') && !has_dots && path.bytes().all(is_plain) { Next::Path(path) } else { Next::Unknown }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::rule::Visitor;
    use super::*;
    use crate::platform::netlify::routing::{FileText, Redirects, SideFile, parse_redirects};
    use crate::text::span::FileId;

    /// Files by name; whatever holds `known` is known not to exist.
    struct Listed(&'static [&'static str]);

    impl Files for Listed {
        fn at(&self, path: &str) -> Presence {
            match path {
                _ if self.0.contains(&path) => Presence::File,
                _ if path.contains('?') => Presence::Unknown,
                _ => Presence::Nothing,
            }
        }
    }

    fn rules(text: &str) -> Redirects {
        parse_redirects(SideFile::Text(FileText { text, file: FileId(0) }), None).unwrap()
    }

    fn lengths(text: &str, files: &'static [&'static str], start: &str) -> Option<usize> {
        let rules = rules(text);
        match follow(&Table::new(&rules.rules), &Listed(files), Visitor::default(), start) {
            Ending::Loop(hops) => Some(hops.len()),
            Ending::Settled | Ending::Unknown => None,
        }
    }

    #[test]
    fn two_rules_that_lead_to_each_other_never_end() {
        let text = "/a /b\n/b /a\n/c /a\n";
        assert_eq!(lengths(text, &[], "/a"), Some(2));
        assert_eq!(lengths(text, &[], "/c"), Some(2));
        assert_eq!(lengths(text, &["/b"], "/a"), None);
        assert_eq!(lengths("/a /b 301!\n/b /a 301!\n", &["/b"], "/a"), Some(2));
    }

    #[test]
    fn a_slash_changes_nothing() {
        assert_eq!(lengths("/a /a/ 301!\n", &[], "/a"), Some(1));
        assert_eq!(lengths("/blog/:slug /blog/:slug/\n", &[], "/blog/x"), Some(1));
    }

    #[test]
    fn a_path_that_grows_and_grows_exhausts_the_browser() {
        assert_eq!(lengths("/:lang/* /:lang/docs/:splat\n", &[], "/en/x"), Some(MAX_HOPS + 1));
    }

    #[test]
    fn rewrites_other_sites_and_conditions_break_a_chain() {
        assert_eq!(lengths("/a /b 200\n/b /a\n", &[], "/a"), None);
        assert_eq!(lengths("/a https://x.com/a\n", &[], "/a"), None);
        assert_eq!(lengths("/a /b\n/b /a 301 Language=de\n", &[], "/a"), None);
        assert_eq!(lengths("/a /b\n/b /a 301 Role=admin\n", &[], "/a"), None);
        assert_eq!(lengths("https://x.com/* https://www.x.com/:splat 301!\n", &[], "/a"), None);
    }

    #[test]
    fn rules_of_a_host_can_lead_to_each_other() {
        let rules =
            rules("https://x.com/a https://x.com/b 301!\n/b /a 301!\nhttp://x.com/* https://x.com/:splat 301!\n");
        let table = Table::new(&rules.rules);
        let ask = |scheme: &str, path: &str| {
            let visitor = Visitor { address: Some((scheme.to_owned(), "x.com".to_owned())), ..Visitor::default() };
            follow(&table, &Listed(&[]), visitor, path)
        };
        assert!(matches!(ask("https", "/a"), Ending::Loop(hops) if hops.len() == 2));
        assert_eq!(ask("http", "/c"), Ending::Settled);
    }
}
