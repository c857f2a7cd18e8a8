//! What a request is answered with: a file, a rule, or nothing.

use super::rule::{Effect, Visitor};
use super::table::{Lookup, Table};
use crate::platform::netlify::routing::url::is_url;

/// The file that answers a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This one, by its path in the publish directory.
    File {
        /// Without a slash at its beginning.
        path: String,
        /// Whether it answers at once; otherwise "Pretty URLs" may first add or take away a slash or an ending.
        is_at_once: bool,
    },
    /// None.
    Nothing,
    /// It is not known.
    Unknown,
}

/// The files of a deploy, as the edge looks for them.
pub trait Listing {
    /// The file that answers this path.
    fn find(&self, path: &str) -> Found;
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A file.
    File {
        /// By its path in the publish directory.
        path: String,
        /// Whether it comes at once, as in [`Found::File`].
        is_at_once: bool,
        /// The rule that stands back because it is not forced.
        shadows: Option<usize>,
    },
    /// A redirect, after which the browser asks again.
    Redirect {
        /// The rule.
        rule: usize,
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where it leads.
        location: String,
    },
    /// Other content under the same address.
    Content {
        /// The rule.
        rule: usize,
        /// 200 or 404.
        status: u16,
        /// The path that it comes from.
        target: String,
        /// The file that lies there.
        found: Found,
    },
    /// The answer of another site.
    Proxy {
        /// The rule.
        rule: usize,
    },
    /// Status 404.
    Nothing,
    /// That depends on what is not known.
    Unknown {
        /// The rule whose effect is not known, if it is one.
        rule: Option<usize>,
    },
}

/// Answers a request.
#[must_use]
pub fn answer(table: &Table<'_>, files: &dyn Listing, visitor: &Visitor, path: &str) -> Answer {
    let Some(touching) = table.touching(visitor, path) else { return Answer::Unknown { rule: None } };
    let first = touching.first().copied();
    let is_certain = !touching.iter().any(|rule| table.rules[*rule].redirect.is_forced());
    match (table.lookup(visitor, path), files.find(path)) {
        (Lookup::Nothing, found) => by_file(found, None),
        (Lookup::Unknown, Found::File { path, is_at_once }) if is_certain => {
            Answer::File { path, is_at_once, shadows: first }
        }
        (Lookup::Unknown, _) => Answer::Unknown { rule: first },
        (Lookup::Rule { rule, target }, _) if table.rules[rule].redirect.is_forced() => {
            by_rule(table, files, rule, target)
        }
        (Lookup::Rule { rule, target }, Found::Nothing) => by_rule(table, files, rule, target),
        (Lookup::Rule { rule, .. }, found) => by_file(found, Some(rule)),
    }
}

fn by_file(found: Found, shadows: Option<usize>) -> Answer {
    match found {
        Found::File { path, is_at_once } => Answer::File { path, is_at_once, shadows },
        Found::Nothing => Answer::Nothing,
        Found::Unknown => Answer::Unknown { rule: None },
    }
}

fn by_rule(table: &Table<'_>, files: &dyn Listing, number: usize, target: String) -> Answer {
    let rule = &table.rules[number];
    let unknown = Answer::Unknown { rule: Some(number) };
    let is_elsewhere = is_url(&target);
    let is_here = target.starts_with('/') && !target.starts_with("//");
    let content = |status: u16, target: String| {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        Answer::Content { rule: number, status, found: files.find(path), target }
    };
    match rule.effect {
        Effect::Redirect if is_here || is_elsewhere => {
            let status = rule.redirect.code().unwrap_or(301.0) as u16;
            Answer::Redirect { rule: number, status, location: target }
        }
        Effect::Rewrite if is_elsewhere => Answer::Proxy { rule: number },
        Effect::Rewrite if is_here => content(200, target),
        Effect::NotFound if is_here => content(404, target),
        _ => unknown,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::netlify::routing::{FileText, SideFile, parse_redirects};
    use crate::text::span::FileId;

    struct Files(&'static [&'static str]);

    impl Listing for Files {
        fn find(&self, path: &str) -> Found {
            let path = path.trim_start_matches('/');
            match self.0.contains(&path) {
                true => Found::File { path: path.to_owned(), is_at_once: true },
                false => Found::Nothing,
            }
        }
    }

    fn asked(text: &str, files: &'static [&'static str], path: &str) -> Answer {
        let rules = parse_redirects(SideFile::Text(FileText { text, file: FileId(0) }), None).unwrap().rules;
        answer(&Table::new(&rules), &Files(files), &Visitor::default(), path)
    }

    #[test]
    fn a_rule_stands_back_where_a_file_is_unless_it_is_forced() {
        let file = Answer::File { path: "a".to_owned(), is_at_once: true, shadows: Some(0) };
        assert_eq!(asked("/a /b", &["a"], "/a"), file);
        let redirect = Answer::Redirect { rule: 0, status: 301, location: "/b".to_owned() };
        assert_eq!(asked("/a /b 301!", &["a"], "/a"), redirect);
        assert_eq!(asked("/a /b", &["b"], "/a"), redirect);
        assert_eq!(asked("/a /b", &[], "/c"), Answer::Nothing);
    }

    #[test]
    fn a_rewrite_serves_the_file_of_its_destination() {
        let found = Found::File { path: "app.html".to_owned(), is_at_once: true };
        let content =
            |status| Answer::Content { rule: 0, status, target: "/app.html".to_owned(), found: found.clone() };
        assert_eq!(asked("/* /app.html 200", &["app.html"], "/x/y"), content(200));
        assert_eq!(asked("/* /app.html 404", &["app.html"], "/x/y"), content(404));
        assert_eq!(asked("/api/* https://x.com/:splat 200", &[], "/api/y"), Answer::Proxy { rule: 0 });
    }

    #[test]
    fn a_file_answers_below_a_rule_of_unknown_effect_that_is_not_forced() {
        let text = "/* /members/:splat 200 Role=admin\n";
        let file = Answer::File { path: "a".to_owned(), is_at_once: true, shadows: Some(0) };
        assert_eq!(asked(text, &["a"], "/a"), file);
        assert_eq!(asked(text, &["a"], "/b"), Answer::Unknown { rule: Some(0) });
        assert_eq!(asked(&text.replace("200", "200!"), &["a"], "/a"), Answer::Unknown { rule: Some(0) });
    }
}
